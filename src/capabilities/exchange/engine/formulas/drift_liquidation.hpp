#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// Drift's liquidation of perpetual positions: how much may be taken over, how fast, and at what
/// fee. All roundings are to zero unless a name says otherwise, as in the source:
/// Drift v2, programs/drift/src/math/liquidation.rs. Ratios of margin in basis points, fees in ppm.
namespace astro::exchange::formulas {

inline constexpr Base kUnlimitedBase{kInt64Max};

struct DriftPerpTerms {
    std::int64_t margin_ratio_bps = 0;
    std::int64_t liquidator_fee_ppm = 0;
    std::int64_t insurance_fee_ppm = 0;  ///< charged (base_to_cover) or the most of it (if_fee)
    Price oracle_price;                  ///< of one base, 0 <= p <= kPriceMax
    Price quote_price;                   ///< of one quote, near 1
};

/// Base whose transfer at oracle -+ fee frees `shortage` of margin:
///   shortage / (price * (ratio - liquidator fee) - price * insurance fee)
/// kUnlimitedBase when each transfer costs as much as it frees. 0 <= shortage <= kNotionalMax.
[[nodiscard]] Base drift_base_to_cover(Quote shortage, const DriftPerpTerms& terms);

/// The fee that the insurance fund can take while the transfer of the whole position still covers
/// the shortage: 95 % of (ratio - liquidator fee - shortage / position value), within 0 and
/// terms.insurance_fee_ppm.
[[nodiscard]] std::int64_t drift_perp_insurance_fee_ppm(Quote shortage, Base size,
                                                        const DriftPerpTerms& terms);

struct DriftPace {
    std::int64_t slots_elapsed = 0;   ///< since the account was last active
    std::int64_t duration_slots = 0;  ///< over which a liquidation stretches; 0: at once
    std::int64_t initial_bps = 0;     ///< that may go at once
};
/// How much of the position may go now, in basis points of it, given the margin already freed:
///   pct = min(1, elapsed / duration + initial)
///   ((shortage + freed) * pct - freed) / shortage, at least 0
/// Everything when the shortage is below 50.
[[nodiscard]] std::int64_t drift_liquidation_pace_bps(Quote shortage, Quote already_freed,
                                                      const DriftPace& pace);

/// The base fee for the first 1,500 slots; from then on 1 ppm more for each slot since the account
/// was last active, up to the most.
[[nodiscard]] std::int64_t drift_liquidation_fee_ppm(std::int64_t base_ppm, std::int64_t max_ppm,
                                                     std::int64_t slots_elapsed);

/// What a loss takes from each base of open interest when nobody else can bear it: rounded up to
/// a whole 1e-6 of quote a base, in 1e-9 (the unit of FundingPerBase). Longs' index rises and
/// shorts' falls by it. Nothing without open interest.
[[nodiscard]] std::optional<Int128> drift_socialized_loss(Quote loss, Base open_long,
                                                          Base open_short);

}  // namespace astro::exchange::formulas
