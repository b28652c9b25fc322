#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/order_receipt.hpp"
#include "capabilities/exchange/order_wish.hpp"
#include "foundation/base/read_json.hpp"

/// Placing, changing and cancelling orders.
namespace astro::exchange {
namespace {

using gateway::Call;
using gateway::Route;

const gateway::Parameter kClientIdParameter{.name = "client_id",
                                            .summary = "The client's own name of an order",
                                            .length_max = ClientId::kSizeMax,
                                            .example = "grid-17"};

Result<ClientId> client_id_of(const Call& call) {
    ClientId out;
    if (!from_text(*call.text("client_id"), out))
        return refusal("bad_parameter", "a client id is 1 to 36 of A-Z a-z 0-9 . _ : / -",
                       "client_id");
    return out;
}

Result<void> place(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<OrderWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    ASTRO_TRY(const MarketId market, market_of(desk, wish.market));
    ASTRO_TRY(auto body, command_of(wish, account, market));
    const bool waits = std::holds_alternative<PlaceConditional>(body);
    carry_out(desk, call, std::move(body), kUsdc, std::move(done),
              [market = wish.market, account, waits](const Outcome& outcome) -> Answered {
                  const OrderId id = placed_order(*outcome.events, waits);
                  OrderReceipt receipt = order_receipt(*outcome.events, id, {.market = market});
                  receipt.attached = attached_orders(*outcome.events, account, id);
                  return net::json_response(to_json(with_outcome(std::move(receipt), outcome)),
                                            201);
              });
    return {};
}

Result<void> amend(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<AmendWish>(call->request().body));
    ASTRO_TRY(const OrderId order, order_of(*call));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    if (!wish.price && !wish.size)
        return refusal("bad_body", "needs a price, a size or both", "price");
    OrderReceipt before;
    desk.service.read([&](const Venue& venue) { before = receipt_before(venue, account, order); });
    if (wish.size) before.size = *wish.size;
    carry_out(
        desk, call, AmendOrder{account, order, wish.price, wish.size}, kUsdc, std::move(done),
        [order, before = std::move(before), size = wish.size](const Outcome& outcome) -> Answered {
            OrderReceipt receipt = order_receipt(*outcome.events, order, before);
            if (size) receipt.size = *size;
            return net::json_response(to_json(with_outcome(std::move(receipt), outcome)));
        });
    return {};
}

Render cancelled(AccountId account) {
    return [account](const Outcome& outcome) -> Answered {
        CancelReceipt receipt{
            closed_orders(*outcome.events, account, CloseReason::cancelled), 0, {}, false};
        return net::json_response(to_json(with_outcome(std::move(receipt), outcome)));
    };
}

Result<void> cancel(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    ASTRO_TRY(const OrderId order, order_of(*call));
    carry_out(desk, call, CancelOrder{account, order}, kUsdc, std::move(done), cancelled(account));
    return {};
}

Result<void> cancel_by_client_id(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    ASTRO_TRY(const ClientId client_id, client_id_of(*call));
    carry_out(desk, call, CancelByClientId{account, client_id}, kUsdc, std::move(done),
              cancelled(account));
    return {};
}

Result<void> cancel_all(Desk& desk, const CallPtr& call, Route::Done done) {
    CancelAll body;
    ASTRO_TRY(body.account, own_account(desk, *call, call->integer("account")));
    ASTRO_TRY(body.market, market_parameter(desk, *call));
    Side side{};
    if (const auto text = call->text("side"); text && enum_from_name(*text, side)) body.side = side;
    carry_out(desk, call, body, kUsdc, std::move(done), cancelled(body.account));
    return {};
}

OrderWish example_order() {
    OrderWish out{.market = "SOL-PERP", .side = Side::buy, .size = Base{1'500'000'000}};
    out.price = Price{101'240'000};
    out.client_id = ClientId("grid-17");
    return out;
}

/// It takes away only what is the caller's own.
Route cancelling(Route route) {
    route.at_close = true;
    return route;
}

Route with(Route route, std::vector<gateway::Parameter> parameters) {
    route.parameters = std::move(parameters);
    return route;
}

}  // namespace

std::vector<Route> order_routes(Desk& desk) {
    const auto account = account_parameter("Whose orders; the caller's first account when absent");
    const gateway::Answer receipt{.summary = "What it has led to",
                                  .document = json_document<OrderReceipt>()};
    const gateway::Answer gone{.summary = "The orders that are cancelled",
                               .document = json_document<CancelReceipt>()};
    gateway::Answer made = receipt;
    made.status = 201;
    std::vector<Route> out;
    out.push_back(writing_route("POST", "/orders",
                                "Places an order: limit, market, conditional (`trigger`), one that "
                                "cancels another (`oco`), or a bracket",
                                json_document(example_order()), made, begun_by(desk, place)));
    auto amending =
        with(writing_route("PATCH", "/orders/{order}",
                           "Changes price or size; smaller at the same price keeps its place",
                           json_document(AmendWish{AccountId{0}, Price{101'250'000}, std::nullopt}),
                           receipt, begun_by(desk, amend)),
             {order_parameter()});
    amending.blocking = true;  // asks what the order was
    out.push_back(std::move(amending));
    out.push_back(cancelling(with(writing_route("DELETE", "/orders/{order}", "Cancels an order", {},
                                                gone, begun_by(desk, cancel)),
                                  {order_parameter(), account})));
    out.push_back(cancelling(with(writing_route("DELETE", "/orders/by-client-id/{client_id}",
                                                "Cancels the order of that name", {}, gone,
                                                begun_by(desk, cancel_by_client_id)),
                                  {kClientIdParameter, account})));
    out.push_back(
        cancelling(with(writing_route("DELETE", "/orders", "Cancels all orders of an account", {},
                                      gone, begun_by(desk, cancel_all)),
                        {account,
                         market_parameter(),
                         {.name = "side",
                          .summary = "Only of one side",
                          .choices = {"buy", "sell"},
                          .example = "buy"}})));
    return out;
}

}  // namespace astro::exchange
