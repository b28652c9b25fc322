#include "capabilities/exchange/market_api.hpp"

#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using gateway::Call;
using gateway::Parameter;
using gateway::ParameterType;
using gateway::Route;
using Answered = Result<net::Response>;

const std::string kPrefix = "/api/v1/exchange";
constexpr std::int64_t kDepthMax = 1'000, kTradesMax = 1'000, kCandlesMax = 500, kPageMax = 500,
                       kOrdersMaxShown = 500;
/// The last millisecond of the year 9999.
constexpr std::int64_t kTimeMax = 253'402'300'799'999;
constexpr std::int64_t kNumberMax = 9'007'199'254'740'991;  // a double has it exactly

// ── parameters ──────────────────────────────────────────────────────────────────────────────────

Parameter market_parameter() {
    return {.name = "market",
            .summary = "Symbol of the market; without it the first one that is listed",
            .length_max = 32,
            .example = "SOL-PERP"};
}
Parameter count_parameter(std::string name, std::string summary, std::int64_t most) {
    return {.name = std::move(name),
            .type = ParameterType::integer,
            .summary = std::move(summary) + ", at most " + std::to_string(most),
            .minimum = 1,
            .maximum = most,
            .example = "50"};
}
Parameter time_parameter(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = ParameterType::integer,
            .summary = std::move(summary) + ", milliseconds since 1970",
            .minimum = 0,
            .maximum = kTimeMax,
            .example = "1795176000000"};
}
Parameter number_parameter(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = ParameterType::integer,
            .summary = std::move(summary),
            .minimum = 0,
            .maximum = kNumberMax,
            .example = "4711"};
}
Parameter interval_parameter() {
    std::vector<std::string> names;
    for (const auto& interval : kCandleIntervals) names.emplace_back(interval.name);
    return {.name = "interval",
            .summary = "Length of a candle; 1m when it is not said",
            .choices = std::move(names),
            .example = "1m"};
}

std::size_t count_of(const Call& call, std::string_view name, std::int64_t otherwise) {
    return static_cast<std::size_t>(call.integer(name).value_or(otherwise));
}
template <class T>
std::optional<T> number_of(const Call& call, std::string_view name) {
    const auto value = call.integer(name);
    if (!value) return std::nullopt;
    return T{static_cast<typename T::Rep>(*value)};
}

Unexpected unknown_market(std::string_view market) {
    return not_found("market_unknown", "there is no market '" + std::string(market) + "'",
                     "market");
}
std::string market_of(const MarketTape& tape, const Call& call) {
    if (const auto named = call.text("market")) return std::string(*named);
    const auto symbols = tape.symbols();
    return symbols.empty() ? std::string() : symbols.front();
}

// ── answers ─────────────────────────────────────────────────────────────────────────────────────

/// What the tape has of the market that is asked for, or that there is none.
template <class T>
Answered of_market(std::string_view market, const std::optional<T>& found) {
    if (!found) return unknown_market(market);
    return net::json_response(to_json(*found));
}

Answered get_market(const MarketTape& tape, const Call& call) {
    const auto market = market_of(tape, call);
    return of_market(market, tape.market(market));
}

Answered get_book(const MarketTape& tape, const Call& call) {
    const auto market = market_of(tape, call);
    const auto book = tape.book(market);
    if (!book) return unknown_market(market);
    const std::size_t depth = count_of(call, "depth", 100);
    BookSnapshot out = *book;
    out.bids.resize(std::min(depth, out.bids.size()));
    out.asks.resize(std::min(depth, out.asks.size()));
    return net::json_response(to_json(out));
}

std::optional<MarketId> find_market(const Venue& venue, std::string_view symbol) {
    for (std::size_t i = 0; i < venue.markets().size(); ++i)
        if (venue.markets()[i].settings.symbol == symbol)
            return MarketId{static_cast<std::uint16_t>(i)};
    return std::nullopt;
}

std::vector<BookOrder> shown(const std::vector<Venue::OrderView>& orders) {
    std::vector<BookOrder> out;
    for (const auto& order : orders) out.push_back({order.order, order.price, order.shown});
    return out;
}

Answered get_book_orders(const MarketTape& tape, Service& service, const Call& call) {
    BookOrders out{.market = market_of(tape, call)};
    const std::size_t count = count_of(call, "count", 100);
    std::vector<Venue::OrderView> bids, asks;
    bool is_known = false;
    service.read([&](const Venue& venue) {
        const auto market = find_market(venue, out.market);
        if (!market) return;
        is_known = true;
        out.seq = service.applied();
        out.time = venue.now();
        bids = venue.orders_on(*market, Side::buy, count);
        asks = venue.orders_on(*market, Side::sell, count);
    });
    if (!is_known) return unknown_market(out.market);
    out.bids = shown(bids);
    out.asks = shown(asks);
    return net::json_response(to_json(out));
}

Answered get_trades(const MarketTape& tape, const Call& call) {
    const auto market = market_of(tape, call);
    return of_market(market, tape.trades(market, number_of<TradeId>(call, "before"),
                                         count_of(call, "limit", 100)));
}

Answered get_candles(const MarketTape& tape, const Call& call) {
    const auto market = market_of(tape, call);
    const auto interval = market::find_interval(call.text("interval").value_or("1m"));
    return of_market(market, tape.candles({.market = market,
                                           .interval = interval.value_or(0),
                                           .from = number_of<TimeMs>(call, "from"),
                                           .to = number_of<TimeMs>(call, "to"),
                                           .count = count_of(call, "limit", kCandlesMax)}));
}

Answered get_fundings(const MarketTape& tape, const Call& call) {
    const auto market = market_of(tape, call);
    return of_market(market, tape.fundings(market, number_of<TimeMs>(call, "before"),
                                           count_of(call, "limit", 100)));
}

Answered get_liquidations(const MarketTape& tape, const Call& call) {
    const auto market = call.text("market");
    if (market && !tape.market(*market)) return unknown_market(*market);
    return net::json_response(to_json(tape.liquidations(market, number_of<Sequence>(call, "before"),
                                                        count_of(call, "limit", 100))));
}

// ── routes ──────────────────────────────────────────────────────────────────────────────────────

/// A route of what stands in memory.
Route reading(std::string path, std::string summary, std::vector<Parameter> parameters,
              JsonDocument answer, std::function<Answered(const Call&)> handler) {
    Route out{.path = kPrefix + std::move(path),
              .summary = std::move(summary),
              .parameters = std::move(parameters),
              .answers = {{.document = std::move(answer)}},
              .blocking = false,
              .tagged = true,
              .handler = std::move(handler)};
    for (const auto& parameter : out.parameters)
        if (parameter.name == "market") out.refusals = {404};
    return out;
}

void add_venue_routes(std::vector<Route>& out, const MarketTape& tape) {
    const auto all = [&](std::string path, std::string summary, JsonDocument answer, auto read) {
        out.push_back(reading(std::move(path), std::move(summary), {}, std::move(answer),
                              [&tape, read](const Call&) -> Answered {
                                  return net::json_response(to_json((tape.*read)()));
                              }));
        out.back().weight = 2;
    };
    all("/tickers", "All markets at a glance", json_document<TickerList>(), &MarketTape::tickers);
    all("/prices", "Index and mark prices, and what the oracle's guard thinks of them",
        json_document<OraclePriceList>(), &MarketTape::prices);
    all("/open-interest", "Open interest of all markets", json_document<OpenInterestList>(),
        &MarketTape::open_interest);
    all("/insurance", "The insurance fund, and how it came to what it is",
        json_document<InsuranceAnswer>(), &MarketTape::insurance);
    all("/stats", "The venue in numbers", json_document<VenueStats>(), &MarketTape::stats);
}

void add_market_routes(std::vector<Route>& out, const MarketTape& tape) {
    const auto get = [&](std::string path, std::string summary, std::vector<Parameter> parameters,
                         JsonDocument answer, Answered (*handler)(const MarketTape&, const Call&)) {
        out.push_back(reading(std::move(path), std::move(summary), std::move(parameters),
                              std::move(answer),
                              [&tape, handler](const Call& call) { return handler(tape, call); }));
    };
    Parameter named = market_parameter();
    named.summary = "Symbol of the market";
    get("/markets/{market}", "A market: its settings, its state and its figures", {named},
        json_document<MarketAnswer>(), get_market);
    get("/book", "The order book by price level, with the checksum of the whole",
        {market_parameter(), count_parameter("depth", "Levels of each side", kDepthMax)},
        json_document<BookSnapshot>(), get_book);
    out.back().weight = 2;
    get("/trades", "Trades, newest first",
        {market_parameter(), count_parameter("limit", "Trades", kTradesMax),
         number_parameter("before", "Only trades with a lower number: the last one of a page")},
        json_document<TradeList>(), get_trades);
    get("/candles", "Candles, oldest first: from `from` on, or else the newest",
        {market_parameter(), interval_parameter(),
         time_parameter("from", "First start of a candle"),
         time_parameter("to", "Only candles that start before"),
         count_parameter("limit", "Candles", kCandlesMax)},
        json_document<CandleList>(), get_candles);
    out.back().weight = 2;
    get("/funding/history", "Funding periods that have ended, newest first",
        {market_parameter(), time_parameter("before", "Only periods that ended before"),
         count_parameter("limit", "Periods", kPageMax)},
        json_document<FundingList>(), get_fundings);
    Parameter any = market_parameter();
    any.summary = "Symbol of a market; without it of all";
    get("/liquidations", "Liquidations, deleveraging and what insurance paid, newest first",
        {any, number_parameter("before", "Only of commands with a lower `seq`"),
         count_parameter("limit", "Entries", kPageMax)},
        json_document<LiquidationList>(), get_liquidations);
}

}  // namespace

std::vector<Route> market_routes(const MarketTape& tape, Service& service) {
    std::vector<Route> out;
    add_venue_routes(out, tape);
    add_market_routes(out, tape);
    Route orders = reading(
        "/book/orders", "The order book order by order, in the order they would be met",
        {market_parameter(), count_parameter("count", "Orders of each side", kOrdersMaxShown)},
        json_document<BookOrders>(),
        [&tape, &service](const Call& call) { return get_book_orders(tape, service, call); });
    orders.weight = 10;
    orders.blocking = true;
    out.push_back(std::move(orders));
    return out;
}

}  // namespace astro::exchange
