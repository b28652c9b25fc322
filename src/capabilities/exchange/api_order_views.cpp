#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/named_json.hpp"
#include "capabilities/exchange/queries.hpp"

/// Orders as they are, open or ended.
namespace astro::exchange {

struct OpenOrderList {
    std::vector<OpenOrder> orders;
};
BOOST_DESCRIBE_STRUCT(OpenOrderList, (), (orders))

namespace {

using gateway::Call;
using gateway::Route;

Answered list_open(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto accounts, own_accounts(desk, call));
    ASTRO_TRY(const auto market, market_parameter(desk, call));
    OpenOrderList out;
    desk.service.read([&](const Venue& venue) {
        for (const AccountId account : accounts)
            for (auto& order : open_orders(venue, account, market))
                out.orders.push_back(std::move(order));
    });
    return net::json_response(to_json(out));
}

std::optional<OpenOrder> find_open(Desk& desk, const std::vector<AccountId>& accounts,
                                   const auto& fits) {
    std::optional<OpenOrder> out;
    desk.service.read([&](const Venue& venue) {
        for (const AccountId account : accounts)
            for (auto& order : open_orders(venue, account, {}))
                if (!out && fits(order)) out = std::move(order);
    });
    return out;
}

Unexpected no_such_order() {
    return not_found("order_unknown", "the account has no such order, open or kept", "order");
}

/// An order that is open from the venue, one that has ended from the tables. The venue is asked
/// first: what ends meanwhile is in the tables a moment later, so they are asked twice.
Answered one_order(Desk& desk, HistoryQuery query, const auto& fits) {
    if (query.accounts.empty()) return no_such_order();
    if (const auto open = find_open(desk, query.accounts, fits))
        return net::json_response(to_json(*open));
    query.limit = 1;
    ASTRO_TRY(const auto page, orders_of(desk.store, query));
    if (page.items.empty()) return no_such_order();
    std::string out;
    append_named(desk.directory, out, page.items.front());
    return net::json_response(std::move(out));
}

Answered by_id(Desk& desk, const Call& call) {
    HistoryQuery query;
    ASTRO_TRY(query.accounts, own_accounts(desk, call));
    std::int64_t id = 0;
    if (!parse_decimal(*call.text("order"), 0, id) || id <= 0) return no_such_order();
    const OrderId order{static_cast<OrderId::Rep>(id)};
    query.order_id = order;
    return one_order(desk, std::move(query),
                     [&](const OpenOrder& o) { return o.order_id == order; });
}

Answered by_client_id(Desk& desk, const Call& call) {
    HistoryQuery query;
    ASTRO_TRY(query.accounts, own_accounts(desk, call));
    ClientId client_id;
    if (!from_text(*call.text("client_id"), client_id)) return no_such_order();
    query.client_id = client_id;
    return one_order(desk, std::move(query),
                     [&](const OpenOrder& o) { return o.client_id == client_id; });
}

std::string order_schema(SchemaBook& book) {
    return named_schema<OrderRecord>(book);
}

}  // namespace

std::vector<Route> order_view_routes(Desk& desk) {
    const auto account = account_parameter("Only of this account; else of all of the caller's");
    // An open order has the members of OpenOrder, one that has ended those of its history.
    const JsonDocument order{&order_schema, "{}"};
    std::vector<Route> out;
    out.push_back(reading_route("/orders", "Orders that rest or wait",
                                json_document<OpenOrderList>(), read_by(desk, list_open)));
    out.back().parameters = {account, market_parameter()};
    out.push_back(
        reading_route("/orders/{order}", "One order, open or ended", order, read_by(desk, by_id)));
    out.back().parameters = {
        {.name = "order", .summary = "Its id", .length_max = 20, .example = "16777216"}, account};
    out.push_back(reading_route("/orders/by-client-id/{client_id}",
                                "The newest order of that name, open or ended", order,
                                read_by(desk, by_client_id)));
    out.back().parameters = {{.name = "client_id",
                              .summary = "The client's own name of it",
                              .length_max = ClientId::kSizeMax,
                              .example = "grid-17"},
                             account};
    return out;
}

}  // namespace astro::exchange
