/// Figures over series: metrics, trends, comparison.
#include <algorithm>
#include <cmath>

#include "capabilities/market/api.hpp"
#include "capabilities/market/api_parameters.hpp"
#include "capabilities/market/engine/comparison.hpp"
#include "capabilities/market/engine/volatility.hpp"
#include "foundation/base/json.hpp"

namespace astro::market {

struct SeriesMetrics {
    SeriesTicker ticker{};
    BookFigures book{};  ///< depth within one per cent of the middle
    /// Realised, of a year, of minutes of the last hour, of hours of the last week; null while
    /// candles are missing.
    std::optional<double> volatility_1h{}, volatility_7d{};
    // Of the venue's markets.
    std::optional<Price> index{}, mark{};
    std::optional<Base> open_interest{};
    std::optional<Quote> open_interest_value{};
    std::optional<exchange::formulas::Rate> funding_rate{};
    // As of the last whole minute: accounts, their ratio, and who was closed out within a day.
    std::optional<std::int64_t> long_accounts{}, short_accounts{};
    std::optional<double> long_short_ratio{};  ///< of accounts; null while nobody is short
    std::optional<Base> largest_long{}, largest_short{};
    std::optional<std::int64_t> liquidations_24h{};
    std::optional<Quote> liquidated_long_24h{}, liquidated_short_24h{};
};
BOOST_DESCRIBE_STRUCT(SeriesMetrics, (),
                      (ticker, book, volatility_1h, volatility_7d, index, mark, open_interest,
                       open_interest_value, funding_rate, long_accounts, short_accounts,
                       long_short_ratio, largest_long, largest_short, liquidations_24h,
                       liquidated_long_24h, liquidated_short_24h))
struct MetricsList {
    std::vector<SeriesMetrics> metrics;
    std::vector<SeriesHealth> sources;  ///< what was taken and set aside
};
BOOST_DESCRIBE_STRUCT(MetricsList, (), (metrics, sources))

struct Trend {
    std::string symbol;
    Price from{}, to{}, high{}, low{};
    std::int64_t change_bps = 0, range_bps = 0;
    Quote value{};
    std::int64_t trades = 0;
};
BOOST_DESCRIBE_STRUCT(Trend, (),
                      (symbol, from, to, high, low, change_bps, range_bps, value, trades))
struct TrendList {
    std::string window;
    std::vector<Trend> gainers, losers;      ///< by their change; those that did not move in none
    std::vector<Trend> most_traded, widest;  ///< by value; by range
};
BOOST_DESCRIBE_STRUCT(TrendList, (), (window, gainers, losers, most_traded, widest))

struct Compared {
    std::string symbol{};
    std::vector<double> rebased{};  ///< closes; the first is 100
    double change = 0;
    std::optional<double> deviation{}, correlation{}, beta{};
};
BOOST_DESCRIBE_STRUCT(Compared, (), (symbol, rebased, change, deviation, correlation, beta))
struct ComparisonAnswer {
    std::string interval{};
    std::vector<TimeMs> starts{};  ///< of candles that all of them have
    std::vector<Compared> series{};
};
BOOST_DESCRIBE_STRUCT(ComparisonAnswer, (), (interval, starts, series))

namespace {

using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

constexpr std::int64_t kPercentPpm = 10'000;
constexpr std::size_t kComparedMax = 10;
constexpr std::size_t kAllLevels = 1'000;

/// Over `count` changes of `interval`: only when no candle is missing among them.
Result<std::optional<double>> volatility_of(const SeriesView& view, const std::string& symbol,
                                            std::size_t interval, std::size_t count) {
    ASTRO_TRY(const auto candles, view.candles(symbol, {.interval = interval,
                                                        .from = TimeMs{0},
                                                        .to = TimeMs{kTimeMaxMs},
                                                        .limit = count + 1}));
    const std::int64_t length = kCandleIntervals[interval].length_ms;
    RealisedVolatility volatility(count, static_cast<double>(length));
    TimeMs next{};
    for (const auto& candle : candles) {
        if (candle.start != next) volatility.add(0);  // begins anew
        volatility.add(static_cast<double>(candle.close.value()));
        next = TimeMs{candle.start.value() + length};
    }
    return volatility.value();
}

/// Of a market of the venue; nothing changes while there are none.
Result<void> add_figures(const SeriesView& view, SeriesMetrics& out) {
    constexpr std::int64_t kDayMs = 86'400'000;
    constexpr std::size_t kDayMinutes = 1'440;
    ASTRO_TRY(const auto day, view.figures(out.ticker.symbol, {.from = TimeMs{INT64_MIN},
                                                               .to = TimeMs{kTimeMaxMs},
                                                               .limit = kDayMinutes}));
    if (day.empty()) return {};
    MarketFigures all = day.back();
    for (std::size_t i = 0; i + 1 < day.size(); ++i)
        if (day.back().minute.value() - day[i].minute.value() < kDayMs) all = joined(day[i], all);
    out.long_accounts = all.long_accounts;
    out.short_accounts = all.short_accounts;
    if (all.short_accounts > 0)
        out.long_short_ratio =
            static_cast<double>(all.long_accounts) / static_cast<double>(all.short_accounts);
    out.largest_long = all.largest_long;
    out.largest_short = all.largest_short;
    out.liquidations_24h = all.liquidations;
    out.liquidated_long_24h = all.liquidated_long;
    out.liquidated_short_24h = all.liquidated_short;
    return {};
}

Result<SeriesMetrics> metrics_of(const SeriesView& view, SeriesTicker ticker) {
    SeriesMetrics out{.ticker = std::move(ticker)};
    ASTRO_TRY(const auto depth, view.depth(out.ticker.symbol, kAllLevels, kPercentPpm));
    out.book = depth.figures;
    ASTRO_TRY(out.volatility_1h, volatility_of(view, out.ticker.symbol, kMinutes, 60));
    ASTRO_TRY(out.volatility_7d, volatility_of(view, out.ticker.symbol, kHours, 7 * 24));
    if (const auto venue = view.venue_ticker(out.ticker.symbol)) {
        out.index = venue->index;
        out.mark = venue->mark;
        out.open_interest = venue->open_interest;
        out.open_interest_value = trade_value(venue->mark, venue->open_interest);
        out.funding_rate = venue->funding_rate;
        ASTRO_CHECK(add_figures(view, out));
    }
    return out;
}

Answered get_metrics(const SeriesView& view, const Call& call) {
    MetricsList out{.metrics = {}, .sources = view.health()};
    std::vector<SeriesTicker> tickers;
    if (const auto symbol = call.text("symbol")) {
        ASTRO_TRY(auto ticker, view.ticker(*symbol));
        tickers.push_back(std::move(ticker));
        std::erase_if(out.sources, [&](const auto& health) { return health.symbol != *symbol; });
    } else {
        tickers = view.tickers();
    }
    for (auto& ticker : tickers) {
        ASTRO_TRY(auto metrics, metrics_of(view, std::move(ticker)));
        out.metrics.push_back(std::move(metrics));
    }
    return net::json_response(to_json(out));
}

struct Window {
    std::string_view name;
    std::size_t interval;
    std::int64_t length_ms;
};
constexpr std::array kWindows{Window{"1h", kMinutes, 3'600'000}, Window{"24h", 3, 86'400'000},
                              Window{"7d", kHours, 604'800'000}};

Result<std::optional<Trend>> trend_of(const SeriesView& view, const SeriesTicker& ticker,
                                      const Window& window) {
    // The window ends with the newest trade, so that what is replayed has trends as well.
    ASTRO_TRY(auto candles,
              view.candles(ticker.symbol, {.interval = window.interval,
                                           .from = TimeMs{std::max<std::int64_t>(
                                               0, ticker.time.value() - window.length_ms)},
                                           .to = TimeMs{kTimeMaxMs},
                                           .limit = 2'000}));
    if (candles.empty()) return std::optional<Trend>{};
    Candle all = candles.front();
    for (std::size_t i = 1; i < candles.size(); ++i) join(all, candles[i]);
    return std::optional(Trend{.symbol = ticker.symbol,
                               .from = all.open,
                               .to = all.close,
                               .high = all.high,
                               .low = all.low,
                               .change_bps = change_bps(all.open, all.close),
                               .range_bps = change_bps(all.low, all.high),
                               .value = all.value,
                               .trades = all.trades});
}

std::vector<Trend> first_of(std::vector<Trend> trends, std::size_t count,
                            bool (*is_before)(const Trend&, const Trend&),
                            bool (*counts)(const Trend&)) {
    std::erase_if(trends, [&](const Trend& trend) { return !counts(trend); });
    std::ranges::stable_sort(trends, is_before);
    trends.resize(std::min(count, trends.size()));
    return trends;
}

Answered get_trends(const SeriesView& view, const Call& call) {
    const auto name = call.text("window").value_or("24h");
    const auto& window = *std::ranges::find(kWindows, name, &Window::name);
    const auto count = static_cast<std::size_t>(call.integer("limit").value_or(10));
    std::vector<Trend> all;
    for (const auto& ticker : view.tickers()) {
        ASTRO_TRY(auto trend, trend_of(view, ticker, window));
        if (trend) all.push_back(std::move(*trend));
    }
    const auto any = [](const Trend&) { return true; };
    TrendList out{.window = std::string(name),
                  .gainers = first_of(
                      all, count, [](auto& a, auto& b) { return a.change_bps > b.change_bps; },
                      [](const Trend& t) { return t.change_bps > 0; }),
                  .losers = first_of(
                      all, count, [](auto& a, auto& b) { return a.change_bps < b.change_bps; },
                      [](const Trend& t) { return t.change_bps < 0; }),
                  .most_traded = first_of(
                      all, count, [](auto& a, auto& b) { return a.value > b.value; }, any),
                  .widest = first_of(
                      all, count, [](auto& a, auto& b) { return a.range_bps > b.range_bps; }, any)};
    return net::json_response(to_json(out));
}

/// Closes at the starts that all have.
void align(std::vector<std::vector<Candle>>& all, ComparisonAnswer& out,
           std::vector<std::vector<double>>& closes) {
    closes.resize(all.size());
    for (const auto& candle : all.front()) {
        std::vector<double> row;
        for (const auto& other : all) {
            const auto at =
                std::ranges::lower_bound(other, candle.start, std::less<>(), &Candle::start);
            if (at == other.end() || at->start != candle.start) break;
            row.push_back(static_cast<double>(at->close.value()));
        }
        if (row.size() != all.size()) continue;
        out.starts.push_back(candle.start);
        for (std::size_t i = 0; i < row.size(); ++i) closes[i].push_back(row[i]);
    }
}

Answered get_comparison(const SeriesView& view, const Call& call) {
    const std::size_t interval = interval_of(call, "1h");
    const CandleSpan span = span_of(call, interval, 500);
    const auto symbols = gateway::split_list(call.text("symbols").value_or("SOL-PERP,BTC-PERP"));
    if (symbols.size() > kComparedMax)
        return refusal("too_many_series", "at most 10 series are compared", "symbols");
    ComparisonAnswer out{.interval = std::string(kCandleIntervals[interval].name)};
    std::vector<std::vector<Candle>> all;
    for (const auto symbol : symbols) {
        ASTRO_TRY(auto candles, view.candles(symbol, span));
        all.push_back(std::move(candles));
        out.series.push_back({.symbol = std::string(symbol)});
    }
    std::vector<std::vector<double>> closes;
    align(all, out, closes);
    const auto moves = compare(closes);
    for (std::size_t i = 0; i < moves.size(); ++i) {
        Compared& compared = out.series[i];
        compared.rebased = moves[i].rebased;
        compared.change = moves[i].change;
        compared.deviation = moves[i].deviation;
        compared.correlation = moves[i].correlation;
        compared.beta = moves[i].beta;
    }
    return net::json_response(to_json(out));
}

}  // namespace

std::vector<Route> analysis_routes(const SeriesView& view) {
    std::vector<Route> out;
    const RouteMaker add{out, view};
    gateway::Parameter one = symbol_parameter();
    one.summary = "Only this series";
    add("/metrics",
        "Figures of each series: the day, the book, realised volatility, open interest and "
        "funding; "
        "and what of sources' trades was set aside",
        {one}, json_document<MetricsList>(), get_metrics);
    out.back().weight = 10;
    gateway::Parameter window{.name = "window",
                              .summary =
                                  "How far back from the newest trade; 24h when it is not "
                                  "said",
                              .choices = {"1h", "24h", "7d"},
                              .example = "24h"};
    add("/trends", "What has risen, fallen, was traded and has swung most",
        {window, count_parameter("limit", "Series in each list", 100)}, json_document<TrendList>(),
        get_trends);
    out.back().weight = 10;
    gateway::Parameter symbols{.name = "symbols",
                               .summary =
                                   "Series, separated by commas, at most 10; the others are "
                                   "held against the first",
                               .length_max = 700,
                               .example = "SOL-PERP,BTC-PERP"};
    add("/comparison",
        "Series beside each other: closes rebased to 100, deviation, correlation and beta",
        with_span({symbols, interval_parameter("1h")}, 1'000), json_document<ComparisonAnswer>(),
        get_comparison);
    out.back().weight = 10;
    return out;
}

}  // namespace astro::market
