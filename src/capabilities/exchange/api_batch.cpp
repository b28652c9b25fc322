#include <algorithm>

#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/order_receipt.hpp"
#include "capabilities/exchange/order_wish.hpp"
#include "capabilities/exchange/refusal_text.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// Several actions on the orders of one account in one command.
namespace astro::exchange {
namespace {

using gateway::Route;

Unexpected bad_item(std::size_t item, std::string_view code, std::string message,
                    const std::string& member) {
    return refusal(code, std::move(message), "items[" + std::to_string(item) + "]" + member);
}

Result<BatchAction> placing(const Desk& desk, const OrderWish& wish, AccountId account,
                            std::size_t item) {
    if (wish.account && *wish.account != account)
        return bad_item(item, "order_inconsistent", "a batch is of one account", ".place.account");
    ASTRO_TRY(const MarketId market, market_of(desk, wish.market));
    ASTRO_TRY(const auto command, command_of(wish, account, market));
    if (const auto* order = std::get_if<PlaceOrder>(&command)) return BatchAction(*order);
    if (const auto* pegged = std::get_if<PlacePegged>(&command)) return BatchAction(*pegged);
    return bad_item(item, "order_inconsistent",
                    "a batch places plain and pegged orders; others come alone", ".place");
}

Result<BatchAction> action_of(const Desk& desk, const BatchItemWish& wish, AccountId account,
                              std::size_t item) {
    if (int{wish.place.has_value()} + int{wish.amend.has_value()} + int{wish.cancel.has_value()} !=
        1)
        return bad_item(item, "bad_body", "needs one of place, amend and cancel", "");
    if (wish.place) return placing(desk, *wish.place, account, item);
    if (wish.amend)
        return BatchAction(
            AmendOrder{account, wish.amend->order, wish.amend->price, wish.amend->size});
    if (wish.cancel->order.has_value() == wish.cancel->client_id.has_value())
        return bad_item(item, "bad_body", "needs order or client_id", ".cancel");
    if (wish.cancel->order) return BatchAction(CancelOrder{account, *wish.cancel->order});
    return BatchAction(CancelByClientId{account, *wish.cancel->client_id});
}

/// What the receipt of each item begins with: the market of an order that is placed, all of one
/// that is changed.
std::vector<OrderReceipt> receipts_before(Desk& desk, const BatchWish& wish, AccountId account) {
    std::vector<OrderReceipt> out(wish.items.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        if (wish.items[i].place) out[i].market = wish.items[i].place->market;
    if (std::ranges::none_of(wish.items, [](const auto& item) { return item.amend.has_value(); }))
        return out;
    desk.service.read([&](const Venue& venue) {
        for (std::size_t i = 0; i < out.size(); ++i)
            if (const auto& amend = wish.items[i].amend)
                out[i] = receipt_before(venue, account, amend->order);
    });
    for (std::size_t i = 0; i < out.size(); ++i)
        if (const auto& amend = wish.items[i].amend; amend && amend->size)
            out[i].size = *amend->size;
    return out;
}

BatchItemReceipt item_receipt(const BatchItem& ended, const Events& events,
                              const BatchAction& action, const OrderReceipt& before) {
    BatchItemReceipt out;
    if (ended.refusal) {
        out.code = std::string(enum_name(ended.refusal.code));
        out.detail = refusal_sentence(ended.refusal, {});
    } else if (std::holds_alternative<CancelOrder>(action) ||
               std::holds_alternative<CancelByClientId>(action)) {
        out.cancelled = ended.order;
    } else {
        out.order = order_receipt(events, ended.order, before);
        if (const auto* amend = std::get_if<AmendOrder>(&action); amend != nullptr && amend->size)
            out.order->size = *amend->size;
    }
    return out;
}

/// The events of a batch stand in the order of its items, each ended by its BatchItem.
BatchReceipt batch_receipt(const Outcome& outcome, const std::vector<BatchAction>& actions,
                           const std::vector<OrderReceipt>& before) {
    BatchReceipt out;
    Events of_item;
    for (const Event& event : *outcome.events) {
        const auto* ended = std::get_if<BatchItem>(&event);
        if (ended == nullptr) {
            of_item.push_back(event);
            continue;
        }
        auto item = item_receipt(*ended, of_item, actions[ended->item], before[ended->item]);
        if (item.order) item.order = with_outcome(std::move(*item.order), outcome);
        out.items.push_back(std::move(item));
        of_item.clear();
    }
    return with_outcome(std::move(out), outcome);
}

Result<void> batch(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<BatchWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    OrderBatch body{account, wish.mode.value_or(BatchMode::atomic), {}};
    for (std::size_t i = 0; i < wish.items.size(); ++i) {
        ASTRO_TRY(auto action, action_of(desk, wish.items[i], account, i));
        body.actions.push_back(std::move(action));
    }
    const auto actions = body.actions;
    carry_out(desk, call, BatchOrders(std::move(body)), kUsdc, std::move(done),
              [actions,
               before = receipts_before(desk, wish, account)](const Outcome& outcome) -> Answered {
                  return net::json_response(to_json(batch_receipt(outcome, actions, before)), 201);
              });
    return {};
}

BatchWish example() {
    OrderWish order{.market = "SOL-PERP", .side = Side::buy, .size = Base{1'000'000'000}};
    order.price = Price{100'000'000};
    BatchItemWish place, cancel;
    place.place = order;
    cancel.cancel = CancelItem{std::nullopt, ClientId("grid-17")};
    return {std::nullopt, BatchMode::best_effort, {place, cancel}};
}

}  // namespace

std::vector<Route> batch_routes(Desk& desk) {
    Route route = writing_route(
        "POST", "/orders/batch",
        "Places, changes and cancels up to 100 orders of an account: all of it (atomic), or what "
        "is not refused (best_effort)",
        json_document(example()),
        {.status = 201,
         .summary = "What each has led to",
         .document = json_document<BatchReceipt>()},
        begun_by(desk, batch));
    route.blocking = true;  // asks what the orders were that it changes
    return {route};
}

}  // namespace astro::exchange
