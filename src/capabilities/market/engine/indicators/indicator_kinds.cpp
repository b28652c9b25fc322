#include <tuple>

#include "capabilities/market/engine/indicators/averages.hpp"
#include "capabilities/market/engine/indicators/indicator.hpp"
#include "capabilities/market/engine/indicators/ranges.hpp"
#include "capabilities/market/engine/indicators/strength.hpp"
#include "capabilities/market/engine/indicators/volumes.hpp"
#include "foundation/base/assert.hpp"

/// The table of indicators: a new one is a row of kKinds and a line of make_indicator().
namespace astro::market {
namespace {

constexpr double kPeriodMax = 1'000;
constexpr std::int64_t kMinuteMs = 60'000;

constexpr IndicatorParameter period(double standard, double least = 1) {
    return {"period", standard, least, kPeriodMax};
}
constexpr IndicatorParameter named(std::string_view name, double standard, double least = 1) {
    return {name, standard, least, kPeriodMax};
}

/// An indicator that `step` computes: step(bar) gives as many numbers as there are outputs.
template <class Step>
class Made final : public Indicator {
  public:
    explicit Made(Step step) : step_(std::move(step)) {}
    void next(const Bar& bar, std::span<double> out) override {
        std::apply(
            [&](const auto&... value) {
                std::size_t at = 0;
                ((out[at++] = value), ...);
            },
            step_(bar));
    }

  private:
    Step step_;
};
template <class Step>
std::unique_ptr<Indicator> made(Step step) {
    return std::make_unique<Made<Step>>(std::move(step));
}

template <class Average>
std::unique_ptr<Indicator> of_closes(std::size_t period) {
    return made([average = Average(period)](const Bar& bar) mutable {
        return std::tuple(average.next(bar.close));
    });
}
template <class OfBars>
std::unique_ptr<Indicator> of_bars(OfBars indicator) {
    return made([indicator = std::move(indicator)](const Bar& bar) mutable {
        return std::tuple(indicator.next(bar));
    });
}

/// The profile since the last anchor, in bins of a share of the first price.
class AnchoredProfile {
  public:
    AnchoredProfile(double width_bps, std::int64_t anchor_ms)
        : width_bps_(width_bps), anchor_ms_(anchor_ms) {}
    std::tuple<double, double, double> next(const Bar& bar) {
        const std::int64_t anchor = bar.start_ms / anchor_ms_;
        if (anchor != anchor_ && bar.low > 0) {
            anchor_ = anchor;
            const double width = bar.open * width_bps_ / 10'000;
            const double half = static_cast<double>(kBins / 2) * width;
            profile_ = VolumeProfile(std::max(0.0, bar.open - half), width, kBins);
        }
        profile_.add(bar);
        const auto figures = profile_.figures();
        return {figures.control, figures.value_low, figures.value_high};
    }

  private:
    static constexpr std::size_t kBins = 1'024;
    double width_bps_;
    std::int64_t anchor_ms_, anchor_ = std::numeric_limits<std::int64_t>::min();
    VolumeProfile profile_{0, 1, 1};
};

std::unique_ptr<Indicator> make_macd(const std::vector<std::size_t>& p) {
    return made([macd = Macd(p[0], p[1], p[2])](const Bar& bar) mutable {
        const auto v = macd.next(bar.close);
        return std::tuple(v.macd, v.signal, v.histogram);
    });
}
std::unique_ptr<Indicator> make_bollinger(std::size_t length, double deviations) {
    return made([bands = Bollinger(length, deviations)](const Bar& bar) mutable {
        const auto v = bands.next(bar.close);
        return std::tuple(v.upper, v.middle, v.lower);
    });
}
std::unique_ptr<Indicator> make_adx(std::size_t length) {
    return made([movement = DirectionalMovement(length)](const Bar& bar) mutable {
        const auto v = movement.next(bar);
        return std::tuple(v.adx, v.plus, v.minus);
    });
}
std::unique_ptr<Indicator> make_stochastic(const std::vector<std::size_t>& p) {
    return made([stochastic = Stochastic(p[0], p[1], p[2])](const Bar& bar) mutable {
        const auto v = stochastic.next(bar);
        return std::tuple(v.slow_k, v.slow_d);
    });
}
std::unique_ptr<Indicator> make_vwap(std::int64_t anchor_ms) {
    return made([price = VolumePrice(anchor_ms)](const Bar& bar) mutable {
        const auto v = price.next(bar);
        return std::tuple(v.price, v.deviation);
    });
}
std::unique_ptr<Indicator> make_ichimoku(const std::vector<std::size_t>& p) {
    return made([ichimoku = Ichimoku(p[0], p[1], p[2])](const Bar& bar) mutable {
        const auto v = ichimoku.next(bar);
        return std::tuple(v.conversion, v.base, v.span_a, v.span_b, v.span_a_ahead, v.span_b_ahead);
    });
}
std::unique_ptr<Indicator> make_supertrend(std::size_t length, double ranges) {
    return made([trend = SuperTrend(length, ranges)](const Bar& bar) mutable {
        const auto v = trend.next(bar);
        return std::tuple(v.line, v.direction);
    });
}
std::unique_ptr<Indicator> make_profile(double width_bps, std::int64_t anchor_ms) {
    return made([profile = AnchoredProfile(width_bps, anchor_ms)](const Bar& bar) mutable {
        return profile.next(bar);
    });
}

}  // namespace

const std::vector<IndicatorKind>& indicator_kinds() {
    const IndicatorParameter anchor{"anchor_minutes", 1'440, 1, 10'080};
    static const std::vector<IndicatorKind> kKinds{
        {"sma", "Simple moving average of closes", {period(20)}, {"sma"}},
        {"ema", "Exponential moving average, begun with a simple one", {period(20)}, {"ema"}},
        {"wma", "Linearly weighted moving average", {period(20)}, {"wma"}},
        {"rsi", "Wilder's relative strength index", {period(14, 2)}, {"rsi"}},
        {"macd",
         "Distance of two exponential averages, and its own average",
         {named("fast", 12, 2), named("slow", 26, 2), named("signal", 9)},
         {"macd", "signal", "histogram"}},
        {"bollinger",
         "Simple average, and deviations around it",
         {period(20, 2), {"deviations", 2, 0, 100, false}},
         {"upper", "middle", "lower"}},
        {"atr", "Wilder's average true range", {period(14)}, {"atr"}},
        {"adx",
         "Wilder's average directional index",
         {period(14, 2)},
         {"adx", "plus_di", "minus_di"}},
        {"stochastic",
         "Place of the close between low and high, smoothed twice",
         {named("fast_k", 14), named("slow_k", 3), named("slow_d", 3)},
         {"slow_k", "slow_d"}},
        {"obv", "On-balance volume", {}, {"obv"}},
        {"mfi", "Money flow index", {period(14, 2)}, {"mfi"}},
        {"vwap",
         "Average price by volume since the anchor, and the deviation around it",
         {anchor},
         {"vwap", "deviation"}},
        {"ichimoku",
         "Ichimoku Kinko Hyo; the lagging line is the close",
         {named("conversion", 9), named("base", 26), named("span_b", 52)},
         {"conversion", "base", "span_a", "span_b", "span_a_ahead", "span_b_ahead"}},
        {"supertrend",
         "A stop that follows at so many average true ranges",
         {period(10), {"ranges", 3, 0.1, 100, false}},
         {"line", "direction"}},
        {"volume_profile",
         "Volume by price since the anchor: point of control and value area",
         {{"width_bps", 10, 1, 500, false}, anchor},
         {"control", "value_low", "value_high"}},
    };
    return kKinds;
}

std::unique_ptr<Indicator> make_indicator(const IndicatorSpec& spec) {
    const auto name = indicator_kinds()[spec.kind].name;
    const auto& raw = spec.parameters;
    std::vector<std::size_t> p;
    for (const double value : raw) p.push_back(static_cast<std::size_t>(value));
    if (name == "sma") return of_closes<SimpleAverage>(p[0]);
    if (name == "ema") return of_closes<ExponentialAverage>(p[0]);
    if (name == "wma") return of_closes<WeightedAverage>(p[0]);
    if (name == "rsi") return of_closes<RelativeStrength>(p[0]);
    if (name == "macd") return make_macd(p);
    if (name == "bollinger") return make_bollinger(p[0], raw[1]);
    if (name == "atr") return of_bars(AverageTrueRange(p[0]));
    if (name == "adx") return make_adx(p[0]);
    if (name == "stochastic") return make_stochastic(p);
    if (name == "obv") return of_bars(OnBalanceVolume());
    if (name == "mfi") return of_bars(MoneyFlow(p[0]));
    const auto anchor_ms = static_cast<std::int64_t>(raw.empty() ? 0 : raw.back()) * kMinuteMs;
    if (name == "vwap") return make_vwap(anchor_ms);
    if (name == "ichimoku") return make_ichimoku(p);
    if (name == "supertrend") return make_supertrend(p[0], raw[1]);
    ASTRO_ASSERT(name == "volume_profile");
    return make_profile(raw[0], anchor_ms);
}

}  // namespace astro::market
