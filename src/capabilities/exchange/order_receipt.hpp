#pragma once

#include "capabilities/exchange/outcome.hpp"
#include "capabilities/exchange/trading_model.hpp"

namespace astro::exchange {

/// Of an order that a command placed, or changed, from the events that the command led to. `size`,
/// `price`, `side` of an order that was only made smaller are not among them, so that `before` has
/// what the receipt begins with.
[[nodiscard]] OrderReceipt order_receipt(const Events& events, OrderId order,
                                         OrderReceipt before = {});
/// The order that a command placed: the first that was accepted, or that waits when the command
/// placed one that `waits`. Id 0 when there is none.
[[nodiscard]] OrderId placed_order(const Events& events, bool waits);
/// Orders that wait since then for the same account.
[[nodiscard]] std::vector<OrderId> attached_orders(const Events& events, AccountId account,
                                                   OrderId order);
[[nodiscard]] std::vector<OrderId> closed_orders(const Events& events, AccountId account,
                                                 CloseReason reason);

}  // namespace astro::exchange
