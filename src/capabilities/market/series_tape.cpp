#include "capabilities/market/series_tape.hpp"

#include <algorithm>

#include "foundation/base/json.hpp"

namespace astro::market {
namespace {

constexpr std::uint64_t kPruneEvery = 600;  ///< saves
constexpr std::size_t kCandlesRetained = 2'000, kTradesRetained = 5'000;

/// What is left of "BTCUSDT", "BTCUSD_PERP", "BTC-USD" and "BTC/USD" behind the base.
std::string quote_of(std::string_view symbol, std::string_view base) {
    if (!symbol.starts_with(base)) return "USD";
    symbol.remove_prefix(base.size());
    if (symbol.starts_with('-') || symbol.starts_with('/')) symbol.remove_prefix(1);
    return std::string(symbol.substr(0, symbol.find('_')));
}

/// Since when all trades are kept of which `oldest` is the first: since its minute, if that begins
/// with it.
TimeMs whole_since(const CandleBook& book, const CandleTrade& oldest) {
    const TimeMs minute = candle_start(kCandleIntervals[kMinutes], oldest.time);
    const auto& minutes = book.candles(kMinutes);
    const auto at = std::ranges::lower_bound(minutes, minute, std::less<>(), &Candle::start);
    const bool begins = at != minutes.end() && at->start == minute && at->first_trade == oldest.seq;
    return begins ? minute : TimeMs{oldest.time.value() + 1};
}

/// Exchanges of coins quote about six digits.
Price tick_of(Price price) {
    if (price >= Price{1'000'000'000}) return Price{10'000};
    return price >= Price{1'000'000} ? Price{100} : Price{1};
}

}  // namespace

SeriesTape::SeriesTape(store::Store& store, Bus& bus, const Clock& clock,
                       const CandleRetention& keep, SeriesJobs jobs)
    : store_(store), bus_(bus), clock_(clock), keep_(keep), jobs_(jobs) {}

Result<std::unique_ptr<SeriesTape>> SeriesTape::open(store::Store& store, Bus& bus,
                                                     const Clock& clock,
                                                     const CandleRetention& keep, SeriesJobs jobs) {
    auto out = std::make_unique<SeriesTape>(store, bus, clock, keep, jobs);
    // As with prices: counting on from the start gives out no seq of an earlier run.
    const auto start = static_cast<std::uint64_t>(clock.now().value() / 1'000);
    bus.declare(std::string(kCandleStream), kCandlesRetained, start);
    bus.declare(std::string(kTradeStream), kTradesRetained, start);
    ASTRO_CHECK(out->load());
    return out;
}

SeriesTape::Line::Line(SeriesInfo of)
    : info(std::move(of)), series(GateRules{.dense = info.source != kSolana}) {}

Result<void> SeriesTape::load() {
    ASTRO_TRY(const auto all, load_series(store_));
    for (const auto& info : all) ASTRO_CHECK(load_line(info));
    return {};
}

Result<void> SeriesTape::load_line(const SeriesInfo& info) {
    Line& line = lines_.try_emplace(info.symbol, info).first->second;
    line.is_new = false;
    for (std::size_t i = kCandleIntervals.size(); i-- > 0;) {
        ASTRO_TRY(const auto older, load_candles(store_, info.symbol,
                                                 {.interval = i,
                                                  .from = TimeMs{INT64_MIN},
                                                  .to = TimeMs{INT64_MAX},
                                                  .limit = CandleBook::kKept}));
        line.series.restore(i, older);
    }
    // What was stored is no news.
    line.series.candles().tell_changes(now_ms(), [](std::size_t, const Candle&, bool) {});
    ASTRO_TRY(auto gaps, load_gaps(store_, info.symbol));
    line.told_gaps = gaps;
    TradeGate& gate = line.series.gate();
    gate.resume(gate.last(), gate.last_time(), std::move(gaps));
    const bool chain = info.source == kSolana;
    ASTRO_TRY(const auto trades, load_trades(store_, info.symbol,
                                             {.from = TimeMs{INT64_MIN},
                                              .to = TimeMs{INT64_MAX},
                                              .limit = chain ? kChainTradesKept : kTradesKept}));
    line.trades.assign(trades.begin(), trades.end());
    line.whole_from = trades.empty() ? TimeMs{INT64_MAX}
                                     : whole_since(line.series.candles(), trades.front().trade);
    return {};
}

// ── what comes ──────────────────────────────────────────────────────────────────────────────────

/// The lock is held. Null: there are too many.
SeriesTape::Line* SeriesTape::line_of(const SourceTrade& seen) {
    const std::string symbol = series_symbol(seen.source, seen.symbol);
    const auto at = lines_.find(symbol);
    if (at != lines_.end()) return &at->second;
    if (lines_.size() == kSeriesMax) return nullptr;
    return &lines_
                .try_emplace(
                    symbol,
                    SeriesInfo{
                        .symbol = symbol,
                        .source = seen.source,
                        .base = seen.asset,
                        .quote =
                            seen.quote.empty() ? quote_of(seen.symbol, seen.asset) : seen.quote,
                        .label = seen.label,
                        .tick = seen.source == kSolana ? Price{1} : tick_of(seen.trade.price)})
                .first->second;
}

/// The lock is held.
void SeriesTape::keep(Line& line, const KeptTrade& trade) {
    if (keep_.trade_hours > 0) {
        auto& untold = untold_.trades;
        untold.insert_or_assign({line.info.symbol, trade.trade.seq}, trade);
        if (untold.size() > kUnsavedMax) untold.erase(untold.begin());
    }
    auto& kept = line.trades;
    const auto later = [](TradeSeq seq, const KeptTrade& each) { return seq < each.trade.seq; };
    kept.insert(std::upper_bound(kept.begin(), kept.end(), trade.trade.seq, later), trade);
    constexpr std::int64_t kChainMs = 120'000;
    const std::int64_t newest = kept.back().trade.time.value();
    const bool chain = line.info.source == kSolana;
    while (kept.size() > kTradesKept && (!chain || kept.size() > kChainTradesKept ||
                                         kept.front().trade.time.value() < newest - kChainMs)) {
        line.whole_from = TimeMs{kept.front().trade.time.value() + 1};
        kept.pop_front();
    }
}

void SeriesTape::on_trade(const SourceTrade& seen) {
    const TimeMs now = now_ms();
    std::string symbol;
    {
        const std::lock_guard lock(mutex_);
        Line* line = line_of(seen);
        if (line == nullptr) return;
        if (line->info.label != seen.label) {
            line->info.label = seen.label;
            line->is_new = true;
        }
        if (line->series.take(seen.trade, now)) return;
        keep(*line, {seen.trade, seen.side});
        symbol = line->info.symbol;
    }
    const SeriesTrade trade{seen.trade.seq, seen.trade.time, seen.trade.price, seen.trade.size,
                            seen.side};
    bus_.publish(kTradeStream, clock_.now(), std::string(kTradeStream),
                 to_json(SeriesTradeEvent{symbol, trade}), {{"symbol", symbol}});
}

void SeriesTape::on_quote(const SourceQuote& seen) {
    const std::lock_guard lock(mutex_);
    const auto at = lines_.find(series_symbol(seen.source, seen.symbol));
    if (at == lines_.end()) return;
    at->second.bid = seen.bid;
    at->second.ask = seen.ask;
    at->second.quoted = seen.time;
}

// ── what is told and written ────────────────────────────────────────────────────────────────────

void SeriesTape::tell() {
    const std::lock_guard telling(telling_);
    std::vector<SeriesCandleUpdate> updates;
    SeriesChanges changes;
    {
        const std::lock_guard lock(mutex_);
        const TimeMs now = now_ms();
        std::swap(changes, untold_);
        for (auto& [symbol, line] : lines_) {
            line.series.candles().tell_changes(
                now,
                [&, &symbol = symbol](std::size_t interval, const Candle& candle, bool closed) {
                    const CandleKey key{symbol, interval, candle.start};
                    changes.candles[key] = candle;
                    changes.no_candles.erase(key);
                    updates.push_back(
                        {symbol, std::string(kCandleIntervals[interval].name), closed, candle});
                });
            const auto& gaps = line.series.gate().gaps();
            if (gaps == line.told_gaps) continue;
            line.told_gaps = gaps;
            changes.gaps[symbol] = gaps;
        }
    }
    unsaved_.add(std::move(changes));
    for (const auto& update : updates)
        bus_.publish(kCandleStream, clock_.now(), std::string(kCandleStream), to_json(update),
                     {{"symbol", update.symbol}, {"interval", update.interval}});
}

Result<void> SeriesTape::save() {
    const std::lock_guard telling(telling_);
    unsaved_.series.clear();
    {
        const std::lock_guard lock(mutex_);
        for (auto& [symbol, line] : lines_)
            if (line.is_new) unsaved_.series.push_back(line.info);
    }
    if (unsaved_.empty()) return {};
    ASTRO_CHECK(run_job(jobs_.saving, [&] { return save_series(store_, unsaved_); }));
    {
        const std::lock_guard lock(mutex_);
        for (const auto& info : unsaved_.series) {
            Line& line = lines_.find(info.symbol)->second;
            line.is_new = line.info != info;
        }
    }
    unsaved_ = {};
    if (++saves_ % kPruneEvery == 1)
        return run_job(jobs_.pruning, [&] { return prune_series(store_, keep_, clock_.now()); });
    return {};
}

// ── what is read ────────────────────────────────────────────────────────────────────────────────

const SeriesTape::Line* SeriesTape::find(std::string_view symbol) const {
    const auto at = lines_.find(symbol);
    return at == lines_.end() ? nullptr : &at->second;
}

std::vector<SeriesInfo> SeriesTape::series() const {
    const std::lock_guard lock(mutex_);
    std::vector<SeriesInfo> out;
    for (const auto& [symbol, line] : lines_) out.push_back(line.info);
    return out;
}

std::optional<SeriesInfo> SeriesTape::info(std::string_view symbol) const {
    const std::lock_guard lock(mutex_);
    const Line* line = find(symbol);
    return line == nullptr ? std::nullopt : std::optional(line->info);
}

SeriesTicker SeriesTape::ticker_of(const Line& line, TimeMs now) const {
    const auto& book = line.series.candles();
    const DayFigures day = book.day(now);
    const auto& minutes = book.candles(kMinutes);
    SeriesTicker out{.symbol = line.info.symbol,
                     .source = line.info.source,
                     .label = line.info.label,
                     .time = std::max(line.series.gate().last_time(), line.quoted),
                     .last = minutes.empty() ? Price{} : minutes.back().close,
                     .open_24h = day.open,
                     .high_24h = day.high,
                     .low_24h = day.low,
                     .change_24h_bps = change_bps(day.open, day.close),
                     .volume_24h = day.volume,
                     .value_24h = day.value,
                     .trades_24h = day.trades,
                     .vwap_24h = volume_price(day.value, day.volume)};
    if (line.quoted != TimeMs{}) {
        out.best_bid = line.bid.price;
        out.best_ask = line.ask.price;
    }
    return out;
}

std::optional<SeriesTicker> SeriesTape::ticker(std::string_view symbol) const {
    const std::lock_guard lock(mutex_);
    const Line* line = find(symbol);
    return line == nullptr ? std::nullopt : std::optional(ticker_of(*line, now_ms()));
}

std::vector<Candle> SeriesTape::candles(std::string_view symbol, std::size_t interval) const {
    const std::lock_guard lock(mutex_);
    const Line* line = find(symbol);
    if (line == nullptr) return {};
    const auto& kept = line->series.candles().candles(interval);
    return {kept.begin(), kept.end()};
}

std::optional<std::vector<SeriesTrade>> SeriesTape::trades(std::string_view symbol,
                                                           std::size_t count) const {
    const std::lock_guard lock(mutex_);
    const Line* line = find(symbol);
    if (line == nullptr) return std::nullopt;
    std::vector<SeriesTrade> out;
    for (auto at = line->trades.rbegin(); at != line->trades.rend() && out.size() < count; ++at)
        out.push_back({at->trade.seq, at->trade.time, at->trade.price, at->trade.size, at->side});
    return out;
}

std::optional<SeriesDepth> SeriesTape::depth(std::string_view symbol) const {
    const std::lock_guard lock(mutex_);
    const Line* line = find(symbol);
    if (line == nullptr) return std::nullopt;
    SeriesDepth out{.symbol = line->info.symbol, .time = line->quoted};
    if (line->quoted == TimeMs{}) return out;
    out.bids = {{line->bid.price, line->bid.size}};
    out.asks = {{line->ask.price, line->ask.size}};
    return out;
}

std::vector<SeriesHealth> SeriesTape::health() const {
    const std::lock_guard lock(mutex_);
    std::vector<SeriesHealth> out;
    for (const auto& [symbol, line] : lines_) {
        const TradeGate& gate = line.series.gate();
        SeriesHealth health{.symbol = symbol,
                            .label = line.info.label,
                            .last_trade = gate.last(),
                            .last_time = gate.last_time(),
                            .taken = gate.admitted(),
                            .not_positive = gate.set_aside(TradeAside::not_positive),
                            .zero_size = gate.set_aside(TradeAside::zero_size),
                            .too_large = gate.set_aside(TradeAside::too_large),
                            .from_future = gate.set_aside(TradeAside::from_future),
                            .duplicate = gate.set_aside(TradeAside::duplicate),
                            .out_of_order = gate.set_aside(TradeAside::out_of_order),
                            .too_old = gate.set_aside(TradeAside::too_old),
                            .filled = line.filled,
                            .absent = line.absent,
                            .undone = line.undone,
                            .not_undone = line.not_undone};
        for (const auto& gap : gate.gaps()) health.missed += gap.last - gap.first + 1;
        out.push_back(std::move(health));
    }
    return out;
}

}  // namespace astro::market
