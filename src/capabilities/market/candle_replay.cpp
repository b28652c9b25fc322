#include "capabilities/market/candle_replay.hpp"

#include "capabilities/market/sources/observe.hpp"

namespace astro::market {

void CandleReplay::take(const RecordedLine& line) {
    ++report_.lines;
    const auto message = parse_binance(document_, line.json);
    if (!message) {
        ++report_.unreadable;
        return;
    }
    const auto* trade = std::get_if<PublicTrade>(&message->body);
    if (trade == nullptr) {
        ++report_.other;
        return;
    }
    ++report_.trades;
    const auto made = candle_trade_of(message->venue, *trade);
    const Key key{std::string(source_name(message->venue)), trade->symbol};
    Told& told = series_[key];
    // A recorder's clock may be behind the exchange's, by which trades are told.
    const TimeMs now{line.time.value() / milliseconds(1).value()};
    if (!made || told.series.take(*made, now)) {
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
