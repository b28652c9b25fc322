#include "capabilities/exchange/order_receipt.hpp"
#include "foundation/base/json.hpp"
#include "server/dialects/binance/order_batch.hpp"
#include "server/dialects/binance/order_lookup.hpp"

/// Orders that wait for a price: stops, take-profits, trailing stops.
namespace astro::binance {

struct AlgoDone {
    std::uint64_t algoId = 0;
    std::string clientAlgoId{}, code{"200"}, msg{"success"};
};
BOOST_DESCRIBE_STRUCT(AlgoDone, (), (algoId, clientAlgoId, code, msg))
struct AlgoAllDone {
    std::int64_t code = 200;
    std::string msg{"The operation of cancel all open order is done."};
};
BOOST_DESCRIBE_STRUCT(AlgoAllDone, (), (code, msg))

namespace {

using exchange::Outcome;

Begin placing(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        ASTRO_TRY(auto order, waiting_order(form, listed, account));
        carry_out(around, exchange::PlaceConditional(std::move(order)), Deed::place,
                  std::move(done),
                  [&orders, account, symbol = listed.symbol](const Outcome& outcome) -> Answered {
                      const auto state =
                          orders.find(account, exchange::placed_order(*outcome.events, true));
                      if (!state)
                          return refusal(fault::kNoSuchOrder, "Order does not exist.", "algoId");
                      return json_answer(algo_answer(*state, symbol));
                  });
        return {};
    };
}

Result<OrderState> algo_of(const Around& around, const Form& form, const OrderMemory& orders,
                           AccountId account) {
    ASTRO_TRY(const auto market, optional_market(around, form));
    ASTRO_TRY(const auto name, name_of(form, "algoId", "clientAlgoId"));
    return find_order(around, orders, account, market, name, true);
}

Begin cancelling(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        const auto order = algo_of(around, form, orders, account);
        if (!order && order.error().code != fault::kNoSuchOrder) return Unexpected{order.error()};
        if (!order || order->status == exchange::OrderStatus::closed)
            return refusal(fault::kCancelRejected, "Unknown order sent.", "algoId");
        const AlgoDone answer{.algoId = order->id.value(),
                              .clientAlgoId = to_text(order->client_id)};
        carry_out(around, exchange::CancelOrder{account, order->id}, Deed::cancel, std::move(done),
                  [answer](const Outcome&) -> Answered { return json_answer(answer); });
        return {};
    };
}

Read one_algo(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const Call& call) -> Answered {
        ASTRO_TRY(const AccountId account, watched_account(around, orders, call));
        ASTRO_TRY(const auto order, algo_of(around, form, orders, account));
        return json_answer(algo_answer(order, symbol_of(around, order.market)));
    };
}

Read open_algos(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const Call& call) -> Answered {
        ASTRO_TRY(const AccountId account, watched_account(around, orders, call));
        ASTRO_TRY(const auto market, optional_market(around, form));
        const auto id = form.integer("algoId");
        std::vector<AlgoAnswer> out;
        for (const auto& order : open_orders(orders, account, market, true))
            if (!id || order.id.value() == static_cast<std::uint64_t>(*id))
                out.push_back(algo_answer(order, symbol_of(around, order.market)));
        return json_answer(out);
    };
}

Read all_algos(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const Call& call) -> Answered {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, call));
        ASTRO_TRY(const auto found,
                  orders_in(around, orders, account, listed, span_of(form, "algoId", true)));
        std::vector<AlgoAnswer> out;
        for (const auto& order : found) out.push_back(algo_answer(order, listed.symbol));
        return json_answer(out);
    };
}

}  // namespace

std::vector<Route> algo_routes(const Around& around, OrderMemory& orders) {
    const auto id = whole_parameter("algoId", "Its number", "16777216");
    const auto name = name_parameter("clientAlgoId", "Or one's own name of it");
    const auto kind = choice_parameter("algoType", "Only this", {"CONDITIONAL"});
    const std::vector named{symbol_parameter(), id, name};
    const auto one = json_document<AlgoAnswer>();
    const auto list = json_document<std::vector<AlgoAnswer>>();
    std::vector<Route> out;
    out.push_back(trading_route(around, "POST", "/fapi/v1/algoOrder",
                                "Places an order that waits for a price", algo_parameters(), one,
                                placing(orders)));
    out.push_back(trading_route(around, "DELETE", "/fapi/v1/algoOrder", "Cancels one", named,
                                json_document<AlgoDone>(), cancelling(orders)));
    out.push_back(
        trading_route(around, "DELETE", "/fapi/v1/algoOpenOrders", "Cancels all of a market",
                      {symbol_parameter()}, json_document<AlgoAllDone>(),
                      cancelling_all(orders, true, [] { return json_answer(AlgoAllDone{}); })));
    out.push_back(own_route(around, "/fapi/v1/algoOrder", "One, open or ended", named, one,
                            one_algo(orders)));
    out.push_back(own_route(around, "/fapi/v1/openAlgoOrders", "Those that wait",
                            {symbol_parameter(), id, kind}, list, open_algos(orders)));
    out.push_back(own_route(
        around, "/fapi/v1/allAlgoOrders", "All, oldest first",
        {symbol_parameter(), whole_parameter("algoId", "From this one on"),
         time_parameter("startTime", "Not before"), time_parameter("endTime", "Not after"),
         limit_parameter(1'000, 500), whole_parameter("page", "Not needed: the number goes on")},
        list, all_algos(orders)));
    return out;
}

}  // namespace astro::binance
