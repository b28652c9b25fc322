#pragma once

#include "capabilities/exchange/engine/commands.hpp"
#include "server/dialects/binance/around.hpp"

/// What a request says of an order, as the venue's command.
namespace astro::binance {

/// Of POST /fapi/v1/order, and of an item of a batch.
[[nodiscard]] std::vector<gateway::Parameter> order_parameters();
/// Of POST /fapi/v1/algoOrder.
[[nodiscard]] std::vector<gateway::Parameter> algo_parameters();

/// A limit or market order. -1102, -1106, -1111, -1115, -1116, -1128, -4120 for those that wait.
[[nodiscard]] Result<exchange::PlaceOrder> plain_order(const Form& form, const Listed& listed,
                                                       AccountId account);
/// One that waits for its price: stop, take-profit or trailing stop.
[[nodiscard]] Result<exchange::WaitingOrder> waiting_order(const Form& form, const Listed& listed,
                                                           AccountId account);

/// -1111 for more decimals than are counted.
[[nodiscard]] Result<Price> price_of(std::string_view name, std::string_view text);
[[nodiscard]] Result<Base> size_of(std::string_view name, std::string_view text);

/// The order that a request is about, by orderId or origClientOrderId (or the algo names).
struct OrderName {
    std::optional<OrderId> id{};
    std::optional<exchange::ClientId> client_id{};
};
/// -1102 when neither was sent.
[[nodiscard]] Result<OrderName> name_of(const Form& form, std::string_view id,
                                        std::string_view client_id);

}  // namespace astro::binance
