#include "capabilities/exchange/row_batch.hpp"

#include <algorithm>
#include <numeric>

#include "capabilities/exchange/tables.hpp"
#include "foundation/store/rows.hpp"

namespace astro::exchange {
namespace {

TimeMs minute_of(TimeMs time) {
    return TimeMs{time.value() / kMinuteMs * kMinuteMs};
}

Quote value_of(const Traded& e) {
    return Quote{static_cast<std::int64_t>(notional(e.price, e.size))};
}

template <class Records>
Result<void> insert(store::Writer& writer, const Records& records,
                    std::string_view on_conflict = {}) {
    using Record = typename Records::value_type;
    if (records.empty()) return {};
    std::vector<store::Row> rows;
    rows.reserve(records.size());
    for (const auto& record : records) rows.push_back(store::to_row(record));
    ASTRO_CHECK(writer.execute_many(
        store::insert_sql<Record>(kTableOf<Record>) + std::string(on_conflict), rows));
    return {};
}

/// As insert(), and `on_conflict` says what becomes of a row that is there.
template <class Key, class Record>
Result<void> upsert(store::Writer& writer, const std::map<Key, Record>& records,
                    std::string_view on_conflict) {
    if (records.empty()) return {};
    std::vector<store::Row> rows;
    for (const auto& [key, record] : records) rows.push_back(store::to_row(record));
    ASTRO_CHECK(writer.execute_many(
        store::insert_sql<Record>(kTableOf<Record>) + " " + std::string(on_conflict), rows));
    return {};
}

}  // namespace

void RowBatch::add(const HeardCommand& command) {
    last_ = command.sequence;
    std::size_t number = 0;
    for (const auto& event : *command.events) {
        const Where at{place_of(command.sequence.value(), number++), command.time};
        std::visit([&](const auto& e) { on(at, e); }, event);
    }
    equity_.insert(equity_.end(), command.equity.begin(), command.equity.end());
}

std::size_t RowBatch::rows() const {
    return orders_.size() + order_changes_.size() + fills_.size() + trades_.size() +
           realized_.size() + funding_payments_.size() + liquidations_.size() +
           deleveragings_.size() + transfers_.size() + funding_.size() + prices_.size() +
           equity_.size() +
           std::accumulate(seconds_.begin(), seconds_.end(), std::size_t{0},
                           [](std::size_t sum, const auto& of) { return sum + of.second.size(); });
}

// ── orders ──────────────────────────────────────────────────────────────────────────────────────

void RowBatch::on(const Where& at, const OrderAccepted& e) {
    OrderRecord& out = fresh(at, e.order, e.account);
    out.market = e.market;
    out.side = e.side;
    out.leg = e.leg;
    out.reduce_only = e.reduce_only;
    out.price = e.price;
    out.open_size = e.size;
    out.size = out.filled + e.size;
    out.display = e.display;
    out.expires = e.expires;
    if (!e.client_id.empty()) out.client_id = e.client_id;
    out.changed = at.place;
}

/// An order that has been changed, or comes from its auction, is accepted anew under its id: it
/// goes on, with what it has traded.
OrderRecord& RowBatch::fresh(const Where& at, OrderId order, AccountId account) {
    const auto [place, is_new] = orders_.try_emplace(order);
    OrderRecord& out = place->second;
    const OrderRecord before = out;
    out = {.order_id = order, .place = at.place, .time = at.time, .account = account};
    if (!is_new) {
        out.place = before.place;
        out.time = before.time;
        out.filled = before.filled;
        out.filled_quote = before.filled_quote;
        out.fee = before.fee;
        out.traded = before.traded;
    } else if (const auto change = order_changes_.find(order); change != order_changes_.end()) {
        // What a table has of it is added to this; see save().
        out.filled = change->second.filled;
        out.filled_quote = change->second.filled_quote;
        out.fee = change->second.fee;
        out.traded = out.filled != Base{0};
        order_changes_.erase(change);
    }
    return out;
}

void RowBatch::on(const Where& at, const AuctionOpened& e) {
    OrderRecord& out = fresh(at, e.order, e.account);
    out.market = e.terms->market;
    out.side = e.terms->side;
    out.leg = e.terms->leg;
    out.reduce_only = e.terms->reduce_only;
    out.price = e.terms->limit;
    out.size = out.open_size = e.terms->size;
    out.expires = e.terms->expires;
    if (!e.client_id.empty()) out.client_id = e.client_id;
    out.changed = at.place;
}

void RowBatch::on(const Where& at, const ConditionalAccepted& e) {
    OrderRecord& out = orders_[e.order];
    out = {.order_id = e.order, .place = at.place, .time = at.time, .account = e.spec.account};
    out.market = e.spec.market;
    out.side = e.spec.side;
    out.leg = e.spec.leg;
    out.reduce_only = e.spec.reduce_only;
    out.price = e.spec.price;
    out.size = out.open_size = e.spec.size;
    out.display = e.spec.display;
    out.expires = e.spec.expires;
    if (!e.spec.client_id.empty()) out.client_id = e.spec.client_id;
    out.trigger_kind = e.trigger.kind;
    out.trigger_source = e.trigger.source;
    out.trigger_price = e.trigger.price;
    out.trail_bps = e.trigger.trail_bps;
    out.status = OrderStatus::waiting;
    out.changed = at.place;
}

void RowBatch::change_order(OrderId order, const OrderChange& change) {
    if (const auto fresh = orders_.find(order); fresh != orders_.end()) {
        OrderRecord& out = fresh->second;
        out.open_size = change.open_size.value_or(out.open_size) + change.open_change;
        out.filled += change.filled;
        out.filled_quote += change.filled_quote;
        out.fee += change.fee;
        out.traded = out.traded || change.filled != Base{0};
        if (change.closed) {
            out.status = OrderStatus::closed;
            out.closed = change.closed;
            out.closed_reason = change.closed_reason;
        }
        if (change.placed_id) out.placed_id = change.placed_id;
        if (change.refused) out.refused = change.refused;
        out.changed = change.changed;
        return;
    }
    OrderChange& out = order_changes_[order];
    if (change.open_size) {
        out.open_size = change.open_size;
        out.open_change = Base{0};
    }
    out.open_change += change.open_change;
    out.filled += change.filled;
    out.filled_quote += change.filled_quote;
    out.fee += change.fee;
    if (change.closed) {
        out.closed = change.closed;
        out.closed_reason = change.closed_reason;
    }
    if (change.placed_id) out.placed_id = change.placed_id;
    if (change.refused) out.refused = change.refused;
    out.changed = change.changed;
}

void RowBatch::on(const Where& at, const OrderTriggered& e) {
    OrderChange change{.changed = at.place};
    if (e.placed != OrderId{0}) change.placed_id = e.placed;
    if (e.refusal) change.refused = e.refusal.code;
    change_order(e.waited, change);
}

void RowBatch::on(const Where& at, const OrderReduced& e) {
    change_order(e.order, {.open_size = e.open, .changed = at.place});
}

void RowBatch::on(const Where& at, const OrderClosed& e) {
    change_order(
        e.order,
        {.open_size = e.open, .closed_reason = e.reason, .closed = at.time, .changed = at.place});
}

// ── trades ──────────────────────────────────────────────────────────────────────────────────────

void RowBatch::fill(const Where& at, const Traded& e, bool maker) {
    const OrderId order = maker ? e.maker_order : e.taker_order;
    const Quote fee = maker ? e.maker_fee : e.taker_fee;
    fills_.push_back({.place = at.place,
                      .account = maker ? e.maker : e.taker,
                      .maker = maker,
                      .time = at.time,
                      .market = e.market,
                      .order_id = order,
                      .trade_id = e.trade,
                      .side = maker ? opposite(e.taker_side) : e.taker_side,
                      .price = e.price,
                      .size = e.size,
                      .fee = fee});
    change_order(order, {.open_change = Base{0} - e.size,
                         .filled = e.size,
                         .filled_quote = value_of(e),
                         .fee = fee,
                         .changed = at.place});
}

void RowBatch::on(const Where& at, const Traded& e) {
    fill(at, e, false);
    fill(at, e, true);
    trades_.push_back({at.place, at.time, e.market, e.trade, e.price, e.size, e.taker_side, false});
    add_to_candle(at, e);
}

void RowBatch::add_to_candle(const Where& at, const Traded& e) {
    const market::CandleTrade trade{market::TradeSeq{e.trade.value()}, at.time, e.price, e.size,
                                    value_of(e)};
    const TimeMs start = market::candle_start(market::kCandleIntervals[market::kSeconds], at.time);
    auto& seconds = seconds_[e.market];
    if (seconds.empty() || seconds.back().start != start)
        seconds.push_back(market::make_candle(start, trade));
    else
        market::add_trade(seconds.back(), trade);
}

// ── accounts ────────────────────────────────────────────────────────────────────────────────────

void RowBatch::on(const Where& at, const PositionChanged& e) {
    if (e.realized == Quote{0}) return;
    realized_.push_back(
        {at.place, at.time, e.account, e.market, e.leg, e.size, e.entry_quote, e.realized});
}

void RowBatch::on(const Where& at, const BalanceChanged& e) {
    // Those have rows of their own.
    if (e.reason == BalanceReason::trade || e.reason == BalanceReason::funding) return;
    transfers_.push_back({at.place, at.time, e.account, e.asset, e.change, e.balance, e.reason});
}

void RowBatch::on(const Where& at, const FundingPaid& e) {
    funding_payments_.push_back({at.place, at.time, e.account, e.market, e.leg, e.received});
}

void RowBatch::on(const Where& at, const FundingSettled& e) {
    funding_.push_back(
        {at.place, at.time, e.market, e.rate, e.index, e.per_base, e.samples, e.period_end});
}

void RowBatch::on(const Where& at, const PriceSet& e) {
    const TimeMs minute = minute_of(at.time);
    prices_[{e.market, minute}] = {e.market, minute, e.index, e.mark};
}

void RowBatch::on(const Where& at, const LiquidationStarted& e) {
    liquidations_.push_back({.place = at.place,
                             .time = at.time,
                             .account = e.account,
                             .step = LiquidationStep::started,
                             .collateral = e.collateral,
                             .requirement = e.requirement});
}

void RowBatch::on(const Where& at, const Liquidated& e) {
    LiquidationRecord out{.place = at.place, .time = at.time, .account = e.account};
    out.step = LiquidationStep::closed;
    out.collateral = e.collateral;
    out.requirement = e.requirement;
    out.market = e.market;
    out.leg = e.leg;
    out.order_id = e.order;
    out.side = e.side;
    out.size = e.size;
    out.mark = e.mark;
    out.value_quote = e.value;
    out.fee = e.fee;
    liquidations_.push_back(out);
    mark_liquidation(at, e.order);
}

/// Its trades stand before it in the same command; each has two fills, the taker's first.
void RowBatch::mark_liquidation(const Where& at, OrderId order) {
    for (std::size_t i = trades_.size();
         i > 0 && sequence_of(trades_[i - 1].place) == sequence_of(at.place); --i)
        if (fills_[2 * (i - 1)].order_id == order) trades_[i - 1].liquidation = true;
}

void RowBatch::on(const Where& at, const CollateralSold& e) {
    LiquidationRecord out{.place = at.place, .time = at.time, .account = e.account};
    out.step = LiquidationStep::collateral_sold;
    out.asset = e.asset;
    out.amount = e.amount;
    out.value_quote = e.proceeds;
    liquidations_.push_back(out);
}

void RowBatch::on(const Where& at, const DeficitCovered& e) {
    LiquidationRecord out{.place = at.place, .time = at.time, .account = e.account};
    out.step = LiquidationStep::deficit_covered;
    out.paid = e.paid;
    out.uncovered = e.uncovered;
    liquidations_.push_back(out);
}

void RowBatch::on(const Where& at, const LiquidationEnded& e) {
    LiquidationRecord out{.place = at.place, .time = at.time, .account = e.account};
    out.step = LiquidationStep::ended;
    out.collateral = e.collateral;
    out.requirement = e.requirement;
    out.insurance = e.insurance;
    liquidations_.push_back(out);
}

void RowBatch::on(const Where& at, const Deleveraged& e) {
    deleveragings_.push_back(
        {at.place, at.time, e.market, e.account, e.against, e.side, e.price, e.size, e.rank});
}

// ── writing ─────────────────────────────────────────────────────────────────────────────────────

Result<void> RowBatch::save_order_changes(store::Writer& writer) const {
    if (order_changes_.empty()) return {};
    std::vector<store::Row> rows;
    for (const auto& [order, c] : order_changes_)
        rows.push_back(
            {store::to_value(c.open_size), store::to_value(c.open_change),
             store::to_value(c.filled), store::to_value(c.filled_quote), store::to_value(c.fee),
             store::to_value(c.filled != Base{0}),
             store::to_value(c.closed ? std::optional(OrderStatus::closed) : std::nullopt),
             store::to_value(c.closed_reason), store::to_value(c.closed),
             store::to_value(c.placed_id), store::to_value(c.refused), store::to_value(c.changed),
             store::to_value(order)});
    ASTRO_CHECK(writer.execute_many(
        "UPDATE exchange_orders SET open_size = COALESCE(?, open_size) + ?, filled = filled + ?, "
        "filled_quote = filled_quote + ?, fee = fee + ?, "
        "traded = CASE WHEN ? = 1 THEN 1 ELSE traded END, status = COALESCE(?, status), "
        "closed_reason = COALESCE(?, closed_reason), closed = COALESCE(?, closed), "
        "placed_id = COALESCE(?, placed_id), refused = COALESCE(?, refused), changed = ? "
        "WHERE order_id = ?",
        rows));
    return {};
}

/// Added to what the tables have of the same time: the cursor says that it is not in them yet.
Result<void> RowBatch::save_candles(store::Writer& writer) const {
    std::map<std::tuple<MarketId, std::int64_t, TimeMs>, CandleRecord> records;
    for (const auto& [market, seconds] : seconds_)
        for (std::size_t i = 0; i < market::kCandleIntervals.size(); ++i) {
            const std::int64_t length = market::kCandleIntervals[i].length_ms;
            for (const auto& candle : market::merge_candles(i, seconds))
                records[{market, length, candle.start}] = market::with_candle(
                    CandleRecord{.market = market, .length_ms = length}, candle);
        }
    return upsert(writer, records,
                  "ON CONFLICT (market, length_ms, start) DO UPDATE SET "
                  "high_price = CASE WHEN excluded.high_price > exchange_candles.high_price "
                  "THEN excluded.high_price ELSE exchange_candles.high_price END, "
                  "low_price = CASE WHEN excluded.low_price < exchange_candles.low_price "
                  "THEN excluded.low_price ELSE exchange_candles.low_price END, "
                  "close_price = excluded.close_price, "
                  "volume = exchange_candles.volume + excluded.volume, "
                  "volume_quote = exchange_candles.volume_quote + excluded.volume_quote, "
                  "trades = exchange_candles.trades + excluded.trades, "
                  "last_trade = excluded.last_trade");
}

Result<void> RowBatch::save(store::Writer& writer) const {
    ASTRO_CHECK(
        upsert(writer, orders_,
               "ON CONFLICT (order_id) DO UPDATE SET price = excluded.price, "
               "size = exchange_orders.filled + excluded.size, open_size = excluded.open_size, "
               "display = excluded.display, expires = excluded.expires, status = excluded.status, "
               "filled = exchange_orders.filled + excluded.filled, "
               "filled_quote = exchange_orders.filled_quote + excluded.filled_quote, "
               "fee = exchange_orders.fee + excluded.fee, "
               "traded = CASE WHEN excluded.traded = 1 THEN 1 ELSE exchange_orders.traded END, "
               "closed_reason = excluded.closed_reason, closed = excluded.closed, "
               "changed = excluded.changed"));
    ASTRO_CHECK(save_order_changes(writer));
    ASTRO_CHECK(insert(writer, fills_));
    ASTRO_CHECK(insert(writer, trades_));
    ASTRO_CHECK(insert(writer, realized_));
    ASTRO_CHECK(insert(writer, funding_payments_));
    ASTRO_CHECK(insert(writer, liquidations_));
    ASTRO_CHECK(insert(writer, deleveragings_));
    ASTRO_CHECK(insert(writer, transfers_));
    ASTRO_CHECK(insert(writer, funding_));
    ASTRO_CHECK(upsert(writer, prices_,
                       "ON CONFLICT (market, minute) DO UPDATE SET "
                       "index_price = excluded.index_price, mark = excluded.mark"));
    ASTRO_CHECK(insert(writer, equity_, " ON CONFLICT (account, bucket) DO NOTHING"));
    ASTRO_CHECK(save_candles(writer));
    ASTRO_CHECK(
        writer.execute("INSERT INTO exchange_cursor VALUES ('rows', ?) ON CONFLICT (name) "
                       "DO UPDATE SET sequence = excluded.sequence",
                       {store::to_value(last_)}));
    return {};
}

}  // namespace astro::exchange
