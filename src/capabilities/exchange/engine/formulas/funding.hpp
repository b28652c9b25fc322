#pragma once

#include <optional>
#include <span>

#include "capabilities/exchange/engine/formulas/premium.hpp"
#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// What longs pay shorts (a positive rate) so that the perpetual stays at the index.
///
/// Every mode ends in FundingPerBase, the quote that one whole base pays for a period; positions
/// pay by the difference of its running sum (Int128) since they last paid.
namespace astro::exchange::formulas {

/// -limit <= rate <= limit; limit >= 0.
[[nodiscard]] Rate cap_rate(Rate rate, Rate limit);

/// Terms of (P + clamp(interest - P, +-clamp)) / divisor.
struct PremiumTerms {
    Rate interest;             ///< of eight hours
    Rate clamp;                ///< how far interest draws the premium; 0: not at all
    std::int64_t divisor = 8;  ///< periods in eight hours: 8 hourly, 1 for the whole
};

/// Hyperliquid: (P + clamp(I - P)) / d, rounded to zero. |P|, |I| <= kPremiumMax, divisor >= 1.
/// Source: Hyperliquid docs, funding; its history 2023-05-12..07-17 in share/market.
[[nodiscard]] Rate hyperliquid_funding(Rate premium, const PremiumTerms& terms);

/// Terms with the time from which they hold: parameters of a running market change, and an old
/// period is judged by its own.
struct PremiumTermsVersion {
    std::int64_t from_ms = 0;
    PremiumTerms terms;
};
/// Those in force at a time: the last version that is not later. `versions` rise in time and are
/// not empty; before the first, the first.
[[nodiscard]] const PremiumTerms& terms_at(std::span<const PremiumTermsVersion> versions,
                                           std::int64_t time_ms);
/// What Hyperliquid used for BTC from 2023-05-12 to 2023-07-17, found from its published history.
[[nodiscard]] std::span<const PremiumTermsVersion> hyperliquid_history_2023();

/// Binance's average of the premium samples of a period: the n-th weighs n, so that late samples
/// count more. Rounded to zero; 0 without samples. At most 86,400 samples.
/// Source: Binance FAQ, introduction to futures funding rates.
[[nodiscard]] Rate binance_average_premium(std::span<const Rate> samples);

/// Binance: (avgP + clamp(I - avgP, +-clamp)) / (8 / hours), rounded to zero. hours in 1..8.
[[nodiscard]] Rate binance_funding(Rate average_premium, Rate interest, Rate clamp,
                                   std::int64_t hours);

/// dYdX's bound of a rate of eight hours: clamp_factor * (IMF - MMF) in ppm, MMF = IMF * fraction
/// rounded to zero, as is the product. factor up to 2^32, the others 0..1,000,000.
/// Source: dYdX v4, x/perpetuals/types/liquidity_tier, GetMaxAbsFundingClampPpm.
[[nodiscard]] std::int64_t dydx_funding_limit_ppm(std::int64_t clamp_factor_ppm,
                                                  std::int64_t initial_ppm,
                                                  std::int64_t maintenance_fraction_ppm);

/// dYdX: premium + default, within +-limit; ppm of eight hours.
[[nodiscard]] std::int64_t dydx_funding_ppm(std::int64_t premium_ppm, std::int64_t default_ppm,
                                            std::int64_t limit_ppm);

/// A price as dYdX keeps it: value * 10^exponent dollars for one whole base, of which one quantum
/// is 10^atomic_resolution.
struct DydxPrice {
    std::uint64_t value = 0;
    int exponent = 0;
    int atomic_resolution = 0;
};
/// dYdX's change of the funding index: rate * price * seconds / 28,800, scaled by the power of ten
/// that makes it 1e-6 quote quantums a base quantum. The power multiplies before anything divides;
/// one truncation to zero at the end. Nothing when it leaves 128 bits.
/// Source: dYdX v4, x/perpetuals/funding.
[[nodiscard]] std::optional<Int128> dydx_index_delta(const DydxPrice& price,
                                                     std::int64_t rate_8h_ppm,
                                                     std::int64_t seconds);

/// How much Drift trusts a market; a better tier has a tighter funding clamp.
enum class ContractTier { a, b, c, speculative, highly_speculative, isolated };

/// Drift's bound of |mark TWAP - oracle TWAP| in funding: a 33rd (A, B), a 20th (C), a 10th.
/// Rounding to zero. Source: Drift v2, state/perp_market.rs,
/// get_max_price_divergence_for_funding_rate.
[[nodiscard]] Price drift_funding_divergence_max(Price oracle_twap, ContractTier tier);

struct FundingPerBaseTag : tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 9;
};
/// 1e-9 quote for one whole base, as Drift's funding rate.
using FundingPerBase = Strong<FundingPerBaseTag>;

/// Drift: (mark_twap - oracle_twap + oracle_twap / 5000, clamped) * 1000 / (periods a day).
/// Rounding to zero at each division. 0 < twaps <= kPriceMax, period_s in 1..86,400.
/// Source: Drift v2, controller/funding.rs, update_funding_rate.
[[nodiscard]] FundingPerBase drift_funding(Price mark_twap, Price oracle_twap, ContractTier tier,
                                           std::int64_t period_s);

/// rate * price in 1e-9 quote a whole base, rounded to zero. |rate| <= kPremiumMax,
/// price <= kPriceMax.
[[nodiscard]] FundingPerBase funding_per_base(Rate rate, Price price);

/// What a position receives (negative: pays) for a change of the running sum: -size * change,
/// rounded down, so that payments never exceed what was paid in; the venue keeps the remainder.
/// Nothing when it leaves 64 bits.
[[nodiscard]] std::optional<Quote> funding_payment(Base size, Int128 index_change);

}  // namespace astro::exchange::formulas
