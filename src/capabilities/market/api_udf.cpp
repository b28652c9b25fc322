/// The datafeed that TradingView's charting libraries expect: "UDF", as its documentation has it
/// (Charting Library, Universal Datafeed). What goes wrong is told in its own way, with status 200.
#include <algorithm>
#include <charconv>

#include "capabilities/market/api.hpp"
#include "capabilities/market/api_parameters.hpp"
#include "foundation/base/json.hpp"

namespace astro::market {

struct UdfExchange {
    std::string value, name, desc;
};
BOOST_DESCRIBE_STRUCT(UdfExchange, (), (value, name, desc))
struct UdfSymbolType {
    std::string name, value;
};
BOOST_DESCRIBE_STRUCT(UdfSymbolType, (), (name, value))
struct UdfConfig {
    bool supports_search = true, supports_group_request = false, supports_marks = false,
         supports_timescale_marks = false, supports_time = true;
    std::vector<UdfExchange> exchanges;
    std::vector<UdfSymbolType> symbols_types;
    std::vector<std::string> supported_resolutions;
};
BOOST_DESCRIBE_STRUCT(UdfConfig, (),
                      (supports_search, supports_group_request, supports_marks,
                       supports_timescale_marks, supports_time, exchanges, symbols_types,
                       supported_resolutions))

/// Members of success, or `s` and `errmsg`.
struct UdfSymbol {
    std::optional<std::string> s, errmsg;
    std::optional<std::string> name, ticker, description, type, session, timezone, exchange,
        listed_exchange, format, currency_code, data_status;
    std::optional<std::int64_t> minmov, pricescale, volume_precision;
    std::optional<bool> has_intraday, has_seconds, has_daily, has_weekly_and_monthly;
    std::optional<std::vector<std::string>> seconds_multipliers, intraday_multipliers,
        daily_multipliers, weekly_multipliers, supported_resolutions;
};
BOOST_DESCRIBE_STRUCT(UdfSymbol, (),
                      (s, errmsg, name, ticker, description, type, session, timezone, exchange,
                       listed_exchange, format, currency_code, data_status, minmov, pricescale,
                       volume_precision, has_intraday, has_seconds, has_daily,
                       has_weekly_and_monthly, seconds_multipliers, intraday_multipliers,
                       daily_multipliers, weekly_multipliers, supported_resolutions))

struct UdfFound {
    std::string symbol, full_name, description, exchange, ticker, type;
};
BOOST_DESCRIBE_STRUCT(UdfFound, (), (symbol, full_name, description, exchange, ticker, type))

/// `ok` with bars, `no_data` (and when the last bar before was), or `error` with `errmsg`.
struct UdfHistory {
    std::string s{};
    std::optional<std::string> errmsg{};
    std::optional<std::int64_t> nextTime{};
    std::optional<std::vector<std::int64_t>> t{};
    std::optional<std::vector<double>> o{}, h{}, l{}, c{}, v{};
};
BOOST_DESCRIBE_STRUCT(UdfHistory, (), (s, errmsg, nextTime, t, o, h, l, c, v))

namespace {

using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

constexpr std::size_t kBarsMax = 20'000;
constexpr std::string_view kType = "crypto";

/// What a resolution is called there and here.
struct Resolution {
    std::string_view udf, interval;
};
constexpr std::array kResolutions{
    Resolution{"1S", "1s"},  Resolution{"1", "1m"},   Resolution{"3", "3m"},
    Resolution{"5", "5m"},   Resolution{"15", "15m"}, Resolution{"30", "30m"},
    Resolution{"60", "1h"},  Resolution{"120", "2h"}, Resolution{"240", "4h"},
    Resolution{"360", "6h"}, Resolution{"480", "8h"}, Resolution{"720", "12h"},
    Resolution{"1D", "1d"},  Resolution{"1W", "1w"}};

std::vector<std::string> resolutions() {
    std::vector<std::string> out;
    for (const auto& each : kResolutions) out.emplace_back(each.udf);
    return out;
}

/// "D" and "W" are said as well.
std::optional<std::size_t> interval_named(std::string_view resolution) {
    if (resolution == "D") resolution = "1D";
    if (resolution == "W") resolution = "1W";
    const auto at = std::ranges::find(kResolutions, resolution, &Resolution::udf);
    return at == kResolutions.end() ? std::nullopt : find_interval(at->interval);
}

/// "VENUE", "BINANCE_SPOT".
std::string exchange_of(const SeriesInfo& info) {
    std::string out = info.source;
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}
std::string name_of(const SeriesInfo& info) {
    const auto colon = info.symbol.find(':');
    return colon == std::string::npos ? info.symbol : info.symbol.substr(colon + 1);
}
std::string full_name_of(const SeriesInfo& info) {
    return exchange_of(info) + ":" + name_of(info);
}
std::string description_of(const SeriesInfo& info) {
    std::string out = info.base + " / " + info.quote;
    if (info.simulated) out += ", simulated";
    if (info.label != PriceLabel::live) out += ", " + std::string(enum_name(info.label));
    return out;
}

/// By our symbol (the `ticker` of an answer), or by "EXCHANGE:NAME".
std::optional<SeriesInfo> find_series(const SeriesView& view, std::string_view symbol) {
    if (auto info = view.info(symbol)) return std::move(*info);
    for (auto& info : view.series())
        if (full_name_of(info) == symbol || name_of(info) == symbol) return std::move(info);
    return std::nullopt;
}

net::Response error_answer(std::string_view message) {
    return net::json_response(R"({"s":"error","errmsg":")" + std::string(message) + R"("})");
}

Answered get_config(const SeriesView& view, const Call&) {
    UdfConfig out{.exchanges = {{"", "All", ""}},
                  .symbols_types = {{"All", ""}, {"Crypto", std::string(kType)}},
                  .supported_resolutions = resolutions()};
    for (const auto& info : view.series()) {
        const std::string name = exchange_of(info);
        if (std::ranges::find(out.exchanges, name, &UdfExchange::value) == out.exchanges.end())
            out.exchanges.push_back({name, name, name});
    }
    return net::json_response(to_json(out));
}

/// The step of a price as the charts want it: minmov / pricescale.
struct Scale {
    std::int64_t minmov, pricescale;
};
Scale scale_of(Price tick) {
    Scale out{std::max<std::int64_t>(tick.value(), 1), exchange::kQuoteUnit};
    while (out.minmov % 10 == 0 && out.pricescale > 1) {
        out.minmov /= 10;
        out.pricescale /= 10;
    }
    return out;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    out += (out.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + std::string(value);
}

/// Optional members that are absent are left out: a chart takes null for a value.
template <class T>
std::string without_absent(const T& object) {
    std::string out = "{";
    for_each_member(object, [&](std::string_view name, const auto& member) {
        if constexpr (astro::detail::kIsOptional<std::remove_cvref_t<decltype(member)>>) {
            if (member) append_member(out, name, to_json(*member));
        } else {
            append_member(out, name, to_json(member));
        }
    });
    return out + "}";
}

Answered get_symbol(const SeriesView& view, const Call& call) {
    const auto info = find_series(view, call.text("symbol").value_or(""));
    if (!info) return error_answer("unknown_symbol");
    const Scale scale = scale_of(info->tick);
    std::vector<std::string> minutes;
    for (const auto& each : kResolutions)
        if (each.udf.find_first_of("SDW") == std::string_view::npos) minutes.emplace_back(each.udf);
    UdfSymbol out;
    out.name = name_of(*info);
    out.ticker = info->symbol;
    out.description = description_of(*info);
    out.type = std::string(kType);
    out.session = "24x7";
    out.timezone = "Etc/UTC";
    out.exchange = out.listed_exchange = exchange_of(*info);
    out.format = "price";
    out.currency_code = info->quote;
    out.data_status = info->label == PriceLabel::live ? "streaming" : "delayed_streaming";
    out.minmov = scale.minmov;
    out.pricescale = scale.pricescale;
    out.volume_precision = 4;
    out.has_intraday = out.has_seconds = out.has_daily = out.has_weekly_and_monthly = true;
    out.seconds_multipliers = out.daily_multipliers = out.weekly_multipliers = {"1"};
    out.intraday_multipliers = std::move(minutes);
    out.supported_resolutions = resolutions();
    return net::json_response(without_absent(out));
}

bool holds(std::string_view text, std::string_view query) {
    return std::ranges::search(text, query, {}, ::toupper, ::toupper).begin() != text.end() ||
           query.empty();
}

Answered get_search(const SeriesView& view, const Call& call) {
    const auto query = call.text("query").value_or("");
    const auto exchange = call.text("exchange").value_or("");
    const auto type = call.text("type").value_or("");
    const auto limit = static_cast<std::size_t>(call.integer("limit").value_or(30));
    std::vector<UdfFound> out;
    for (const auto& info : view.series()) {
        if (out.size() == limit) break;
        if (!exchange.empty() && exchange != exchange_of(info)) continue;
        if (!type.empty() && type != kType) continue;
        if (!holds(full_name_of(info), query) && !holds(description_of(info), query)) continue;
        out.push_back({name_of(info), full_name_of(info), description_of(info), exchange_of(info),
                       info.symbol, std::string(kType)});
    }
    return net::json_response(to_json(out));
}

/// "[1,2,3]": exact decimals, as numbers.
template <class Of>
void append_array(std::string& out, std::string_view name, const std::vector<Candle>& candles,
                  Of of) {
    out += ",\"" + std::string(name) + "\":[";
    for (const auto& candle : candles) {
        if (out.back() != '[') out += ',';
        out += of(candle);
    }
    out += ']';
}

std::string bars_answer(const std::vector<Candle>& candles) {
    constexpr std::size_t kBytesABar = 96;
    std::string out = R"({"s":"ok")";
    out.reserve(candles.size() * kBytesABar);
    append_array(out, "t", candles,
                 [](const Candle& c) { return std::to_string(c.start.value() / 1'000); });
    append_array(out, "o", candles, [](const Candle& c) { return to_text(c.open); });
    append_array(out, "h", candles, [](const Candle& c) { return to_text(c.high); });
    append_array(out, "l", candles, [](const Candle& c) { return to_text(c.low); });
    append_array(out, "c", candles, [](const Candle& c) { return to_text(c.close); });
    append_array(out, "v", candles, [](const Candle& c) { return to_text(c.volume); });
    return out + "}";
}

/// Seconds since 1970, as charts send them: whole, below zero too. Nothing for another text.
std::optional<std::int64_t> seconds_of(const Call& call, std::string_view name) {
    constexpr std::int64_t kSecondsMax = kTimeMaxMs / 1'000;
    const auto text = call.text(name);
    if (!text) return std::nullopt;
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return std::clamp<std::int64_t>(out, 0, kSecondsMax);
}

/// Bars from `from` (or `countback` of them) to before `to`.
Answered get_history(const SeriesView& view, const Call& call) {
    const auto info = find_series(view, call.text("symbol").value_or(""));
    if (!info) return error_answer("unknown_symbol");
    const auto interval = interval_named(call.text("resolution").value_or(""));
    if (!interval) return error_answer("unknown_resolution");
    const auto from = seconds_of(call, "from"), to = seconds_of(call, "to");
    const auto countback = seconds_of(call, "countback");
    if (!to || (!from && !countback)) return error_answer("from and to are seconds since 1970");
    CandleSpan span{.interval = *interval,
                    .from = TimeMs{from.value_or(0) * 1'000},
                    .to = TimeMs{*to * 1'000},
                    .limit = kBarsMax};
    if (countback && *countback > 0) {
        span.from = TimeMs{0};
        span.limit = std::min(kBarsMax, static_cast<std::size_t>(*countback));
    }
    ASTRO_TRY(const auto candles, view.candles(info->symbol, span));
    if (!candles.empty()) return net::json_response(bars_answer(candles));
    ASTRO_TRY(
        const auto before,
        view.candles(info->symbol,
                     {.interval = *interval, .from = TimeMs{0}, .to = span.from, .limit = 1}));
    UdfHistory out{.s = "no_data"};
    if (!before.empty()) out.nextTime = before.back().start.value() / 1'000;
    return net::json_response(without_absent(out));
}

gateway::Parameter free_text(std::string name, std::string summary, std::string example) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .length_max = 64,
            .example = std::move(example)};
}

}  // namespace

std::vector<Route> udf_routes(const SeriesView& view, const Clock& clock) {
    std::vector<Route> out;
    const RouteMaker add{out, view};
    const auto symbol = free_text("symbol", "A ticker, or EXCHANGE:NAME", "SOL-PERP");
    add("/udf/config", "What the datafeed for TradingView's charts offers", {},
        json_document<UdfConfig>(), get_config);
    add("/udf/symbols", "A symbol; of none that there is {\"s\":\"error\"}", {symbol},
        json_document<UdfSymbol>(), get_symbol);
    add("/udf/search", "Symbols that hold a text",
        {free_text("query", "A part of a name", "SOL"), free_text("type", "crypto", "crypto"),
         free_text("exchange", "Of the configuration", "VENUE"),
         count_parameter("limit", "Symbols", 500)},
        json_document<std::vector<UdfFound>>(), get_search);
    add("/udf/history", "Bars: `ok`, `no_data` or `error`",
        {symbol, free_text("resolution", "1S, 1, 5, 60, 1D, 1W, …", "60"),
         free_text("from", "First second, since 1970", "1795000000"),
         free_text("to", "Bars begin before this second", "1795176000"),
         free_text("countback", "So many bars instead of those since `from`", "300")},
        json_document<UdfHistory>(), get_history);
    out.back().weight = 5;
    for (auto& route : out) route.refusals.clear();
    out.push_back({.path = "/api/v1/market/udf/time",
                   .summary = "Seconds since 1970, by the server's clock",
                   .answers = {{.document = {}, .content_type = "text/plain"}},
                   .blocking = false,
                   .handler = [&clock](const Call&) -> Answered {
                       net::Response response;
                       response.headers.add("content-type", "text/plain; charset=utf-8");
                       response.body = std::to_string(clock.now().value() / 1'000'000'000);
                       return response;
                   }});
    return out;
}

}  // namespace astro::market
