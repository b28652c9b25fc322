#include "capabilities/market/figures.hpp"

#include <algorithm>
#include <cstdlib>

#include "capabilities/market/engine/candle.hpp"
#include "foundation/store/rows.hpp"

namespace astro::market {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::size_t kNoticesMax = exchange::MarketTape::kLiquidationsKept;

/// Names that no dialect has for something else.
struct FiguresRow {
    std::string symbol{};
    TimeMs minute_start{};
    Price index_price{}, mark_price{};
    Base open_interest{};
    Quote open_interest_value{};
    exchange::formulas::Rate funding_rate{};
    std::int64_t long_accounts = 0, short_accounts = 0;
    Base largest_long{}, largest_short{};
    std::int64_t liquidations = 0;
    Quote liquidated_long{}, liquidated_short{};
};
BOOST_DESCRIBE_STRUCT(FiguresRow, (),
                      (symbol, minute_start, index_price, mark_price, open_interest,
                       open_interest_value, funding_rate, long_accounts, short_accounts,
                       largest_long, largest_short, liquidations, liquidated_long,
                       liquidated_short))

FiguresRow row_of(const std::string& symbol, const MarketFigures& figures) {
    return {symbol,
            figures.minute,
            figures.index,
            figures.mark,
            figures.open_interest,
            figures.open_interest_value,
            figures.funding_rate,
            figures.long_accounts,
            figures.short_accounts,
            figures.largest_long,
            figures.largest_short,
            figures.liquidations,
            figures.liquidated_long,
            figures.liquidated_short};
}

MarketFigures figures_of(const FiguresRow& row) {
    return {row.minute_start,        row.index_price,   row.mark_price,    row.open_interest,
            row.open_interest_value, row.funding_rate,  row.long_accounts, row.short_accounts,
            row.largest_long,        row.largest_short, row.liquidations,  row.liquidated_long,
            row.liquidated_short};
}

Quote sum_of(Quote a, Quote b) {
    const Int128 sum = static_cast<Int128>(a.value()) + b.value();
    return Quote{static_cast<std::int64_t>(std::min<Int128>(sum, INT64_MAX))};
}

}  // namespace

MarketFigures joined(const MarketFigures& earlier, const MarketFigures& later) {
    MarketFigures out = later;
    out.minute = earlier.minute;
    out.liquidations += earlier.liquidations;
    out.liquidated_long = sum_of(earlier.liquidated_long, later.liquidated_long);
    out.liquidated_short = sum_of(earlier.liquidated_short, later.liquidated_short);
    return out;
}

std::vector<Positioning> positioning_of(const exchange::Venue& venue) {
    std::vector<Positioning> out(venue.markets().size());
    const auto& accounts = venue.accounts();
    for (std::uint32_t i = 0; i < accounts.size(); ++i)
        for (const auto& position : accounts[i].positions) {
            Positioning& market = out[position.market.value()];
            const Base size{std::abs(position.size.value())};
            if (position.size > Base{0}) {
                ++market.long_accounts;
                market.largest_long = std::max(market.largest_long, size);
            } else if (position.size < Base{0}) {
                ++market.short_accounts;
                market.largest_short = std::max(market.largest_short, size);
            }
        }
    return out;
}

void add_liquidations(MarketFigures& figures,
                      const std::vector<exchange::LiquidationNotice>& notices, TimeMs from,
                      TimeMs to) {
    using exchange::LiquidationKind;
    for (const auto& notice : notices) {
        const bool closes =
            notice.kind == LiquidationKind::liquidation || notice.kind == LiquidationKind::backstop;
        if (!closes || notice.time < from || notice.time >= to) continue;
        ++figures.liquidations;
        Quote& side =
            notice.side == exchange::Side::buy ? figures.liquidated_short : figures.liquidated_long;
        side = sum_of(side, notice.value.value_or(Quote{0}));
    }
}

store::Migration figures_migration() {
    return {"market", 3, R"sql(
CREATE TABLE market_figures (
    symbol TEXT NOT NULL,
    minute_start BIGINT NOT NULL,
    index_price BIGINT NOT NULL,
    mark_price BIGINT NOT NULL,
    open_interest BIGINT NOT NULL,
    open_interest_value BIGINT NOT NULL,
    funding_rate BIGINT NOT NULL,
    long_accounts BIGINT NOT NULL,
    short_accounts BIGINT NOT NULL,
    largest_long BIGINT NOT NULL,
    largest_short BIGINT NOT NULL,
    liquidations BIGINT NOT NULL,
    liquidated_long BIGINT NOT NULL,
    liquidated_short BIGINT NOT NULL,
    PRIMARY KEY (symbol, minute_start)
);
CREATE INDEX market_figures_minute ON market_figures (minute_start);
)sql"};
}

Result<void> save_figures(store::Store& store,
                          const std::map<std::string, MarketFigures>& by_symbol) {
    std::vector<store::Row> rows;
    for (const auto& [symbol, figures] : by_symbol)
        rows.push_back(store::to_row(row_of(symbol, figures)));
    if (rows.empty()) return {};
    return store.write([&](store::Writer& writer) -> Result<void> {
        ASTRO_CHECK(writer.execute_many(store::insert_sql<FiguresRow>("market_figures") +
                                            " ON CONFLICT (symbol, minute_start) DO NOTHING",
                                        rows));
        return {};
    });
}

Result<std::vector<MarketFigures>> load_figures(store::Store& store, std::string_view symbol,
                                                const FiguresSpan& span) {
    ASTRO_TRY(const auto rows,
              store::select<FiguresRow>(
                  store, "market_figures",
                  std::string("WHERE symbol = ? AND minute_start >= ? AND minute_start < ? "
                              "ORDER BY minute_start ") +
                      (span.oldest ? "ASC" : "DESC") + " LIMIT ?",
                  {std::string(symbol), store::to_value(span.from), store::to_value(span.to),
                   static_cast<std::int64_t>(span.limit)}));
    std::vector<MarketFigures> out;
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(figures_of(row));
    if (!span.oldest) std::ranges::reverse(out);
    return out;
}

Result<void> FigureSampler::tend(exchange::Service& venue, TimestampNs now) {
    const TimeMs minute = candle_start(kCandleIntervals[kMinutes], TimeMs{now.value() / 1'000'000});
    if (minute <= running_) return {};
    const TimeMs over = running_;
    running_ = minute;
    if (job_ != nullptr) job_->set_next(TimestampNs{(minute.value() + kMinuteMs) * 1'000'000});
    // Nobody has looked at what came before the first.
    if (over == TimeMs{} || over.value() + kMinuteMs != minute.value()) return {};
    return run_job(job_, [&] { return take(venue, over); });
}

Result<void> FigureSampler::take(exchange::Service& venue, TimeMs minute) {
    std::vector<Positioning> positioning;
    venue.read([&](const exchange::Venue& read) { positioning = positioning_of(read); });
    std::map<std::string, MarketFigures> by_symbol;
    const TimeMs end{minute.value() + kMinuteMs};
    const auto symbols = tape_.symbols();
    for (std::size_t i = 0; i < symbols.size() && i < positioning.size(); ++i) {
        const auto market = tape_.market(symbols[i]);
        if (!market) continue;
        const auto& ticker = market->ticker;
        MarketFigures figures{.minute = minute,
                              .index = ticker.index,
                              .mark = ticker.mark,
                              .open_interest = ticker.open_interest,
                              .open_interest_value = trade_value(ticker.mark, ticker.open_interest),
                              .funding_rate = ticker.funding_rate,
                              .long_accounts = positioning[i].long_accounts,
                              .short_accounts = positioning[i].short_accounts,
                              .largest_long = positioning[i].largest_long,
                              .largest_short = positioning[i].largest_short};
        add_liquidations(figures,
                         tape_.liquidations(symbols[i], std::nullopt, kNoticesMax).liquidations,
                         minute, end);
        by_symbol.emplace(symbols[i], figures);
    }
    ASTRO_CHECK(save_figures(store_, by_symbol));
    constexpr std::int64_t kDayMs = 86'400'000, kHourMs = 3'600'000;
    if (kept_days_ == 0 || minute.value() % kHourMs != 0) return {};
    return store_.write([&](store::Writer& writer) -> Result<void> {
        ASTRO_CHECK(writer.execute("DELETE FROM market_figures WHERE minute_start < ?",
                                   {minute.value() - kept_days_ * kDayMs}));
        return {};
    });
}

}  // namespace astro::market
