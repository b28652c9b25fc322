#include "capabilities/exchange/engine/formulas/oracle.hpp"

#include <algorithm>
#include <array>

#include "capabilities/exchange/engine/formulas/average.hpp"

namespace astro::exchange::formulas {
namespace {

constexpr Int128 kBps = 10'000;
using enum OracleAction;

constexpr OracleActions kNothing;
constexpr auto kAll = OracleActions::all();

using Table = std::array<OracleActions, kOracleVerdicts>;

// In the order of OracleVerdict. Stale or doubted: who is in may leave, nobody is thrown out, and
// nobody gets in deeper.
constexpr Table kOurs{
    kNothing,                                             // non_positive
    OracleActions::of(closing, average),                  // too_volatile
    OracleActions::of(match, closing),                    // too_uncertain
    OracleActions::of(match, closing),                    // stale
    OracleActions::of(match, closing, average),           // insufficient_sources
    OracleActions::of(match, closing, average),           // divergent
    kAll.without(OracleActions::of(liquidate, trigger)),  // aging
    kAll                                                  // valid
};

constexpr auto kDriftUncertain = OracleActions::of(liquidate, trigger, average);
constexpr auto kDriftStale =
    OracleActions::of(match, liquidate, funding, trigger, closing, average);
constexpr Table kDrift{
    kNothing,                    // non_positive
    OracleActions::of(average),  // too_volatile
    kDriftUncertain,             // too_uncertain
    kDriftStale,                 // stale for margin
    kAll,                        // insufficient data points
    kAll,                        // divergent: not known there
    kAll,                        // stale for the AMM
    kAll                         // valid
};

bool apart(Price a, Price b, std::int64_t limit_bps) {
    const auto [low, high] = std::minmax({a.value(), b.value()});
    return high * kBps > low * (kBps + limit_bps);
}

}  // namespace

OracleVerdict judge_oracle(const OracleReading& reading, std::optional<Price> average,
                           std::optional<Price> reference, const OracleLimits& limits) {
    const Price price = reading.price;
    if (price <= Price{0}) return OracleVerdict::non_positive;
    if (average && apart(price, *average, limits.volatility_bps))
        return OracleVerdict::too_volatile;
    if (reading.confidence.value() * kBps >
        static_cast<Int128>(price.value()) * limits.confidence_bps)
        return OracleVerdict::too_uncertain;
    if (reading.age > limits.stale_ms) return OracleVerdict::stale;
    if (!reading.sources_suffice) return OracleVerdict::insufficient_sources;
    if (reference && !within_band(price, *reference, limits.divergence_bps))
        return OracleVerdict::divergent;
    return reading.age > limits.aging_ms ? OracleVerdict::aging : OracleVerdict::valid;
}

std::int64_t drift_confidence_multiplier(ContractTier tier) {
    constexpr std::array<std::int64_t, 6> kByTier{1, 1, 2, 10, 50, 50};
    return kByTier[static_cast<std::size_t>(tier)];
}

OracleVerdict drift_judge_oracle(const OracleReading& reading, Price twap,
                                 const DriftOracleLimits& limits) {
    const std::int64_t price = reading.price.value();
    if (price <= 0) return OracleVerdict::non_positive;
    const auto [low, high] = std::minmax({price, twap.value()});
    if (high / std::max<std::int64_t>(low, 1) > limits.volatile_ratio)
        return OracleVerdict::too_volatile;
    const Int128 uncertain = static_cast<Int128>(reading.confidence.value()) * 1'000'000 / price;
    if (uncertain > static_cast<Int128>(limits.confidence_ppm) * limits.confidence_multiplier)
        return OracleVerdict::too_uncertain;
    if (reading.age > limits.slots_stale_for_margin * (limits.stablecoin ? 3 : 1))
        return OracleVerdict::stale;
    if (!reading.sources_suffice) return OracleVerdict::insufficient_sources;
    return reading.age > limits.slots_stale_for_amm ? OracleVerdict::aging : OracleVerdict::valid;
}

OracleActions allowed_actions(OracleVerdict verdict, OracleProfile profile) {
    const Table& table = profile == OracleProfile::drift ? kDrift : kOurs;
    return table[static_cast<std::size_t>(verdict)];
}

std::optional<Price> index_price(std::span<const OracleSource> sources, std::size_t count_min) {
    std::array<Price, kMedianMax> prices;
    std::size_t count = 0;
    for (int rank = 0, next = 0; count < std::max<std::size_t>(count_min, 1); rank = next) {
        next = rank;
        for (const auto& source : sources) {
            if (source.usable && source.rank == rank && count < prices.size())
                prices[count++] = source.price;
            if (source.rank > rank && (next == rank || source.rank < next)) next = source.rank;
        }
        if (next == rank) break;  // no later rank is left
    }
    if (count < std::max<std::size_t>(count_min, 1)) return std::nullopt;
    return median(std::span(prices).first(count));
}

bool within_band(Price price, Price reference, std::int64_t band_bps) {
    const Int128 apart_by = static_cast<Int128>(price.value()) - reference.value();
    return (apart_by < 0 ? -apart_by : apart_by) * kBps <=
           static_cast<Int128>(reference.value()) * band_bps;
}

}  // namespace astro::exchange::formulas
