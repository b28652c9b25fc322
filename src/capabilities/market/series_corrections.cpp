#include <algorithm>

#include "capabilities/market/series_tape.hpp"

/// What was missed and comes after all, and what was taken and is taken back.
namespace astro::market {
namespace {

/// The whole minutes around some trades.
struct Minutes {
    TimeMs from{}, to{};
};

Minutes minutes_of(TimeMs first, TimeMs last) {
    const CandleInterval& minute = kCandleIntervals[kMinutes];
    return {candle_start(minute, first),
            TimeMs{candle_start(minute, last).value() + minute.length_ms}};
}

/// Starts of the candles of an interval that the minutes are in.
std::vector<TimeMs> starts_in(const CandleBook& book, std::size_t interval,
                              const Minutes& minutes) {
    const TimeMs first = candle_start(kCandleIntervals[interval], minutes.from);
    std::vector<TimeMs> out;
    for (const auto& candle : book.candles(interval))
        if (candle.start >= first && candle.start < minutes.to) out.push_back(candle.start);
    return out;
}

}  // namespace

std::vector<SeriesTape::Missed> SeriesTape::missed() const {
    const std::lock_guard lock(mutex_);
    std::vector<Missed> out;
    for (const auto& [symbol, line] : lines_)
        for (const auto& gap : line.series.gate().gaps()) out.push_back({line.info, gap});
    return out;
}

std::size_t SeriesTape::fill(std::string_view symbol, std::span<const ExchangeTrade> trades) {
    const std::lock_guard lock(mutex_);
    const auto at = lines_.find(symbol);
    if (at == lines_.end()) return 0;
    std::size_t taken = 0;
    for (const auto& each : trades) {
        if (at->second.series.take_missed(each.trade)) continue;
        keep(at->second, {each.trade, each.side});
        ++taken;
    }
    at->second.filled += taken;
    return taken;
}

std::uint64_t SeriesTape::give_up(std::string_view symbol, std::uint64_t first,
                                  std::uint64_t last) {
    const std::lock_guard lock(mutex_);
    const auto at = lines_.find(symbol);
    if (at == lines_.end()) return 0;
    const std::uint64_t absent = at->second.series.gate().give_up(first, last);
    at->second.absent += absent;
    return absent;
}

void SeriesTape::take_back(std::string_view source, TradeSeq first, TradeSeq last) {
    const std::lock_guard lock(mutex_);
    for (auto& [symbol, line] : lines_)
        if (line.info.source == source) take_back(line, first, last);
}

/// The minutes that the trades were in are made anew of the others in them.
void SeriesTape::take_back(Line& line, TradeSeq first, TradeSeq last) {
    auto& kept = line.trades;
    const auto seq_of = [](const KeptTrade& each) { return each.trade.seq; };
    const auto begin = std::ranges::lower_bound(kept, first, std::less<>(), seq_of),
               end = std::ranges::upper_bound(kept, last, std::less<>(), seq_of);
    if (begin == end) return;
    const auto count = static_cast<std::uint64_t>(end - begin);
    const Minutes minutes = minutes_of(begin->trade.time, std::prev(end)->trade.time);
    std::vector<CandleTrade> others;
    for (auto at = kept.begin(); at != kept.end(); ++at)
        if ((at < begin || at >= end) && at->trade.time >= minutes.from &&
            at->trade.time < minutes.to)
            others.push_back(at->trade);
    CandleBook& book = line.series.candles();
    std::array<std::vector<TimeMs>, kCandleIntervals.size()> before;
    for (std::size_t i = 0; i < before.size(); ++i) before[i] = starts_in(book, i, minutes);
    if (minutes.from < line.whole_from || !book.replace(minutes.from, minutes.to, others)) {
        line.not_undone += count;
        return;
    }
    for (std::size_t i = 0; i < before.size(); ++i)
        for (const TimeMs start : before[i])
            if (std::ranges::find(book.candles(i), start, &Candle::start) == book.candles(i).end())
                untold_.no_candles.insert({line.info.symbol, i, start});
    kept.erase(begin, end);
    untold_.no_trades.emplace_back(line.info.symbol, first, last);
    std::erase_if(untold_.trades, [&](const auto& entry) {
        return entry.first.first == line.info.symbol && entry.first.second >= first &&
               entry.first.second <= last;
    });
    line.undone += count;
    line.series.go_back();
}

}  // namespace astro::market
