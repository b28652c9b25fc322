#include "capabilities/exchange/engine/venue_settings.hpp"

#include <algorithm>
#include <array>

namespace astro::exchange {
namespace {

constexpr std::int64_t kPpm = 1'000'000, kDayMs = 86'400'000;

Unexpected bad(std::string_view field, const std::string& message) {
    return refusal("bad_venue", std::string(field) + " " + message, std::string(field));
}

struct Bound {
    std::string_view field;
    std::int64_t VenueSettings::* value;
    std::int64_t min, max;
};
constexpr std::array kBounds{
    Bound{"version", &VenueSettings::version, 0, 1'000'000'000},
    Bound{"referral_share_ppm", &VenueSettings::referral_share_ppm, 0, 500'000},
    Bound{"referral_discount_ppm", &VenueSettings::referral_discount_ppm, 0, 500'000},
    Bound{"builder_fee_max_ppm", &VenueSettings::builder_fee_max_ppm, 0, 10'000},
    Bound{"liquidation_treasury_ppm", &VenueSettings::liquidation_treasury_ppm, 0, kPpm},
    Bound{"revenue_period_s", &VenueSettings::revenue_period_s, 60, 30 * 86'400},
    Bound{"revenue_insurance_ppm", &VenueSettings::revenue_insurance_ppm, 0, kPpm},
    Bound{"revenue_stakers_ppm", &VenueSettings::revenue_stakers_ppm, 0, kPpm},
    Bound{"revenue_treasury_ppm", &VenueSettings::revenue_treasury_ppm, 0, kPpm},
    Bound{"insurance_cooldown_ms", &VenueSettings::insurance_cooldown_ms, 0, 90 * kDayMs},
    Bound{"withdrawal_delay_ms", &VenueSettings::withdrawal_delay_ms, 0, 30 * kDayMs},
    Bound{"withdrawal_large_delay_ms", &VenueSettings::withdrawal_large_delay_ms, 0, 30 * kDayMs}};

struct ValueBound {
    std::string_view field;
    Quote VenueSettings::* value;
};
constexpr std::array kValues{
    ValueBound{"withdrawal_large_value", &VenueSettings::withdrawal_large_value},
    ValueBound{"withdrawal_approval_value", &VenueSettings::withdrawal_approval_value},
    ValueBound{"withdrawal_daily_max", &VenueSettings::withdrawal_daily_max}};

bool is_ppm(std::int64_t value) {
    return value >= 0 && value <= kPpm;
}

Result<void> check_tiers(const VenueSettings& v) {
    if (v.fee_tiers.size() > kFeeTiersMax || v.stake_tiers.size() > kFeeTiersMax)
        return bad(v.fee_tiers.size() > kFeeTiersMax ? "fee_tiers" : "stake_tiers",
                   "are at most " + std::to_string(kFeeTiersMax));
    Quote volume{-1};
    for (const auto& tier : v.fee_tiers) {
        if (tier.volume_min <= volume || tier.volume_min < Quote{0})
            return bad("fee_tiers", "rise in volume_min, each above the one before");
        volume = tier.volume_min;
        if (!is_ppm(tier.taker_discount_ppm))
            return bad("fee_tiers", "have a taker_discount_ppm from 0 to 1000000");
        if (tier.maker_less_ppm < 0 || tier.maker_less_ppm > 10'000)
            return bad("fee_tiers", "have a maker_less_ppm from 0 to 10000");
    }
    governance::Power stake{0};
    for (const auto& tier : v.stake_tiers) {
        if (tier.stake_min <= stake)
            return bad("stake_tiers", "rise in stake_min, each above the one before");
        stake = tier.stake_min;
        if (!is_ppm(tier.taker_discount_ppm))
            return bad("stake_tiers", "have a taker_discount_ppm from 0 to 1000000");
    }
    return {};
}

}  // namespace

Result<void> check_venue(const VenueSettings& v) {
    for (const auto& bound : kBounds)
        if (const auto value = v.*bound.value; value < bound.min || value > bound.max)
            return bad(bound.field, "is from " + std::to_string(bound.min) + " to " +
                                        std::to_string(bound.max) + ", not " +
                                        std::to_string(value));
    for (const auto& bound : kValues)
        if (v.*bound.value < Quote{0} || v.*bound.value > kNotionalMax)
            return bad(bound.field, "is from 0 to " + to_text(kNotionalMax));
    ASTRO_CHECK(check_tiers(v));
    if (v.revenue_insurance_ppm + v.revenue_stakers_ppm + v.revenue_treasury_ppm > kPpm)
        return bad("revenue_treasury_ppm",
                   "together with revenue_insurance_ppm and revenue_stakers_ppm is at most " +
                       std::to_string(kPpm));
    if (v.withdrawal_large_value > Quote{0} && v.withdrawal_large_delay_ms < v.withdrawal_delay_ms)
        return bad("withdrawal_large_delay_ms", "is at least withdrawal_delay_ms");
    return {};
}

}  // namespace astro::exchange
