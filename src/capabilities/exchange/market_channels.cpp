#include <algorithm>

#include "capabilities/exchange/market_api.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using gateway::Caller;
using gateway::Channel;
using gateway::ChannelFilter;
using gateway::FilterValues;
using gateway::Match;

ChannelFilter market_filter() {
    return {{.name = "market",
             .summary = "Symbols of markets, separated by commas",
             .length_max = 1'024,
             .several = true,
             .example = "SOL-PERP,BTC-PERP"},
            Match::any_of,
            "market"};
}

ChannelFilter interval_filter() {
    std::vector<std::string> names;
    for (const auto& interval : kCandleIntervals) names.emplace_back(interval.name);
    return {{.name = "interval",
             .summary = "Lengths of candles, separated by commas",
             .choices = std::move(names),
             .several = true,
             .example = "1m"},
            Match::any_of,
            "interval"};
}

std::vector<std::string> values_of(const FilterValues& filter, std::string_view name) {
    const auto at = std::ranges::find(filter, name, &FilterValues::value_type::first);
    return at == filter.end() ? std::vector<std::string>{} : at->second;
}

bool is_wanted(const std::vector<std::string>& wanted, std::string_view name) {
    return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
}

Result<std::string> books(const MarketTape& tape, const FilterValues& filter) {
    const auto wanted = values_of(filter, "market");
    std::string out = "{\"books\":[";
    for (const auto& symbol : tape.symbols()) {
        if (!is_wanted(wanted, symbol)) continue;
        if (out.back() != '[') out += ',';
        append_json(out, *tape.book(symbol));
    }
    return out + "]}";
}

Result<std::string> tickers(const MarketTape& tape, const FilterValues& filter) {
    const auto wanted = values_of(filter, "market");
    TickerList out = tape.tickers();
    std::erase_if(out.tickers, [&](const Ticker& t) { return !is_wanted(wanted, t.market); });
    return to_json(out);
}

Result<std::string> candles(const MarketTape& tape, const FilterValues& filter) {
    return to_json(
        tape.running_candles(values_of(filter, "market"), values_of(filter, "interval")));
}

}  // namespace

std::vector<Channel> market_channels(const MarketTape& tape) {
    const auto state = [&tape](
                           Result<std::string> (*read)(const MarketTape&, const FilterValues&)) {
        return
            [&tape, read](const Caller&, const FilterValues& filter) { return read(tape, filter); };
    };
    const auto channel = [](std::string_view stream, std::string summary, JsonDocument data) {
        return Channel{.stream = std::string(stream),
                       .summary = std::move(summary),
                       .filters = {market_filter()},
                       .data = std::move(data)};
    };
    std::vector<Channel> out;
    out.push_back(channel(kBookStream,
                          "Changes of the order book by price level; begins with {\"books\": […]}, "
                          "each as GET /api/v1/exchange/book gives it with all levels",
                          json_document<BookDelta>()));
    out.back().snapshot = state(books);
    out.push_back(channel(kTradeStream, "Trades", json_document<PublicTrade>()));
    out.push_back(channel(kPriceStream,
                          "A market at a glance, when something of it has changed; begins with "
                          "{\"tickers\": […]}",
                          json_document<Ticker>()));
    out.back().snapshot = state(tickers);
    out.push_back(channel(kCandleStream,
                          "Candles as they change and when they close; begins with {\"candles\": "
                          "[…]}, the newest of each",
                          json_document<CandleUpdate>()));
    out.back().filters.push_back(interval_filter());
    out.back().snapshot = state(candles);
    out.push_back(
        channel(kFundingStream, "Funding periods as they end", json_document<FundingPoint>()));
    out.push_back(channel(kLiquidationStream, "Liquidations, deleveraging and what insurance paid",
                          json_document<LiquidationNotice>()));
    out.push_back(channel(kMarketStream, "Markets that are listed or changed, with their settings",
                          json_document<MarketNotice>()));
    return out;
}

}  // namespace astro::exchange
