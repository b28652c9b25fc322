#include <algorithm>
#include <set>

#include "capabilities/exchange/engine/venue.hpp"

/// States of a market: its opening, its end, and what a change of state does to its orders.
///
///     pre_open ──auction──▶ open ◀──▶ reduce_only, halted ──▶ settling ──SettleMarket──▶ closed
///
/// Before the opening orders gather and may cross; self-trade prevention acts as they come, so no
/// owner's orders cross each other, and whatever the price is, an owner is on one side of it. An
/// opening that is called off cancels what has gathered: only then a book that does not trade is
/// never crossed.
namespace astro::exchange {

Refusal Venue::check_change(const Market& market, const MarketSettings& to) const {
    if (to.state == MarketState::closed && market.open_interest != Base{0})
        return {RefusalCode::positions_open, 0, market.open_interest.value()};
    if (to.state == MarketState::open && market.settings.state == MarketState::pre_open &&
        market.mark == Price{0})
        return {RefusalCode::no_price};
    return {};
}

void Venue::change_state(MarketId id, MarketState was) {
    Market& market = markets_[id.value()];
    const MarketState now = market.settings.state;
    if (now == was) return;
    if (was == MarketState::closed && market.index != Price{0}) schedule_sampling(id);
    const bool opens = was == MarketState::pre_open && now == MarketState::open;
    const bool ends = now == MarketState::settling || now == MarketState::closed;
    if (opens)
        uncross(id);
    else if (was == MarketState::pre_open || ends)
        cancel_market(id);
    if (!market.trades()) {
        const auto running = auctions_;
        for (const auto& [order, auction] : running)
            if (auction.market == id) close_auction(order, CloseReason::market);
        return;
    }
    if (!market.pegs.empty()) move_pegs(id);
    if (market.index != Price{0}) set_mark(id);
    if (!market.triggers.empty()) note_moved(id);
}

std::vector<OrderSlot> Venue::resting_in(const Market& market, Side side) const {
    std::vector<OrderSlot> out;
    market.book.for_each_level(side, [&](std::int64_t, const PriceLevel& level) {
        for (OrderSlot slot = level.head; slot != kNoOrder; slot = orders_[slot].next)
            out.push_back(slot);
        return true;
    });
    return out;
}

void Venue::cancel_market(MarketId id) {
    for (const Side side : {Side::buy, Side::sell})
        for (const OrderSlot slot : resting_in(markets_[id.value()], side))
            cancel(slot, CloseReason::market);
    for (std::uint32_t place = 0; place < conditionals_.size(); ++place)
        if (conditionals_[place].id != OrderId{0} && conditionals_[place].order.market == id)
            drop_conditional(place, CloseReason::market);
}

Clearing Venue::clearing_of(const Market& market) const {
    const auto open_levels = [&](Side side) {
        std::vector<OpenLevel> out;
        market.book.for_each_level(side, [&](std::int64_t ticks, const PriceLevel& level) {
            std::uint64_t lots = 0;
            for (OrderSlot slot = level.head; slot != kNoOrder; slot = orders_[slot].next)
                lots += open_lots(slot);
            out.push_back({ticks, lots});
            return true;
        });
        return out;
    };
    return exchange::clearing_of(open_levels(Side::buy), open_levels(Side::sell), market.mark,
                                 market.settings.tick_size);
}

void Venue::tell_indication(MarketId id) {
    const Market& market = markets_[id.value()];
    const Clearing clearing = clearing_of(market);
    if (clearing.ticks == 0) return;
    const std::int64_t lot = market.settings.lot_size.value();
    tell(OpeningIndicated{id, market.price(clearing.ticks), market.size(clearing.volume),
                          Base{clearing.imbalance * lot}});
}

/// Whoever has less than initial margin by now takes part only with what reduces.
void Venue::cancel_unfunded(MarketId id) {
    std::set<AccountId> accounts;
    for (const Side side : {Side::buy, Side::sell})
        for (const OrderSlot slot : resting_in(markets_[id.value()], side))
            if (!infos_[slot].reduce_only) accounts.insert(AccountId{orders_[slot].owner});
    for (const AccountId account : accounts) {
        if (health_of(margin_context(), of(account), MarginKind::initial).free() >= 0) continue;
        const auto orders = of(account).orders;
        for (const OrderSlot slot : orders)
            if (!infos_[slot].reduce_only && BareBook::book_of(orders_[slot]) == id.value())
                cancel(slot, CloseReason::refused);
    }
}

/// Orders that only reduce are cut to what they could reduce after all others of their account on
/// the same side have traded, the first in price and time first.
void Venue::trim_reduce_only(MarketId id) {
    Market& market = markets_[id.value()];
    for (const Side side : {Side::buy, Side::sell}) {
        std::map<std::pair<AccountId, Leg>, std::int64_t> others;
        const auto slots = resting_in(market, side);
        const auto key = [&](OrderSlot slot) {
            return std::pair(AccountId{orders_[slot].owner}, infos_[slot].leg);
        };
        for (const OrderSlot slot : slots)
            if (!infos_[slot].reduce_only)
                others[key(slot)] += static_cast<std::int64_t>(open_lots(slot));
        for (const OrderSlot slot : slots) {
            if (!infos_[slot].reduce_only) continue;
            const auto [account, leg] = key(slot);
            const Position& position = *of(account).find(id, leg);
            const auto most = static_cast<std::int64_t>(market.lots(position.reducible(side)));
            std::int64_t& used = others[key(slot)];
            const auto open = static_cast<std::int64_t>(open_lots(slot));
            const std::int64_t kept = std::clamp<std::int64_t>(most - used, 0, open);
            used += kept;
            if (kept == 0)
                cancel(slot, CloseReason::reduce_only);
            else if (kept < open)
                reduce_open(slot, static_cast<std::uint64_t>(open - kept));
        }
    }
}

/// All that crosses trades at one price; by price, then time, whoever waits longest first.
void Venue::uncross(MarketId id) {
    cancel_unfunded(id);
    trim_reduce_only(id);
    Market& market = markets_[id.value()];
    const Clearing clearing = clearing_of(market);
    tell(Opened{id, market.price(clearing.ticks), market.size(clearing.volume),
                Base{clearing.imbalance * market.settings.lot_size.value()}, market.mark});
    for (std::uint64_t left = clearing.volume; left > 0;) {
        const OrderSlot bid = market.book.front(Side::buy), ask = market.book.front(Side::sell);
        const std::uint64_t lots = std::min({left, orders_[bid].quantity, orders_[ask].quantity});
        cross(id, bid, ask, clearing.ticks, lots);
        left -= lots;
    }
}

void Venue::cross(MarketId id, OrderSlot bid, OrderSlot ask, std::int64_t ticks,
                  std::uint64_t lots) {
    struct Party {
        OrderSlot slot;
        OrderId order;
        AccountId account;
        Leg leg;
        Side side;
        Quote fee;
    };
    Market& market = markets_[id.value()];
    const auto party = [&](OrderSlot slot, Side side) {
        return Party{slot, infos_[slot].id, AccountId{orders_[slot].owner}, infos_[slot].leg, side,
                     {}};
    };
    Party taker = party(bid, Side::buy), maker = party(ask, Side::sell);
    if (taker.order < maker.order) std::swap(taker, maker);
    const Quote value = market.notional_of(ticks, lots);
    const Base size = market.size(lots);
    const Plan plan = plan_of_resting(taker.slot);
    const TradeFees fees = fees_of(plan, maker.account, infos_[maker.slot], value);
    taker.fee = fees.taker + fees.taker_builder;
    maker.fee = fees.maker + fees.maker_builder.fee;
    last_trade_ = TradeId{last_trade_.value() + 1};
    market.last = market.price(ticks);
    tell(Traded{last_trade_, id, market.last, size, taker.side, taker.order, maker.order,
                taker.account, maker.account, fees.taker, fees.maker,
                market.size(open_lots(maker.slot) - lots), fees.referral, fees.taker_builder,
                fees.maker_builder.fee});
    pools_.fees += fees.taker + fees.maker - fees.referral;
    for (const Party& p : {taker, maker}) {
        release_open(p.slot, lots);
        traded(p.order);
        settle_side(market, p.account, p.leg, p.side, size, value, p.fee);
        fill_resting(p.slot, lots);
        drop_if_closed(p.account, id, p.leg);
    }
    pay_shares(taker.account, fees.referral, plan.builder, fees.taker_builder);
    pay_maker_builder(fees);
}

Refusal Venue::on(const SettleMarket& c) {
    if (c.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    Market& market = markets_[c.market.value()];
    if (market.settings.state != MarketState::settling) return {RefusalCode::market_state};
    const std::int64_t tick = market.settings.tick_size.value();
    if (c.price < Price{0} || c.price > market.settings.price_max)
        return {RefusalCode::price_out_of_range, market.settings.price_max.value(),
                c.price.value()};
    const auto nearest = [&](Price price) {
        return Price{std::max(tick, (price.value() + tick / 2) / tick * tick)};
    };
    // On a tick, so that what longs get is what shorts pay to the last unit.
    if (c.price.value() % tick != 0)
        return {RefusalCode::price_not_tick, nearest(c.price).value(), c.price.value()};
    const Price average =
        market.oracle.average_at == TimeMs{0} ? market.mark : market.oracle.average.value();
    if (c.price == Price{0} && average == Price{0}) return {RefusalCode::no_price};
    const Price price = c.price == Price{0} ? nearest(average) : c.price;
    tell(MarketSettled{c.market, price});
    for (std::uint32_t a = 0; a < accounts_.size(); ++a)
        for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg})
            settle_position(c.market, AccountId{a}, leg, market.ticks(price));
    market.settings.state = MarketState::closed;
    ++market.settings.version;
    sampling_.erase({market.funding.next_sample, c.market});
    market.funding.next_sample = market.funding.next_settlement = TimeMs{0};
    ++epoch_;
    note_priced(c.market);
    tell(MarketSet{c.market, market.settings});
    return {};
}

void Venue::settle_position(MarketId id, AccountId account, Leg leg, std::int64_t ticks) {
    Position* position = of(account).find(id, leg);
    if (position == nullptr || position->size == Base{0}) return;
    Market& market = markets_[id.value()];
    const Side side = position->size > Base{0} ? Side::sell : Side::buy;
    const Base size{std::abs(position->size.value())};
    const Quote realized = move_position(market, account, *position, side, size,
                                         market.notional_of(ticks, market.lots(size)));
    recount(of(account), *position);
    tell(PositionChanged{account, id, leg, Base{0}, Quote{0}, realized});
    change_balance(account, kUsdc, Amount{realized.value()}, BalanceReason::settlement);
    drop_if_idle(account, id, leg);
    // Without positions nobody looks at it again; with others left, check_accounts() does.
    if (health_of(margin_context(), of(account), MarginKind::maintenance).free() < 0)
        cover_deficit(account);
}

}  // namespace astro::exchange
