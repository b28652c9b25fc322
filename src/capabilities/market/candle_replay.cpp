#include "capabilities/market/candle_replay.hpp"

namespace astro::market {

void CandleReplay::take(const RecordedLine& line) {
    ++report_.lines;
    const auto news = read_recorded(document_, line.json);
    if (!news) {
        ++report_.unreadable;
        return;
    }
    report_.unreadable += news->unreadable;
    if (news->trades.empty()) ++report_.other;
    for (const auto& trade : news->trades) take_trade(news->source, trade, line.time);
}

void CandleReplay::take_trade(std::string_view source, const ExchangeTrade& trade,
                              TimestampNs time) {
    ++report_.trades;
    const Key key{std::string(source), trade.symbol};
    Told& told = series_[key];
    // A recorder's clock may be behind the exchange's, by which trades are told.
    const TimeMs now{time.value() / milliseconds(1).value()};
    if (told.series.take(trade.trade, now)) {
        ++report_.set_aside;
        return;
    }
    const TimeMs settled{told.series.gate().last_time().value() - GateRules{}.late_ms_max};
    if (settled >= told.next) tell_before(key, told, settled);
}

void CandleReplay::tell_before(const Key& key, Told& told, TimeMs end) {
    const std::int64_t length = kCandleIntervals[interval_].length_ms;
    for (const auto& candle : told.series.candles().candles(interval_)) {
        if (candle.start < told.until) continue;
        told.next = TimeMs{candle.start.value() + length};
        if (told.next > end) return;
        told.until = told.next;
        tell_({key.first, key.second, std::string(kCandleIntervals[interval_].name), candle});
    }
}

void CandleReplay::finish() {
    for (auto& [key, told] : series_) tell_before(key, told, TimeMs{INT64_MAX});
}

}  // namespace astro::market
