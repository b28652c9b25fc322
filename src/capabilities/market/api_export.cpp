/// Series to take away: CSV and Parquet of a date range.
#include "capabilities/market/api.hpp"
#include "capabilities/market/api_parameters.hpp"
#include "capabilities/market/tables.hpp"

namespace astro::market {
namespace {

using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

constexpr auto kRowsMax = static_cast<std::int64_t>(SeriesView::kCandlesMax);

struct CandleLine {
    TimeMs timestamp{};
    Price open{}, high{}, low{}, close{};
    Base volume{};
    Quote value{};
    std::int64_t trades = 0;
    TradeSeq first_trade{}, last_trade{};
};
BOOST_DESCRIBE_STRUCT(CandleLine, (),
                      (timestamp, open, high, low, close, volume, value, trades, first_trade,
                       last_trade))

struct TradeLine {
    TimeMs timestamp{};
    TradeSeq trade{};
    Price price{};
    Base size{};
    Quote value{};
    Side side = Side::buy;
};
BOOST_DESCRIBE_STRUCT(TradeLine, (), (timestamp, trade, price, size, value, side))

struct PriceLine {
    TimeMs timestamp{};
    Price index{}, mark{};
};
BOOST_DESCRIBE_STRUCT(PriceLine, (), (timestamp, index, mark))

struct FundingLine {
    TimeMs timestamp{};
    exchange::formulas::Rate rate{};
    Price index{};
};
BOOST_DESCRIBE_STRUCT(FundingLine, (), (timestamp, rate, index))

template <class Row>
Answered table(const Call& call, const std::vector<Row>& rows) {
    const bool parquet = call.text("format").value_or("csv") == "parquet";
    net::Response response;
    response.headers.add("content-type",
                         parquet ? "application/vnd.apache.parquet" : "text/csv; charset=utf-8");
    response.body = parquet ? parquet_table(rows) : csv_table(rows);
    return response;
}

TradeSpan trade_span(const Call& call) {
    const CandleSpan span = span_of(call, kMinutes, kRowsMax);
    return {.from = span.from, .to = span.to, .limit = span.limit, .oldest = span.oldest};
}

Answered export_candles(const SeriesView& view, const Call& call) {
    const std::size_t interval = interval_of(call, "1m");
    ASTRO_TRY(const auto candles, view.candles(symbol_of(call), span_of(call, interval, kRowsMax)));
    std::vector<CandleLine> out;
    for (const auto& c : candles)
        out.push_back({c.start, c.open, c.high, c.low, c.close, c.volume, c.value, c.trades,
                       c.first_trade, c.last_trade});
    return table(call, out);
}

Answered export_trades(const SeriesView& view, const Call& call) {
    ASTRO_TRY(const auto trades, view.stored_trades(symbol_of(call), trade_span(call)));
    std::vector<TradeLine> out;
    for (const auto& [trade, side] : trades)
        out.push_back({trade.time, trade.seq, trade.price, trade.size, trade.value, side});
    return table(call, out);
}

Answered export_prices(const SeriesView& view, const Call& call) {
    ASTRO_TRY(const auto prices,
              view.minute_prices(symbol_of(call), span_of(call, kMinutes, kRowsMax)));
    std::vector<PriceLine> out;
    for (const auto& price : prices) out.push_back({price.minute, price.index_price, price.mark});
    return table(call, out);
}

Answered export_funding(const SeriesView& view, const Call& call) {
    ASTRO_TRY(const auto fundings, view.fundings(symbol_of(call), trade_span(call)));
    std::vector<FundingLine> out;
    for (const auto& funding : fundings)
        out.push_back({funding.period_end, funding.rate, funding.index_price});
    return table(call, out);
}

Answered export_figures(const SeriesView& view, const Call& call) {
    const CandleSpan span = span_of(call, kMinutes, kRowsMax);
    ASTRO_TRY(const auto figures,
              view.figures(
                  symbol_of(call),
                  {.from = span.from, .to = span.to, .limit = span.limit, .oldest = span.oldest}));
    return table(call, figures);
}

std::vector<gateway::Parameter> range(std::string_view rows) {
    return {symbol_parameter(),
            time_parameter("from", "First time of a row"),
            time_parameter("to", "Only rows before"),
            count_parameter("limit", std::string(rows), kRowsMax),
            {.name = "format",
             .summary = "csv when it is not said",
             .choices = {"csv", "parquet"},
             .example = "parquet"}};
}

}  // namespace

std::vector<Route> export_routes(const SeriesView& view) {
    std::vector<Route> out;
    const RouteMaker add{out, view};
    const auto route = [&](std::string path, std::string summary,
                           std::vector<gateway::Parameter> parameters,
                           RouteMaker::Handler handler) {
        add(std::move(path), std::move(summary), std::move(parameters), {}, handler);
        out.back().answers = {{.content_type = "text/csv"},
                              {.content_type = "application/vnd.apache.parquet"}};
        out.back().weight = 50;
    };
    auto candles = range("Candles");
    candles.insert(candles.begin() + 1, interval_parameter("1m"));
    route("/candles/export", "Candles as CSV or Parquet, oldest first", std::move(candles),
          export_candles);
    route("/trades/export",
          "Trades as CSV or Parquet, oldest first; of the venue's markets the newest of the range, "
          "of others as long as market.trade_hours keeps them",
          range("Trades"), export_trades);
    route("/prices/export",
          "Index and mark of a market of the venue by minute, as CSV or Parquet, oldest first",
          range("Minutes"), export_prices);
    route("/funding/export",
          "Funding of a market of the venue as CSV or Parquet, the newest of the range, oldest "
          "first",
          range("Periods"), export_funding);
    route("/figures/export",
          "Open interest, funding, long and short accounts and liquidations of a market of the "
          "venue by minute, as CSV or Parquet, oldest first",
          range("Minutes"), export_figures);
    return out;
}

}  // namespace astro::market
