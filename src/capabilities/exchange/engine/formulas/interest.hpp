#pragma once

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/result.hpp"

/// Drift's price of borrowed collateral: cheap while much is left to withdraw, then steeper in
/// steps, so that the last deposits are never lent out for little.
///
///   rate  max |                          /
///             |                       _-      85, 90, 95, 99, 99.5 and 100 % used take
///     optimal |            ______---'         5, 10, 15, 20, 25 and 25 % of (max - optimal)
///             |   ___---'''
///           0 +-------------+---------------  used
///                        optimal          100 %
namespace astro::exchange::formulas {

struct BorrowCurve {
    std::int64_t optimal_utilization_ppm = 0;  ///< 1..850,000
    std::int64_t optimal_rate_ppm = 0;         ///< a year, 0..max_rate_ppm
    std::int64_t max_rate_ppm = 0;             ///< a year, at most 10,000,000 (1,000 %)
    std::int64_t min_rate_ppm = 0;             ///< a year, 0..max_rate_ppm
};

/// "bad_borrow_curve" names the field that is out of its bounds.
[[nodiscard]] Result<void> check_borrow_curve(const BorrowCurve& curve);

/// borrows / deposits in ppm, rounded to zero, at most 1,000,000; 0 when both are 0, all when only
/// the deposits are. Both >= 0. Source: Drift v2, math/spot_balance.rs, calculate_utilization
/// (which does not bound it: bad debt can make it exceed the whole).
[[nodiscard]] std::int64_t utilization_ppm(Int128 deposits, Int128 borrows);

/// A year's rate in ppm at a utilisation of 0..1,000,000. curve: checked. Rounding to zero at each
/// division, as the source: Drift v2, calculate_borrow_rate.
[[nodiscard]] std::int64_t borrow_rate_ppm(const BorrowCurve& curve, std::int64_t utilization_ppm);

/// borrow rate * (1 - insurance share) * utilisation, rounded to zero.
/// Source: Drift v2, calculate_deposit_rate.
[[nodiscard]] std::int64_t deposit_rate_ppm(std::int64_t borrow_rate_ppm,
                                            std::int64_t utilization_ppm,
                                            std::int64_t insurance_share_ppm);

/// amount * rate * seconds / year: what a borrower owes is rounded up, what a depositor earns down.
/// amount >= 0 in the asset's smallest unit, below 1e24; rate <= 10,000,000; seconds <= 1e9.
[[nodiscard]] Int128 interest(Int128 amount, std::int64_t rate_ppm, std::int64_t seconds,
                              Rounding rounding);

}  // namespace astro::exchange::formulas
