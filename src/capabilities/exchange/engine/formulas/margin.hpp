#pragma once

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// How much collateral a position needs.
///
/// Two venues let the requirement grow with what could hurt the venue: Drift with the root of the
/// account's own size (a position four times as large moves the market about twice as far), dYdX
/// with the open interest of the whole market. Ours is Drift's; dYdX's is offered as a mode.
namespace astro::exchange::formulas {

inline constexpr std::int64_t kBpsOne = 10'000;
inline constexpr std::int64_t kPpmOne = 1'000'000;

/// Drift's weight of a liability (or margin ratio) of a size: max(w, w - w/5 + s * imf), where s is
/// the root of the size, in 1e-5 of the root of one whole base: isqrt(10 * size + 1).
/// size: its magnitude counts; imf_ppm 0..1,000,000; weight and result in 1/weight_precision, which
/// is 10,000 (basis points) or 1,000,000. Rounding: to zero at each division, as the source.
/// Source: Drift v2, programs/drift/src/math/margin.rs, calculate_size_premium_liability_weight.
[[nodiscard]] std::int64_t drift_size_premium(Base size, std::int64_t imf_ppm, std::int64_t weight,
                                              std::int64_t weight_precision = kBpsOne);

/// Drift's weight of an asset of a size: min(w, 1.1 / (1 + s * imf)). Basis points; rounding to
/// zero. Source: the same file, calculate_size_discount_asset_weight.
[[nodiscard]] std::int64_t drift_size_discount(Base size, std::int64_t imf_ppm,
                                               std::int64_t weight_bps);

enum class MarginKind {
    initial,      ///< to place an order or to withdraw
    maintenance,  ///< below it the account is liquidated
    fill          ///< for a trade: half-way between them
};

/// Of one market. Bounds: check_market().
struct MarginTerms {
    std::int64_t initial_bps = 0, maintenance_bps = 0;
    std::int64_t imf_ppm = 0;
};

/// No ratio is above a hundred times the notional: with it no requirement leaves 64 bits.
inline constexpr std::int64_t kMarginRatioMaxBps = 100 * kBpsOne;

/// The ratio in basis points for a position of |size|: Drift's size premium over the base ratio of
/// the kind (fill: mean of both, rounded to zero), at most kMarginRatioMaxBps. `chosen_bps` is the
/// account's own leverage setting (0: none) and can only raise the initial ratio.
/// Never falls when the size grows. Source: Drift v2, state/perp_market.rs, get_margin_ratio.
[[nodiscard]] std::int64_t margin_ratio_bps(const MarginTerms& terms, Base size, MarginKind kind,
                                            std::int64_t chosen_bps = 0);

/// price * |size| * ratio, rounded up. price >= 0, |price * size| at most kNotionalMax, ratio at
/// most kMarginRatioMaxBps.
[[nodiscard]] Quote margin_requirement(Price price, Base size, std::int64_t ratio_bps);

static_assert(static_cast<Int128>(kNotionalMax.value()) * kMarginRatioMaxBps / kBpsOne < kInt64Max);
static_assert(static_cast<Int128>(kNotionalMax.value()) * kBaseUnit <
              kInt128Max / kMarginRatioMaxBps);

/// A dYdX liquidity tier.
struct OpenInterestTier {
    std::int64_t initial_ppm = 0;               ///< 0..1,000,000
    std::int64_t maintenance_fraction_ppm = 0;  ///< of the initial margin
    Quote open_lower, open_upper;               ///< upper 0: the open interest has no effect
};

/// dYdX: notional * (base + (1 - base) * clamp((open - lower) / (upper - lower), 0, 1)), exact in
/// between and rounded up once at the end. open and position notional >= 0; 0 <= lower < upper or
/// upper = 0. Source: dYdX v4, x/perpetuals/types/liquidity_tier, GetInitialMarginQuoteQuantums.
[[nodiscard]] Quote dydx_initial_margin(const OpenInterestTier& tier, Quote open_notional,
                                        Quote position_notional);

/// dYdX: initial * fraction, in ppm, rounded to zero.
[[nodiscard]] std::int64_t dydx_maintenance_ppm(std::int64_t initial_ppm,
                                                std::int64_t maintenance_fraction_ppm);

}  // namespace astro::exchange::formulas
