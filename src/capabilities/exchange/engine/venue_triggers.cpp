#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// Orders that wait: for a price, for another order.
namespace astro::exchange {
namespace {

TriggerPrices prices_of(const Market& market) {
    return {.mark = market.mark, .index = market.index, .last = market.last};
}

/// What closes the position of a bracket's entry.
PlaceOrder exit_of(const Bracket& bracket) {
    PlaceOrder order;
    order.account = bracket.entry.account;
    order.market = bracket.entry.market;
    order.side = opposite(bracket.entry.side);
    order.leg = bracket.entry.leg;
    order.type = OrderType::market;
    order.time_in_force = TimeInForce::ioc;
    order.reduce_only = true;
    // What is left of the entry must not stand in its way.
    order.self_trade = SelfTrade::cancel_oldest;
    order.size = bracket.entry.size;
    return order;
}

}  // namespace

Refusal Venue::check_conditional(const PlaceOrder& order, const Trigger& trigger) const {
    if (!has(order.account)) return {RefusalCode::account_unknown};
    if (order.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    const Market& market = markets_[order.market.value()];
    const MarketSettings& settings = market.settings;
    if (settings.state == MarketState::settling || settings.state == MarketState::closed)
        return {RefusalCode::market_not_open, static_cast<std::int64_t>(settings.state)};
    const Account& account = of(order.account);
    if (!is_consistent(order) || order.time_in_force == TimeInForce::gtt ||
        (account.isolated && *account.isolated != order.market))
        return {RefusalCode::order_inconsistent};
    if (order.size <= Base{0}) return {RefusalCode::bad_amount, 0, order.size.value()};
    if (order.size.value() % settings.lot_size.value() != 0)
        return {RefusalCode::size_not_lot,
                order.size.value() / settings.lot_size.value() * settings.lot_size.value(),
                order.size.value()};
    if (order.size > settings.order_size_max)
        return {RefusalCode::size_too_large, settings.order_size_max.value(), order.size.value()};
    const std::int64_t tick = settings.tick_size.value();
    const Price limit = order.price;
    if (order.type == OrderType::limit &&
        (limit <= Price{0} || limit > settings.price_max || limit.value() % tick != 0))
        return {RefusalCode::price_not_tick, limit.value() / tick * tick, limit.value()};
    const bool trails = trigger.kind == TriggerKind::trailing;
    if (trails ? trigger.trail_bps < 1 || trigger.trail_bps > 5'000 || trigger.price != Price{0}
               : trigger.trail_bps != 0)
        return {RefusalCode::order_inconsistent};
    if (!trails && (trigger.price <= Price{0} || trigger.price > settings.price_max))
        return {RefusalCode::price_out_of_range, settings.price_max.value(), trigger.price.value()};
    const Price now = prices_of(market).of(trigger.source);
    if (trails && now == Price{0}) return {RefusalCode::no_price};
    if (!trails && is_met({.order = order, .trigger = trigger}, now))
        return {RefusalCode::would_trigger, trigger.price.value(), now.value()};
    if (account.conditionals.size() >= kConditionalsMax)
        return {RefusalCode::too_many_orders, kConditionalsMax};
    return {};
}

OrderId Venue::add_conditional(const PlaceOrder& order, const Trigger& trigger) {
    std::uint32_t place = 0;
    const bool grew = free_conditionals_.empty();
    if (grew) {
        place = static_cast<std::uint32_t>(conditionals_.size());
        conditionals_.emplace_back();
    } else {
        place = free_conditionals_.back();
        free_conditionals_.pop_back();
    }
    Market& market = markets_[order.market.value()];
    Conditional& conditional = conditionals_[place];
    conditional = {.id = order_id(++orders_accepted_, kFirstConditional + place),
                   .order = order,
                   .trigger = trigger};
    if (trigger.kind == TriggerKind::trailing)
        (void)trail(conditional, prices_of(market).of(trigger.source));
    market.triggers.add(conditional, place);
    note(BatchUndo::ConditionalAdded{place, grew});
    of(order.account).conditionals.push_back(place);
    tell(ConditionalAccepted{conditional.id, order, conditional.trigger});
    return conditional.id;
}

std::optional<std::uint32_t> Venue::conditional_of(OrderId order) const {
    const OrderSlot slot = slot_in(order);
    if (slot < kFirstConditional) return std::nullopt;
    const std::uint32_t place = slot - kFirstConditional;
    if (place >= conditionals_.size() || conditionals_[place].id != order) return std::nullopt;
    return place;
}

const Conditional* Venue::find_conditional(OrderId order) const {
    const auto place = conditional_of(order);
    return place ? &conditionals_[*place] : nullptr;
}

std::vector<Conditional> Venue::conditionals_of(AccountId account) const {
    std::vector<Conditional> out;
    if (!has(account)) return out;
    for (const std::uint32_t place : of(account).conditionals) out.push_back(conditionals_[place]);
    return out;
}

void Venue::drop_conditional(std::uint32_t place, CloseReason reason) {
    Conditional& conditional = conditionals_[place];
    const OrderId id = conditional.id;
    const PlaceOrder& order = conditional.order;
    note(BatchUndo::ConditionalStep{place, conditional, false});
    markets_[order.market.value()].triggers.remove(conditional, place);
    conditional.id = OrderId{0};
    auto& own = of(order.account).conditionals;
    own.erase(std::ranges::find(own, place));
    free_conditionals_.push_back(place);
    tell(OrderClosed{id, order.account, reason, order.size});
    ended(id);
}

Refusal Venue::on(const PlaceConditional& c) {
    if (const auto refusal = check_conditional(c->order, c->trigger)) return refusal;
    add_conditional(c->order, c->trigger);
    return {};
}

Refusal Venue::check(const PlaceOco& c) const {
    const PlaceOrder& stop = c->stop.order;
    if (stop.account != c->order.account || stop.market != c->order.market ||
        stop.side != c->order.side || stop.leg != c->order.leg)
        return {RefusalCode::order_inconsistent};
    return check_conditional(stop, c->stop.trigger);
}

Refusal Venue::on(const PlaceOco& c) {
    if (const auto refusal = check(c)) return refusal;
    OrderId placed{};
    return place(c->order, &placed, &c->stop);
}

Refusal Venue::check(const PlaceBracket& c) const {
    if ((!c->take_profit && !c->stop_loss) || c->entry.reduce_only ||
        (c->take_profit && c->take_profit->kind != TriggerKind::take_profit) ||
        (c->stop_loss && c->stop_loss->kind == TriggerKind::take_profit))
        return {RefusalCode::order_inconsistent};
    if (c->take_profit)
        if (const auto refusal = check_conditional(exit_of(*c), *c->take_profit)) return refusal;
    return c->stop_loss ? check_conditional(exit_of(*c), *c->stop_loss) : Refusal{};
}

Refusal Venue::on(const PlaceBracket& c) {
    if (const auto refusal = check(c)) return refusal;
    OrderId placed{};
    return place(c->entry, &placed, nullptr, &*c);
}

Price Venue::first_trigger(const Bracket& bracket, const Trigger& trigger) const {
    Conditional exit{.order = exit_of(bracket), .trigger = trigger};
    const Market& market = markets_[bracket.entry.market.value()];
    if (trigger.kind == TriggerKind::trailing)
        (void)trail(exit, prices_of(market).of(trigger.source));
    return exit.trigger.price;
}

void Venue::ended(OrderId order) {
    if (!partners_.empty()) {
        if (const auto found = partners_.find(order); found != partners_.end()) {
            going_.push_back(found->second);
            note_partner(found->second);
            note_partner(order);
            partners_.erase(found->second);
            partners_.erase(order);
        }
    }
    if (brackets_.empty()) return;
    const auto bracket = brackets_.find(order);
    if (bracket == brackets_.end()) return;
    note(BatchUndo::BracketStep{order, bracket->second});
    brackets_.erase(bracket);
}

void Venue::traded(OrderId order) {
    if (!partners_.empty() && partners_.contains(order)) {
        const OrderId partner = partners_.at(order);
        going_.push_back(partner);
        note_partner(partner);
        note_partner(order);
        partners_.erase(partner);
        partners_.erase(order);
    }
    if (brackets_.empty()) return;
    const auto found = brackets_.find(order);
    if (found == brackets_.end()) return;
    coming_.push_back(found->second);
    note(BatchUndo::BracketStep{order, found->second});
    brackets_.erase(found);
}

void Venue::add_exits(const Bracket& bracket) {
    const PlaceOrder order = exit_of(bracket);
    std::optional<OrderId> first;
    if (bracket.take_profit) first = add_conditional(order, *bracket.take_profit);
    if (!bracket.stop_loss) return;
    const OrderId second = add_conditional(order, *bracket.stop_loss);
    if (!first) return;
    note_partner(*first);
    note_partner(second);
    partners_[*first] = second;
    partners_[second] = *first;
}

void Venue::note_partner(OrderId order) {
    if (undo_ == nullptr) return;
    const auto found = partners_.find(order);
    note(BatchUndo::PartnerStep{
        order, found == partners_.end() ? std::nullopt : std::optional(found->second)});
}

/// What follows from what has happened, until nothing does.
void Venue::settle() {
    for (;;) {
        if (!going_.empty()) {
            const OrderId order = going_.back();
            going_.pop_back();
            if (const auto waiting = conditional_of(order))
                drop_conditional(*waiting, CloseReason::partner_done);
            else if (const OrderSlot slot = slot_of(order); slot != kNoOrder)
                cancel(slot, CloseReason::partner_done);
        } else if (!coming_.empty()) {
            const Bracket bracket = coming_.front();
            coming_.erase(coming_.begin());
            add_exits(bracket);
        } else if (!moved_.empty()) {
            const MarketId market = moved_.front();
            if (!run_one_trigger(market)) moved_.erase(moved_.begin());
        } else if (!to_liquidate_.empty()) {
            const AccountId account = to_liquidate_.front();
            to_liquidate_.erase(to_liquidate_.begin());
            liquidate(account);
        } else if (!priced_.empty()) {
            const MarketId market = priced_.front();
            priced_.erase(priced_.begin());
            check_accounts(market);
        } else {
            return;
        }
    }
}

bool Venue::run_one_trigger(MarketId id) {
    Market& market = markets_[id.value()];
    const TriggerPrices prices = prices_of(market);
    const auto trailing = market.triggers.trailing();
    for (const std::uint32_t place : trailing) {
        Conditional moved = conditionals_[place];
        if (!trail(moved, prices.of(moved.trigger.source))) continue;
        note(BatchUndo::ConditionalStep{place, conditionals_[place], true});
        market.triggers.remove(conditionals_[place], place);
        conditionals_[place] = moved;
        market.triggers.add(moved, place);
    }
    refresh_oracle(id);
    const auto met = market.triggers.find_met(prices);
    if (!met || !may(market, OracleAction::trigger)) return false;
    const PlaceOrder order = conditionals_[*met].order;
    const OrderId waited = conditionals_[*met].id;
    drop_conditional(*met, CloseReason::triggered);
    OrderId placed{};
    const Refusal refusal = place(order, &placed);
    tell(OrderTriggered{waited, placed, refusal});
    return true;
}

void Venue::drop_reduce_only_conditionals(AccountId account, MarketId market, Leg leg) {
    const auto own = of(account).conditionals;
    for (const std::uint32_t place : own) {
        const PlaceOrder& order = conditionals_[place].order;
        if (order.reduce_only && order.market == market && order.leg == leg)
            drop_conditional(place, CloseReason::reduce_only);
    }
}

}  // namespace astro::exchange
