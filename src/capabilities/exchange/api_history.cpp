#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/named_json.hpp"
#include "capabilities/exchange/queries.hpp"

/// What has happened to the caller's accounts, from the tables.
namespace astro::exchange {
namespace {

using gateway::Call;
using gateway::Parameter;
using gateway::ParameterType;
using gateway::Route;

constexpr std::int64_t kPageMax = 500;

template <class T>
std::string page_schema(SchemaBook& book) {
    return R"({"type":"object","properties":{"items":{"type":"array","items":)" +
           named_schema<T>(book) + R"(},"next_cursor":{"type":["string","null"]}}})";
}

template <class T>
JsonDocument page_document() {
    return {&page_schema<T>, R"({"items":[],"next_cursor":null})"};
}

std::vector<Parameter> page_parameters() {
    return {account_parameter("Only of this account; else of all of the caller's"),
            market_parameter(),
            time_from_parameter("Not before"),
            time_to_parameter("Before"),
            {.name = "limit",
             .type = ParameterType::integer,
             .summary = "Items at most; 50",
             .minimum = 1,
             .maximum = kPageMax,
             .example = "50"},
            {.name = "cursor",
             .summary = "next_cursor of the page before",
             .length_max = 20,
             .example = "16777216"}};
}

/// Nothing when the caller has no account, and so no history.
Result<std::optional<HistoryQuery>> query_of(const Desk& desk, const Call& call) {
    HistoryQuery out;
    ASTRO_TRY(out.accounts, own_accounts(desk, call));
    if (out.accounts.empty()) return std::optional<HistoryQuery>();
    ASTRO_TRY(out.market, market_parameter(desk, call));
    if (const auto from = call.time("time_from")) out.from = to_time_ms(*from);
    if (const auto to = call.time("time_to")) out.to = to_time_ms(*to);
    if (const auto since = call.history_from())
        out.from = std::max(out.from.value_or(TimeMs{0}), to_time_ms(*since));
    out.limit = call.integer("limit").value_or(50);
    if (const auto cursor = call.text("cursor")) {
        std::int64_t place = 0;
        if (!parse_decimal(*cursor, 0, place) || place <= 0)
            return refusal("bad_cursor", "not a cursor that this server gave out", "cursor");
        out.before = Place{place};
    }
    return std::optional(out);
}

template <class T>
net::Response page_response(const Desk& desk, const Paged<T>& page) {
    std::string out = "{\"items\":[";
    for (std::size_t i = 0; i < page.items.size(); ++i) {
        if (i > 0) out.push_back(',');
        append_named(desk.directory, out, page.items[i]);
    }
    out.append("],\"next_cursor\":");
    append_json(out, page.next_before);
    return net::json_response(out + "}");
}

template <class T>
Route history_route(Desk& desk, std::string path, std::string summary,
                    Result<Paged<T>> (*ask)(store::Store&, const HistoryQuery&)) {
    Route out = reading_route(std::move(path), std::move(summary), page_document<T>(),
                              [&desk, ask](const Call& call) -> Answered {
                                  ASTRO_TRY(const auto query, query_of(desk, call));
                                  if (!query) return page_response(desk, Paged<T>{});
                                  ASTRO_TRY(const auto page, ask(desk.store, *query));
                                  return page_response(desk, page);
                              });
    out.parameters = page_parameters();
    out.history = true;
    return out;
}

Result<Paged<OrderRecord>> ended_orders(store::Store& store, const HistoryQuery& query) {
    HistoryQuery ended = query;
    ended.status = OrderStatus::closed;
    return orders_of(store, ended);
}

}  // namespace

std::vector<Route> history_routes(Desk& desk) {
    std::vector<Route> out;
    out.push_back(history_route(desk, "/orders/history", "Orders that have ended, newest first",
                                &ended_orders));
    out.push_back(history_route(desk, "/fills", "The caller's side of each trade", &fills_of));
    out.push_back(history_route(desk, "/funding-payments",
                                "Funding that was paid (negative) and received",
                                &funding_payments_of));
    out.push_back(history_route(desk, "/liquidations/mine",
                                "Steps of the caller's liquidations, with the margin that caused "
                                "them",
                                &liquidations));
    out.push_back(history_route(desk, "/deleveragings",
                                "Positions of the caller that were taken to close another's",
                                &deleveragings));
    out.push_back(history_route(desk, "/transfers",
                                "Deposits, withdrawals and what moved between accounts",
                                &transfers_of));
    out.push_back(
        history_route(desk, "/realized", "Profit and loss as positions realised it", &realized_of));
    return out;
}

}  // namespace astro::exchange
