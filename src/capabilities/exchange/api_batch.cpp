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

/// Which market each item is of, as far as the request says it.
std::vector<std::string> markets_of(const BatchWish& wish) {
    std::vector<std::string> out;
    for (const auto& item : wish.items) out.push_back(item.place ? item.place->market : "");
    return out;
}

/// The events of a batch stand in the order of its items, each ended by its BatchItem.
BatchReceipt batch_receipt(const Events& events, const std::vector<std::string>& markets) {
    BatchReceipt out;
    Events of_item;
    for (const Event& event : events) {
        const auto* ended = std::get_if<BatchItem>(&event);
        if (ended == nullptr) {
            of_item.push_back(event);
            continue;
        }
        BatchItemReceipt item;
        if (ended->refusal) {
            item.code = std::string(enum_name(ended->refusal.code));
            item.detail = refusal_sentence(ended->refusal, {});
        } else {
            const std::string market = ended->item < markets.size() ? markets[ended->item] : "";
            item.order = order_receipt(of_item, ended->order, {.market = market});
        }
        out.items.push_back(std::move(item));
        of_item.clear();
    }
    return out;
}

Result<void> batch(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<BatchWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    OrderBatch body{account, wish.mode.value_or(BatchMode::atomic), {}};
    for (std::size_t i = 0; i < wish.items.size(); ++i) {
        ASTRO_TRY(auto action, action_of(desk, wish.items[i], account, i));
        body.actions.push_back(std::move(action));
    }
    carry_out(desk, call, BatchOrders(std::move(body)), kUsdc, std::move(done),
              [markets = markets_of(wish)](const Outcome& outcome) -> Answered {
                  BatchReceipt receipt = batch_receipt(*outcome.events, markets);
                  for (auto& item : receipt.items)
                      if (item.order) item.order = with_outcome(std::move(*item.order), outcome);
                  return net::json_response(to_json(with_outcome(std::move(receipt), outcome)),
                                            201);
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
    return {writing_route(
        "POST", "/orders/batch",
        "Places, changes and cancels up to 100 orders of an account: all of it (atomic), or what "
        "is not refused (best_effort)",
        json_document(example()),
        {.status = 201,
         .summary = "What each has led to",
         .document = json_document<BatchReceipt>()},
        [&desk](const CallPtr& call, Route::Done done) {
            return batch(desk, call, std::move(done));
        })};
}

}  // namespace astro::exchange
