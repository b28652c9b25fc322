// Candles of all intervals from trades, each looked at by the gate; and 50 indicators on 1,000
// symbols, one bar each: on one core, CPU time. Each figure is the median of many passes, with the
// best beside it.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "capabilities/market/engine/indicators/indicator.hpp"
#include "capabilities/market/engine/trade_series.hpp"

namespace {

using namespace astro;
using namespace astro::market;

constexpr std::size_t kTrades = 1'000'000, kSymbols = 1'000, kBars = 400, kBarsMeasured = 200;
constexpr int kPasses = 11;
constexpr double kTradesLimit = 3e6, kBarLimitMs = 5;

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Figures {
    double median = 0, best = 0;
};

void report(const char* bench, Figures figures, const char* unit, double limit, bool at_least,
            std::size_t passes) {
    const bool ok = at_least ? figures.median >= limit : figures.median <= limit;
    std::printf(R"({"bench":"%s","value":%.3f,"best":%.3f,"unit":"%s","limit":%.1f,)"
                R"("limit_is":"%s","ok":%s,"passes":%zu,"clock":"cpu"})"
                "\n",
                bench, figures.median, figures.best, unit, limit, at_least ? "at least" : "at most",
                ok ? "true" : "false", passes);
}

/// A walk of about a hundred trades a second, every hundredth number left out and told later.
std::vector<CandleTrade> make_trades() {
    std::mt19937_64 random(42);
    std::vector<CandleTrade> out;
    out.reserve(kTrades);
    std::int64_t time = 1'700'000'000'000, price = 150'000'000;
    for (std::uint64_t seq = 1; seq <= kTrades; ++seq) {
        const std::uint64_t dice = random();
        time += static_cast<std::int64_t>(dice % 21);
        price += static_cast<std::int64_t>(dice >> 16 & 0xffff) % 2'001 - 1'000;
        price = std::max<std::int64_t>(price, 1'000'000);
        const Base size{1'000'000 + static_cast<std::int64_t>(dice >> 32)};
        out.push_back(
            {TradeSeq{seq}, TimeMs{time}, Price{price}, size, trade_value(Price{price}, size)});
    }
    for (std::size_t i = 100; i + 10 < out.size(); i += 100)
        std::rotate(out.begin() + static_cast<std::ptrdiff_t>(i),
                    out.begin() + static_cast<std::ptrdiff_t>(i + 1),
                    out.begin() + static_cast<std::ptrdiff_t>(i + 5));
    return out;
}

Figures candles_from_trades() {
    const auto trades = make_trades();
    const TimeMs now{trades.back().time.value() + 1};
    std::vector<double> rates;
    for (int pass = 0; pass < kPasses; ++pass) {
        TradeSeries series(GateRules{.dense = true});
        const double begin = cpu_seconds();
        for (const auto& trade : trades) (void)series.take(trade, now);
        rates.push_back(static_cast<double>(kTrades) / (cpu_seconds() - begin));
        std::int64_t counted = 0;
        for (const auto& day : series.candles().candles(kDays)) counted += day.trades;
        if (counted != static_cast<std::int64_t>(kTrades)) {
            std::fprintf(stderr, "market_bench: %lld trades are in the candles\n",
                         static_cast<long long>(counted));
            std::exit(1);
        }
    }
    std::ranges::sort(rates);
    return {rates[rates.size() / 2], rates.back()};
}

/// Fifty, of every kind, as charts have them.
std::vector<IndicatorSpec> fifty() {
    std::string text;
    for (const int period : {5, 10, 20, 50, 100, 200}) {
        for (const char* kind : {"sma", "ema", "wma"})
            text += kind + ("(" + std::to_string(period) + "),");
    }
    for (const int period : {7, 14, 21, 28})
        for (const char* kind : {"rsi", "atr", "adx", "mfi"})
            text += kind + ("(" + std::to_string(period) + "),");
    text +=
        "macd(12,26,9),macd(5,35,5),macd(3,10,16),bollinger(20,2),bollinger(20,1),bollinger(50,2.5)"
        ","
        "stochastic(14,3,3),stochastic(5,3,3),stochastic(21,7,7),obv,vwap,ichimoku(9,26,52),"
        "ichimoku(20,60,120),supertrend(10,3),supertrend(14,2),volume_profile(25)";
    return parse_indicators(text).value();
}

std::vector<std::vector<Bar>> make_bars() {
    std::vector<std::vector<Bar>> out(kSymbols);
    for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
        std::mt19937_64 random(symbol);
        std::normal_distribution<double> step(0, 0.002);
        double price = std::exp(static_cast<double>(random() % 1'200) / 100 - 4);
        for (std::size_t i = 0; i < kBars; ++i) {
            Bar bar{.start_ms = static_cast<std::int64_t>(i) * 60'000, .open = price};
            price *= std::exp(step(random));
            bar.close = price;
            bar.high = std::max(bar.open, price) * 1.0005;
            bar.low = std::min(bar.open, price) * 0.9995;
            bar.volume = static_cast<double>(random() % 10'000);
            out[symbol].push_back(bar);
        }
    }
    return out;
}

Figures indicators_of_a_bar() {
    const auto specs = fifty();
    if (specs.size() != 50) {
        std::fprintf(stderr, "market_bench: %zu indicators\n", specs.size());
        std::exit(1);
    }
    const auto bars = make_bars();
    std::vector<IndicatorSet> sets;
    sets.reserve(kSymbols);
    for (std::size_t i = 0; i < kSymbols; ++i) sets.emplace_back(specs);
    std::vector<double> times;
    double kept = 0;
    for (std::size_t i = 0; i < kBars; ++i) {
        const double begin = cpu_seconds();
        for (std::size_t symbol = 0; symbol < kSymbols; ++symbol)
            kept += sets[symbol].next(bars[symbol][i])[0];
        if (i >= kBars - kBarsMeasured) times.push_back((cpu_seconds() - begin) * 1e3);
    }
    volatile double keep = kept;
    (void)keep;
    std::ranges::sort(times);
    return {times[times.size() / 2], times.front()};
}

}  // namespace

int main() {
    report("market.candles_trades_per_second", candles_from_trades(), "trades/s", kTradesLimit,
           true, kPasses);
    report("market.indicators_50_on_1000_symbols", indicators_of_a_bar(), "ms/bar", kBarLimitMs,
           false, kBarsMeasured);
}
