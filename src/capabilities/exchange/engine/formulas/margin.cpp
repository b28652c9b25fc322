#include "capabilities/exchange/engine/formulas/margin.hpp"

#include <algorithm>

namespace astro::exchange::formulas {
namespace {

constexpr std::int64_t kRootUnit = 100'000;  // of isqrt(10 * size + 1): one whole base

std::int64_t root_of(Base size) {
    const UInt128 tenfold = magnitude(size.value()) * 10;
    return static_cast<std::int64_t>(isqrt(tenfold + 1));
}

// The largest root times the largest factor stays in 64 bits.
static_assert(isqrt((UInt128{1} << 63) * 10 + 1) < static_cast<std::uint64_t>(kInt64Max / kPpmOne));

}  // namespace

std::int64_t drift_size_premium(Base size, std::int64_t imf_ppm, std::int64_t weight,
                                std::int64_t weight_precision) {
    if (imf_ppm == 0) return weight;
    const std::int64_t divisor = kRootUnit * kPpmOne / weight_precision;
    return std::max(weight, weight - weight / 5 + root_of(size) * imf_ppm / divisor);
}

std::int64_t drift_size_discount(Base size, std::int64_t imf_ppm, std::int64_t weight_bps) {
    if (imf_ppm == 0) return weight_bps;
    constexpr std::int64_t kElevenTenths = kPpmOne / 10 * 11 * kBpsOne;
    return std::min(weight_bps, kElevenTenths / (kPpmOne + root_of(size) * imf_ppm / kRootUnit));
}

std::int64_t margin_ratio_bps(const MarginTerms& terms, Base size, MarginKind kind,
                              std::int64_t chosen_bps) {
    std::int64_t ratio = terms.initial_bps;
    if (kind == MarginKind::maintenance) ratio = terms.maintenance_bps;
    if (kind == MarginKind::fill) ratio = (terms.initial_bps + terms.maintenance_bps) / 2;
    ratio = drift_size_premium(size, terms.imf_ppm, ratio);
    if (kind == MarginKind::initial) ratio = std::max(ratio, chosen_bps);
    return std::min(ratio, kMarginRatioMaxBps);
}

Quote margin_requirement(Price price, Base size, std::int64_t ratio_bps) {
    const Int128 exact = static_cast<Int128>(magnitude(size.value())) * price.value() * ratio_bps;
    return Quote{
        saturate64(div_round(exact, static_cast<Int128>(kBaseUnit) * kBpsOne, Rounding::ceil))};
}

Quote dydx_initial_margin(const OpenInterestTier& tier, Quote open_notional,
                          Quote position_notional) {
    const Int128 position = position_notional.value();
    if (tier.open_upper == Quote{0})
        return Quote{saturate64(div_round(position * tier.initial_ppm, kPpmOne, Rounding::ceil))};
    const Int128 span = (tier.open_upper - tier.open_lower).value();
    const Int128 above = std::clamp(open_notional, tier.open_lower, tier.open_upper).value() -
                         static_cast<Int128>(tier.open_lower.value());
    const Int128 ratio = tier.initial_ppm * span + (kPpmOne - tier.initial_ppm) * above;
    const auto margin = mul_div_wide(position, ratio, kPpmOne * span, Rounding::ceil);
    return Quote{saturate64(margin.value_or(kInt64Max))};
}

std::int64_t dydx_maintenance_ppm(std::int64_t initial_ppm, std::int64_t maintenance_fraction_ppm) {
    return static_cast<std::int64_t>(static_cast<Int128>(initial_ppm) * maintenance_fraction_ppm /
                                     kPpmOne);
}

}  // namespace astro::exchange::formulas
