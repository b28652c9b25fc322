/// What the venue's markets are besides their trades, minute by minute.
#include "capabilities/market/api.hpp"
#include "capabilities/market/api_parameters.hpp"
#include "foundation/base/json.hpp"

namespace astro::market {

struct SeriesFigures {
    std::string symbol, interval;
    std::vector<MarketFigures> figures;  ///< oldest first; an interval begins with its first minute
    std::optional<TimeMs> next{};        ///< `from` of the next page
};
BOOST_DESCRIBE_STRUCT(SeriesFigures, (), (symbol, interval, figures, next))

namespace {

using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

constexpr std::int64_t kFiguresMax = 5'000, kMinutesRead = 100'000;

/// Those of an interval as one; the state is that of its last minute.
std::vector<MarketFigures> by_interval(const std::vector<MarketFigures>& minutes,
                                       std::size_t interval) {
    std::vector<MarketFigures> out;
    for (MarketFigures figures : minutes) {
        figures.minute = candle_start(kCandleIntervals[interval], figures.minute);
        if (!out.empty() && out.back().minute == figures.minute)
            out.back() = joined(out.back(), figures);
        else
            out.push_back(figures);
    }
    return out;
}

Answered get_figures(const SeriesView& view, const Call& call) {
    const std::size_t interval = std::max(interval_of(call, "1m"), kMinutes);
    const CandleSpan span = span_of(call, interval, 500);
    SeriesFigures out{.symbol = symbol_of(call),
                      .interval = std::string(kCandleIntervals[interval].name),
                      .figures = {}};
    const std::int64_t minutes =
        kCandleIntervals[interval].length_ms / kCandleIntervals[kMinutes].length_ms;
    const auto wanted = static_cast<std::int64_t>(span.limit + 1) * minutes;
    ASTRO_TRY(
        const auto read,
        view.figures(out.symbol, {.from = candle_start(kCandleIntervals[interval], span.from),
                                  .to = span.to,
                                  .limit = static_cast<std::size_t>(std::min(wanted, kMinutesRead)),
                                  .oldest = span.oldest}));
    out.figures = by_interval(read, interval);
    if (out.figures.size() <= span.limit) return net::json_response(to_json(out));
    if (span.oldest) {
        out.next = out.figures[span.limit].minute;
        out.figures.resize(span.limit);
    } else {
        out.figures.erase(out.figures.begin(),
                          out.figures.end() - static_cast<std::ptrdiff_t>(span.limit));
    }
    return net::json_response(to_json(out));
}

}  // namespace

std::vector<Route> figure_routes(const SeriesView& view) {
    std::vector<Route> out;
    const RouteMaker add{out, view};
    add("/figures",
        "Open interest, funding, long and short accounts and liquidations of a market of the "
        "venue over time, oldest first; intervals from a minute on",
        with_span({symbol_parameter(), interval_parameter("1m")}, kFiguresMax),
        json_document<SeriesFigures>(), get_figures);
    out.back().weight = 10;
    return out;
}

}  // namespace astro::market
