#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "capabilities/exchange/market_batch.hpp"
#include "capabilities/exchange/service.hpp"

namespace astro::exchange {

class MarketTape;

/// Hears what the venue does and has a thread tell the public.
///
///     applying thread                            own thread
///     on_applied    which levels, prices …
///                   were touched; trades
///     on_group_end  reads the touched levels  ─▶ MarketTape: encodes, publishes, keeps for readers
///                   and prices of the venue
///
/// What waits for the own thread is bounded: of levels and prices the newest value replaces what
/// was not told yet; trades, funding and liquidations are never left out, and when a million of
/// them wait, the applying thread waits too.
///
/// Until start() it only learns: what is heard while the venue recovers is no news.
class MarketFeed final : public Listener {
  public:
    /// Both outlive it.
    MarketFeed(MarketTape& tape, const Clock& clock) : tape_(tape), clock_(clock) {}
    ~MarketFeed() override { stop(); }
    MarketFeed(const MarketFeed&) = delete;
    MarketFeed& operator=(const MarketFeed&) = delete;

    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue& venue) override;

    /// On the applying thread (Service::read) or before it runs: takes the venue as it is after
    /// command `applied`, and begins to tell. In between `restore` may give the tape what an
    /// earlier run has stored.
    void start(const Venue& venue, Sequence applied, const std::function<void()>& restore = {});
    /// Waits until all that was handed over has been published.
    void flush();
    /// Publishes what waits and ends the thread. Idempotent.
    void stop();

  private:
    /// Where a resting order stands, by its slot.
    struct Place {
        OrderId order{};
        Price price{};
        MarketId market{};
        Side side = Side::buy;
    };
    struct Touched {
        MarketId market{};
        Side side = Side::buy;
        Price price{};
        auto operator<=>(const Touched&) const = default;
    };
    static constexpr std::size_t kWaitingMax = 1'000'000;
    static constexpr std::size_t kLearntAtOnce = 4'096;
    static constexpr std::size_t kCompactAt = 65'536;

    void hear_book_and_prices(const Applied& applied, const Event& event);
    void hear_notices(const Applied& applied, const Event& event);
    void hear(const Applied& applied, const MarketSet& e);
    void hear(const Applied& applied, const Traded& e);
    void hear_order(OrderId order, MarketId market, Side side, Price price);
    void hear_opening(const Applied& applied, MarketId market, MarketNotice notice);
    void touch(MarketId market, Side side, Price price) {
        touched_.push_back({market, side, price});
    }
    void touch_order(OrderId order);
    void touch_prices(MarketId market);
    /// Those before `end` that the tape does not know.
    void find_markets(const Venue& venue, std::size_t end);
    void read_totals(const Venue& venue);
    void read_all(const Venue& venue);
    void read_touched(const Venue& venue);
    void read_side(const Venue& venue, MarketId market, Side side);
    void mark_liquidation(OrderId order);
    [[nodiscard]] MarketBatch take_batch();
    void hand_over();
    void run();

    MarketTape& tape_;
    const Clock& clock_;

    // Of the applying thread.
    bool started_ = false;
    MarketBatch batch_;
    std::size_t first_trade_ = 0;  ///< in `batch_`, of the command that is heard
    std::vector<OrderId> takers_;  ///< of its trades
    std::size_t markets_ = 0;      ///< that the tape knows
    std::vector<Place> places_;
    std::vector<Touched> touched_;
    std::vector<bool> priced_;  ///< by market
    bool lost_track_ = false;   ///< an order went that was never seen: everything is read anew

    std::mutex mutex_;  // of all below
    std::condition_variable wake_, taken_;
    MarketBatch waiting_;
    std::size_t compact_at_ = kCompactAt;  ///< levels and prices in `waiting_`
    bool has_waiting_ = false, flushing_ = false, stopping_ = false;
    std::thread thread_;
};

}  // namespace astro::exchange
