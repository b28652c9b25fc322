/// Each indicator, value by value, against its definition applied to the whole series.
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "capabilities/market/engine/indicators/indicator.hpp"
#include "capabilities/market/engine/indicators/indicators_test_support.hpp"

namespace astro::market {
namespace {

using test::random_bars;
using test::same;
using Series = std::vector<double>;
using Bars = std::vector<Bar>;

double at(const Series& s, std::size_t i) {
    return i < s.size() ? s[i] : kNothing;
}
template <class Of>
Series each(const Bars& bars, Of of) {
    Series out;
    for (const auto& bar : bars) out.push_back(of(bar));
    return out;
}
Series closes(const Bars& bars) {
    return each(bars, [](const Bar& bar) { return bar.close; });
}
Series sma(const Series& s, std::size_t n) {
    Series out(s.size(), kNothing);
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (i + 1 < n || std::isnan(s[i + 1 - n])) continue;
        double sum = 0;
        for (std::size_t k = i + 1 - n; k <= i; ++k) sum += s[k];
        out[i] = sum / static_cast<double>(n);
    }
    return out;
}
/// Recursive from `first`, the first value that is there, seeded with a mean of n.
Series recursive(const Series& s, std::size_t n, double share) {
    Series out(s.size(), kNothing);
    std::size_t first = 0;
    while (first < s.size() && std::isnan(s[first])) ++first;
    if (first + n > s.size()) return out;
    const auto begin = s.begin() + static_cast<std::ptrdiff_t>(first);
    double value = std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(n), 0.0) /
                   static_cast<double>(n);
    out[first + n - 1] = value;
    for (std::size_t i = first + n; i < s.size(); ++i) out[i] = value += share * (s[i] - value);
    return out;
}
Series ema(const Series& s, std::size_t n) {
    return recursive(s, n, 2.0 / (static_cast<double>(n) + 1));
}
Series wilder(const Series& s, std::size_t n) {
    return recursive(s, n, 1.0 / static_cast<double>(n));
}
Series changes(const Series& s) {
    Series out{kNothing};
    for (std::size_t i = 1; i < s.size(); ++i) out.push_back(s[i] - s[i - 1]);
    return out;
}
Series ranges(const Bars& bars) {
    Series out{kNothing};
    for (std::size_t i = 1; i < bars.size(); ++i)
        out.push_back(std::max(bars[i].high, bars[i - 1].close) -
                      std::min(bars[i].low, bars[i - 1].close));
    return out;
}
template <class F>
Series combined(const Series& a, const Series& b, F f) {
    Series out;
    for (std::size_t i = 0; i < a.size(); ++i) out.push_back(f(a[i], b[i]));
    return out;
}

using Reference = std::function<std::vector<Series>(const Bars&)>;

std::vector<Series> rsi_reference(const Bars& bars) {
    const auto moved = changes(closes(bars));
    Series up, down;
    for (const double x : moved) {
        up.push_back(std::isnan(x) ? x : std::max(x, 0.0));
        down.push_back(std::isnan(x) ? x : std::max(-x, 0.0));
    }
    return {combined(wilder(up, 14), wilder(down, 14), [](double gain, double loss) {
        return std::isnan(gain) ? gain : gain + loss > 0 ? 100 * gain / (gain + loss) : 0;
    })};
}

std::vector<Series> macd_reference(const Bars& bars) {
    const auto s = closes(bars);
    Series late = s;  // the fast average does not see the first 14
    for (std::size_t i = 0; i < 14; ++i) late[i] = kNothing;
    const auto line = combined(ema(late, 12), ema(s, 26), std::minus<>());
    const auto signal = ema(line, 9);
    const auto shown =
        combined(line, signal, [](double l, double g) { return std::isnan(g) ? g : l; });
    return {shown, signal, combined(line, signal, std::minus<>())};
}

std::vector<Series> bollinger_reference(const Bars& bars) {
    const auto s = closes(bars);
    const auto mean = sma(s, 20);
    Series upper(s.size(), kNothing), lower = upper;
    for (std::size_t i = 19; i < s.size(); ++i) {
        long double sum = 0, squares = 0;
        for (std::size_t k = i - 19; k <= i; ++k) sum += s[k];
        for (std::size_t k = i - 19; k <= i; ++k) squares += (s[k] - sum / 20) * (s[k] - sum / 20);
        const auto width = static_cast<double>(2 * std::sqrt(squares / 20));
        upper[i] = mean[i] + width;
        lower[i] = mean[i] - width;
    }
    return {upper, mean, lower};
}

std::vector<Series> stochastic_reference(const Bars& bars) {
    Series fast(bars.size(), kNothing);
    for (std::size_t i = 13; i < bars.size(); ++i) {
        double high = 0, low = INFINITY;
        for (std::size_t k = i - 13; k <= i; ++k) {
            high = std::max(high, bars[k].high);
            low = std::min(low, bars[k].low);
        }
        fast[i] = high > low ? 100 * (bars[i].close - low) / (high - low) : 0;
    }
    const auto slow_k = sma(fast, 3), slow_d = sma(slow_k, 3);
    return {combined(slow_k, slow_d, [](double k, double d) { return std::isnan(d) ? d : k; }),
            slow_d};
}

std::vector<Series> mfi_reference(const Bars& bars) {
    const auto typical = each(bars, [](const Bar& b) { return (b.high + b.low + b.close) / 3; });
    Series out(bars.size(), kNothing);
    for (std::size_t i = 14; i < bars.size(); ++i) {
        double up = 0, down = 0;
        for (std::size_t k = i - 13; k <= i; ++k) {
            const double flow = typical[k] * bars[k].volume;
            const double change = typical[k] / typical[k - 1] - 1;
            if (change > 1e-15) up += flow;
            if (change < -1e-15) down += flow;
        }
        out[i] = up + down > 0 ? 100 * up / (up + down) : 0;
    }
    return {out};
}

Series middle(const Bars& bars, std::size_t n) {
    Series out(bars.size(), kNothing);
    for (std::size_t i = n - 1; i < bars.size(); ++i) {
        double high = 0, low = INFINITY;
        for (std::size_t k = i + 1 - n; k <= i; ++k) {
            high = std::max(high, bars[k].high);
            low = std::min(low, bars[k].low);
        }
        out[i] = (high + low) / 2;
    }
    return out;
}

std::vector<Series> ichimoku_reference(const Bars& bars) {
    const auto conversion = middle(bars, 9), base = middle(bars, 26), b = middle(bars, 52);
    const auto a = combined(conversion, base, [](double x, double y) { return (x + y) / 2; });
    const auto displaced = [&](const Series& s) {
        Series out(s.size(), kNothing);
        for (std::size_t i = 26; i < s.size(); ++i) out[i] = s[i - 26];
        return out;
    };
    return {conversion, base, displaced(a), displaced(b), a, b};
}

std::vector<Series> vwap_reference(const Bars& bars) {
    Series price(bars.size(), kNothing), deviation = price;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        long double volume = 0, value = 0, squares = 0;
        const auto same_day = [&](std::size_t k) {
            return bars[k].start_ms / 86'400'000 == bars[i].start_ms / 86'400'000;
        };
        const auto typical = [&](std::size_t k) {
            return (bars[k].high + bars[k].low + bars[k].close) / 3;
        };
        for (std::size_t k = 0; k <= i; ++k)
            if (same_day(k)) {
                volume += bars[k].volume;
                value += bars[k].volume * typical(k);
            }
        if (volume == 0) continue;
        for (std::size_t k = 0; k <= i; ++k)
            if (same_day(k)) {
                const long double far = typical(k) - value / volume;
                squares += bars[k].volume * far * far;
            }
        price[i] = static_cast<double>(value / volume);
        deviation[i] = static_cast<double>(std::sqrt(squares / volume));
    }
    return {price, deviation};
}

std::vector<Series> wma_reference(const Bars& bars) {
    const auto s = closes(bars);
    Series out(s.size(), kNothing);
    for (std::size_t i = 19; i < s.size(); ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < 20; ++k) sum += s[i - k] * static_cast<double>(20 - k);
        out[i] = sum / 210;
    }
    return {out};
}

std::vector<Series> obv_reference(const Bars& bars) {
    Series out;
    double volume = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double change = i == 0 ? 1 : bars[i].close - bars[i - 1].close;
        out.push_back(volume += change > 0 ? bars[i].volume : change < 0 ? -bars[i].volume : 0);
    }
    return {out};
}

struct Case {
    std::string indicator;
    Reference reference;
};
std::vector<Case> cases() {
    return {{"sma(20)", [](const Bars& b) { return std::vector<Series>{sma(closes(b), 20)}; }},
            {"ema(20)", [](const Bars& b) { return std::vector<Series>{ema(closes(b), 20)}; }},
            {"wma(20)", wma_reference},
            {"rsi(14)", rsi_reference},
            {"macd(12,26,9)", macd_reference},
            {"bollinger(20,2)", bollinger_reference},
            {"atr(14)", [](const Bars& b) { return std::vector<Series>{wilder(ranges(b), 14)}; }},
            {"stochastic(14,3,3)", stochastic_reference},
            {"mfi(14)", mfi_reference},
            {"obv", obv_reference},
            {"vwap(1440)", vwap_reference},
            {"ichimoku(9,26,52)", ichimoku_reference}};
}

TEST(Indicators, AreTheirDefinitionsAtEachBar) {
    for (const auto& [name, reference] : cases())
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            // Prices of thousands, of hundreds, and of a millionth.
            const auto bars = random_bars(1'500, seed,
                                          seed % 3 == 0   ? 1e-6
                                          : seed % 3 == 1 ? 100
                                                          : 60'000);
            const auto expected = reference(bars);
            IndicatorSet set({parse_indicator(name).value()});
            ASSERT_EQ(set.names().size(), expected.size());
            for (std::size_t i = 0; i < bars.size(); ++i) {
                const auto values = set.next(bars[i]);
                for (std::size_t k = 0; k < values.size(); ++k)
                    ASSERT_TRUE(same(values[k], at(expected[k], i)) ||
                                // A deviation among equal prices is what rounding leaves of it.
                                (set.names()[k] == "vwap(1440).deviation" &&
                                 std::abs(values[k] - expected[k][i]) < 1e-12 * bars[i].close))
                        << set.names()[k] << " at bar " << i << " of seed " << seed << ": "
                        << values[k] << ", by the definition " << expected[k][i];
            }
        }
}

/// What was long ago leaves no trace: a series that fell from a billion to a millionth.
TEST(Indicators, OfWindowsForgetWhatHasLeftThem) {
    auto bars = random_bars(300, 3, 1e9);
    for (auto& bar : random_bars(300, 4, 1e-6)) {
        bar.start_ms += 300 * 900'000;
        bars.push_back(bar);
    }
    for (const std::string name : {"sma(20)", "wma(20)", "bollinger(20,2)", "mfi(14)"}) {
        IndicatorSet all({parse_indicator(name).value()});
        IndicatorSet late({parse_indicator(name).value()});
        for (std::size_t i = 0; i < bars.size(); ++i) {
            const auto values = all.next(bars[i]);
            if (i < 320) continue;
            const auto alone = late.next(bars[i]);
            // After two windows both have been added up anew from the same bars.
            if (i < 360) continue;
            for (std::size_t k = 0; k < values.size(); ++k)
                ASSERT_TRUE(same(values[k], alone[k])) << name << " " << i;
        }
    }
}

TEST(Indicators, AreKnownOfBarsThatAreEasy) {
    Bars rising;
    for (int i = 0; i < 60; ++i)
        rising.push_back({.start_ms = i,
                          .open = 10.0 + i,
                          .high = 11.0 + i,
                          .low = 9.5 + i,
                          .close = 10.5 + i,
                          .volume = 2});
    IndicatorSet set(parse_indicators("rsi(14),adx(14),mfi(14),supertrend(10,3),obv").value());
    std::span<const double> last;
    for (const auto& bar : rising) last = set.next(bar);
    EXPECT_EQ(last[0], 100);           // nothing but gains
    EXPECT_NEAR(last[1], 100, 1e-12);  // nothing but rising highs
    EXPECT_EQ(last[3], 0) << "minus_di";
    EXPECT_EQ(last[4], 100);  // mfi
    EXPECT_EQ(last[6], 1) << "below the price";
    EXPECT_LT(last[5], rising.back().close);
    EXPECT_EQ(last[7], 120);  // obv
}

TEST(Indicators, ThatNothingMovesIsNoDivisionByZero) {
    std::vector<IndicatorSpec> specs;
    for (const auto& kind : indicator_kinds()) specs.push_back(parse_indicator(kind.name).value());
    IndicatorSet set(specs);
    std::span<const double> last;
    for (int i = 0; i < 200; ++i)
        last = set.next({.start_ms = i * 60'000,
                         .open = 5,
                         .high = 5,
                         .low = 5,
                         .close = 5,
                         .volume = i % 2 == 0 ? 0.0 : 1.0});
    for (std::size_t i = 0; i < last.size(); ++i)
        EXPECT_TRUE(std::isfinite(last[i])) << set.names()[i];
}

}  // namespace
}  // namespace astro::market
