#include "capabilities/exchange/engine/formulas/premium.hpp"

#include <algorithm>

namespace astro::exchange::formulas {

// The numerator of the average: notional * base unit * last price.
static_assert(static_cast<Int128>(kNotionalMax.value()) * kBaseUnit <
              kInt128Max / kPriceMax.value());

std::optional<Price> impact_price(std::span<const Level> levels, Quote notional, Side side) {
    const Int128 wanted = static_cast<Int128>(notional.value()) * kBaseUnit;
    Int128 rest = wanted;  // 1e-15 of the quote, so that no level is rounded
    Int128 base = 0;
    for (const auto& level : levels) {
        const Int128 worth = static_cast<Int128>(level.price.value()) * level.size.value();
        if (worth < rest) {
            rest -= worth;
            base += level.size.value();
            continue;
        }
        // wanted / (base + rest / price)
        const Int128 price = level.price.value();
        const auto rounding = side == Side::sell ? Rounding::floor : Rounding::ceil;
        return Price{
            static_cast<std::int64_t>(div_round(wanted * price, base * price + rest, rounding))};
    }
    return std::nullopt;
}

Rate premium(std::optional<Price> impact_bid, std::optional<Price> impact_ask, Price index) {
    Int128 distance = 0;
    if (impact_bid && *impact_bid > index) distance += (*impact_bid - index).value();
    if (impact_ask && *impact_ask < index) distance -= (index - *impact_ask).value();
    const Int128 rate = distance * kRateOne / index.value();
    const Int128 limit = kPremiumMax.value();
    return Rate{static_cast<std::int64_t>(std::clamp(rate, -limit, limit))};
}

}  // namespace astro::exchange::formulas
