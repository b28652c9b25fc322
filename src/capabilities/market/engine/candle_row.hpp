#pragma once

#include "capabilities/market/engine/candle.hpp"

/// Candles as rows of a table: the same columns behind whatever key.
namespace astro::market {

template <class Row>
[[nodiscard]] Candle to_candle(const Row& row) {
    return {.start = row.start,
            .open = row.open_price,
            .high = row.high_price,
            .low = row.low_price,
            .close = row.close_price,
            .volume = row.volume,
            .value = row.volume_quote,
            .trades = row.trades,
            .first_trade = TradeSeq{row.first_trade.value()},
            .last_trade = TradeSeq{row.last_trade.value()}};
}

/// `row` has its key; the rest becomes the candle's.
template <class Row>
[[nodiscard]] Row with_candle(Row row, const Candle& candle) {
    row.start = candle.start;
    row.open_price = candle.open;
    row.high_price = candle.high;
    row.low_price = candle.low;
    row.close_price = candle.close;
    row.volume = candle.volume;
    row.volume_quote = candle.value;
    row.trades = candle.trades;
    row.first_trade = decltype(row.first_trade){candle.first_trade.value()};
    row.last_trade = decltype(row.last_trade){candle.last_trade.value()};
    return row;
}

}  // namespace astro::market
