#include "capabilities/exchange/engine/formulas/accounting.hpp"

#include <algorithm>

namespace astro::exchange::formulas {
namespace {

/// What the account gets for trading `delta` at a price (negative: pays), rounded down.
Int128 cash_of(Base delta, Price price) {
    return div_round(-static_cast<Int128>(delta.value()) * price.value(), kBaseUnit,
                     Rounding::floor);
}

std::optional<FillOutcome> make_outcome(Int128 size, Int128 quote, Int128 realized, Int128 closed) {
    const auto s = narrow64(size), q = narrow64(quote), r = narrow64(realized),
               c = narrow64(closed);
    if (!s || !q || !r || !c) return std::nullopt;
    return FillOutcome{{Base{*s}, Quote{*q}}, Quote{*r}, Base{*c}};
}

}  // namespace

std::optional<FillOutcome> apply_fill(const PositionState& position, Base delta, Price price) {
    const Int128 size = position.size.value(), quote = position.quote.value();
    const Int128 after = size + delta.value();
    const Int128 cash = cash_of(delta, price);
    const bool reduces = size != 0 && (size > 0) == (delta < Base{0}) && delta != Base{0};
    if (!reduces) return make_outcome(after, quote + cash, 0, 0);

    const auto held = static_cast<Int128>(magnitude(position.size.value()));
    const auto traded = static_cast<Int128>(magnitude(delta.value()));
    if (traded < held) {
        const auto part = mul_div_wide(quote, traded, held, Rounding::floor);
        if (!part) return std::nullopt;
        return make_outcome(after, quote - *part, *part + cash, traded);
    }
    // Closed as a whole; what the fill has beyond it opens the other side. -size: what was closed.
    const auto closing = narrow64(-size);
    if (!closing) return std::nullopt;
    const Int128 exit = traded == held ? cash : cash_of(Base{*closing}, price);
    return make_outcome(after, cash - exit, quote + exit, held);
}

std::optional<Quote> unrealized_profit(const PositionState& position, Price mark) {
    const Int128 value = div_round(static_cast<Int128>(position.size.value()) * mark.value(),
                                   kBaseUnit, Rounding::floor) +
                         position.quote.value();
    const auto profit = narrow64(value);
    if (!profit) return std::nullopt;
    return Quote{*profit};
}

std::optional<Price> entry_price(const PositionState& position, Rounding rounding) {
    if (position.size == Base{0}) return std::nullopt;
    const auto price = div_round(static_cast<Int128>(magnitude(position.quote.value())) * kBaseUnit,
                                 static_cast<Int128>(magnitude(position.size.value())), rounding);
    const auto value = narrow64(price);
    if (!value) return std::nullopt;
    return Price{*value};
}

}  // namespace astro::exchange::formulas
