#include "capabilities/market/series_view.hpp"

#include <algorithm>

namespace astro::market {
namespace {

constexpr std::string_view kVenue = "venue";
constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

Unexpected unknown(std::string_view symbol) {
    return not_found(
        "series_unknown",
        "there is no series '" + std::string(symbol) + "'; /api/v1/market/tickers lists them",
        "symbol");
}

SeriesInfo info_of(const exchange::MarketAnswer& market) {
    return {.symbol = market.settings.symbol,
            .source = std::string(kVenue),
            .base = market.settings.base_asset,
            .quote = market.settings.quote_asset,
            .label = PriceLabel::live,
            .simulated = market.simulated,
            .tick = market.settings.tick_size};
}

SeriesTicker ticker_of(const exchange::Ticker& t, bool simulated) {
    return {.symbol = t.market,
            .source = std::string(kVenue),
            .label = PriceLabel::live,
            .simulated = simulated,
            .time = t.time,
            .last = t.last,
            .best_bid = t.best_bid,
            .best_ask = t.best_ask,
            .open_24h = t.open_24h,
            .high_24h = t.high_24h,
            .low_24h = t.low_24h,
            .change_24h_bps = t.change_24h_bps,
            .volume_24h = t.volume_24h,
            .value_24h = t.value_24h,
            .trades_24h = t.trades_24h,
            .vwap_24h = volume_price(t.value_24h, t.volume_24h)};
}

/// Those of `candles` that the span asks for.
std::vector<Candle> cut(std::vector<Candle> candles, const CandleSpan& span) {
    std::erase_if(candles, [&](const Candle& candle) {
        return candle.start < span.from || candle.start >= span.to;
    });
    if (candles.size() <= span.limit) return candles;
    if (span.oldest)
        candles.resize(span.limit);
    else
        candles.erase(candles.begin(), candles.end() - static_cast<std::ptrdiff_t>(span.limit));
    return candles;
}

void set_figures(SeriesDepth& depth, std::int64_t band_ppm) {
    const auto levels_of = [](const std::vector<SeriesLevel>& levels) {
        std::vector<DepthLevel> out;
        for (const auto& level : levels) out.push_back({level.price, level.size});
        return out;
    };
    const auto bids = levels_of(depth.bids), asks = levels_of(depth.asks);
    depth.figures = book_figures({bids, asks}, band_ppm);
}

}  // namespace

std::optional<exchange::MarketId> SeriesView::market_of(std::string_view symbol) const {
    const auto symbols = venue_.symbols();
    const auto at = std::ranges::find(symbols, symbol);
    if (at == symbols.end()) return std::nullopt;
    return exchange::MarketId{static_cast<std::uint16_t>(at - symbols.begin())};
}

std::vector<SeriesInfo> SeriesView::series() const {
    std::vector<SeriesInfo> out;
    for (const auto& symbol : venue_.symbols())
        if (const auto market = venue_.market(symbol)) out.push_back(info_of(*market));
    for (auto& info : foreign_.series()) out.push_back(std::move(info));
    return out;
}

Result<SeriesInfo> SeriesView::info(std::string_view symbol) const {
    if (const auto market = venue_.market(symbol)) return info_of(*market);
    if (auto info = foreign_.info(symbol)) return std::move(*info);
    return unknown(symbol);
}

std::vector<SeriesTicker> SeriesView::tickers() const {
    std::vector<SeriesTicker> out;
    const auto venue = venue_.tickers();
    for (const auto& ticker : venue.tickers) out.push_back(ticker_of(ticker, venue.simulated));
    for (const auto& info : foreign_.series())
        if (auto ticker = foreign_.ticker(info.symbol)) out.push_back(std::move(*ticker));
    return out;
}

Result<SeriesTicker> SeriesView::ticker(std::string_view symbol) const {
    if (const auto market = venue_.market(symbol))
        return ticker_of(market->ticker, market->simulated);
    if (auto ticker = foreign_.ticker(symbol)) return std::move(*ticker);
    return unknown(symbol);
}

std::optional<exchange::Ticker> SeriesView::venue_ticker(std::string_view symbol) const {
    const auto market = venue_.market(symbol);
    return market ? std::optional(market->ticker) : std::nullopt;
}

Result<std::vector<SeriesTrade>> SeriesView::trades(std::string_view symbol,
                                                    std::size_t count) const {
    if (const auto list = venue_.trades(symbol, {}, count)) {
        std::vector<SeriesTrade> out;
        for (const auto& trade : list->trades)
            out.push_back(
                {TradeSeq{trade.trade.value()}, trade.time, trade.price, trade.size, trade.side});
        return out;
    }
    if (auto trades = foreign_.trades(symbol, count)) return std::move(*trades);
    return unknown(symbol);
}

Result<SeriesDepth> SeriesView::depth(std::string_view symbol, std::size_t levels,
                                      std::int64_t band_ppm) const {
    if (const auto book = venue_.book(symbol)) {
        SeriesDepth out{.symbol = book->market, .time = book->time};
        for (const auto& level : book->bids) out.bids.push_back({level.price, level.size});
        for (const auto& level : book->asks) out.asks.push_back({level.price, level.size});
        set_figures(out, band_ppm);
        out.bids.resize(std::min(levels, out.bids.size()));
        out.asks.resize(std::min(levels, out.asks.size()));
        return out;
    }
    auto out = foreign_.depth(symbol);
    if (!out) return unknown(symbol);
    set_figures(*out, band_ppm);
    return std::move(*out);
}

Result<std::vector<Candle>> SeriesView::stored(std::string_view symbol,
                                               std::optional<exchange::MarketId> market,
                                               const CandleSpan& span) const {
    if (!market) return load_candles(store_, symbol, span);
    return exchange::candles(store_, span.interval,
                             {.market = *market,
                              .from = span.from,
                              .to = span.to,
                              .limit = static_cast<std::int64_t>(span.limit),
                              .oldest = span.oldest});
}

Result<std::vector<Candle>> SeriesView::candles(std::string_view symbol,
                                                const CandleSpan& span) const {
    const auto market = market_of(symbol);
    if (!market && !foreign_.info(symbol)) return unknown(symbol);
    std::vector<Candle> kept;
    if (market) {
        if (auto list =
                venue_.candles({.market = symbol, .interval = span.interval, .count = kAll}))
            kept = std::move(list->candles);
    } else {
        kept = foreign_.candles(symbol, span.interval);
    }
    // Fewer than are kept are all there are.
    if (kept.size() < CandleBook::kKept || span.from >= kept.front().start)
        return cut(std::move(kept), span);
    const TimeMs begin = kept.front().start;
    auto newest = cut(std::move(kept), span);
    if (!span.oldest && newest.size() == span.limit) return newest;
    CandleSpan before = span;
    before.to = std::min(span.to, begin);
    ASTRO_TRY(auto older, stored(symbol, market, before));
    older.insert(older.end(), newest.begin(), newest.end());
    return cut(std::move(older), span);
}

// ── what is in the tables ───────────────────────────────────────────────────────────────────────

Result<exchange::MarketId> SeriesView::our_market(std::string_view symbol) const {
    if (const auto market = market_of(symbol)) return *market;
    if (!foreign_.info(symbol)) return unknown(symbol);
    return not_found(
        "series_not_ours",
        "'" + std::string(symbol) + "' is no market of the venue; only those have this", "symbol");
}

namespace {

/// Pages of a history, from the newest on, until there are so many; oldest first.
template <class Record, class Ask>
Result<std::vector<Record>> newest_of(exchange::MarketId market, const TradeSpan& span, Ask ask) {
    exchange::HistoryQuery query{.market = market, .from = span.from, .to = span.to};
    std::vector<Record> out;
    while (out.size() < span.limit) {
        query.limit = std::min<std::int64_t>(exchange::kHistoryLimitMax,
                                             static_cast<std::int64_t>(span.limit - out.size()));
        ASTRO_TRY(auto page, ask(query));
        out.insert(out.end(), page.items.begin(), page.items.end());
        if (!page.next_before) break;
        query.before = page.next_before;
    }
    std::ranges::reverse(out);
    return out;
}

}  // namespace

Result<std::vector<KeptTrade>> SeriesView::stored_trades(std::string_view symbol,
                                                         const TradeSpan& span) const {
    const auto market = market_of(symbol);
    if (!market) {
        if (!foreign_.info(symbol)) return unknown(symbol);
        return load_trades(store_, symbol, span);
    }
    ASTRO_TRY(const auto records,
              newest_of<exchange::TradeRecord>(*market, span, [&](const auto& query) {
                  return exchange::trades_of_market(store_, query);
              }));
    std::vector<KeptTrade> out;
    out.reserve(records.size());
    for (const auto& record : records)
        out.push_back({{TradeSeq{record.trade_id.value()}, record.time, record.price, record.size,
                        trade_value(record.price, record.size)},
                       record.taker_side});
    return out;
}

Result<std::vector<MarketFigures>> SeriesView::figures(std::string_view symbol,
                                                       const FiguresSpan& span) const {
    ASTRO_CHECK(our_market(symbol));
    return load_figures(store_, symbol, span);
}

Result<std::vector<exchange::PriceRecord>> SeriesView::minute_prices(std::string_view symbol,
                                                                     const CandleSpan& span) const {
    ASTRO_TRY(const auto market, our_market(symbol));
    return exchange::minute_prices(store_, {.market = market,
                                            .from = span.from,
                                            .to = span.to,
                                            .limit = static_cast<std::int64_t>(span.limit),
                                            .oldest = span.oldest});
}

Result<std::vector<exchange::FundingRecord>> SeriesView::fundings(std::string_view symbol,
                                                                  const TradeSpan& span) const {
    ASTRO_TRY(const auto market, our_market(symbol));
    return newest_of<exchange::FundingRecord>(
        market, span, [&](const auto& query) { return exchange::funding_history(store_, query); });
}

}  // namespace astro::market
