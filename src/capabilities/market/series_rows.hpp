#pragma once

#include <map>
#include <tuple>

#include "capabilities/market/series_model.hpp"
#include "foundation/store/store.hpp"

/// What of foreign series is kept in tables.
namespace astro::market {

[[nodiscard]] std::vector<store::Migration> migrations();

/// By series, place of the interval, start.
using CandleRows = std::map<std::tuple<std::string, std::size_t, TimeMs>, Candle>;

/// How long candles are kept; 0: for ever. Those of an hour and more always are.
struct CandleRetention {
    std::int64_t seconds_hours = 24;  ///< of a second
    std::int64_t minutes_days = 0;    ///< others shorter than an hour
};

/// One transaction; a candle that is there is replaced.
[[nodiscard]] Result<void> save_series(store::Store& store, const std::vector<SeriesInfo>& series,
                                       const CandleRows& candles);
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

}  // namespace astro::market
