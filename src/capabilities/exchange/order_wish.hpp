#pragma once

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/trading_model.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// The command that a wish is, with what it leaves open filled in. "order_inconsistent" names the
/// members that do not go together; all else the engine judges.
[[nodiscard]] Result<CommandBody> command_of(const OrderWish& wish, AccountId account,
                                             MarketId market);
/// Of a wish without trigger, oco and bracket.
[[nodiscard]] PlaceOrder plain_order(const OrderWish& wish, AccountId account, MarketId market);

}  // namespace astro::exchange
