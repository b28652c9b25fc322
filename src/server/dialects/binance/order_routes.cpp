#include <algorithm>

#include "capabilities/exchange/order_receipt.hpp"
#include "foundation/base/json.hpp"
#include "server/dialects/binance/order_batch.hpp"
#include "server/dialects/binance/order_lookup.hpp"

/// Placing, changing and cancelling orders.
namespace astro::binance {

struct DoneAnswer {
    std::int64_t code = 200;
    std::string msg{"The operation of cancel all open order is done."};
};
BOOST_DESCRIBE_STRUCT(DoneAnswer, (), (code, msg))

struct CountdownAnswer {
    std::string symbol{};
    std::int64_t countdownTime = 0;
};
BOOST_DESCRIBE_STRUCT(CountdownAnswer, (), (symbol, countdownTime))

namespace {

using exchange::Outcome;

constexpr std::int64_t kCountdownMin = 1'000, kCountdownMax = 86'400'000;

/// The order as it is now; the venue has just told of it.
Answered answer_order(const OrderMemory& orders, AccountId account, OrderId id,
                      const std::string& symbol) {
    const auto order = orders.find(account, id);
    if (!order) return refusal(fault::kNoSuchOrder, "Order does not exist.", "orderId");
    return json_answer(order_answer(*order, symbol));
}

Begin placing(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        ASTRO_TRY(const auto order, plain_order(form, listed, account));
        carry_out(around, order, Deed::place, std::move(done),
                  [&orders, account, symbol = listed.symbol](const Outcome& outcome) {
                      return answer_order(orders, account,
                                          exchange::placed_order(*outcome.events, false), symbol);
                  });
        return {};
    };
}

/// Judged and not done.
Begin testing(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     const Route::Done& done) -> Result<void> {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        ASTRO_TRY(const auto order, plain_order(form, listed, account));
        exchange::PreviewedOrder seen;
        around.desk.service.read(
            [&](const exchange::Venue& venue) { seen = venue.preview(order); });
        const exchange::Refusal refused =
            seen.is_too_deep
                ? exchange::Refusal{exchange::RefusalCode::size_too_large,
                                    seen.nearest_size.value_or(exchange::Base{0}).value(),
                                    order.size.value()}
                : seen.refusal;
        done(refused ? answer_of(refused, Deed::place) : net::json_response("{}"));
        return {};
    };
}

Begin changing(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        ASTRO_TRY(const auto change, change_of(around, form, orders, account));
        carry_out(around, change, Deed::amend, std::move(done),
                  [around, &orders, change](const Outcome&) -> Answered {
                      const auto order = orders.find(change.account, change.order);
                      if (!order)
                          return refusal(fault::kNoSuchOrder, "Order does not exist.", "orderId");
                      return json_answer(order_answer(*order, symbol_of(around, order->market)));
                  });
        return {};
    };
}

/// -2011 unless it is open.
Result<OrderId> open_order_of(const Around& around, const Form& form, const OrderMemory& orders,
                              AccountId account) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const auto name, name_of(form, "orderId", "origClientOrderId"));
    const auto order = find_order(around, orders, account, listed.id, name, false);
    if (!order || order->status == exchange::OrderStatus::closed)
        return refusal(fault::kCancelRejected, "Unknown order sent.", "orderId");
    return order->id;
}

Begin cancelling(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        ASTRO_TRY(const OrderId id, open_order_of(around, form, orders, account));
        carry_out(around, exchange::CancelOrder{account, id}, Deed::cancel, std::move(done),
                  [&orders, account, id, symbol = std::string(*form.text("symbol"))](
                      const Outcome&) { return answer_order(orders, account, id, symbol); });
        return {};
    };
}

/// The venue's switch is the account's, not a market's.
Result<void> count_down(const Around& around, const Form& form, const CallPtr& call,
                        Route::Done done) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const AccountId account, account_of(around, *call));
    if (!form.has("countdownTime")) return missing("countdownTime");
    const std::int64_t after = *form.integer("countdownTime");
    if (after != 0 && (after < kCountdownMin || after > kCountdownMax))
        return invalid("countdownTime", "it is 0, or 1000 to 86400000.");
    exchange::SetDeadMan body{account, {}};
    if (after != 0) body.at = TimeMs{static_cast<TimeMs::Rep>(now_ms(around) + after)};
    carry_out(around, body, Deed::other, std::move(done),
              [symbol = listed.symbol, after](const Outcome&) -> Answered {
                  return json_answer(CountdownAnswer{symbol, after});
              });
    return {};
}

}  // namespace

std::vector<Route> order_routes(const Around& around, OrderMemory& orders) {
    const auto order = json_document<OrderAnswer>();
    const auto id = whole_parameter("orderId", "Its number", "16777216");
    const auto name = name_parameter("origClientOrderId", "Or one's own name of it");
    const std::vector named{symbol_parameter(), id, name};
    auto changes = named;
    changes.push_back(choice_parameter("side", "Which way it is", {"BUY", "SELL"}));
    changes.push_back(number_parameter("quantity", "The whole size, with what has traded", "1.5"));
    changes.push_back(number_parameter("price", "The new price", "100.5"));
    changes.push_back(choice_parameter("priceMatch", "Only NONE", {"NONE"}));
    std::vector<Route> out;
    const auto add = [&](const char* method, const char* path, const char* summary,
                         std::vector<gateway::Parameter> parameters, JsonDocument answer,
                         Begin begin) {
        out.push_back(trading_route(around, method, path, summary, std::move(parameters),
                                    std::move(answer), std::move(begin)));
    };
    add("POST", "/fapi/v1/order", "Places a limit or market order", order_parameters(), order,
        placing(orders));
    add("POST", "/fapi/v1/order/test", "What would be refused, without placing it",
        order_parameters(), json_document<Nothing>(), testing(orders));
    add("PUT", "/fapi/v1/order", "Changes price and size of an order", changes, order,
        changing(orders));
    add("DELETE", "/fapi/v1/order", "Cancels an order", named, order, cancelling(orders));
    add("DELETE", "/fapi/v1/allOpenOrders", "Cancels all orders of a market that rest",
        {symbol_parameter()}, json_document<DoneAnswer>(),
        cancelling_all(orders, false, [] { return json_answer(DoneAnswer{}); }));
    add("POST", "/fapi/v1/countdownCancelAll",
        "Cancels all orders of the account when it is not called again in time",
        {symbol_parameter(),
         whole_parameter("countdownTime", "In milliseconds; 0: never", "60000")},
        json_document<CountdownAnswer>(), count_down);
    for (auto& route : batch_routes(around, orders)) out.push_back(std::move(route));
    return out;
}

}  // namespace astro::binance
