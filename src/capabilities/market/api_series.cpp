/// Series: tickers, candles, trades, depth, indicators, tokens; and the channels.
#include <cmath>

#include "capabilities/market/api.hpp"
#include "capabilities/market/api_parameters.hpp"
#include "capabilities/market/api_tokens.hpp"
#include "capabilities/market/engine/indicators/indicator.hpp"
#include "foundation/base/json.hpp"

namespace astro::market {

struct SeriesTickers {
    std::vector<SeriesTicker> tickers;
};
BOOST_DESCRIBE_STRUCT(SeriesTickers, (), (tickers))

struct SeriesTrades {
    std::string symbol;
    std::vector<SeriesTrade> trades;  ///< newest first
};
BOOST_DESCRIBE_STRUCT(SeriesTrades, (), (symbol, trades))

struct SeriesCandles {
    std::string symbol, interval;
    std::vector<Candle> candles;   ///< oldest first
    std::optional<TimeMs> next{};  ///< `from` of the next page
};
BOOST_DESCRIBE_STRUCT(SeriesCandles, (), (symbol, interval, candles, next))

struct IndicatorValues {
    std::string name;
    std::vector<std::optional<double>> values;  ///< null before the first
};
BOOST_DESCRIBE_STRUCT(IndicatorValues, (), (name, values))
struct SeriesIndicators {
    std::string symbol, interval;
    std::int64_t warm_up = 0;  ///< candles before the first that the indicators have seen
    std::vector<TimeMs> starts;
    std::vector<IndicatorValues> indicators;
};
BOOST_DESCRIBE_STRUCT(SeriesIndicators, (), (symbol, interval, warm_up, starts, indicators))

namespace {

using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

constexpr std::int64_t kIndicatorBarsMax = 5'000, kWarmUp = 1'500;

Answered get_tickers(const SeriesView& view, const Call&) {
    return net::json_response(to_json(SeriesTickers{view.tickers()}));
}

Answered get_ticker(const SeriesView& view, const Call& call) {
    ASTRO_TRY(const auto ticker, view.ticker(symbol_of(call)));
    return net::json_response(to_json(ticker));
}

Answered get_trades(const SeriesView& view, const Call& call) {
    SeriesTrades out{.symbol = symbol_of(call), .trades = {}};
    ASTRO_TRY(
        out.trades,
        view.trades(out.symbol, static_cast<std::size_t>(call.integer("limit").value_or(100))));
    return net::json_response(to_json(out));
}

Answered get_depth(const SeriesView& view, const Call& call) {
    constexpr std::int64_t kPpmPerBps = 100;
    ASTRO_TRY(
        const auto depth,
        view.depth(symbol_of(call), static_cast<std::size_t>(call.integer("levels").value_or(100)),
                   call.integer("band_bps").value_or(100) * kPpmPerBps));
    return net::json_response(to_json(depth));
}

Answered get_candles(const SeriesView& view, const Call& call) {
    const std::size_t interval = interval_of(call, "1m");
    CandleSpan span = span_of(call, interval, 500);
    SeriesCandles out{.symbol = symbol_of(call),
                      .interval = std::string(kCandleIntervals[interval].name),
                      .candles = {}};
    ++span.limit;
    ASTRO_TRY(out.candles, view.candles(out.symbol, span));
    if (out.candles.size() == span.limit) {
        if (span.oldest) {
            out.next = out.candles.back().start;
            out.candles.pop_back();
        } else {
            out.candles.erase(out.candles.begin());
        }
    }
    return net::json_response(to_json(out));
}

double dollars(Price price) {
    return static_cast<double>(price.value()) / 1e6;
}

Answered get_indicators(const SeriesView& view, const Call& call) {
    ASTRO_TRY(const auto specs,
              parse_indicators(call.text("indicators").value_or("ema(20),rsi(14)")));
    const std::size_t interval = interval_of(call, "1h");
    const CandleSpan span = span_of(call, interval, 500);
    SeriesIndicators out{.symbol = symbol_of(call),
                         .interval = std::string(kCandleIntervals[interval].name),
                         .starts = {},
                         .indicators = {}};
    ASTRO_TRY(const auto shown, view.candles(out.symbol, span));
    std::vector<Candle> all;
    if (!shown.empty()) {
        ASTRO_TRY(all, view.candles(out.symbol, {.interval = interval,
                                                 .from = TimeMs{0},
                                                 .to = shown.front().start,
                                                 .limit = kWarmUp}));
    }
    out.warm_up = static_cast<std::int64_t>(all.size());
    all.insert(all.end(), shown.begin(), shown.end());
    IndicatorSet set(specs);
    for (const auto& name : set.names()) out.indicators.push_back({name, {}});
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Candle& c = all[i];
        const auto values = set.next({.start_ms = c.start.value(),
                                      .open = dollars(c.open),
                                      .high = dollars(c.high),
                                      .low = dollars(c.low),
                                      .close = dollars(c.close),
                                      .volume = static_cast<double>(c.volume.value()) / 1e9});
        if (i < static_cast<std::size_t>(out.warm_up)) continue;
        out.starts.push_back(c.start);
        for (std::size_t k = 0; k < values.size(); ++k)
            out.indicators[k].values.push_back(std::isfinite(values[k]) ? std::optional(values[k])
                                                                        : std::nullopt);
    }
    return net::json_response(to_json(out));
}

}  // namespace

std::vector<Route> series_routes(const SeriesView& view) {
    std::vector<Route> out;
    const RouteMaker add{out, view};
    const auto symbol = symbol_parameter();
    add("/tickers", "All series at a glance: the venue's markets and those of foreign exchanges",
        {}, json_document<SeriesTickers>(), get_tickers);
    add("/ticker", "One series at a glance", {symbol}, json_document<SeriesTicker>(), get_ticker);
    add("/candles", "Candles, oldest first: from `from` on, or else the newest",
        with_span({symbol, interval_parameter("1m")}, 5'000), json_document<SeriesCandles>(),
        get_candles);
    out.back().weight = 5;
    add("/trades", "Trades, newest first", {symbol, count_parameter("limit", "Trades", 1'000)},
        json_document<SeriesTrades>(), get_trades);
    add("/depth",
        "The order book by price level, with spread, depth around the middle and imbalance; of a "
        "foreign exchange its best bid and ask",
        {symbol, count_parameter("levels", "Levels of each side", 1'000),
         count_parameter("band_bps", "How far from the middle depth counts, basis points", 5'000)},
        json_document<SeriesDepth>(), get_depth);
    gateway::Parameter indicators{.name = "indicators",
                                  .summary =
                                      "Indicators by name (docs/market.md), separated by "
                                      "commas; ema(20),rsi(14) when it is not said",
                                  .length_max = 2'048,
                                  .example = "ema(20),macd(12,26,9)"};
    add("/indicators", "Indicators of a series' candles, oldest first",
        with_span({symbol, interval_parameter("1h"), indicators}, kIndicatorBarsMax),
        json_document<SeriesIndicators>(), get_indicators);
    out.back().weight = 10;
    add_token_routes(add);
    return out;
}

std::vector<gateway::Channel> series_channels() {
    gateway::Parameter symbols = symbol_parameter();
    symbols.summary = "Series, separated by commas";
    symbols.length_max = 1'024;
    symbols.several = true;
    gateway::Parameter intervals = interval_parameter("1m");
    intervals.summary = "Lengths of candles, separated by commas";
    intervals.several = true;
    const gateway::ChannelFilter of_symbol{symbols, gateway::Match::any_of, "symbol"};
    return {{.stream = std::string(kCandleStream),
             .summary = "Candles of foreign exchanges that changed",
             .filters = {of_symbol, {intervals, gateway::Match::any_of, "interval"}},
             .data = json_document<SeriesCandleUpdate>()},
            {.stream = std::string(kTradeStream),
             .summary = "Trades on foreign exchanges",
             .filters = {of_symbol},
             .data = json_document<SeriesTradeEvent>()}};
}

}  // namespace astro::market
