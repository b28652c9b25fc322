#include "capabilities/exchange/engine/formulas/funding.hpp"

#include <algorithm>
#include <array>

namespace astro::exchange::formulas {
namespace {

constexpr Rate kInterest{100 * kRatePerPpm};  // 0.01 % of eight hours

Int128 drawn(Rate premium, Rate interest, Rate clamp) {
    return premium.value() + cap_rate(interest - premium, clamp).value();
}

}  // namespace

static_assert(kPremiumMax.value() < kInt64Max / 4, "a sum of premiums stays in 64 bits");
static_assert(static_cast<Int128>(kPremiumMax.value()) * kPriceMax.value() / 1'000'000'000 <
                  kInt64Max,
              "funding_per_base");

Rate cap_rate(Rate rate, Rate limit) {
    return std::clamp(rate, Rate{-limit.value()}, limit);
}

Rate hyperliquid_funding(Rate premium, const PremiumTerms& terms) {
    const Int128 whole = drawn(premium, terms.interest, terms.clamp);
    return Rate{static_cast<std::int64_t>(whole / terms.divisor)};
}

const PremiumTerms& terms_at(std::span<const PremiumTermsVersion> versions, std::int64_t time_ms) {
    const auto later =
        std::ranges::upper_bound(versions, time_ms, {}, &PremiumTermsVersion::from_ms);
    return (later == versions.begin() ? later : std::prev(later))->terms;
}

std::span<const PremiumTermsVersion> hyperliquid_history_2023() {
    constexpr Rate kTwo{200 * kRatePerPpm}, kThree{300 * kRatePerPpm};
    static constexpr std::array kVersions{
        PremiumTermsVersion{0, {kInterest, kThree, 1}},
        PremiumTermsVersion{1'686'186'000'000, {kInterest, kThree, 8}},  // 2023-06-08 01:00
        PremiumTermsVersion{1'686'949'200'000, {kInterest, Rate{0}, 8}},
        PremiumTermsVersion{1'689'390'000'000, {kInterest, kThree, 8}},  // 2023-07-15 03:00
        PremiumTermsVersion{1'689'469'200'000, {kInterest, kTwo, 8}}};
    return kVersions;
}

Rate binance_average_premium(std::span<const Rate> samples) {
    Int128 sum = 0, weights = 0, weight = 0;
    for (const auto sample : samples) {
        ++weight;
        sum += weight * sample.value();
        weights += weight;
    }
    return Rate{weights == 0 ? 0 : static_cast<std::int64_t>(sum / weights)};
}

Rate binance_funding(Rate average_premium, Rate interest, Rate clamp, std::int64_t hours) {
    const Int128 whole = drawn(average_premium, interest, clamp);
    return Rate{static_cast<std::int64_t>(whole * hours / 8)};
}

std::int64_t dydx_funding_limit_ppm(std::int64_t clamp_factor_ppm, std::int64_t initial_ppm,
                                    std::int64_t maintenance_fraction_ppm) {
    constexpr Int128 kOne = 1'000'000;
    const Int128 maintenance = static_cast<Int128>(initial_ppm) * maintenance_fraction_ppm / kOne;
    return static_cast<std::int64_t>(clamp_factor_ppm * (initial_ppm - maintenance) / kOne);
}

std::int64_t dydx_funding_ppm(std::int64_t premium_ppm, std::int64_t default_ppm,
                              std::int64_t limit_ppm) {
    const Int128 rate = static_cast<Int128>(premium_ppm) + default_ppm;
    return static_cast<std::int64_t>(std::clamp<Int128>(rate, -limit_ppm, limit_ppm));
}

std::optional<Int128> dydx_index_delta(const DydxPrice& price, std::int64_t rate_8h_ppm,
                                       std::int64_t seconds) {
    constexpr Int128 kEightHours = 28'800;
    constexpr int kQuoteDecimals = 6;
    const int exponent = price.exponent + price.atomic_resolution + kQuoteDecimals;
    if (exponent > 30 || exponent < -30) return std::nullopt;
    const Int128 speed = static_cast<Int128>(rate_8h_ppm) * seconds;  // 127 bits hold the product
    const Int128 value = static_cast<Int128>(price.value);
    if (exponent < 0)
        return mul_div_wide(speed, value, kEightHours * power_of_ten(-exponent), Rounding::to_zero);
    const auto scaled = checked_mul(value, power_of_ten(exponent));
    if (!scaled) return std::nullopt;
    return mul_div_wide(speed, *scaled, kEightHours, Rounding::to_zero);
}

Price drift_funding_divergence_max(Price oracle_twap, ContractTier tier) {
    std::int64_t part = 10;
    if (tier == ContractTier::a || tier == ContractTier::b) part = 33;
    if (tier == ContractTier::c) part = 20;
    return Price{oracle_twap.value() / part};
}

FundingPerBase drift_funding(Price mark_twap, Price oracle_twap, ContractTier tier,
                             std::int64_t period_s) {
    constexpr std::int64_t kHour = 3'600, kDay = 24 * kHour, kOffset = 5'000, kBuffer = 1'000;
    const Price limit = drift_funding_divergence_max(oracle_twap, tier);
    const Price spread = mark_twap - oracle_twap + Price{oracle_twap.value() / kOffset};
    const Price clamped = std::clamp(spread, Price{-limit.value()}, limit);
    return FundingPerBase{clamped.value() * kBuffer / (kDay / std::max(kHour, period_s))};
}

FundingPerBase funding_per_base(Rate rate, Price price) {
    // 1e-12 * 1e-6 is 1e-18; wanted 1e-9.
    return FundingPerBase{static_cast<std::int64_t>(static_cast<Int128>(rate.value()) *
                                                    price.value() / 1'000'000'000)};
}

std::optional<Quote> funding_payment(Base size, Int128 index_change) {
    // 1e-9 * 1e-9 is 1e-18; wanted 1e-6.
    const auto paid = mul_div_wide(-static_cast<Int128>(size.value()), index_change,
                                   1'000'000'000'000, Rounding::floor);
    if (!paid) return std::nullopt;
    const auto value = narrow64(*paid);
    if (!value) return std::nullopt;
    return Quote{*value};
}

}  // namespace astro::exchange::formulas
