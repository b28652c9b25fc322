#include "capabilities/exchange/market_feed.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "capabilities/exchange/average_price.hpp"
#include "capabilities/exchange/market_tape.hpp"

namespace astro::exchange {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};

LiquidationNotice notice_of(LiquidationKind kind, const Applied& applied) {
    return {.kind = kind,
            .seq = applied.sequence,
            .time = applied.time,
            .insurance = applied.venue.pools().insurance};
}

LiquidationNow told(const Liquidated& e, const Applied& applied) {
    LiquidationNow out{e.market, notice_of(LiquidationKind::liquidation, applied)};
    LiquidationNotice& notice = out.notice;
    notice.side = e.side;
    notice.price = average_price(e.value, e.size);
    notice.mark = e.mark;
    notice.size = e.size;
    notice.value = e.value;
    notice.fee = e.fee;
    notice.collateral = e.collateral;
    notice.requirement = e.requirement;
    return out;
}

LiquidationNow told(const Deleveraged& e, const Applied& applied) {
    LiquidationNow out{e.market, notice_of(LiquidationKind::deleveraging, applied)};
    out.notice.side = e.side;
    out.notice.price = e.price;
    out.notice.mark = applied.venue.markets()[e.market.value()].mark;
    out.notice.size = e.size;
    out.notice.value = Quote{static_cast<std::int64_t>(notional(e.price, e.size))};
    out.notice.rank = e.rank;
    return out;
}

LiquidationNow told(const BackstopTook& e, const Applied& applied) {
    LiquidationNow out{e.market, notice_of(LiquidationKind::backstop, applied)};
    out.notice.side = e.side;
    out.notice.price = e.price;
    out.notice.mark = e.mark;
    out.notice.size = e.size;
    out.notice.value = e.value;
    out.notice.fee = e.fee;
    out.notice.collateral = e.collateral;
    out.notice.requirement = e.requirement;
    return out;
}

LiquidationNow told(const LossSocialized& e, const Applied& applied) {
    LiquidationNow out{e.market, notice_of(LiquidationKind::socialized_loss, applied)};
    out.notice.value = e.loss;
    out.notice.size = e.open_interest;
    return out;
}

LiquidationNow told(const CollateralSold& e, const Applied& applied) {
    LiquidationNow out{{}, notice_of(LiquidationKind::collateral_sale, applied)};
    out.notice.asset = applied.venue.assets()[e.asset.value()].settings.symbol;
    out.notice.value = e.proceeds;
    return out;
}

LiquidationNow told(const DeficitCovered& e, const Applied& applied) {
    LiquidationNow out{{}, notice_of(LiquidationKind::deficit, applied)};
    out.notice.paid = e.paid;
    out.notice.uncovered = e.uncovered;
    return out;
}

MarketNotice opening_of(const OpeningIndicated& e) {
    return {.change = MarketChangeKind::opening,
            .price = e.price,
            .volume = e.volume,
            .imbalance = e.imbalance};
}

MarketNotice opening_of(const Opened& e) {
    return {.change = MarketChangeKind::opened,
            .price = e.price,
            .volume = e.volume,
            .imbalance = e.imbalance};
}

MarketNotice opening_of(const MarketSettled& e) {
    return {.change = MarketChangeKind::settled, .price = e.price};
}

}  // namespace

// ── on the applying thread ──────────────────────────────────────────────────────────────────────

void MarketFeed::on_applied(const Applied& applied) {
    batch_.seq = applied.sequence;
    batch_.time = applied.time;
    first_trade_ = batch_.trades.size();
    takers_.clear();
    for (const auto& event : applied.events) {
        hear_book_and_prices(applied, event);
        hear_notices(applied, event);
    }
    find_markets(applied.venue, applied.venue.markets().size());
    if (started_) return;
    touched_.clear();
    if (batch_.trades.size() + batch_.fundings.size() < kLearntAtOnce) return;
    read_totals(applied.venue);
    tape_.learn(take_batch());
}

void MarketFeed::hear(const Applied& applied, const MarketSet& e) {
    find_markets(applied.venue, e.market.value());
    markets_ = std::max<std::size_t>(markets_, e.market.value() + 1U);
    batch_.settings.push_back(
        {e.market, e.settings, applied.sequence, applied.time, SettingsNow::News::all});
    touch_prices(e.market);
}

void MarketFeed::hear(const Applied& applied, const Traded& e) {
    // Where they stand: the price of a trade need not be that of either.
    touch_order(e.maker_order);
    touch_order(e.taker_order);
    touch_prices(e.market);
    batch_.trades.push_back(
        {e.market, e.trade, applied.sequence, applied.time, e.price, e.size, e.taker_side, false});
    takers_.push_back(e.taker_order);
}

void MarketFeed::hear_book_and_prices(const Applied& applied, const Event& event) {
    std::visit(
        Overloaded{[&](const MarketSet& e) { hear(applied, e); },
                   [&](const Traded& e) { hear(applied, e); },
                   [&](const OrderAccepted& e) { hear_order(e.order, e.market, e.side, e.price); },
                   [&](const AuctionOpened& e) {
                       hear_order(e.order, e.terms->market, e.terms->side, e.terms->limit);
                   },
                   [&](const OrderReduced& e) { touch_order(e.order); },
                   [&](const OrderClosed& e) { touch_order(e.order); },
                   [&](const PriceSet& e) { touch_prices(e.market); },
                   [&](const OracleJudged& e) { touch_prices(e.market); },
                   [&](const FundingSettled& e) {
                       touch_prices(e.market);
                       batch_.fundings.push_back({e, applied.sequence});
                   },
                   [&](const Liquidated& e) { mark_liquidation(e.order); },
                   [&](const Deleveraged& e) { touch_prices(e.market); },
                   [&](const BackstopTook& e) { touch_prices(e.market); }, [](const auto&) {}},
        event);
}

/// What is told as a notice of its own.
void MarketFeed::hear_notices(const Applied& applied, const Event& event) {
    std::visit(
        [&](const auto& e) {
            if constexpr (requires { told(e, applied); })
                batch_.liquidations.push_back(told(e, applied));
            else if constexpr (requires { opening_of(e); })
                hear_opening(applied, e.market, opening_of(e));
        },
        event);
}

void MarketFeed::hear_order(OrderId order, MarketId market, Side side, Price price) {
    const OrderSlot slot = slot_in(order);
    if (slot >= places_.size()) places_.resize(std::max<std::size_t>(slot + 1, places_.size() * 2));
    places_[slot] = {order, price, market, side};
    touch(market, side, price);
}

/// An opening and a settlement change the market's state without a change of its settings.
void MarketFeed::hear_opening(const Applied& applied, MarketId market, MarketNotice notice) {
    notice.seq = applied.sequence;
    notice.time = applied.time;
    touch_prices(market);
    if (notice.change != MarketChangeKind::opening)
        batch_.settings.push_back(
            {market, Boxed<MarketSettings>(applied.venue.markets()[market.value()].settings),
             applied.sequence, applied.time, SettingsNow::News::state});
    batch_.openings.push_back({market, std::move(notice)});
}

void MarketFeed::touch_order(OrderId order) {
    const OrderSlot slot = slot_in(order);
    if (slot >= kFirstConditional) return;  // it waits beside the book
    if (slot < places_.size() && places_[slot].order == order)
        touch(places_[slot].market, places_[slot].side, places_[slot].price);
    else
        lost_track_ = true;
}

void MarketFeed::touch_prices(MarketId market) {
    if (market.value() >= priced_.size()) priced_.resize(market.value() + 1U);
    priced_[market.value()] = true;
}

/// The event follows its trades.
void MarketFeed::mark_liquidation(OrderId order) {
    for (std::size_t i = batch_.trades.size(); i > first_trade_; --i)
        if (takers_[i - 1 - first_trade_] == order) batch_.trades[i - 1].liquidation = true;
}

void MarketFeed::find_markets(const Venue& venue, std::size_t end) {
    for (; markets_ < end; ++markets_) {
        const MarketId id{static_cast<std::uint16_t>(markets_)};
        batch_.settings.push_back({id, Boxed<MarketSettings>(venue.markets()[markets_].settings),
                                   batch_.seq, batch_.time, SettingsNow::News::none});
        touch_prices(id);
    }
}

void MarketFeed::on_group_end(const Venue& venue) {
    if (!started_) return;
    if (lost_track_)
        read_all(venue);
    else
        read_touched(venue);
    read_totals(venue);
    hand_over();
}

void MarketFeed::read_totals(const Venue& venue) {
    batch_.pools = venue.pools();
    batch_.accounts = static_cast<std::int64_t>(venue.accounts().size());
    batch_.resting_orders = static_cast<std::int64_t>(venue.resting_orders());
}

void MarketFeed::read_touched(const Venue& venue) {
    std::ranges::sort(touched_);
    const auto repeated = std::ranges::unique(touched_);
    touched_.erase(repeated.begin(), repeated.end());
    for (const auto& [id, side, price] : touched_) {
        const Market& market = venue.markets()[id.value()];
        const auto lots = market.book.quantity_at(side, market.ticks(price));
        batch_.levels.push_back({id, side, price, market.size(lots)});
    }
    touched_.clear();
    for (std::size_t i = 0; i < priced_.size(); ++i)
        if (priced_[i])
            batch_.prices.push_back(price_now(venue, MarketId{static_cast<std::uint16_t>(i)}));
    priced_.assign(priced_.size(), false);
}

void MarketFeed::read_all(const Venue& venue) {
    lost_track_ = false;
    for (std::uint32_t a = 0; a < venue.accounts().size(); ++a)
        for (const auto& order : venue.orders_of(AccountId{a}))
            hear_order(order.order, order.market, order.side, order.price);
    for (const auto& [order, auction] : venue.auctions())
        hear_order(order, auction.market, auction.side, Price{0});
    touched_.clear();
    read_touched(venue);
    batch_.whole_books = true;
    for (std::size_t i = 0; i < venue.markets().size(); ++i)
        for (const Side side : {Side::buy, Side::sell})
            read_side(venue, MarketId{static_cast<std::uint16_t>(i)}, side);
}

void MarketFeed::read_side(const Venue& venue, MarketId id, Side side) {
    const Market& market = venue.markets()[id.value()];
    market.book.for_each_level(side, [&](std::int64_t ticks, const PriceLevel& level) {
        batch_.levels.push_back({id, side, market.price(ticks), market.size(level.quantity)});
        return true;
    });
}

void MarketFeed::start(const Venue& venue, Sequence applied, const std::function<void()>& restore) {
    ASTRO_ASSERT(!started_);
    started_ = true;
    batch_.seq = applied;
    batch_.time = venue.now();
    find_markets(venue, venue.markets().size());
    priced_.assign(venue.markets().size(), true);
    read_all(venue);
    read_totals(venue);
    tape_.learn(take_batch());
    if (restore) restore();
    tape_.begin();
    thread_ = std::thread([this] { run(); });
}

/// The next one begins where it ends.
MarketBatch MarketFeed::take_batch() {
    return std::exchange(batch_, {.seq = batch_.seq, .time = batch_.time});
}

void MarketFeed::hand_over() {
    {
        std::unique_lock lock(mutex_);
        taken_.wait(lock, [&] { return stopping_ || waiting_.trades.size() < kWaitingMax; });
        waiting_.append(take_batch());
        if (const std::size_t many = waiting_.levels.size() + waiting_.prices.size();
            many > compact_at_) {
            waiting_.compact();
            compact_at_ =
                std::max(compact_at_, 2 * (waiting_.levels.size() + waiting_.prices.size()));
        }
        has_waiting_ = true;
    }
    wake_.notify_one();
}

// ── on the own thread ───────────────────────────────────────────────────────────────────────────

void MarketFeed::run() {
    const auto is_wanted = [this] { return has_waiting_ || flushing_ || stopping_; };
    std::optional<TimestampNs> due;  // when something that is held back may be told
    std::unique_lock lock(mutex_);
    while (true) {
        if (due)
            wake_.wait_for(lock, std::chrono::nanoseconds((*due - clock_.monotonic()).value()),
                           is_wanted);
        else
            wake_.wait(lock, is_wanted);
        MarketBatch batch = std::exchange(waiting_, {});
        compact_at_ = kCompactAt;
        const bool is_fresh = std::exchange(has_waiting_, false);
        const bool all = flushing_ || stopping_;
        lock.unlock();
        taken_.notify_all();
        if (is_fresh) tape_.tell(std::move(batch));
        due = tape_.publish_due(clock_.monotonic(), all);
        lock.lock();
        if (!all || has_waiting_) continue;
        flushing_ = false;
        taken_.notify_all();
        if (stopping_) return;
    }
}

void MarketFeed::flush() {
    std::unique_lock lock(mutex_);
    if (!thread_.joinable() || stopping_) return;
    flushing_ = true;
    wake_.notify_one();
    taken_.wait(lock, [this] { return !flushing_; });
}

void MarketFeed::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    taken_.notify_all();
    if (thread_.joinable()) thread_.join();
}

}  // namespace astro::exchange
