#include "capabilities/market/series_rows.hpp"

#include <algorithm>

#include "capabilities/market/engine/candle_row.hpp"
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
)sql"}};
}

Result<void> save_series(store::Store& store, const std::vector<SeriesInfo>& series,
                         const CandleRows& candles) {
    std::vector<store::Row> infos, rows;
    for (const auto& info : series) infos.push_back(store::to_row(info));
    for (const auto& [key, candle] : candles)
        rows.push_back(store::to_row(
            with_candle(SeriesCandleRow{.series = std::get<0>(key),
                                        .length_ms = kCandleIntervals[std::get<1>(key)].length_ms},
                        candle)));
    return store.write([&](store::Writer& writer) -> Result<void> {
        if (!infos.empty())
            ASTRO_CHECK(writer.execute_many(store::insert_sql<SeriesInfo>("market_series") +
                                                " ON CONFLICT (symbol) DO UPDATE SET "
                                                "label = excluded.label, tick = excluded.tick",
                                            infos));
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
        return {};
    });
}

Result<std::vector<SeriesInfo>> load_series(store::Store& store) {
    ASTRO_TRY(const auto rows, store.query("SELECT " + store::column_names<SeriesInfo>() +
                                           " FROM market_series ORDER BY symbol"));
    std::vector<SeriesInfo> out;
    for (const auto& row : rows) {
        ASTRO_TRY(auto info, store::from_row<SeriesInfo>(row));
        out.push_back(std::move(info));
    }
    return out;
}

Result<std::vector<Candle>> load_candles(store::Store& store, std::string_view series,
                                         const CandleSpan& span) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT " + store::column_names<SeriesCandleRow>() +
                              " FROM market_candles WHERE series = ? AND length_ms = ? AND "
                              "start >= ? AND start < ? ORDER BY start " +
                              (span.oldest ? "ASC" : "DESC") + " LIMIT ?",
                          {std::string(series), kCandleIntervals[span.interval].length_ms,
                           store::to_value(span.from), store::to_value(span.to),
                           static_cast<std::int64_t>(span.limit)}));
    std::vector<Candle> out;
    out.reserve(rows.size());
    for (const auto& row : rows) {
        ASTRO_TRY(const auto record, store::from_row<SeriesCandleRow>(row));
        out.push_back(to_candle(record));
    }
    if (!span.oldest) std::ranges::reverse(out);
    return out;
}

}  // namespace astro::market
