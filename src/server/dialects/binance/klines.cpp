#include "server/dialects/binance/klines.hpp"

#include <algorithm>

#include "foundation/base/json.hpp"

namespace astro::binance {

using market::Candle;
using market::CandleInterval;

TimeMs start_of(const CandleInterval& interval, TimeMs time) {
    const std::int64_t since = time.value() - interval.offset_ms;
    return TimeMs{since - since % interval.length_ms + interval.offset_ms};
}

std::vector<Candle> without_holes(const std::vector<Candle>& candles,
                                  const CandleInterval& interval, TimeMs last, std::size_t count,
                                  bool oldest) {
    std::vector<Candle> out;
    if (candles.empty()) return out;
    const auto next_start = [&](std::size_t i) {
        return i + 1 < candles.size()
                   ? candles[i + 1].start.value()
                   : std::max(last.value(), candles[i].start.value()) + interval.length_ms;
    };
    for (std::size_t i = 0; i < candles.size(); ++i) {
        if (oldest && out.size() >= count) break;
        out.push_back(candles[i]);
        const auto close = candles[i].close;
        std::int64_t from = candles[i].start.value() + interval.length_ms;
        const std::int64_t to = next_start(i);
        // Of a long hole only what is asked for.
        const auto most = static_cast<std::int64_t>(count) * interval.length_ms;
        if (!oldest && to - from > most) from = to - most;
        for (; from < to && (!oldest || out.size() < count); from += interval.length_ms)
            out.push_back({.start = TimeMs{from},
                           .open = close,
                           .high = close,
                           .low = close,
                           .close = close});
    }
    if (out.size() > count) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(count));
    return out;
}

std::vector<Candle> price_candles(const std::vector<exchange::PriceRecord>& prices,
                                  exchange::Price exchange::PriceRecord::* which,
                                  const CandleInterval& interval) {
    std::vector<Candle> out;
    for (const auto& record : prices) {
        const auto price = record.*which;
        const TimeMs start = start_of(interval, record.minute);
        if (out.empty() || out.back().start != start) {
            const auto open = out.empty() ? price : out.back().close;
            out.push_back({.start = start,
                           .open = open,
                           .high = std::max(open, price),
                           .low = std::min(open, price),
                           .close = price});
        }
        Candle& candle = out.back();
        candle.high = std::max(candle.high, price);
        candle.low = std::min(candle.low, price);
        candle.close = price;
        ++candle.trades;
    }
    return out;
}

void append_kline(std::string& out, const Candle& candle, const CandleInterval& interval) {
    const auto number = [&](std::int64_t value) { out += std::to_string(value) + ","; };
    const auto text = [&](const auto& value) {
        append_json(out, value);
        out.push_back(',');
    };
    out.push_back('[');
    number(candle.start.value());
    text(candle.open);
    text(candle.high);
    text(candle.low);
    text(candle.close);
    text(candle.volume);
    number(candle.start.value() + interval.length_ms - 1);
    text(candle.value);
    number(candle.trades);
    // Who took is not part of a candle.
    out += R"("0","0","0"])";
}

}  // namespace astro::binance
