#pragma once

#include "capabilities/market/series_view.hpp"
#include "server/gateway/route.hpp"

/// What the routes of series have in common.
namespace astro::market {

inline constexpr std::int64_t kTimeMaxMs = 253'402'300'799'999;  ///< of the year 9999

[[nodiscard]] inline gateway::Parameter symbol_parameter() {
    return {.name = "symbol",
            .summary =
                "A series: SOL-PERP of the venue, binance_spot:BTCUSDT of an exchange; "
                "SOL-PERP when it is not said",
            .length_max = 64,
            .example = "SOL-PERP"};
}
[[nodiscard]] inline gateway::Parameter interval_parameter(std::string_view standard) {
    std::vector<std::string> names;
    for (const auto& interval : kCandleIntervals) names.emplace_back(interval.name);
    return {.name = "interval",
            .summary = "Length of a candle; " + std::string(standard) + " when it is not said",
            .choices = std::move(names),
            .example = std::string(standard)};
}
[[nodiscard]] inline gateway::Parameter count_parameter(std::string name, std::string summary,
                                                        std::int64_t most) {
    return {.name = std::move(name),
            .type = gateway::ParameterType::integer,
            .summary = std::move(summary) + ", at most " + std::to_string(most),
            .minimum = 1,
            .maximum = most,
            .example = "50"};
}
[[nodiscard]] inline gateway::Parameter time_parameter(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = gateway::ParameterType::integer,
            .summary = std::move(summary) + ", milliseconds since 1970",
            .minimum = 0,
            .maximum = kTimeMaxMs,
            .example = "1795176000000"};
}
[[nodiscard]] inline std::vector<gateway::Parameter> with_span(
    std::vector<gateway::Parameter> parameters, std::int64_t most) {
    parameters.push_back(time_parameter("from", "First start of a candle"));
    parameters.push_back(time_parameter("to", "Only candles that start before"));
    parameters.push_back(count_parameter("limit", "Candles", most));
    return parameters;
}

/// SOL-PERP when none is said: the venue's first.
[[nodiscard]] inline std::string symbol_of(const gateway::Call& call) {
    return std::string(call.text("symbol").value_or("SOL-PERP"));
}
[[nodiscard]] inline std::size_t interval_of(const gateway::Call& call, std::string_view standard) {
    return find_interval(call.text("interval").value_or(standard)).value_or(kMinutes);
}
[[nodiscard]] inline CandleSpan span_of(const gateway::Call& call, std::size_t interval,
                                        std::int64_t limit) {
    return {.interval = interval,
            .from = TimeMs{call.integer("from").value_or(0)},
            .to = TimeMs{call.integer("to").value_or(kTimeMaxMs)},
            .limit = static_cast<std::size_t>(call.integer("limit").value_or(limit)),
            .oldest = call.integer("from").has_value()};
}

/// Appends routes below /api/v1/market that read series.
struct RouteMaker {
    std::vector<gateway::Route>& out;
    const SeriesView& view;

    using Handler = Result<net::Response> (*)(const SeriesView&, const gateway::Call&);
    void operator()(std::string path, std::string summary,
                    std::vector<gateway::Parameter> parameters, JsonDocument answer,
                    Handler handler) const {
        const bool named = std::ranges::any_of(
            parameters, [](const auto& p) { return p.name == "symbol" || p.name == "symbols"; });
        out.push_back({.path = "/api/v1/market" + std::move(path),
                       .summary = std::move(summary),
                       .parameters = std::move(parameters),
                       .answers = {{.document = std::move(answer)}},
                       .refusals = named ? std::vector<int>{404} : std::vector<int>{},
                       .weight = 2,
                       .handler = [&view = view, handler](const gateway::Call& call) {
                           return handler(view, call);
                       }});
    }
};

}  // namespace astro::market
