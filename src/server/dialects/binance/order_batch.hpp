#pragma once

#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/market_model.hpp"
#include "server/dialects/binance/order_memory.hpp"

/// Several orders in one request: one command of the venue, each item done or refused by itself.
namespace astro::binance {

[[nodiscard]] std::vector<Route> batch_routes(const Around& around, OrderMemory& orders);

/// What a request of PUT /fapi/v1/order changes. -2013; -5027 when it is so already.
[[nodiscard]] Result<exchange::AmendOrder> change_of(const Around& around, const Form& form,
                                                     const OrderMemory& orders, AccountId account);

/// Cancels them in as few commands as it takes; what is gone by then does no harm.
void cancel_each(const Around& around, AccountId account, const std::vector<OrderId>& ids,
                 Route::Done done, std::function<Answered()> render);
/// All of the parameter's market: those that wait for a price when `algo`, else those that rest.
[[nodiscard]] Begin cancelling_all(OrderMemory& orders, bool algo,
                                   std::function<Answered()> render);

}  // namespace astro::binance
