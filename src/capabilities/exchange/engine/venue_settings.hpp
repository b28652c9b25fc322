#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/governance/engine/model.hpp"
#include "foundation/base/result.hpp"

/// What holds for the whole venue, beside the settings of each market and asset. Shares and rates
/// are in ppm.
namespace astro::exchange {

/// From a volume of thirty whole days on (UTC, today not counted).
struct FeeTier {
    Quote volume_min{};
    std::int64_t taker_discount_ppm = 0;  ///< of the market's taker fee
    std::int64_t maker_less_ppm = 0;      ///< of the notional, less than the market's maker fee
    bool operator==(const FeeTier&) const = default;
};
BOOST_DESCRIBE_STRUCT(FeeTier, (), (volume_min, taker_discount_ppm, maker_less_ppm))

/// From a stake of the governance asset on, of all accounts of an owner together.
struct StakeTier {
    governance::Power stake_min{};
    std::int64_t taker_discount_ppm = 0;  ///< of what the volume's tier leaves
    bool operator==(const StakeTier&) const = default;
};
BOOST_DESCRIBE_STRUCT(StakeTier, (), (stake_min, taker_discount_ppm))

struct VenueSettings {
    std::int64_t version = 0;  ///< of these settings; grows by one with each change

    // Fees. A rate is whole ppm of the notional, rounded up; a rebate is never more than the
    // trade's taker has paid.
    std::vector<FeeTier> fee_tiers;            ///< rising; below the first: the market's fees
    std::vector<StakeTier> stake_tiers;        ///< rising
    std::int64_t referral_share_ppm = 0;       ///< of a taker fee, for whom has referred the taker
    std::int64_t referral_discount_ppm = 0;    ///< of what the tiers leave, for the referred
    std::int64_t builder_fee_max_ppm = 1'000;  ///< of the notional; what a user may approve

    // Liquidation: of the liquidation fee on the book; the rest is the insurance fund's.
    std::int64_t liquidation_treasury_ppm = 0;

    // Revenue: the fees, split at the end of each period. What is left stays in the fees.
    std::int64_t revenue_period_s = 3'600;
    std::int64_t revenue_insurance_ppm = 0;  ///< to the insurance fund, as the venue's own shares
    std::int64_t revenue_stakers_ppm = 0;    ///< to the insurance fund, for all its shares
    std::int64_t revenue_treasury_ppm = 0;

    /// From a request to unstake to its payment: 13 days, as in Drift.
    std::int64_t insurance_cooldown_ms = 13LL * 86'400'000;

    // Withdrawals; values in USDC at the asset's price.
    bool instant_withdrawals = true;             ///< Withdraw is allowed: play money
    std::int64_t withdrawal_delay_ms = 0;        ///< of all
    Quote withdrawal_large_value{};              ///< from it on the longer delay; 0: never
    std::int64_t withdrawal_large_delay_ms = 0;  ///< not below withdrawal_delay_ms
    Quote withdrawal_approval_value{};           ///< from it on an operator approves; 0: never
    Quote withdrawal_daily_max{};                ///< of an owner, a UTC day; 0: no limit
};
BOOST_DESCRIBE_STRUCT(VenueSettings, (),
                      (version, fee_tiers, stake_tiers, referral_share_ppm, referral_discount_ppm,
                       builder_fee_max_ppm, liquidation_treasury_ppm, revenue_period_s,
                       revenue_insurance_ppm, revenue_stakers_ppm, revenue_treasury_ppm,
                       insurance_cooldown_ms, instant_withdrawals, withdrawal_delay_ms,
                       withdrawal_large_value, withdrawal_large_delay_ms, withdrawal_approval_value,
                       withdrawal_daily_max))

inline constexpr std::size_t kFeeTiersMax = 16;

/// "bad_venue" names the first field that cannot be, and what it can be.
[[nodiscard]] Result<void> check_venue(const VenueSettings& venue);

}  // namespace astro::exchange
