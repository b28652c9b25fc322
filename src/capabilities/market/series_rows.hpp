#pragma once

#include <map>
#include <set>
#include <tuple>

#include "capabilities/market/engine/trade_gate.hpp"
#include "capabilities/market/series_model.hpp"
#include "foundation/store/store.hpp"

/// What of foreign series is kept in tables.
namespace astro::market {

[[nodiscard]] std::vector<store::Migration> migrations();

/// By series, place of the interval, start.
using CandleKey = std::tuple<std::string, std::size_t, TimeMs>;
using CandleRows = std::map<CandleKey, Candle>;

/// A trade as it is kept: also its value, which the candle is made of.
struct KeptTrade {
    CandleTrade trade{};
    Side side = Side::buy;
};

/// How long candles are kept; 0: for ever. Those of an hour and more always are.
struct CandleRetention {
    std::int64_t seconds_hours = 24;  ///< of a second
    std::int64_t minutes_days = 0;    ///< others shorter than an hour
    std::int64_t trade_hours = 2;     ///< trades themselves; 0: none
};

/// What one transaction changes.
struct SeriesChanges {
    std::vector<SeriesInfo> series{};
    CandleRows candles{};  ///< those that are there are replaced
    std::set<CandleKey> no_candles{};
    std::map<std::pair<std::string, TradeSeq>, KeptTrade> trades{};
    /// Taken back: by series, first and last number.
    std::vector<std::tuple<std::string, TradeSeq, TradeSeq>> no_trades{};
    std::map<std::string, std::vector<TradeGate::Gap>> gaps{};  ///< all that a series has

    [[nodiscard]] bool empty() const {
        return series.empty() && candles.empty() && no_candles.empty() && trades.empty() &&
               no_trades.empty() && gaps.empty();
    }
    /// Takes in what `later` changes after it.
    void add(SeriesChanges later);
};
[[nodiscard]] Result<void> save_series(store::Store& store, const SeriesChanges& changes);
[[nodiscard]] Result<void> prune_series(store::Store& store, const CandleRetention& keep,
                                        TimestampNs now);
[[nodiscard]] Result<std::vector<SeriesInfo>> load_series(store::Store& store);

/// Candles that begin in [from, to), oldest first; of more than `limit` the newest, or the oldest.
struct CandleSpan {
    std::size_t interval = 0;
    TimeMs from{}, to{};
    std::size_t limit = 500;
    bool oldest = false;
};
[[nodiscard]] Result<std::vector<Candle>> load_candles(store::Store& store, std::string_view series,
                                                       const CandleSpan& span);

[[nodiscard]] Result<std::vector<TradeGate::Gap>> load_gaps(store::Store& store,
                                                            std::string_view series);

/// Trades of [from, to), oldest first; of more than `limit` the newest, or the oldest.
struct TradeSpan {
    TimeMs from{}, to{};
    std::size_t limit = 500;
    bool oldest = false;
};
[[nodiscard]] Result<std::vector<KeptTrade>> load_trades(store::Store& store,
                                                         std::string_view series,
                                                         const TradeSpan& span);

}  // namespace astro::market
