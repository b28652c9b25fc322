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
    if (trade.side == Side::buy) candle.bought = sum_of(candle.bought, trade.size);
    candle.value = sum_of(candle.value, trade.value);
    ++candle.trades;
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

void CandleBook::restore(std::size_t interval, const std::vector<Candle>& older) {
    Series& series = series_[interval];
    for (auto at = older.rbegin(); at != older.rend() && series.candles.size() < kKept; ++at)
        if (series.candles.empty() || at->start < series.candles.front().start)
            series.candles.push_front(*at);
}

DayFigures CandleBook::day(TimeMs now) const {
    constexpr std::size_t kMinute = 1;
    static_assert(kCandleIntervals[kMinute].length_ms == 60'000);
    DayFigures out;
    const auto& minutes = series_[kMinute].candles;
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
