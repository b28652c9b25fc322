#pragma once

#include <optional>
#include <span>

#include "capabilities/exchange/engine/formulas/funding.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// Averages of prices over sources and over time, on whole numbers.
namespace astro::exchange::formulas {

inline constexpr std::size_t kMedianMax = 32;

/// The middle one; of an even count the mean of the middle two, rounded down. 1..kMedianMax values.
[[nodiscard]] Price median(std::span<const Price> values);

struct WeightedPrice {
    Price price;
    std::int64_t weight = 0;  ///< 1..1,000,000
};
/// The lowest price at which the weights up to it are at least half of all; when they are exactly
/// half, the mean of it and the next, rounded down. 1..kMedianMax values.
/// Source: Hyperliquid docs, oracle (weights 3, 2, 2, 1, 1, 1, 1, 1 over spot venues).
[[nodiscard]] Price weighted_median(std::span<const WeightedPrice> values);

/// Binance's index: the weighted mean (rounded down), but a source more than 5 % from the median
/// counts for nothing, and with more than one such the median is the index. 1..kMedianMax values.
[[nodiscard]] Price binance_index(std::span<const WeightedPrice> values);

/// Drift's average of two values by their weights (the seconds each stands for): rounded to zero,
/// then one unit toward the newer `weighted` when the second weighs more than 1. That unit keeps a
/// slow average from sticking below a price it should reach.
/// Source: Drift v2, programs/drift/src/math/stats.rs, calculate_weighted_average.
[[nodiscard]] std::int64_t drift_weighted_average(std::int64_t first, std::int64_t second,
                                                  std::int64_t first_weight,
                                                  std::int64_t second_weight);

/// Drift's moving average: the newer price for the seconds since the last update, the old average
/// for the rest of the period (at least 1). Source: the same, calculate_new_twap.
[[nodiscard]] Price drift_twap(Price price, std::int64_t now_s, Price last_twap,
                               std::int64_t last_s, std::int64_t period_s);

/// Drift: a price is taken into the average at most a 10th (tier A), 5th (B), half (C) or third
/// (others) of the average away from it. Nothing is clipped while the average is 0.
[[nodiscard]] Price drift_clip_to_twap(Price price, Price last_twap, ContractTier tier);

/// A moving average that forgets by e in about `tau`: each step takes elapsed / (tau + elapsed) of
/// the way to the sample, which is the implicit Euler step of the exponential; it never
/// overshoots, and needs no floating point. Sixteen binary digits below the unit keep it from
/// sticking.
struct Ema {
    std::int64_t scaled = 0;  ///< value * 65,536

    [[nodiscard]] Price value() const { return Price{scaled >> 16}; }
    [[nodiscard]] static Ema of(Price value) { return Ema{value.value() * 65'536}; }
};
static_assert(kPriceMax.value() < kInt64Max / 65'536);

/// |sample| <= kPriceMax (a basis may be negative), elapsed >= 0, tau > 0.
[[nodiscard]] Ema ema_update(Ema ema, Price sample, std::int64_t elapsed_ms, std::int64_t tau_ms);

}  // namespace astro::exchange::formulas
