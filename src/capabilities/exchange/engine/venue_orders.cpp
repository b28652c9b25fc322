#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// Orders as they come, rest, change and go.
namespace astro::exchange {

Refusal Venue::on(const PlaceOrder& c) {
    OrderId placed{};
    return place(c, &placed);
}

Refusal Venue::place(const PlaceOrder& c, OrderId* placed, const WaitingOrder* partner,
                     const Bracket* bracket) {
    if (c.market.value() < markets_.size()) refresh_oracle(c.market);
    Plan plan;
    if (const auto refusal = plan_order(c, plan)) return refusal;
    if (!c.client_id.empty() && client_ids_.find(c.account, c.client_id) != OrderId{0})
        return {RefusalCode::client_id_duplicate};
    const Walk walked = walk(plan);
    count_margin(of(c.account));
    if (const auto refusal = judge(plan, walked, c.time_in_force == TimeInForce::fok))
        return refusal;
    const OrderSlot slot = allocate_slot();
    *placed = order_id(++orders_accepted_, slot);
    if (partner != nullptr) {
        const OrderId waiting = add_conditional(partner->order, partner->trigger);
        note_partner(*placed);
        note_partner(waiting);
        partners_[*placed] = waiting;
        partners_[waiting] = *placed;
    }
    if (bracket != nullptr) brackets_[*placed] = *bracket;
    execute(plan, *placed, slot);
    return {};
}

Refusal Venue::on(const CancelOrder& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (const auto waiting = conditional_of(c.order);
        waiting && conditionals_[*waiting].order.account == c.account) {
        drop_conditional(*waiting, CloseReason::cancelled);
        return {};
    }
    if (const auto auction = auctions_.find(c.order);
        auction != auctions_.end() && auction->second.account == c.account) {
        close_auction(c.order, CloseReason::cancelled);
        return {};
    }
    const OrderSlot slot = slot_of(c.order);
    if (slot == kNoOrder || AccountId{orders_[slot].owner} != c.account)
        return {RefusalCode::order_unknown};
    cancel(slot, CloseReason::cancelled);
    return {};
}

Refusal Venue::on(const CancelByClientId& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    const OrderId order = client_ids_.find(c.account, c.client_id);
    if (order == OrderId{0}) return {RefusalCode::order_unknown};
    if (const OrderSlot slot = slot_of(order); slot != kNoOrder)
        cancel(slot, CloseReason::cancelled);
    else
        close_auction(order, CloseReason::cancelled);
    return {};
}

Refusal Venue::on(const CancelAll& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (c.market && c.market->value() >= markets_.size()) return {RefusalCode::market_unknown};
    cancel_all(c.account, c.market, c.side, CloseReason::cancelled);
    return {};
}

void Venue::cancel_all(AccountId account, std::optional<MarketId> market, std::optional<Side> side,
                       CloseReason reason) {
    const auto orders = of(account).orders;  // a copy: each that is cancelled leaves them
    for (const OrderSlot slot : orders) {
        const RestingOrder& order = orders_[slot];
        if ((!market || market->value() == BareBook::book_of(order)) &&
            (!side || *side == BareBook::side_of(order)))
            cancel(slot, reason);
    }
    const auto waiting = of(account).conditionals;
    for (const std::uint32_t place : waiting) {
        const PlaceOrder& order = conditionals_[place].order;
        if ((!market || *market == order.market) && (!side || *side == order.side))
            drop_conditional(place, reason);
    }
    if (of(account).auctions > 0) close_auctions(account, market, side, reason);
}

Refusal Venue::on(const AmendOrder& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    const OrderSlot slot = slot_of(c.order);
    if (slot == kNoOrder || AccountId{orders_[slot].owner} != c.account)
        return {RefusalCode::order_unknown};
    const OrderView old = view(slot);
    const Base traded = old.size - old.open;
    const Base size = c.size.value_or(old.size);
    if (size <= traded) return {RefusalCode::size_too_small, traded.value(), size.value()};
    if (infos_[slot].pegged && (c.price || size > old.size))
        return {RefusalCode::order_inconsistent};  // its price is the oracle's
    const Market& market = markets_[old.market.value()];
    if (size.value() % market.settings.lot_size.value() != 0)
        return {RefusalCode::size_not_lot,
                size.value() / market.settings.lot_size.value() * market.settings.lot_size.value(),
                size.value()};
    if (c.price.value_or(old.price) == old.price && size <= old.size) {
        if (size < old.size) {
            note_info(slot);
            infos_[slot].size = size;
            reduce_open(slot, market.lots(old.size - size));
        }
        return {};
    }
    return replace(slot, old, c.price.value_or(old.price), size - traded);
}

/// Judged as a new order, as if the old one were not there; in its place when that is well.
Refusal Venue::replace(OrderSlot slot, const OrderView& old, Price price, Base open) {
    const OrderInfo& info = infos_[slot];
    const Market& market = markets_[old.market.value()];
    PlaceOrder wanted{
        .account = old.account,
        .market = old.market,
        .side = old.side,
        .leg = old.leg,
        .time_in_force = info.expires == TimeMs{0} ? TimeInForce::gtc : TimeInForce::gtt,
        .post_only = info.post_only,
        .self_trade = info.self_trade,
        .reduce_only = old.reduce_only,
        .price = price,
        .size = open,
        .display = std::min(market.size(info.display), open),
        .expires = info.expires,
        .client_id = old.client_id};
    if (info.has_builder) {
        const BuilderFee& builder = builder_fees_.at(info.id);
        wanted.builder = builder.builder;
        wanted.builder_fee_ppm = builder.fee_ppm;
    }
    Plan plan;
    if (const auto refusal = plan_order(wanted, plan)) return refusal;
    const Walk walked = walk(plan);
    Account& account = of(old.account);
    count_margin(account);
    Position& position = *account.find(old.market, old.leg);
    const Position kept = position;
    const MarginSums sums = account.sums;
    const Quote adverse = info.adverse;
    release_open(slot, open_lots(slot));
    recount(account, position);
    const Refusal refusal = judge(plan, walked, false, 1);
    if (refusal) {
        position = kept;
        account.sums = sums;
        infos_[slot].adverse = adverse;
        return refusal;
    }
    take_off(slot);
    tell(OrderClosed{old.order, old.account, CloseReason::amended, old.open});
    execute(plan, old.order, slot);
    return {};
}

Position& Venue::position_at(AccountId account, MarketId market, Leg leg) {
    Account& owner = of(account);
    if (Position* known = owner.find(market, leg)) return *known;
    return owner.positions.add(market, leg);
}

void Venue::drop_if_idle(AccountId account, MarketId market, Leg leg) {
    Position* known = of(account).find(market, leg);
    if (known == nullptr || !known->is_idle()) return;
    if (known->is_watched)
        note(BatchUndo::WatchStep{market, account, known->watched, known->watched_fall});
    unwatch(account, *known);
    recount(of(account), *known);  // while an order trades, its position may not be counted yet
    of(account).positions.remove(known);
}

Quote Venue::adverse_released(OrderSlot slot, std::uint64_t lots) const {
    const Quote adverse = infos_[slot].adverse;
    const std::uint64_t open = open_lots(slot);
    if (lots == open) return adverse;
    return Quote{static_cast<std::int64_t>(static_cast<Int128>(adverse.value()) * lots / open)};
}

void Venue::release_open(OrderSlot slot, std::uint64_t lots) {
    const RestingOrder& order = orders_[slot];
    OrderInfo& info = infos_[slot];
    if (info.reduce_only) return;
    const Market& market = markets_[BareBook::book_of(order)];
    Position& position =
        *of(AccountId{order.owner})
             .find(MarketId{static_cast<std::uint16_t>(BareBook::book_of(order))}, info.leg);
    const Quote adverse = adverse_released(slot, lots);
    note_info(slot);
    info.adverse -= adverse;
    const bool buys = BareBook::side_of(order) == Side::buy;
    (buys ? position.open_buy : position.open_sell) -= market.size(lots);
    (buys ? position.adverse_buy : position.adverse_sell) -= adverse;
}

/// Less than all of what is open goes; the hidden part first, and the order keeps its place.
void Venue::reduce_open(OrderSlot slot, std::uint64_t lots) {
    release_open(slot, lots);
    OrderInfo& info = infos_[slot];
    Account& account = of(AccountId{orders_[slot].owner});
    recount(account,
            *account.find(MarketId{static_cast<std::uint16_t>(BareBook::book_of(orders_[slot]))},
                          info.leg));
    const std::uint64_t from_hidden = std::min(info.hidden, lots);
    note_info(slot);
    note_book(slot, true);
    info.hidden -= from_hidden;
    Market& market = markets_[BareBook::book_of(orders_[slot])];
    if (lots > from_hidden) market.book.reduce(slot, orders_[slot].quantity - (lots - from_hidden));
    tell(OrderReduced{info.id, market.size(open_lots(slot))});
}

void Venue::take_off(OrderSlot slot) {
    const RestingOrder order = orders_[slot];
    const OrderInfo info = infos_[slot];
    const AccountId account{order.owner};
    const MarketId market_id{static_cast<std::uint16_t>(BareBook::book_of(order))};
    Market& market = markets_[market_id.value()];
    note_info(slot);
    infos_[slot].id = OrderId{0};
    if (info.has_builder) {
        note(BatchUndo::BuilderStep{info.id, builder_fees_.at(info.id)});
        builder_fees_.erase(info.id);
    }
    if (info.client_id != 0) {
        note(BatchUndo::ClientIdStep{info.client_id, account, client_ids_.name(info.client_id),
                                     info.id, false});
        client_ids_.remove(info.client_id);
    }
    if (info.expires != TimeMs{0}) {
        note(BatchUndo::ExpiryStep{{info.expires, info.id}, false});
        expiring_.erase({info.expires, info.id});
    }
    if (info.reduce_only || info.display != 0) --market.special_orders;
    if (info.reduce_only) --of(account).find(market_id, info.leg)->reduce_orders;
    auto& orders = of(account).orders;
    orders.erase(std::ranges::find(orders, slot));
    note_book(slot, false);
    market.book.remove(slot);
}

void Venue::close(OrderSlot slot, CloseReason reason, std::uint64_t lots_left) {
    const OrderId id = infos_[slot].id;
    const bool pegged = infos_[slot].pegged;
    const AccountId account{orders_[slot].owner};
    const MarketId market{static_cast<std::uint16_t>(BareBook::book_of(orders_[slot]))};
    take_off(slot);
    release_slot(slot);
    if (pegged) drop_peg(market, id);
    tell(OrderClosed{id, account, reason, markets_[market.value()].size(lots_left)});
    ended(id);
}

OrderSlot Venue::allocate_slot() {
    const std::size_t before = orders_.slots();
    const OrderSlot slot = orders_.allocate();
    note(BatchUndo::SlotStep{slot, true, orders_.slots() > before});
    return slot;
}

void Venue::release_slot(OrderSlot slot) {
    note(BatchUndo::SlotStep{slot, false, false});
    orders_.release(slot);
}

void Venue::cancel(OrderSlot slot, CloseReason reason) {
    const AccountId account{orders_[slot].owner};
    const MarketId market{static_cast<std::uint16_t>(BareBook::book_of(orders_[slot]))};
    const Leg leg = infos_[slot].leg;
    const std::uint64_t open = open_lots(slot);
    release_open(slot, open);
    recount(of(account), *of(account).find(market, leg));
    close(slot, reason, open);
    drop_if_idle(account, market, leg);
}

void Venue::cancel_reduce_only(AccountId account, MarketId market, Leg leg) {
    const auto orders = of(account).orders;
    for (const OrderSlot slot : orders)
        if (infos_[slot].reduce_only && infos_[slot].leg == leg &&
            BareBook::book_of(orders_[slot]) == market.value())
            close(slot, CloseReason::reduce_only, open_lots(slot));
    if (of(account).auctions > 0) close_reducing_auctions(account, market, leg);
    if (!of(account).conditionals.empty()) drop_reduce_only_conditionals(account, market, leg);
}

Venue::OrderView Venue::view(OrderSlot slot) const {
    const RestingOrder& order = orders_[slot];
    const OrderInfo& info = infos_[slot];
    const Market& market = markets_[BareBook::book_of(order)];
    return {.order = info.id,
            .account = AccountId{order.owner},
            .market = MarketId{static_cast<std::uint16_t>(BareBook::book_of(order))},
            .side = BareBook::side_of(order),
            .leg = info.leg,
            .reduce_only = info.reduce_only,
            .price = market.price(order.price),
            .size = info.size,
            .open = market.size(open_lots(slot)),
            .shown = market.size(order.quantity),
            .client_id = info.client_id == 0 ? ClientId() : client_ids_.name(info.client_id),
            .offset = info.pegged ? std::optional(market.pegs.at(info.id).offset) : std::nullopt};
}

std::optional<Venue::OrderView> Venue::find_order(OrderId order) const {
    if (const OrderSlot slot = slot_of(order); slot != kNoOrder) return view(slot);
    const auto auction = auctions_.find(order);
    if (auction == auctions_.end()) return std::nullopt;
    return view(order, auction->second);
}

std::vector<Venue::OrderView> Venue::orders_on(MarketId market, Side side,
                                               std::size_t count) const {
    std::vector<OrderView> out;
    if (market.value() >= markets_.size()) return out;
    markets_[market.value()].book.for_each_level(side, [&](std::int64_t, const PriceLevel& level) {
        for (OrderSlot slot = level.head; slot != kNoOrder && out.size() < count;
             slot = orders_[slot].next)
            out.push_back(view(slot));
        return out.size() < count;
    });
    return out;
}

std::vector<Venue::OrderView> Venue::orders_of(AccountId account) const {
    std::vector<OrderView> out;
    if (!has(account)) return out;
    for (const OrderSlot slot : of(account).orders) out.push_back(view(slot));
    return out;
}

}  // namespace astro::exchange
