#include "capabilities/exchange/market_line.hpp"

#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

template <class T>
void keep(std::deque<T>& items, T item, std::size_t most) {
    if (items.size() == most) items.pop_front();
    items.push_back(std::move(item));
}

Quote value_of(Price price, Base size) {
    return Quote{static_cast<std::int64_t>(notional(price, size))};
}

std::int64_t change_bps(Price from, Price to) {
    if (from == Price{0}) return 0;
    return static_cast<std::int64_t>(static_cast<Int128>(to.value() - from.value()) * 10'000 /
                                     from.value());
}

}  // namespace

std::string verdict_reason(OracleVerdict verdict, const MarketSettings& settings) {
    const auto bps = [](std::int64_t value) { return std::to_string(value) + " bps"; };
    switch (verdict) {
        case OracleVerdict::non_positive:
            return "there is no price yet";
        case OracleVerdict::too_volatile:
            return "further than " + bps(settings.oracle_volatility_bps) +
                   " from its five-minute average";
        case OracleVerdict::too_uncertain:
            return "the source's own band is wider than " + bps(settings.oracle_confidence_bps);
        case OracleVerdict::stale:
        case OracleVerdict::aging:
            return "older than " + std::to_string(settings.oracle_stale_ms) + " ms";
        case OracleVerdict::insufficient_sources:
            return "too few sources agree";
        case OracleVerdict::divergent:
            return "further than " + bps(settings.oracle_divergence_bps) +
                   " from the other sources";
        case OracleVerdict::valid:
            return "within all limits";
    }
    return {};
}

// ── what comes ──────────────────────────────────────────────────────────────────────────────────

MarketNotice MarketLine::set_settings(const SettingsNow& now) {
    const bool is_state = settings_->state != now.settings->state;
    settings_ = now.settings;
    seq_ = now.seq;
    time_ = now.time;
    prices_changed_ = true;
    return {.market = symbol(),
            .change = is_state ? MarketChangeKind::state : MarketChangeKind::settings,
            .seq = now.seq,
            .time = now.time,
            .settings = *settings_};
}

void MarketLine::clear_book() {
    for (const Side side : {Side::buy, Side::sell})
        for (const auto& level : book_.levels(side)) book_.set(side, level.price, Base{0});
}

void MarketLine::set_level(const LevelNow& level, Sequence seq, TimeMs time) {
    book_.set(level.side, level.price, level.size);
    book_seq_ = seq;
    book_time_ = time;
}

void MarketLine::set_prices(const PriceNow& prices, Sequence seq, TimeMs time) {
    prices_ = prices;
    seq_ = seq;
    time_ = time;
    prices_changed_ = true;
}

PublicTrade MarketLine::add_trade(const TradeNow& trade) {
    candles_.add({market::TradeSeq{trade.trade.value()}, trade.time, trade.price, trade.size,
                  value_of(trade.price, trade.size)});
    candles_changed_ = true;
    keep(trades_, trade, options_.trades_kept);
    return to_public(trade);
}

FundingPoint MarketLine::add_funding(const FundingNow& funding) {
    const FundingSettled& settled = funding.settled;
    FundingPoint out{.market = symbol(),
                     .seq = funding.seq,
                     .period_end = settled.period_end,
                     .rate = settled.rate,
                     .index = settled.index,
                     .per_base = settled.per_base,
                     .samples = settled.samples};
    keep(fundings_, out, options_.fundings_kept);
    return out;
}

void MarketLine::restore(const MarketPast& past) {
    for (std::size_t i = 0; i < kCandleIntervals.size(); ++i) candles_.restore(i, past.candles[i]);
    const auto before = [](auto& kept, const auto& older, std::size_t most, auto key) {
        for (auto at = older.rbegin(); at != older.rend() && kept.size() < most; ++at)
            if (kept.empty() || key(*at) < key(kept.front())) kept.push_front(*at);
    };
    before(trades_, past.trades, options_.trades_kept, [](const TradeNow& t) { return t.trade; });
    std::vector<FundingPoint> fundings = past.fundings;
    for (auto& funding : fundings) funding.market = symbol();
    before(fundings_, fundings, options_.fundings_kept,
           [](const FundingPoint& f) { return f.period_end; });
}

void MarketLine::begin(TimeMs now) {
    const auto nobody = [](std::string_view, TimeMs, std::string, const Tags&) {};
    publish(TimestampNs{}, now, true, nobody);
    book_due_ = price_due_ = candle_due_ = TimestampNs{};
}

// ── what is told ────────────────────────────────────────────────────────────────────────────────

std::optional<TimestampNs> MarketLine::publish(TimestampNs now, TimeMs venue_time, bool all,
                                               const Tell& tell) {
    std::optional<TimestampNs> next;
    // True when it may be told; else notes when.
    const auto is_due = [&](bool changed, TimestampNs& due, DurationNs every) {
        if (!changed) return false;
        if (all || due <= now) {
            due = now + every;
            return true;
        }
        next = std::min(next.value_or(due), due);
        return false;
    };
    if (is_due(book_.has_pending(), book_due_, options_.book_every)) publish_book(tell);
    if (is_due(prices_changed_, price_due_, options_.price_every)) {
        prices_changed_ = false;
        tell(kPriceStream, time_, to_json(ticker(venue_time)), {{"market", symbol()}});
    }
    // A candle also changes by its time being over, of which nobody tells.
    if (is_due(candles_changed_, candle_due_, options_.candle_every) || candle_due_ <= now) {
        candle_due_ = now + options_.candle_every;
        candles_changed_ = false;
        publish_candles(venue_time, tell);
    }
    return next;
}

void MarketLine::publish_book(const Tell& tell) {
    auto changed = book_.commit();
    if (changed.empty()) return;
    view_.reset();
    checksum_ = book_.checksum();
    const BookDelta delta{.market = symbol(),
                          .seq = book_seq_,
                          .prev_seq = book_told_seq_,
                          .time = book_time_,
                          .checksum = checksum_,
                          .bids = std::move(changed.bids),
                          .asks = std::move(changed.asks)};
    book_told_seq_ = book_seq_;
    book_told_time_ = book_time_;
    tell(kBookStream, book_time_, to_json(delta), {{"market", symbol()}});
}

void MarketLine::publish_candles(TimeMs venue_time, const Tell& tell) {
    candles_.tell_changes(venue_time, [&](std::size_t interval, const Candle& candle, bool closed) {
        const std::string name(kCandleIntervals[interval].name);
        const CandleUpdate update{
            .market = symbol(), .interval = name, .seq = seq_, .closed = closed, .candle = candle};
        tell(kCandleStream, venue_time, to_json(update),
             {{"market", symbol()}, {"interval", name}});
    });
}

// ── what is read ────────────────────────────────────────────────────────────────────────────────

std::shared_ptr<const BookSnapshot> MarketLine::book() const {
    if (!view_)
        view_ =
            std::make_shared<const BookSnapshot>(BookSnapshot{.market = symbol(),
                                                              .seq = book_told_seq_,
                                                              .time = book_told_time_,
                                                              .checksum = checksum_,
                                                              .bids = book_.levels(Side::buy),
                                                              .asks = book_.levels(Side::sell)});
    return view_;
}

Ticker MarketLine::ticker(TimeMs now) const {
    const market::DayFigures day = candles_.day(now);
    const auto best = [&](Side side) {
        const auto levels = book_.levels(side, 1);
        return levels.empty() ? std::nullopt : std::optional(levels.front().price);
    };
    return {.market = symbol(),
            .seq = seq_,
            .time = time_,
            .state = settings_->state,
            .index = prices_.index,
            .mark = prices_.mark,
            .last = prices_.last,
            .best_bid = best(Side::buy),
            .best_ask = best(Side::sell),
            .oracle = prices_.verdict,
            .funding_rate = prices_.funding_rate,
            .funding_rate_last = prices_.funding_rate_last,
            .funding_at = prices_.funding_at,
            .open_interest = prices_.open_interest,
            .open_24h = day.open,
            .high_24h = day.high,
            .low_24h = day.low,
            .change_24h_bps = change_bps(day.open, day.close),
            .volume_24h = day.volume,
            .value_24h = day.value,
            .trades_24h = day.trades};
}

OraclePrice MarketLine::oracle_price() const {
    OraclePrice out{.market = symbol(),
                    .seq = seq_,
                    .time = time_,
                    .index = prices_.index,
                    .mark = prices_.mark,
                    .verdict = prices_.verdict,
                    .reason = verdict_reason(prices_.verdict, *settings_),
                    .allowed = {},
                    .confidence = prices_.confidence,
                    .average = prices_.average,
                    .reference = prices_.reference,
                    .published = prices_.published,
                    .sources_suffice = prices_.sources_suffice};
    const auto allowed = formulas::allowed_actions(prices_.verdict, formulas::OracleProfile::ours);
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<OracleAction>>([&](auto d) {
        if (allowed.allows(d.value)) out.allowed.push_back(d.value);
    });
    return out;
}

Quote MarketLine::open_interest_value() const {
    return value_of(prices_.mark, prices_.open_interest);
}

CandleUpdate MarketLine::running_candle(std::size_t interval, TimeMs now) const {
    CandleUpdate out{.market = symbol(),
                     .interval = std::string(kCandleIntervals[interval].name),
                     .seq = seq_,
                     .candle = {}};
    if (const auto& candles = candles_.candles(interval); !candles.empty()) {
        out.candle = candles.back();
        out.closed = candles_.is_closed(interval, candles.back(), now);
    }
    return out;
}

PublicTrade MarketLine::to_public(const TradeNow& trade) const {
    return {.trade = trade.trade,
            .market = symbol(),
            .seq = trade.seq,
            .time = trade.time,
            .price = trade.price,
            .size = trade.size,
            .side = trade.side,
            .liquidation = trade.liquidation};
}

}  // namespace astro::exchange
