#include "capabilities/market/engine/candle.hpp"

namespace astro::market {
namespace {

template <class T>
T sum_of(T a, T b) {
    return T{checked_add(a.value(), b.value()).value_or(std::numeric_limits<std::int64_t>::max())};
}

}  // namespace

Candle make_candle(TimeMs start, const CandleTrade& trade) {
    return {.start = start,
            .open = trade.price,
            .high = trade.price,
            .low = trade.price,
            .close = trade.price,
            .volume = trade.size,
            .value = trade.value,
            .trades = 1,
            .first_trade = trade.seq,
            .last_trade = trade.seq};
}

void add_trade(Candle& candle, const CandleTrade& trade) {
    candle.high = std::max(candle.high, trade.price);
    candle.low = std::min(candle.low, trade.price);
    if (trade.seq >= candle.last_trade) {
        candle.close = trade.price;
        candle.last_trade = trade.seq;
    } else if (trade.seq < candle.first_trade) {
        candle.open = trade.price;
        candle.first_trade = trade.seq;
    }
    candle.volume = sum_of(candle.volume, trade.size);
    candle.value = sum_of(candle.value, trade.value);
    ++candle.trades;
}

void join(Candle& candle, const Candle& other) {
    candle.high = std::max(candle.high, other.high);
    candle.low = std::min(candle.low, other.low);
    if (other.last_trade >= candle.last_trade) {
        candle.close = other.close;
        candle.last_trade = other.last_trade;
    }
    if (other.first_trade < candle.first_trade) {
        candle.open = other.open;
        candle.first_trade = other.first_trade;
    }
    candle.volume = sum_of(candle.volume, other.volume);
    candle.value = sum_of(candle.value, other.value);
    candle.trades += other.trades;
}

std::vector<Candle> merge_candles(std::size_t interval, const std::vector<Candle>& shorter) {
    std::vector<Candle> out;
    for (const auto& candle : shorter) {
        const TimeMs start = candle_start(kCandleIntervals[interval], candle.start);
        if (!out.empty() && out.back().start == start) {
            join(out.back(), candle);
        } else {
            out.push_back(candle);
            out.back().start = start;
        }
    }
    return out;
}

}  // namespace astro::market
