#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// Drift's liquidation of a borrowed token against a deposited one: the liquidator repays the
/// liability and takes the asset, each at its price moved by a multiplier (1 +- its fee).
/// Roundings to zero, except where it says up. Source: Drift v2,
/// programs/drift/src/math/liquidation.rs.
namespace astro::exchange::formulas {

/// An amount of a token in its smallest unit and how it is priced.
struct SpotLeg {
    int decimals = 6;                         ///< 0..18
    Price price;                              ///< of one whole token, 0 < p <= kPriceMax
    std::int64_t multiplier_ppm = 1'000'000;  ///< of the liquidation, > 0
    std::int64_t weight_bps = 10'000;         ///< in margin
};

/// Of the asset that a liquidator takes: 1 + fee, so that he gets more of it than he repays.
[[nodiscard]] constexpr std::int64_t drift_asset_multiplier_ppm(std::int64_t fee_ppm) {
    return 1'000'000 + fee_ppm;
}
/// Of the liability that he repays: 1 - fee.
[[nodiscard]] constexpr std::int64_t drift_liability_multiplier_ppm(std::int64_t fee_ppm) {
    return 1'000'000 - fee_ppm;
}

/// Liability to move so that `shortage` of margin is freed:
///   shortage / (price * (w_l - w_a * m_a / m_l) - price * insurance fee * w_l)
/// Nothing: without a bound, a transfer frees no margin.
/// 0 <= shortage <= kNotionalMax.
[[nodiscard]] std::optional<Int128> drift_liability_to_cover(Quote shortage, const SpotLeg& asset,
                                                             const SpotLeg& liability,
                                                             std::int64_t insurance_fee_ppm);

/// The liability that `asset_amount` pays for, rounded up: whoever takes an asset repays its worth.
/// Nothing when it leaves 128 bits.
[[nodiscard]] std::optional<Int128> drift_liability_for_asset(Int128 asset_amount,
                                                              const SpotLeg& asset,
                                                              const SpotLeg& liability);

/// The asset that pays for `liability_amount`; all of `asset_amount` when what would be left of it
/// (or lack) is worth less than one quote. Nothing when it leaves 128 bits.
[[nodiscard]] std::optional<Int128> drift_asset_for_liability(Int128 liability_amount,
                                                              Int128 asset_amount,
                                                              const SpotLeg& asset,
                                                              const SpotLeg& liability);

/// The fee that the insurance fund can take while moving `liability_amount` still covers the
/// shortage: (w_l - w_a * m_a / m_l - shortage / liability value) / w_l, within 0 and max_ppm.
[[nodiscard]] std::int64_t drift_spot_insurance_fee_ppm(Quote shortage, Int128 liability_amount,
                                                        const SpotLeg& asset,
                                                        const SpotLeg& liability,
                                                        std::int64_t max_ppm);

}  // namespace astro::exchange::formulas
