#pragma once

#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/order_memory.hpp"
#include "server/dialects/binance/order_request.hpp"

/// The caller's orders: those that are remembered, and older ones out of the tables.
namespace astro::binance {

/// The caller's account, whose orders are remembered from here on. -4109
[[nodiscard]] Result<AccountId> watched_account(const Around& around, OrderMemory& orders,
                                                const Call& call);
/// One of that market (or any) and kind, open or ended; -2013.
[[nodiscard]] Result<OrderState> find_order(const Around& around, const OrderMemory& orders,
                                            AccountId account, std::optional<MarketId> market,
                                            const OrderName& name, bool algo);
/// That of the parameter "symbol", when there is one; -1121.
[[nodiscard]] Result<std::optional<MarketId>> optional_market(const Around& around,
                                                              const Form& form);
/// Of a market, oldest first; those of the tables that are not remembered too.
struct OrderSpan {
    std::optional<OrderId> from{};  ///< not before
    std::optional<std::int64_t> start{}, end{};
    std::size_t limit = 500;
    bool algo = false;
};
/// By the parameters `id`, "startTime", "endTime" and "limit".
[[nodiscard]] OrderSpan span_of(const Form& form, std::string_view id, bool algo);
[[nodiscard]] Result<std::vector<OrderState>> orders_in(const Around& around,
                                                        const OrderMemory& orders,
                                                        AccountId account, const Listed& listed,
                                                        const OrderSpan& span);
/// Open ones, oldest first.
[[nodiscard]] std::vector<OrderState> open_orders(const OrderMemory& orders, AccountId account,
                                                  std::optional<MarketId> market, bool algo);

}  // namespace astro::binance
