#include "server/dialects/binance/order_batch.hpp"

#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "foundation/base/json.hpp"
#include "server/dialects/binance/order_lookup.hpp"

namespace astro::binance {
namespace {

namespace bj = boost::json;
using exchange::BatchAction;
using exchange::Outcome;

constexpr std::size_t kPlacedMax = 5, kCancelledMax = 10;  ///< Binance's own

Unexpected bad_list(std::string_view name) {
    return refusal(fault::kMissing,
                   "Mandatory parameter '" + std::string(name) +
                       "' was not sent, was empty/null, or malformed.",
                   std::string(name));
}

Result<bj::array> list_of(const Form& form, std::string_view name, std::size_t most) {
    ASTRO_TRY(const auto text, form.needed(name));
    boost::system::error_code error;
    const auto value = bj::parse(text, error);
    const auto* array = error ? nullptr : value.if_array();
    if (array == nullptr || array->empty()) return bad_list(name);
    if (array->size() > most)
        return refusal(fault::kTooManyItems,
                       "Invalid number of orders; at most " + std::to_string(most) + ".",
                       std::string(name));
    return *array;
}

std::string text_of(const bj::value& value) {
    const auto* text = value.if_string();
    return text != nullptr ? std::string(*text) : bj::serialize(value);
}

/// An item, as if it had come by itself.
Result<Form> form_of_item(const bj::value& item, const std::vector<gateway::Parameter>& known) {
    const auto* object = item.if_object();
    if (object == nullptr) return bad_list("batchOrders");
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto& [name, value] : *object)
        if (!value.is_null()) values.emplace_back(std::string(name), text_of(value));
    return Form::of(std::move(values), known);
}

/// Of each item the action, or what is wrong with it before the venue sees it.
using Wished = std::vector<Result<BatchAction>>;

std::string item_answer(const Around& around, const OrderMemory& orders, AccountId account,
                        const exchange::BatchItem& item, Deed deed) {
    if (item.refusal) return to_json(fault_of(item.refusal, deed));
    const auto order = orders.find(account, item.order);
    if (!order) return to_json(FaultAnswer{-2013, "Order does not exist."});
    return to_json(order_answer(*order, symbol_of(around, order->market)));
}

/// Does what can be done in one command, and answers a list in the order of the items.
void carry_out_each(const Around& around, const OrderMemory& orders, AccountId account,
                    const Wished& wished, Deed deed, Route::Done done) {
    exchange::OrderBatch batch{account, exchange::BatchMode::best_effort, {}};
    std::vector<std::string> answers(wished.size());
    std::vector<std::size_t> places;  // in `answers`, of each action
    for (std::size_t i = 0; i < wished.size(); ++i)
        if (wished[i]) {
            batch.actions.push_back(*wished[i]);
            places.push_back(i);
        } else {
            answers[i] = to_json(fault_of(wished[i].error()));
        }
    const auto render = [](const std::vector<std::string>& items) {
        std::string out = "[";
        for (const auto& item : items) out += (out.size() > 1 ? "," : "") + item;
        return net::json_response(out + "]");
    };
    if (places.empty()) return done(render(answers));
    carry_out(around, exchange::BatchOrders(std::move(batch)), deed, std::move(done),
              [around, &orders, account, answers, places, deed,
               render](const Outcome& outcome) mutable -> Answered {
                  for (const auto& event : *outcome.events)
                      if (const auto* item = std::get_if<exchange::BatchItem>(&event))
                          answers[places[item->item]] =
                              item_answer(around, orders, account, *item, deed);
                  return render(answers);
              });
}

Result<BatchAction> placing(const Around& around, const bj::value& item, AccountId account) {
    ASTRO_TRY(const Form form, form_of_item(item, order_parameters()));
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const auto order, plain_order(form, listed, account));
    return BatchAction(order);
}

std::vector<gateway::Parameter> change_parameters() {
    return {symbol_parameter(),
            whole_parameter("orderId", "Its number", "16777216"),
            name_parameter("origClientOrderId", "Or one's own name of it"),
            choice_parameter("side", "Which way it is", {"BUY", "SELL"}),
            number_parameter("quantity", "The whole size, with what has traded", "1.5"),
            number_parameter("price", "The new price", "100.5")};
}

Begin placing_all(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const auto items, list_of(form, "batchOrders", kPlacedMax));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        Wished wished;
        for (const auto& item : items) wished.push_back(placing(around, item, account));
        carry_out_each(around, orders, account, wished, Deed::place, std::move(done));
        return {};
    };
}

Begin changing_all(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const auto items, list_of(form, "batchOrders", kPlacedMax));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        Wished wished;
        for (const auto& item : items) {
            const auto change = [&]() -> Result<BatchAction> {
                ASTRO_TRY(const Form one, form_of_item(item, change_parameters()));
                ASTRO_TRY(const auto out, change_of(around, one, orders, account));
                return BatchAction(out);
            };
            wished.push_back(change());
        }
        carry_out_each(around, orders, account, wished, Deed::amend, std::move(done));
        return {};
    };
}

Result<BatchAction> cancelling(const Around& around, const OrderMemory& orders, AccountId account,
                               const Listed& listed, const OrderName& name) {
    const auto order = find_order(around, orders, account, listed.id, name, false);
    if (!order || order->status == exchange::OrderStatus::closed)
        return refusal(fault::kCancelRejected, "Unknown order sent.", "orderId");
    return BatchAction(exchange::CancelOrder{account, order->id});
}

/// A number or a name of a list.
Result<OrderName> name_of_item(const bj::value& item, bool is_id) {
    OrderName out;
    std::int64_t id = 0;
    const std::string text = text_of(item);
    if (is_id && !parse_decimal(text, 0, id)) return bad_list("orderIdList");
    if (is_id)
        out.id = OrderId{static_cast<OrderId::Rep>(id)};
    else
        out.client_id = exchange::ClientId(text);
    return out;
}

Begin cancelling_some(OrderMemory& orders) {
    return [&orders](const Around& around, const Form& form, const CallPtr& call,
                     Route::Done done) -> Result<void> {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        const char* ids = form.has("orderidlist") ? "orderidlist" : "orderIdList";
        const char* names =
            form.has("origclientorderidlist") ? "origclientorderidlist" : "origClientOrderIdList";
        const bool by_id = form.has(ids);
        if (!by_id && !form.has(names)) return missing("orderIdList");
        ASTRO_TRY(const auto items, list_of(form, by_id ? ids : names, kCancelledMax));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        Wished wished;
        for (const auto& item : items) {
            ASTRO_TRY(const auto name, name_of_item(item, by_id));
            wished.push_back(cancelling(around, orders, account, listed, name));
        }
        carry_out_each(around, orders, account, wished, Deed::cancel, std::move(done));
        return {};
    };
}

std::string list_schema(SchemaBook&) {
    return R"({"type":"array","items":{"type":"object"}})";
}

gateway::Parameter list_parameter(std::string name, std::string summary, std::string example) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .length_max = 16'384,
            .example = std::move(example)};
}

}  // namespace

Result<exchange::AmendOrder> change_of(const Around& around, const Form& form,
                                       const OrderMemory& orders, AccountId account) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const auto name, name_of(form, "orderId", "origClientOrderId"));
    exchange::AmendOrder out{.account = account, .order = {}};
    ASTRO_TRY(const auto quantity, form.needed("quantity"));
    ASTRO_TRY(out.size, size_of("quantity", quantity));
    ASTRO_TRY(const auto price, form.needed("price"));
    ASTRO_TRY(out.price, price_of("price", price));
    ASTRO_TRY(const auto order, find_order(around, orders, account, listed.id, name, false));
    out.order = order.id;
    if (const auto side = form.text("side"); side && *side != side_word(order.side))
        return invalid("side", "it is the order's own, which does not change.");
    if (order.status != exchange::OrderStatus::closed && out.price == order.price &&
        out.size == order.size)
        return refusal(fault::kNoNeedToModify, "No need to modify the order.", "price");
    return out;
}

void cancel_each(const Around& around, AccountId account, const std::vector<OrderId>& ids,
                 Route::Done done, std::function<Answered()> render) {
    if (ids.empty()) return done(render());
    std::vector<exchange::OrderBatch> batches;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (i % exchange::kBatchMax == 0)
            batches.push_back({account, exchange::BatchMode::best_effort, {}});
        batches.back().actions.emplace_back(exchange::CancelOrder{account, ids[i]});
    }
    const auto left = std::make_shared<std::atomic<std::size_t>>(batches.size());
    for (auto& batch : batches)
        carry_out(
            around, exchange::BatchOrders(std::move(batch)), Deed::cancel,
            // The last one answers for all; an earlier failure is found by asking again.
            [left, done](Answered answer) {
                if (--*left == 0) done(std::move(answer));
            },
            [render](const Outcome&) { return render(); });
}

Begin cancelling_all(OrderMemory& orders, bool algo, std::function<Answered()> render) {
    return [&orders, algo, render = std::move(render)](const Around& around, const Form& form,
                                                       const CallPtr& call,
                                                       Route::Done done) -> Result<void> {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        ASTRO_TRY(const AccountId account, watched_account(around, orders, *call));
        std::vector<OrderId> ids;
        for (const auto& order : open_orders(orders, account, listed.id, algo))
            ids.push_back(order.id);
        cancel_each(around, account, ids, std::move(done), render);
        return {};
    };
}

std::vector<Route> batch_routes(const Around& around, OrderMemory& orders) {
    const JsonDocument list{&list_schema, R"([{"orderId":16777216,"status":"NEW"}])"};
    const std::vector items{
        list_parameter("batchOrders", "A list in JSON of up to five orders",
                       R"([{"symbol":"SOLUSDC","side":"BUY","type":"MARKET","quantity":"1"}])")};
    const std::vector named{symbol_parameter(),
                            list_parameter("orderIdList", "Up to ten numbers", "[16777216]"),
                            list_parameter("orderidlist", "The same", "[16777216]"),
                            list_parameter("origClientOrderIdList", "Or names", R"(["grid-17"])"),
                            list_parameter("origclientorderidlist", "The same", R"(["grid-17"])")};
    std::vector<Route> out;
    out.push_back(trading_route(around, "POST", "/fapi/v1/batchOrders", "Places up to five orders",
                                items, list, placing_all(orders)));
    out.push_back(trading_route(around, "PUT", "/fapi/v1/batchOrders", "Changes up to five orders",
                                items, list, changing_all(orders)));
    out.push_back(trading_route(around, "DELETE", "/fapi/v1/batchOrders",
                                "Cancels up to ten orders", named, list, cancelling_some(orders)));
    return out;
}

}  // namespace astro::binance
