#include "capabilities/exchange/engine/formulas/drift_liquidation.hpp"

#include <algorithm>

namespace astro::exchange::formulas {
namespace {

constexpr std::int64_t kPpm = 1'000'000, kBps = 10'000, kPpmOfBps = kPpm / kBps;

}  // namespace

static_assert(static_cast<Int128>(kPriceMax.value()) * kPriceMax.value() < kInt128Max / kPpm / 100);

Base drift_base_to_cover(Quote shortage, const DriftPerpTerms& t) {
    const std::int64_t ratio = t.margin_ratio_bps * kPpmOfBps;
    if (t.oracle_price <= Price{0} || ratio <= t.liquidator_fee_ppm) return kUnlimitedBase;
    const Int128 price = t.oracle_price.value();
    const Int128 freed =
        price * t.quote_price.value() / kQuoteUnit * (ratio - t.liquidator_fee_ppm) / kPpm;
    const Int128 spent = price * t.insurance_fee_ppm / kPpm;
    if (freed <= spent) return kUnlimitedBase;
    return Base{saturate64(static_cast<Int128>(shortage.value()) * kBaseUnit / (freed - spent))};
}

std::int64_t drift_perp_insurance_fee_ppm(Quote shortage, Base size, const DriftPerpTerms& t) {
    const std::int64_t ratio = t.margin_ratio_bps * kPpmOfBps;
    const Int128 base = static_cast<Int128>(magnitude(size.value()));
    const Int128 price =
        static_cast<Int128>(t.oracle_price.value()) * t.quote_price.value() / kQuoteUnit;
    if (price <= 0 || base == 0 || ratio <= t.liquidator_fee_ppm) return 0;
    const Int128 needed = static_cast<Int128>(shortage.value()) * kBaseUnit / base * kPpm / price;
    const Int128 left = std::max<Int128>(0, ratio - t.liquidator_fee_ppm - needed) * 19 / 20;
    return static_cast<std::int64_t>(std::min<Int128>(left, t.insurance_fee_ppm));
}

std::int64_t drift_liquidation_pace_bps(Quote shortage, Quote already_freed,
                                        const DriftPace& pace) {
    if (shortage < Quote{50 * kQuoteUnit}) return kBps;
    Int128 part = kBps;
    if (pace.duration_slots > 0)
        part = std::min<Int128>(
            kBps, static_cast<Int128>(pace.slots_elapsed) * kBps / pace.duration_slots +
                      pace.initial_bps);
    const Int128 total = static_cast<Int128>(shortage.value()) + already_freed.value();
    const Int128 freeable = std::max<Int128>(0, total * part / kBps - already_freed.value());
    return static_cast<std::int64_t>(freeable * kBps / shortage.value());
}

std::int64_t drift_liquidation_fee_ppm(std::int64_t base_ppm, std::int64_t max_ppm,
                                       std::int64_t slots_elapsed) {
    constexpr std::int64_t kGraceSlots = 1'500;
    if (slots_elapsed < kGraceSlots) return base_ppm;
    return std::min(max_ppm, saturate64(static_cast<Int128>(base_ppm) + slots_elapsed));
}

std::optional<Int128> drift_socialized_loss(Quote loss, Base open_long, Base open_short) {
    constexpr Int128 kFundingPerQuote = 1'000;
    const UInt128 open = magnitude(open_long.value()) + magnitude(open_short.value());
    if (open == 0) return std::nullopt;
    const auto scaled = static_cast<Int128>(magnitude(loss.value())) * kBaseUnit;
    return div_round(scaled, static_cast<Int128>(open), Rounding::ceil) * kFundingPerQuote;
}

}  // namespace astro::exchange::formulas
