#pragma once

#include <string>
#include <string_view>

#include "capabilities/exchange/engine/formulas/interest.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// A collateral. Asset 0 is USDC, at which all else is counted and whose weights are all one.
struct AssetSettings {
    std::string symbol;  ///< "SOL"
    std::int64_t decimals = 9;
    std::int64_t initial_weight_bps = 8'000;  ///< of its value that counts toward initial margin
    std::int64_t maintenance_weight_bps = 9'000;
    Amount deposit_cap{std::int64_t{1} << 60};  ///< of all accounts together

    // A balance below zero counts for more than its value, and large ones of either sign are worth
    // less (Drift's size premium and discount, with the root of the size).
    std::int64_t initial_liability_weight_bps = 12'000, maintenance_liability_weight_bps = 11'000;
    std::int64_t imf_factor_ppm = 0;

    // Borrowing. Without it nobody withdraws more than he has, and what a loss leaves below zero of
    // USDC bears no interest.
    bool borrow_enabled = false;
    std::int64_t borrow_optimal_utilization_ppm = 800'000;  ///< see formulas/interest.hpp
    std::int64_t borrow_optimal_rate_ppm = 50'000, borrow_max_rate_ppm = 1'000'000,
                 borrow_min_rate_ppm = 0;               ///< a year
    std::int64_t borrow_utilization_max_ppm = 900'000;  ///< of deposits, what may be lent
    Amount borrow_account_max{std::int64_t{1} << 60};   ///< of one account
    Amount interest_free{};                             ///< of one account's borrowed amount
    std::int64_t interest_insurance_ppm = 100'000;      ///< of interest, to the insurance fund

    /// What a backstop or the insurance fund gains on it in a liquidation.
    std::int64_t liquidation_fee_ppm = 10'000;
};
BOOST_DESCRIBE_STRUCT(AssetSettings, (),
                      (symbol, decimals, initial_weight_bps, maintenance_weight_bps, deposit_cap,
                       initial_liability_weight_bps, maintenance_liability_weight_bps,
                       imf_factor_ppm, borrow_enabled, borrow_optimal_utilization_ppm,
                       borrow_optimal_rate_ppm, borrow_max_rate_ppm, borrow_min_rate_ppm,
                       borrow_utilization_max_ppm, borrow_account_max, interest_free,
                       interest_insurance_ppm, liquidation_fee_ppm))

[[nodiscard]] constexpr formulas::BorrowCurve borrow_curve(const AssetSettings& asset) {
    return {.optimal_utilization_ppm = asset.borrow_optimal_utilization_ppm,
            .optimal_rate_ppm = asset.borrow_optimal_rate_ppm,
            .max_rate_ppm = asset.borrow_max_rate_ppm,
            .min_rate_ppm = asset.borrow_min_rate_ppm};
}

/// The asset whose holders vote. Listed like any other; it counts as no collateral by default.
inline constexpr std::string_view kGovernanceAsset = "ASTRO";
[[nodiscard]] AssetSettings default_governance_asset();

/// "bad_asset" names the first field that cannot be.
[[nodiscard]] Result<void> check_asset(const AssetSettings& asset);

}  // namespace astro::exchange
