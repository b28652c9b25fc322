#pragma once

#include <functional>
#include <map>
#include <string>

#include "capabilities/market/engine/trade_series.hpp"
#include "capabilities/market/recorded_lines.hpp"
#include "capabilities/market/sources/exchange_text.hpp"

namespace astro::market {

/// A candle of a recorded series.
struct RecordedCandle {
    std::string source{}, symbol{}, interval{};
    Candle candle{};
};
BOOST_DESCRIBE_STRUCT(RecordedCandle, (), (source, symbol, interval, candle))

struct CandleReplayReport {
    std::uint64_t lines = 0, trades = 0, other = 0;
    std::uint64_t unreadable = 0;  ///< no message of an exchange
    std::uint64_t set_aside = 0;   ///< of the trades
};

/// Recorded messages of exchanges to candles of one interval, with no server. Lines come in the
/// order of their time.
class CandleReplay {
  public:
    using Tell = std::function<void(const RecordedCandle&)>;
    /// `interval`: a place in kCandleIntervals. A candle is told when no late trade can change it
    /// any more.
    CandleReplay(std::size_t interval, Tell tell) : interval_(interval), tell_(std::move(tell)) {}

    void take(const RecordedLine& line);
    void finish();  ///< tells the rest
    [[nodiscard]] const CandleReplayReport& report() const { return report_; }

  private:
    struct Told {
        TradeSeries series{GateRules{.dense = true}};
        TimeMs until{};  ///< candles that start before it were told
        TimeMs next{};   ///< when there may be one to tell
    };
    using Key = std::pair<std::string, std::string>;
    void take_trade(std::string_view source, const ExchangeTrade& trade, TimestampNs time);
    void tell_before(const Key& key, Told& told, TimeMs end);

    std::size_t interval_;
    Tell tell_;
    CandleReplayReport report_;
    std::map<Key, Told> series_;  ///< by source and symbol
    solana::JsonDocument document_;
};

}  // namespace astro::market
