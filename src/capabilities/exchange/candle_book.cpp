#include "capabilities/exchange/candle_book.hpp"

#include <algorithm>
#include <limits>

namespace astro::exchange {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

template <class T>
T sum_of(T a, T b) {
    return T{checked_add(a.value(), b.value()).value_or(std::numeric_limits<std::int64_t>::max())};
}

void extend(Candle& candle, const CandleTrade& trade) {
    candle.high = std::max(candle.high, trade.price);
    candle.low = std::min(candle.low, trade.price);
    candle.close = trade.price;
    candle.volume = sum_of(candle.volume, trade.size);
    candle.value = sum_of(candle.value, trade.value);
    ++candle.trades;
}

/// `later` continues `candle`.
void join(Candle& candle, const Candle& later) {
    candle.high = std::max(candle.high, later.high);
    candle.low = std::min(candle.low, later.low);
    candle.close = later.close;
    candle.volume = sum_of(candle.volume, later.volume);
    candle.value = sum_of(candle.value, later.value);
    candle.trades += later.trades;
}

}  // namespace

std::optional<std::size_t> find_interval(std::string_view name) {
    const auto at = std::ranges::find(kCandleIntervals, name, &CandleInterval::name);
    if (at == kCandleIntervals.end()) return std::nullopt;
    return static_cast<std::size_t>(at - kCandleIntervals.begin());
}

void CandleBook::add(const CandleTrade& trade) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        Series& series = series_[i];
        const std::int64_t length = kCandleIntervals[i].length_ms;
        const TimeMs start{trade.time.value() / length * length};
        if (series.candles.empty() || series.candles.back().start < start) {
            if (series.candles.size() == kKept) series.candles.pop_front();
            series.candles.push_back({.start = start,
                                      .open = trade.price,
                                      .high = trade.price,
                                      .low = trade.price,
                                      .close = trade.price});
        }
        extend(series.candles.back(), trade);
        series.changed = true;
    }
}

std::vector<Candle> merge_candles(std::size_t interval, const std::vector<Candle>& shorter) {
    const std::int64_t length = kCandleIntervals[interval].length_ms;
    std::vector<Candle> out;
    for (const auto& candle : shorter) {
        const TimeMs start{candle.start.value() / length * length};
        if (!out.empty() && out.back().start == start) {
            join(out.back(), candle);
        } else {
            out.push_back(candle);
            out.back().start = start;
        }
    }
    return out;
}

void CandleBook::restore(const std::vector<Candle>& minutes) {
    for (std::size_t i = kMinutes; i < series_.size(); ++i) {
        auto& candles = series_[i].candles;
        auto older = merge_candles(i, minutes);
        if (!older.empty() && !candles.empty() && older.back().start == candles.front().start) {
            join(older.back(), candles.front());
            candles.front() = older.back();
            older.pop_back();
        }
        for (auto at = older.rbegin(); at != older.rend() && candles.size() < kKept; ++at)
            candles.push_front(*at);
    }
}

DayFigures CandleBook::day(TimeMs now) const {
    DayFigures out;
    const auto& minutes = series_[kMinutes].candles;
    const TimeMs from{now.value() - kDayMs};
    auto at = std::ranges::upper_bound(minutes, from, std::less<>(), &Candle::start);
    for (; at != minutes.end(); ++at) {
        if (out.trades == 0) {
            out.open = at->open;
            out.low = at->low;
        }
        out.high = std::max(out.high, at->high);
        out.low = std::min(out.low, at->low);
        out.close = at->close;
        out.volume = sum_of(out.volume, at->volume);
        out.value = sum_of(out.value, at->value);
        out.trades += at->trades;
    }
    return out;
}

}  // namespace astro::exchange
