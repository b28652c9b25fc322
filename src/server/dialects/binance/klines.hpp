#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/records.hpp"
#include "capabilities/market/engine/candle.hpp"

/// Candles in Binance's form: without holes, each an array of twelve.
namespace astro::binance {

/// Candles of intervals without trades stand where they are missing, at the close before: up to and
/// with the one that begins at `last`; no more than `count`, the oldest or the newest of all.
[[nodiscard]] std::vector<market::Candle> without_holes(const std::vector<market::Candle>& candles,
                                                        const market::CandleInterval& interval,
                                                        TimeMs last, std::size_t count,
                                                        bool oldest);
/// Of prices by the minute (oldest first), candles of longer intervals; they have no volume.
[[nodiscard]] std::vector<market::Candle> price_candles(
    const std::vector<exchange::PriceRecord>& prices,
    exchange::Price exchange::PriceRecord::* which, const market::CandleInterval& interval);
/// When the interval begins that `time` lies in.
[[nodiscard]] TimeMs start_of(const market::CandleInterval& interval, TimeMs time);

void append_kline(std::string& out, const market::Candle& candle,
                  const market::CandleInterval& interval);

}  // namespace astro::binance
