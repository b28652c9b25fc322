#include "capabilities/exchange/engine/formulas/average.hpp"

#include <algorithm>
#include <array>

#include "capabilities/exchange/engine/formulas/oracle.hpp"
#include "foundation/base/assert.hpp"

namespace astro::exchange::formulas {
namespace {

Price mean(Price a, Price b) {
    return Price{static_cast<std::int64_t>(
        div_round(static_cast<Int128>(a.value()) + b.value(), 2, Rounding::floor))};
}

Price plain_median(std::span<const WeightedPrice> values) {
    ASTRO_ASSERT(values.size() <= kMedianMax);
    std::array<Price, kMedianMax> prices;
    std::ranges::transform(values, prices.begin(), &WeightedPrice::price);
    return median(std::span(prices).first(values.size()));
}

}  // namespace

Price median(std::span<const Price> values) {
    ASTRO_ASSERT(!values.empty() && values.size() <= kMedianMax);
    std::array<Price, kMedianMax> sorted;
    const auto end = std::ranges::copy(values, sorted.begin()).out;
    std::sort(sorted.begin(), end);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? sorted[half] : mean(sorted[half - 1], sorted[half]);
}

Price weighted_median(std::span<const WeightedPrice> values) {
    ASTRO_ASSERT(!values.empty() && values.size() <= kMedianMax);
    std::array<WeightedPrice, kMedianMax> sorted;
    const auto end = std::ranges::copy(values, sorted.begin()).out;
    std::sort(sorted.begin(), end, [](const auto& a, const auto& b) { return a.price < b.price; });
    std::int64_t total = 0;
    for (const auto& v : values) total += v.weight;
    std::int64_t below = 0;
    std::size_t i = 0;
    while ((below += sorted[i].weight) * 2 < total) ++i;
    const bool tie = below * 2 == total && i + 1 < values.size();
    return tie ? mean(sorted[i].price, sorted[i + 1].price) : sorted[i].price;
}

Price binance_index(std::span<const WeightedPrice> values) {
    constexpr std::int64_t kFivePercentBps = 500;
    const Price middle = plain_median(values);
    Int128 sum = 0, weights = 0;
    int outliers = 0;
    for (const auto& v : values) {
        if (!within_band(v.price, middle, kFivePercentBps)) {
            ++outliers;
            continue;
        }
        sum += static_cast<Int128>(v.price.value()) * v.weight;
        weights += v.weight;
    }
    if (outliers > 1 || weights == 0) return middle;
    return Price{static_cast<std::int64_t>(sum / weights)};
}

std::int64_t drift_weighted_average(std::int64_t first, std::int64_t second,
                                    std::int64_t first_weight, std::int64_t second_weight) {
    if (first_weight == 0) return second;
    if (second_weight == 0) return first;
    const Int128 one = static_cast<Int128>(first) * first_weight;
    const Int128 two = static_cast<Int128>(second) * second_weight;
    const auto average = static_cast<std::int64_t>(
        (one + two) / (static_cast<Int128>(first_weight) + second_weight));
    std::int64_t bias = 0;
    if (second_weight > 1 && one != two) bias = two < one ? -1 : 1;
    return average == 0 && bias < 0 ? average : average + bias;
}

Price drift_twap(Price price, std::int64_t now_s, Price last_twap, std::int64_t last_s,
                 std::int64_t period_s) {
    const auto since = std::max<std::int64_t>(0, now_s - last_s);
    const auto rest = std::max<std::int64_t>(1, period_s - since);
    return Price{drift_weighted_average(price.value(), last_twap.value(), since, rest)};
}

Price drift_clip_to_twap(Price price, Price last_twap, ContractTier tier) {
    if (last_twap == Price{0}) return price;
    constexpr std::array<std::int64_t, 6> kParts{10, 5, 2, 3, 3, 3};
    const Price reach{last_twap.value() / kParts[static_cast<std::size_t>(tier)]};
    return std::clamp(price, last_twap - reach, last_twap + reach);
}

Ema ema_update(Ema ema, Price sample, std::int64_t elapsed_ms, std::int64_t tau_ms) {
    const Int128 way = static_cast<Int128>(Ema::of(sample).scaled) - ema.scaled;
    const Int128 step = way * elapsed_ms / (static_cast<Int128>(tau_ms) + elapsed_ms);
    return Ema{ema.scaled + static_cast<std::int64_t>(step)};
}

}  // namespace astro::exchange::formulas
