#include "capabilities/market/series_rows.hpp"

#include <algorithm>

#include "capabilities/market/engine/candle_row.hpp"
#include "capabilities/market/figures.hpp"
#include "foundation/store/rows.hpp"

namespace astro::market {
namespace {

struct SeriesCandleRow {
    std::string series{};
    std::int64_t length_ms = 0;
    TimeMs start{};
    Price open_price{}, high_price{}, low_price{}, close_price{};
    Base volume{};
    Quote volume_quote{};
    std::int64_t trades = 0;
    TradeSeq first_trade{}, last_trade{};
};
BOOST_DESCRIBE_STRUCT(SeriesCandleRow, (),
                      (series, length_ms, start, open_price, high_price, low_price, close_price,
                       volume, volume_quote, trades, first_trade, last_trade))

/// Names that no dialect has for something else.
struct SeriesTradeRow {
    std::string series{};
    TradeSeq number{};
    TimeMs at{};
    Price price{};
    Base size{};
    Quote value_quote{};
    Side side = Side::buy;
};
BOOST_DESCRIBE_STRUCT(SeriesTradeRow, (), (series, number, at, price, size, value_quote, side))

struct SeriesGapRow {
    std::string series{};
    TradeSeq first_missed{}, last_missed{};
    TimeMs after_time{}, before_time{};
};
BOOST_DESCRIBE_STRUCT(SeriesGapRow, (),
                      (series, first_missed, last_missed, after_time, before_time))

}  // namespace

std::vector<store::Migration> migrations() {
    return {{"market", 1, R"sql(
CREATE TABLE market_series (
    symbol TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    base TEXT NOT NULL,
    quote TEXT NOT NULL,
    label TEXT NOT NULL,
    simulated BOOLEAN NOT NULL,
    tick BIGINT NOT NULL
);
CREATE TABLE market_candles (
    series TEXT NOT NULL,
    length_ms BIGINT NOT NULL,
    start BIGINT NOT NULL,
    open_price BIGINT NOT NULL,
    high_price BIGINT NOT NULL,
    low_price BIGINT NOT NULL,
    close_price BIGINT NOT NULL,
    volume BIGINT NOT NULL,
    volume_quote BIGINT NOT NULL,
    trades BIGINT NOT NULL,
    first_trade BIGINT NOT NULL,
    last_trade BIGINT NOT NULL,
    PRIMARY KEY (series, length_ms, start)
);
CREATE INDEX market_candles_short ON market_candles (length_ms, start) WHERE length_ms < 3600000;
)sql"},
            {"market", 2, R"sql(
CREATE TABLE market_trades (
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    price BIGINT NOT NULL,
    size BIGINT NOT NULL,
    value_quote BIGINT NOT NULL,
    side TEXT NOT NULL,
    PRIMARY KEY (series, number)
);
CREATE INDEX market_trades_at ON market_trades (at);
CREATE TABLE market_gaps (
    series TEXT NOT NULL,
    first_missed BIGINT NOT NULL,
    last_missed BIGINT NOT NULL,
    after_time BIGINT NOT NULL,
    before_time BIGINT NOT NULL,
    PRIMARY KEY (series, first_missed)
);
)sql"},
            figures_migration()};
}

void SeriesChanges::add(SeriesChanges later) {
    for (const auto& key : later.no_candles) candles.erase(key);
    for (const auto& [key, candle] : later.candles) no_candles.erase(key);
    for (const auto& [symbol, first, last] : later.no_trades)
        trades.erase(trades.lower_bound({symbol, first}), trades.upper_bound({symbol, last}));
    // A map keeps its own where both have one: what is later must win.
    later.candles.merge(candles);
    candles = std::move(later.candles);
    later.trades.merge(trades);
    trades = std::move(later.trades);
    later.gaps.merge(gaps);
    gaps = std::move(later.gaps);
    no_candles.merge(later.no_candles);
    no_trades.insert(no_trades.end(), later.no_trades.begin(), later.no_trades.end());
    series = std::move(later.series);
}

namespace {

Result<void> write_candles(store::Writer& writer, const SeriesChanges& changes) {
    for (const auto& [series, interval, start] : changes.no_candles)
        ASTRO_CHECK(writer.execute(
            "DELETE FROM market_candles WHERE series = ? AND length_ms = ? AND start = ?",
            {series, kCandleIntervals[interval].length_ms, store::to_value(start)}));
    std::vector<store::Row> rows;
    for (const auto& [key, candle] : changes.candles)
        rows.push_back(store::to_row(
            with_candle(SeriesCandleRow{.series = std::get<0>(key),
                                        .length_ms = kCandleIntervals[std::get<1>(key)].length_ms},
                        candle)));
    if (rows.empty()) return {};
    ASTRO_CHECK(writer.execute_many(
        store::insert_sql<SeriesCandleRow>("market_candles") +
            " ON CONFLICT (series, length_ms, start) DO UPDATE SET "
            "open_price = excluded.open_price, high_price = excluded.high_price, "
            "low_price = excluded.low_price, close_price = excluded.close_price, "
            "volume = excluded.volume, volume_quote = excluded.volume_quote, "
            "trades = excluded.trades, first_trade = excluded.first_trade, "
            "last_trade = excluded.last_trade",
        rows));
    return {};
}

Result<void> write_trades(store::Writer& writer, const SeriesChanges& changes) {
    for (const auto& [series, first, last] : changes.no_trades)
        ASTRO_CHECK(writer.execute(
            "DELETE FROM market_trades WHERE series = ? AND number >= ? AND number <= ?",
            {series, store::to_value(first), store::to_value(last)}));
    std::vector<store::Row> rows;
    for (const auto& [key, kept] : changes.trades)
        rows.push_back(store::to_row(SeriesTradeRow{.series = key.first,
                                                    .number = kept.trade.seq,
                                                    .at = kept.trade.time,
                                                    .price = kept.trade.price,
                                                    .size = kept.trade.size,
                                                    .value_quote = kept.trade.value,
                                                    .side = kept.side}));
    if (rows.empty()) return {};
    ASTRO_CHECK(writer.execute_many(store::insert_sql<SeriesTradeRow>("market_trades") +
                                        " ON CONFLICT (series, number) DO NOTHING",
                                    rows));
    return {};
}

Result<void> write_gaps(store::Writer& writer, const SeriesChanges& changes) {
    std::vector<store::Row> rows;
    for (const auto& [series, gaps] : changes.gaps) {
        ASTRO_CHECK(writer.execute("DELETE FROM market_gaps WHERE series = ?", {series}));
        for (const auto& gap : gaps)
            rows.push_back(store::to_row(SeriesGapRow{.series = series,
                                                      .first_missed = TradeSeq{gap.first},
                                                      .last_missed = TradeSeq{gap.last},
                                                      .after_time = gap.from,
                                                      .before_time = gap.to}));
    }
    if (rows.empty()) return {};
    ASTRO_CHECK(writer.execute_many(store::insert_sql<SeriesGapRow>("market_gaps"), rows));
    return {};
}

}  // namespace

Result<void> save_series(store::Store& store, const SeriesChanges& changes) {
    std::vector<store::Row> infos;
    for (const auto& info : changes.series) infos.push_back(store::to_row(info));
    return store.write([&](store::Writer& writer) -> Result<void> {
        if (!infos.empty())
            ASTRO_CHECK(writer.execute_many(store::insert_sql<SeriesInfo>("market_series") +
                                                " ON CONFLICT (symbol) DO UPDATE SET "
                                                "label = excluded.label, tick = excluded.tick",
                                            infos));
        ASTRO_CHECK(write_candles(writer, changes));
        ASTRO_CHECK(write_trades(writer, changes));
        return write_gaps(writer, changes);
    });
}

Result<void> prune_series(store::Store& store, const CandleRetention& keep, TimestampNs now) {
    const std::int64_t now_ms = now.value() / 1'000'000;
    return store.write([&](store::Writer& writer) -> Result<void> {
        for (const auto& interval : kCandleIntervals) {
            const std::int64_t kept = kept_ms(interval, keep.seconds_hours, keep.minutes_days);
            if (kept == 0) continue;
            ASTRO_CHECK(writer.execute(
                "DELETE FROM market_candles WHERE length_ms < 3600000 AND length_ms = ? AND "
                "start < ?",
                {interval.length_ms, now_ms - kept}));
        }
        constexpr std::int64_t kHourMs = 3'600'000;
        ASTRO_CHECK(writer.execute("DELETE FROM market_trades WHERE at < ?",
                                   {now_ms - keep.trade_hours * kHourMs}));
        return {};
    });
}

Result<std::vector<SeriesInfo>> load_series(store::Store& store) {
    return store::select<SeriesInfo>(store, "market_series", "ORDER BY symbol");
}

Result<std::vector<Candle>> load_candles(store::Store& store, std::string_view series,
                                         const CandleSpan& span) {
    ASTRO_TRY(const auto rows,
              store::select<SeriesCandleRow>(
                  store, "market_candles",
                  std::string("WHERE series = ? AND length_ms = ? AND start >= ? AND start < ? "
                              "ORDER BY start ") +
                      (span.oldest ? "ASC" : "DESC") + " LIMIT ?",
                  {std::string(series), kCandleIntervals[span.interval].length_ms,
                   store::to_value(span.from), store::to_value(span.to),
                   static_cast<std::int64_t>(span.limit)}));
    std::vector<Candle> out;
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(to_candle(row));
    if (!span.oldest) std::ranges::reverse(out);
    return out;
}

Result<std::vector<TradeGate::Gap>> load_gaps(store::Store& store, std::string_view series) {
    ASTRO_TRY(const auto rows, store::select<SeriesGapRow>(store, "market_gaps",
                                                           "WHERE series = ? ORDER BY first_missed",
                                                           {std::string(series)}));
    std::vector<TradeGate::Gap> out;
    for (const auto& gap : rows)
        out.push_back(
            {gap.first_missed.value(), gap.last_missed.value(), gap.after_time, gap.before_time});
    return out;
}

Result<std::vector<KeptTrade>> load_trades(store::Store& store, std::string_view series,
                                           const TradeSpan& span) {
    ASTRO_TRY(const auto rows,
              store::select<SeriesTradeRow>(
                  store, "market_trades",
                  std::string("WHERE series = ? AND at >= ? AND at < ? ORDER BY number ") +
                      (span.oldest ? "ASC" : "DESC") + " LIMIT ?",
                  {std::string(series), store::to_value(span.from), store::to_value(span.to),
                   static_cast<std::int64_t>(span.limit)}));
    std::vector<KeptTrade> out;
    out.reserve(rows.size());
    for (const auto& trade : rows)
        out.push_back(
            {.trade = {trade.number, trade.at, trade.price, trade.size, trade.value_quote},
             .side = trade.side});
    if (!span.oldest) std::ranges::reverse(out);
    return out;
}

}  // namespace astro::market
