#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// What a fill does to a position. A position is a size and the quote that it cost (negative for a
/// long: a buy subtracts the notional), so that its value at a price is notional(price, size) +
/// quote, and no average entry price is ever stored or rounded.
///
/// A fill that grows a position moves nothing to the balance. One that reduces it takes the closed
/// part of `quote` with it: that part and the exit notional are the realised profit. One that
/// flips it closes the whole and opens the rest at the fill's price.
namespace astro::exchange::formulas {

struct PositionState {
    Base size;    ///< signed, long is positive
    Quote quote;  ///< signed; 0 when size is 0
    bool operator==(const PositionState&) const = default;
};

struct FillOutcome {
    PositionState after;
    Quote realized;  ///< goes to the balance
    Base closed;     ///< magnitude of what was reduced
};

/// `delta`: signed, a buy is positive. quote after + realized = quote before - notional(delta), to
/// the last unit: what rounding keeps from the balance stays in the position and comes out when it
/// is closed. Roundings (both only bite when price * size is no whole quote, or when part of a
/// position closes) are down: against the account.
/// Nothing when a result leaves 64 bits.
[[nodiscard]] std::optional<FillOutcome> apply_fill(const PositionState& position, Base delta,
                                                    Price price);

/// notional(mark, size) + quote, rounded down. Nothing when it leaves 64 bits.
[[nodiscard]] std::optional<Quote> unrealized_profit(const PositionState& position, Price mark);

/// |quote| / |size|, for display. Nothing when flat or when it leaves 64 bits.
[[nodiscard]] std::optional<Price> entry_price(const PositionState& position, Rounding rounding);

}  // namespace astro::exchange::formulas
