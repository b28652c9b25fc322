#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "capabilities/exchange/book_mirror.hpp"
#include "capabilities/exchange/market_batch.hpp"
#include "capabilities/market/engine/candle_book.hpp"
#include "foundation/base/time.hpp"

namespace astro::exchange {

/// How often each market's changes are told at most.
struct TapeOptions {
    bool simulated = true;
    DurationNs book_every = milliseconds(50);
    DurationNs price_every = milliseconds(250);
    DurationNs candle_every = milliseconds(250);
    std::size_t trades_kept = 10'000;  ///< of a market, for readers
    std::size_t fundings_kept = 2'000;
};

using Tags = std::vector<std::pair<std::string, std::string>>;
/// Publishes one event of a stream.
using Tell = std::function<void(std::string_view stream, TimeMs time, std::string payload,
                                const Tags& tags)>;

inline constexpr std::string_view kBookStream = "exchange.book", kTradeStream = "exchange.trade",
                                  kPriceStream = "exchange.price",
                                  kCandleStream = "exchange.candle",
                                  kFundingStream = "exchange.funding",
                                  kLiquidationStream = "exchange.liquidation",
                                  kMarketStream = "exchange.market";

/// What was stored of a market by an earlier run, oldest first: all from before what is heard.
struct MarketPast {
    std::array<std::vector<Candle>, kCandleIntervals.size()> candles{};
    std::vector<TradeNow> trades{};
    std::vector<FundingPoint> fundings{};  ///< without the market's symbol
};

/// What the public knows of one market. Not thread-safe: MarketTape is.
class MarketLine {
  public:
    MarketLine(const SettingsNow& settings, const TapeOptions& options)
        : options_(options),
          settings_(settings.settings),
          seq_(settings.seq),
          time_(settings.time) {
        book_seq_ = book_told_seq_ = settings.seq;
        book_time_ = book_told_time_ = settings.time;
    }

    [[nodiscard]] const std::string& symbol() const { return settings_->symbol; }
    [[nodiscard]] const MarketSettings& settings() const { return *settings_; }

    /// The notice of the change.
    MarketNotice set_settings(const SettingsNow& now);
    void clear_book();
    void set_level(const LevelNow& level, Sequence seq, TimeMs time);
    void set_prices(const PriceNow& prices, Sequence seq, TimeMs time);
    PublicTrade add_trade(const TradeNow& trade);
    FundingPoint add_funding(const FundingNow& funding);
    void restore(const MarketPast& past);

    /// All that is known so far is no news any more.
    void begin(TimeMs now);
    /// Tells what has changed and may be told by now; when the rest may be.
    std::optional<TimestampNs> publish(TimestampNs now, TimeMs venue_time, bool all,
                                       const Tell& tell);

    /// As it was last told. Kept until it changes.
    [[nodiscard]] std::shared_ptr<const BookSnapshot> book() const;
    [[nodiscard]] Ticker ticker(TimeMs now) const;
    [[nodiscard]] OraclePrice oracle_price() const;
    [[nodiscard]] Quote open_interest_value() const;
    [[nodiscard]] Base open_interest() const { return prices_.open_interest; }
    [[nodiscard]] const market::CandleBook& candles() const { return candles_; }
    [[nodiscard]] CandleUpdate running_candle(std::size_t interval, TimeMs now) const;
    /// Newest last.
    [[nodiscard]] const std::deque<TradeNow>& trades() const { return trades_; }
    [[nodiscard]] const std::deque<FundingPoint>& fundings() const { return fundings_; }
    [[nodiscard]] PublicTrade to_public(const TradeNow& trade) const;

  private:
    void publish_book(const Tell& tell);
    void publish_candles(TimeMs venue_time, const Tell& tell);

    const TapeOptions& options_;
    Boxed<MarketSettings> settings_;
    Sequence seq_{};
    TimeMs time_{};

    BookMirror book_;
    Sequence book_seq_{}, book_told_seq_{};
    TimeMs book_time_{}, book_told_time_{};
    TimestampNs book_due_{}, price_due_{}, candle_due_{};
    std::uint32_t checksum_ = book_checksum({}, {});
    mutable std::shared_ptr<const BookSnapshot> view_;

    PriceNow prices_;
    bool prices_changed_ = false, candles_changed_ = false;
    market::CandleBook candles_;
    std::deque<TradeNow> trades_;
    std::deque<FundingPoint> fundings_;
};

/// A verdict in words, with the limit it was judged by.
[[nodiscard]] std::string verdict_reason(OracleVerdict verdict, const MarketSettings& settings);

}  // namespace astro::exchange
