#include <algorithm>

#include "capabilities/exchange/queries.hpp"
#include "foundation/base/json.hpp"
#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/exchange_info.hpp"
#include "server/dialects/binance/klines.hpp"
#include "server/dialects/binance/market_model.hpp"

/// What everybody may see: markets, books, trades, candles.
namespace astro::binance {
namespace {

using exchange::PublicTrade;
using market::CandleInterval;

constexpr std::size_t kTradesScanned = 10'000;  ///< as many as the venue keeps in memory
constexpr std::array kDepthLimits{5, 10, 20, 50, 100, 500, 1'000};
constexpr std::int64_t kKlinesMax = 1'500;
/// The week's candle of ours begins as Binance's does; theirs of three days and a month we lack.
std::vector<std::string> interval_names() {
    std::vector<std::string> out;
    for (const auto& interval : market::kCandleIntervals) out.emplace_back(interval.name);
    return out;
}

std::string any_object(SchemaBook&) {
    return R"({"type":"object"})";
}
std::string rows_schema(SchemaBook&) {
    return R"({"type":"array","items":{"type":"array","minItems":12,"maxItems":12}})";
}
JsonDocument rows_document() {
    return {
        &rows_schema,
        R"([[1764460800000,"100","101","99.5","100.5","12",1764460859999,"1203.5",8,"0","0","0"]])"};
}

std::vector<Level> levels(const std::vector<exchange::BookLevel>& from, std::size_t count) {
    std::vector<Level> out;
    for (std::size_t i = 0; i < std::min(count, from.size()); ++i)
        out.push_back({to_text(from[i].price), to_text(from[i].size)});
    return out;
}

Answered get_depth(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    const std::int64_t limit = form.integer("limit").value_or(500);
    if (std::ranges::find(kDepthLimits, limit) == kDepthLimits.end())
        return refusal(fault::kBadDepthLimit,
                       std::to_string(limit) +
                           " is not valid depth limit; valid are 5, 10, 20, 50, 100, 500, 1000.",
                       "limit");
    const auto book = around.tape.book(listed.name);
    const auto count = static_cast<std::size_t>(limit);
    return json_answer(Depth{book->seq.value(), now_ms(around), book->time.value(),
                             levels(book->bids, count), levels(book->asks, count)});
}

/// Oldest first.
std::vector<PublicTrade> trades_of(const Around& around, const Listed& listed, std::size_t count) {
    auto out = around.tape.trades(listed.name, {}, count)->trades;
    std::ranges::reverse(out);
    return out;
}

TradeAnswer trade_answer(const PublicTrade& trade) {
    return {trade.trade.value(),
            trade.price,
            trade.size,
            Quote{static_cast<std::int64_t>(exchange::notional(trade.price, trade.size))},
            trade.time.value(),
            trade.side == Side::sell};
}

Answered get_trades(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    const auto limit = static_cast<std::size_t>(form.integer("limit").value_or(500));
    std::vector<TradeAnswer> out;
    auto trades = trades_of(around, listed, form.has("fromId") ? kTradesScanned : limit);
    if (const auto from = form.integer("fromId"))
        std::erase_if(trades, [&](const PublicTrade& t) {
            return t.trade.value() < static_cast<std::uint64_t>(*from);
        });
    trades.resize(std::min(trades.size(), limit));
    for (const auto& trade : trades) out.push_back(trade_answer(trade));
    return json_answer(out);
}

/// Every trade is an aggregate of one: who took several prices has several.
Answered get_aggregates(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    const auto limit = static_cast<std::size_t>(form.integer("limit").value_or(500));
    const auto from = form.integer("startTime"), to = form.integer("endTime"),
               first = form.integer("fromId");
    if (from && to && *from > *to) return invalid("startTime", "it is after endTime.");
    auto trades = trades_of(around, listed, kTradesScanned);
    std::erase_if(trades, [&](const PublicTrade& t) {
        return (from && t.time.value() < *from) || (to && t.time.value() > *to) ||
               (first && t.trade.value() < static_cast<std::uint64_t>(*first));
    });
    // With a beginning they go on from there, without one they are the newest.
    const std::size_t count = std::min(trades.size(), limit);
    if (from || first)
        trades.resize(count);
    else
        trades.erase(trades.begin(), trades.end() - static_cast<std::ptrdiff_t>(count));
    std::vector<AggregateTrade> out;
    for (const auto& t : trades)
        out.push_back({t.trade.value(), t.price, t.size, t.trade.value(), t.trade.value(),
                       t.time.value(), t.side == Side::sell});
    return json_answer(out);
}

std::string rows_of(const std::vector<market::Candle>& candles, const CandleInterval& interval) {
    std::string out = "[";
    for (const auto& candle : candles) {
        if (out.size() > 1) out.push_back(',');
        append_kline(out, candle, interval);
    }
    return out + "]";
}

/// What span of candles a request asks for; -1102, -1130.
struct Asked {
    std::size_t place = 0;  ///< of the interval
    TimeMs from{}, last{};  ///< starts, both included
    std::size_t limit = 500;
    bool oldest = false;
};
Result<Asked> asked_of(const Around& around, const Form& form) {
    ASTRO_TRY(const auto name, form.needed("interval"));
    Asked out;
    out.place = *market::find_interval(name);
    out.limit = static_cast<std::size_t>(form.integer("limit").value_or(500));
    out.oldest = form.has("startTime");
    const auto from = form.integer("startTime").value_or(0);
    const auto to = std::min(form.integer("endTime").value_or(now_ms(around)), now_ms(around));
    if (form.has("endTime") && from > *form.integer("endTime"))
        return invalid("startTime", "it is after endTime.");
    out.from = TimeMs{from};
    out.last = start_of(market::kCandleIntervals[out.place], TimeMs{to});
    return out;
}

Answered get_klines(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const Asked asked, asked_of(around, form));
    const CandleInterval& interval = market::kCandleIntervals[asked.place];
    ASTRO_TRY(const auto candles,
              around.series.candles(listed.name, {.interval = asked.place,
                                                  .from = asked.from,
                                                  .to = TimeMs{asked.last.value() + 1},
                                                  .limit = asked.limit,
                                                  .oldest = asked.oldest}));
    return net::json_response(
        rows_of(without_holes(candles, interval, asked.last, asked.limit, asked.oldest), interval));
}

Read price_klines(Price exchange::PriceRecord::* which, const char* parameter) {
    return [which, parameter](const Around& around, const Form& form, const Call&) -> Answered {
        ASTRO_TRY(const auto symbol, form.needed(parameter));
        ASTRO_TRY(const Listed listed, find_listed(around, symbol));
        ASTRO_TRY(const Asked asked, asked_of(around, form));
        const CandleInterval& interval = market::kCandleIntervals[asked.place];
        const std::int64_t minutes =
            std::max<std::int64_t>(interval.length_ms / exchange::kMinuteMs, 1);
        ASTRO_TRY(
            const auto prices,
            exchange::minute_prices(
                around.desk.store,
                {.market = listed.id,
                 .from = asked.from,
                 .to =
                     TimeMs{asked.last.value() + std::max(interval.length_ms, exchange::kMinuteMs)},
                 .limit = std::min<std::int64_t>(static_cast<std::int64_t>(asked.limit) * minutes,
                                                 exchange::kSpanLimitMax),
                 .oldest = asked.oldest}));
        return net::json_response(
            rows_of(without_holes(price_candles(prices, which, interval), interval, asked.last,
                                  asked.limit, asked.oldest),
                    interval));
    };
}

std::vector<gateway::Parameter> kline_parameters(const std::string& symbol) {
    auto first = symbol_parameter();
    first.name = symbol;
    auto interval = choice_parameter("interval", "The length of a candle", interval_names());
    interval.example = "1m";
    return {std::move(first), std::move(interval),
            time_parameter("startTime", "Of the first candle at the earliest"),
            time_parameter("endTime", "Of the last one at the latest"),
            limit_parameter(kKlinesMax, 500)};
}

}  // namespace

std::vector<Route> market_routes(const Around& around) {
    const auto nothing = json_document<Nothing>();
    const auto trades = json_document<std::vector<TradeAnswer>>();
    const auto from_id = whole_parameter("fromId", "The first trade's number");
    const auto from = time_parameter("startTime", "Not before"),
               to = time_parameter("endTime", "Not after");
    std::vector<Route> out;
    out.push_back(public_route(around, "/fapi/v1/ping", "Answers", {}, nothing,
                               [](const Around&, const Form&, const Call&) -> Answered {
                                   return json_answer(Nothing{});
                               }));
    out.back().blocking = false;
    out.push_back(public_route(around, "/fapi/v1/time", "The server's time", {},
                               json_document<ServerTime>(),
                               [](const Around& a, const Form&, const Call&) -> Answered {
                                   return json_answer(ServerTime{now_ms(a)});
                               }));
    out.back().blocking = false;
    out.push_back(public_route(around, "/fapi/v1/exchangeInfo", "All markets with their filters",
                               {}, {&any_object, "{}"},
                               [](const Around& a, const Form&, const Call&) -> Answered {
                                   return net::json_response(exchange_info_json(a));
                               }));
    auto depth_limit = limit_parameter(1'000, 500);
    out.push_back(public_route(around, "/fapi/v1/depth", "The book by price level",
                               {symbol_parameter(), depth_limit}, json_document<Depth>(),
                               get_depth));
    out.push_back(public_route(around, "/fapi/v1/trades", "The newest trades, oldest first",
                               {symbol_parameter(), limit_parameter(1'000, 500)}, trades,
                               get_trades));
    out.push_back(public_route(around, "/fapi/v1/historicalTrades", "Trades from a number on",
                               {symbol_parameter(), limit_parameter(1'000, 500), from_id}, trades,
                               get_trades));
    out.push_back(public_route(around, "/fapi/v1/aggTrades", "Trades, each by itself",
                               {symbol_parameter(), from_id, from, to, limit_parameter(1'000, 500)},
                               json_document<std::vector<AggregateTrade>>(), get_aggregates));
    out.push_back(public_route(around, "/fapi/v1/klines", "Candles of trades, oldest first",
                               kline_parameters("symbol"), rows_document(), get_klines));
    out.push_back(public_route(around, "/fapi/v1/markPriceKlines", "Candles of the mark price",
                               kline_parameters("symbol"), rows_document(),
                               price_klines(&exchange::PriceRecord::mark, "symbol")));
    out.push_back(public_route(around, "/fapi/v1/indexPriceKlines", "Candles of the index",
                               kline_parameters("pair"), rows_document(),
                               price_klines(&exchange::PriceRecord::index_price, "pair")));
    return out;
}

}  // namespace astro::binance
