#include "capabilities/exchange/auction_stream.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/order_receipt.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// Taker orders in their auctions, and makers who fill them.
namespace astro::exchange {

struct AuctionFillWish {
    std::optional<AccountId> account{};  ///< none: the caller's first
    Base size{};                         ///< or what is left of it
    std::optional<Price> price{};        ///< none: the one that is the taker's due
    std::optional<Leg> leg{};
    std::optional<bool> reduce_only{};
    std::optional<ClientId> client_id{};
};
BOOST_DESCRIBE_STRUCT(AuctionFillWish, (), (account, size, price, leg, reduce_only, client_id))

namespace {

using gateway::Call;
using gateway::Route;

Answered list(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto market, market_parameter(desk, call));
    AuctionList out;
    desk.service.read(
        [&](const Venue& venue) { out = running_auctions(venue, desk.service.applied(), market); });
    return net::json_response(to_json(out));
}

/// A fill is one trade; its market is that of the trade.
OrderReceipt fill_receipt(const Desk& desk, const Outcome& outcome) {
    OrderReceipt out = order_receipt(*outcome.events, placed_order(*outcome.events, false));
    for (const Event& event : *outcome.events)
        if (const auto* traded = std::get_if<Traded>(&event);
            traded != nullptr && traded->maker_order == out.order_id)
            out.market = desk.directory.symbol(traded->market);
    return with_outcome(std::move(out), outcome);
}

Result<void> fill(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<AuctionFillWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    ASTRO_TRY(const OrderId auction, order_of(*call));
    const FillAuction body{.account = account,
                           .auction = auction,
                           .leg = wish.leg.value_or(Leg::net),
                           .reduce_only = wish.reduce_only.value_or(false),
                           .price = wish.price.value_or(Price{}),
                           .size = wish.size,
                           .client_id = wish.client_id.value_or(ClientId{})};
    carry_out(desk, call, body, kUsdc, std::move(done),
              [&desk](const Outcome& outcome) -> Answered {
                  return net::json_response(to_json(fill_receipt(desk, outcome)), 201);
              });
    return {};
}

}  // namespace

std::vector<Route> auction_routes(Desk& desk) {
    AuctionFillWish example{.size = Base{1'500'000'000}};
    example.price = Price{100'250'000};
    std::vector<Route> out;
    out.push_back(reading_route("/auctions", "Taker orders that makers may fill now, oldest first",
                                json_document<AuctionList>(), read_by(desk, list)));
    out.back().permission = gateway::kPublicPermission;
    out.back().parameters = {market_parameter()};
    out.push_back(writing_route(
        "POST", "/auctions/{order}/fill",
        "Trades with a taker order in its auction, at once; without a "
        "price at the one that is its due",
        json_document(example),
        {.status = 201, .summary = "What it has led to", .document = json_document<OrderReceipt>()},
        begun_by(desk, fill)));
    out.back().parameters = {order_parameter()};
    return out;
}

}  // namespace astro::exchange
