#pragma once

#include <mutex>

#include "capabilities/exchange/market_line.hpp"
#include "foundation/bus/bus.hpp"

namespace astro::exchange {

/// What the public knows of the venue: told on the bus as it changes, and kept for readers, who
/// never stop the engine. Thread-safe; what changes it comes from one thread at a time.
///
/// A reader that looks after an event was published sees at least that event.
class MarketTape {
  public:
    static constexpr std::size_t kLiquidationsKept = 2'000;
    static constexpr std::size_t kInsuranceKept = 10'000;

    /// The streams have been declared on the bus, which outlives it.
    MarketTape(Bus& bus, const TapeOptions& options) : bus_(bus), options_(options) {}
    MarketTape(const MarketTape&) = delete;
    MarketTape& operator=(const MarketTape&) = delete;

    /// Their numbers go on from the microsecond of the start, so that none of an earlier run comes
    /// again.
    static void declare_streams(Bus& bus, TimestampNs start);

    // From the feed.
    /// Takes in what is no news.
    void learn(MarketBatch batch);
    /// All that has been learnt is no news.
    void begin();
    /// Takes it in and publishes what is not held back.
    void tell(MarketBatch batch);
    /// Publishes what may be by now (all: whatever waits); when the rest may be.
    std::optional<TimestampNs> publish_due(TimestampNs now, bool all);
    /// What an earlier run has stored, before begin(). Liquidations are oldest first.
    void restore(MarketId market, const MarketPast& past);
    void restore_liquidations(const std::vector<LiquidationNotice>& older);

    // For readers. Null or nothing: there is no such market.
    [[nodiscard]] std::vector<std::string> symbols() const;
    [[nodiscard]] std::shared_ptr<const BookSnapshot> book(std::string_view market) const;
    [[nodiscard]] std::optional<MarketAnswer> market(std::string_view market) const;
    [[nodiscard]] TickerList tickers() const;
    [[nodiscard]] OraclePriceList prices() const;
    [[nodiscard]] OpenInterestList open_interest() const;
    /// Newest first, those before trade `before`.
    [[nodiscard]] std::optional<TradeList> trades(std::string_view market,
                                                  std::optional<TradeId> before,
                                                  std::size_t count) const;
    struct CandleQuery {
        std::string_view market;
        std::size_t interval = 0;
        std::optional<TimeMs> from{}, to{};  ///< of their starts: not before; before
        std::size_t count = 500;
    };
    /// Oldest first: from `from` on, or else the newest.
    [[nodiscard]] std::optional<CandleList> candles(const CandleQuery& query) const;
    /// The newest candle of each.
    [[nodiscard]] CandleUpdates running_candles(const std::vector<std::string>& markets,
                                                const std::vector<std::string>& intervals) const;
    /// Newest first, those whose period ended before `before`.
    [[nodiscard]] std::optional<FundingList> fundings(std::string_view market,
                                                      std::optional<TimeMs> before,
                                                      std::size_t count) const;
    /// Newest first, those of commands before `before`; of one market or of all.
    [[nodiscard]] LiquidationList liquidations(std::optional<std::string_view> market,
                                               std::optional<Sequence> before,
                                               std::size_t count) const;
    [[nodiscard]] InsuranceAnswer insurance() const;
    [[nodiscard]] VenueStats stats() const;

  private:
    void take(MarketBatch& batch, const Tell& tell);
    void take_settings(const SettingsNow& settings, const Tell& tell);
    void take_levels(const MarketBatch& batch);
    void take_liquidation(LiquidationNow& liquidation, const Tell& tell);
    void note_insurance();
    [[nodiscard]] Tell on_bus();
    [[nodiscard]] MarketLine& line(MarketId market) { return *lines_[market.value()]; }
    [[nodiscard]] const MarketLine* find(std::string_view market) const;

    Bus& bus_;
    const TapeOptions options_;
    mutable std::mutex mutex_;                        // of all below
    std::vector<std::unique_ptr<MarketLine>> lines_;  ///< by MarketId
    std::deque<LiquidationNotice> liquidations_;
    std::deque<InsurancePoint> insurance_;
    Sequence seq_{};
    TimeMs time_{};
    Pools pools_{};
    std::int64_t accounts_ = 0, resting_orders_ = 0;
    TradeId last_trade_{};
};

}  // namespace astro::exchange
