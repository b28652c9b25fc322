#include "foundation/base/json.hpp"
#include "server/dialects/binance/order_lookup.hpp"

/// Orders as they are, open or ended.
namespace astro::binance {
namespace {

Read one_order(OrderMemory& orders, bool only_open) {
    return [&orders, only_open](const Around& around, const Form& form,
                                const Call& call) -> Answered {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const auto name, name_of(form, "orderId", "origClientOrderId"));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, call));
        ASTRO_TRY(const auto order, find_order(around, orders, account, listed.id, name, false));
        if (only_open && order.status == exchange::OrderStatus::closed)
            return refusal(fault::kNoSuchOrder, "Order does not exist.", "orderId");
        return json_answer(order_answer(order, listed.symbol));
    };
}

Read all_open(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const Call& call) -> Answered {
        ASTRO_TRY(const auto market, optional_market(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, call));
        std::vector<OrderAnswer> out;
        for (const auto& order : open_orders(orders, account, market, false))
            out.push_back(order_answer(order, symbol_of(around, order.market)));
        return json_answer(out);
    };
}

Read all_orders(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const Call& call) -> Answered {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, call));
        ASTRO_TRY(const auto found,
                  orders_in(around, orders, account, listed, span_of(form, "orderId", false)));
        std::vector<OrderAnswer> out;
        for (const auto& order : found) out.push_back(order_answer(order, listed.symbol));
        return json_answer(out);
    };
}

}  // namespace

std::vector<Route> order_view_routes(const Around& around, OrderMemory& orders) {
    const auto id = whole_parameter("orderId", "Its number", "16777216");
    const auto name = name_parameter("origClientOrderId", "Or one's own name of it");
    const auto one = json_document<OrderAnswer>();
    const auto list = json_document<std::vector<OrderAnswer>>();
    std::vector<Route> out;
    out.push_back(own_route(around, "/fapi/v1/order", "One order, open or ended",
                            {symbol_parameter(), id, name}, one, one_order(orders, false)));
    out.push_back(own_route(around, "/fapi/v1/openOrder", "One order that rests",
                            {symbol_parameter(), id, name}, one, one_order(orders, true)));
    out.push_back(own_route(around, "/fapi/v1/openOrders", "Orders that rest", {symbol_parameter()},
                            list, all_open(orders)));
    out.push_back(own_route(around, "/fapi/v1/allOrders", "Orders, open and ended, oldest first",
                            {symbol_parameter(), whole_parameter("orderId", "From this one on"),
                             time_parameter("startTime", "Not before"),
                             time_parameter("endTime", "Not after"), limit_parameter(1'000, 500)},
                            list, all_orders(orders)));
    return out;
}

}  // namespace astro::binance
