#include "capabilities/market/engine/candle_book.hpp"

namespace astro::market {
namespace {

template <class T>
T sum_of(T a, T b) {
    return T{checked_add(a.value(), b.value()).value_or(std::numeric_limits<std::int64_t>::max())};
}

auto find_start(auto& candles, TimeMs start) {
    return std::ranges::lower_bound(candles, start, std::less<>(), &Candle::start);
}

}  // namespace

// ── trades ──────────────────────────────────────────────────────────────────────────────────────

void CandleBook::add(const CandleTrade& trade) {
    const std::int64_t time = trade.time.value();
    for (std::size_t i = 0; i < series_.size(); ++i) {
        Series& series = series_[i];
        if (time >= series.begin && time < series.end) {
            add_trade(series.candles.back(), trade);
            if (series.begin < series.closed_until.value()) note_late(series, TimeMs{series.begin});
        } else if (time < series.begin) {
            add_older(i, trade);
        } else {
            if (series.candles.size() == kKept) series.candles.pop_front();
            series.candles.push_back(
                make_candle(candle_start(kCandleIntervals[i], trade.time), trade));
            settle(i);
        }
        series.changed = true;
    }
}

void CandleBook::add_older(std::size_t interval, const CandleTrade& trade) {
    Series& series = series_[interval];
    const TimeMs start = candle_start(kCandleIntervals[interval], trade.time);
    auto at = find_start(series.candles, start);
    if (at->start == start) {
        add_trade(*at, trade);
    } else if (series.candles.size() < kKept) {
        series.candles.insert(at, make_candle(start, trade));
    } else if (at != series.candles.begin()) {
        series.candles.insert(at, make_candle(start, trade));
        series.candles.pop_front();
    } else {
        return;
    }
    note_late(series, start);
}

void CandleBook::note_late(Series& series, TimeMs start) {
    const auto at = std::ranges::lower_bound(series.late, start);
    if (at == series.late.end() || *at != start) series.late.insert(at, start);
}

/// Notes where the newest candle begins and ends.
void CandleBook::settle(std::size_t interval) {
    Series& series = series_[interval];
    series.begin = series.candles.empty() ? 0 : series.candles.back().start.value();
    series.end = series.candles.empty() ? 0 : series.begin + kCandleIntervals[interval].length_ms;
}

void CandleBook::restore(std::size_t interval, const std::vector<Candle>& older) {
    auto& candles = series_[interval].candles;
    auto at = older.rbegin();
    if (at != older.rend() && !candles.empty() && at->start == candles.front().start) {
        join(candles.front(), *at);
        ++at;
    }
    for (; at != older.rend() && candles.size() < kKept; ++at) candles.push_front(*at);
    settle(interval);
}

// ── corrections ─────────────────────────────────────────────────────────────────────────────────

bool CandleBook::can_replace(TimeMs from, TimeMs to) const {
    constexpr std::int64_t kMinuteMs = 60'000;
    if (from >= to || from.value() % kMinuteMs != 0 || to.value() % kMinuteMs != 0) return false;
    for (std::size_t i = 0; i < series_.size(); ++i) {
        const std::size_t source = i <= kMinutes ? i : kCandleIntervals[i].made_of;
        const auto& kept = series_[source].candles;
        const TimeMs start = candle_start(kCandleIntervals[i], from);
        if (kept.size() == kKept && start < kept.front().start) return false;
    }
    return true;
}

bool CandleBook::replace(TimeMs from, TimeMs to, std::span<const CandleTrade> trades) {
    if (!can_replace(from, to)) return false;
    for (const auto& trade : trades)
        if (trade.time < from || trade.time >= to) return false;
    for (const std::size_t i : {kSeconds, kMinutes}) {
        std::vector<Candle> made;
        for (const auto& trade : trades) {
            const TimeMs start = candle_start(kCandleIntervals[i], trade.time);
            if (made.empty() || made.back().start != start)
                made.push_back(make_candle(start, trade));
            else
                add_trade(made.back(), trade);
        }
        put(i, from, to, made);
    }
    for (std::size_t i = kMinutes + 1; i < series_.size(); ++i) make_again(i, from, to);
    return true;
}

/// Makes the candles that [from, to) touches out of shorter ones.
void CandleBook::make_again(std::size_t interval, TimeMs from, TimeMs to) {
    const CandleInterval& its = kCandleIntervals[interval];
    const TimeMs first = candle_start(its, from);
    const TimeMs last{candle_start(its, TimeMs{to.value() - 1}).value() + its.length_ms};
    const auto& shorter = series_[its.made_of].candles;
    put(interval, first, last,
        merge_candles(interval, {find_start(shorter, first), find_start(shorter, last)}));
}

void CandleBook::put(std::size_t interval, TimeMs from, TimeMs to,
                     const std::vector<Candle>& candles) {
    Series& series = series_[interval];
    const auto begin = find_start(series.candles, from);
    const auto at = series.candles.erase(begin, find_start(series.candles, to));
    series.candles.insert(at, candles.begin(), candles.end());
    while (series.candles.size() > kKept) series.candles.pop_front();
    // What is there from here on is news, also a candle that comes in the place of one that went.
    series.closed_until = std::min(series.closed_until, from);
    series.changed = true;
    settle(interval);
}

// ── figures ─────────────────────────────────────────────────────────────────────────────────────

DayFigures CandleBook::day(TimeMs now) const {
    constexpr std::int64_t kDayMs = 86'400'000;
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

}  // namespace astro::market
