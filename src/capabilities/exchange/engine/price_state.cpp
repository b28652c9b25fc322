#include "capabilities/exchange/engine/price_state.hpp"

namespace astro::exchange {

OracleVerdict judge(const MarketSettings& settings, Price index, const PriceState& state,
                    TimeMs now) {
    const auto some = [](Price price, bool there) {
        return there ? std::optional(price) : std::nullopt;
    };
    return formulas::judge_oracle({.price = index,
                                   .confidence = state.confidence,
                                   .age = now.value() - state.published.value(),
                                   .sources_suffice = state.sources_suffice},
                                  some(state.average.value(), state.average_at != TimeMs{0}),
                                  some(state.reference, state.reference != Price{0}),
                                  {.volatility_bps = settings.oracle_volatility_bps,
                                   .confidence_bps = settings.oracle_confidence_bps,
                                   .divergence_bps = settings.oracle_divergence_bps,
                                   .aging_ms = settings.oracle_stale_ms,
                                   .stale_ms = settings.oracle_stale_ms});
}

formulas::Rate funding_rate(const MarketSettings& settings, const FundingState& state) {
    using formulas::Rate;
    constexpr std::int64_t kEightHours = 8 * 3'600;
    if (state.samples == 0) return Rate{0};
    const Rate average{static_cast<std::int64_t>(state.premium_sum / state.samples)};
    const auto ppm = [](std::int64_t value) { return Rate{value * formulas::kRatePerPpm}; };
    const Rate interest = ppm(settings.funding_interest_ppm);
    const Rate clamp = ppm(settings.funding_clamp_ppm);
    // All three pay the premium drawn toward interest within the clamp, for their part of eight
    // hours; dYdX alone adds the interest instead.
    const Rate eight = settings.funding_formula == FundingFormula::dydx
                           ? Rate{average.value() + interest.value()}
                           : formulas::hyperliquid_funding(
                                 average, {.interest = interest, .clamp = clamp, .divisor = 1});
    const Int128 part =
        static_cast<Int128>(eight.value()) * settings.funding_period_s / kEightHours;
    return formulas::cap_rate(Rate{static_cast<std::int64_t>(part)}, ppm(settings.funding_cap_ppm));
}

}  // namespace astro::exchange
