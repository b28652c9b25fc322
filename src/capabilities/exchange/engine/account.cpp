#include "capabilities/exchange/engine/account.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

/// floor(value * part / whole); whole > 0.
std::int64_t share_down(std::int64_t value, std::int64_t part, std::int64_t whole) {
    const Int128 product = Int128{value} * part;
    if (const auto one = static_cast<std::int64_t>(product); one == product)
        return one / whole - (one % whole < 0);
    const Int128 out = product / whole;
    return static_cast<std::int64_t>(product - out * whole < 0 ? out - 1 : out);
}

}  // namespace

Quote apply_trade(Position& position, Side side, Base size, Quote notional) {
    const std::int64_t closed = std::min(position.reducible(side).value(), size.value());
    const std::int64_t sign = sign_of(side);
    std::int64_t realized = 0;
    if (closed > 0) {
        const std::int64_t held = std::abs(position.size.value());
        const std::int64_t entry = closed == held
                                       ? position.entry_quote.value()
                                       : share_down(position.entry_quote.value(), closed, held);
        // All of a trade's money but what opens anew.
        const std::int64_t closing = closed == size.value()
                                         ? notional.value()
                                         : share_down(notional.value(), closed, size.value());
        realized = entry - sign * closing;
        position.entry_quote =
            Quote{position.entry_quote.value() - entry - sign * (notional.value() - closing)};
    } else {
        position.entry_quote -= Quote{sign * notional.value()};
    }
    position.size += Base{sign * size.value()};
    return Quote{realized};
}

}  // namespace astro::exchange
