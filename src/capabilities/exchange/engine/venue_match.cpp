#include <algorithm>

#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue_walk.hpp"

/// Trading: counted first, then done.
namespace astro::exchange {

Quote Venue::fee_of(Quote notional, std::int64_t ppm) {
    // Up, which for a rebate is toward zero: the venue never gives what it has not.
    return Quote{static_cast<std::int64_t>(
        divide_up<1'000'000>(static_cast<Int128>(notional.value()) * ppm))};
}

Venue::Walk Venue::walk(const Plan& plan, std::int64_t fee_ppm) const {
    NobodyWatches nobody;
    if (plan.gathers) return walk_gathering(plan, nobody);
    Walking<NobodyWatches> walking{*this, plan, fee_ppm, nobody};
    walking.run();
    return walking.out;
}

void Venue::execute(const Plan& plan, OrderId id, OrderSlot slot) {
    Market& market = *plan.market;
    tell(OrderAccepted{id, plan.account, plan.market_id, plan.side, plan.leg, plan.reduces,
                       market.price(plan.limit), plan.size, market.size(plan.display), plan.expires,
                       plan.client_id, plan.post_only, plan.self_trade});
    Fill fill;
    std::uint64_t left = plan.lots;
    CloseReason why = CloseReason::not_traded;
    match(plan, id, fill, left, why);
    if (fill.lots > 0) {
        // Flat, it may have gone with an order of its own that it met.
        const Position& position = position_at(plan.account, plan.market_id, plan.leg);
        tell(PositionChanged{plan.account, plan.market_id, plan.leg, position.size,
                             position.entry_quote, fill.realized});
        change_balance(plan.account, kUsdc, Amount{(fill.realized - fill.fee).value()},
                       BalanceReason::trade);
        pay_shares(plan.account, fill.referral, plan.builder, fill.builder_fee);
        if (position.size == Base{0} && has_reduce_only(plan.account, position))
            cancel_reduce_only(plan.account, plan.market_id, plan.leg);
    }
    const bool rests = left > 0 && plan.rests && why == CloseReason::not_traded;
    if (!rests) release_slot(slot);
    if (left == 0)
        tell(OrderClosed{id, plan.account,
                         fill.lots == plan.lots ? CloseReason::filled : CloseReason::self_trade,
                         Base{0}});
    else if (rests)
        rest(plan, id, slot, left);
    else
        tell(OrderClosed{id, plan.account, why, market.size(left)});
    if (!rests) ended(id);
    Account& account = of(plan.account);
    if (Position* position = account.find(plan.market_id, plan.leg)) recount(account, *position);
    if (!rests) drop_if_idle(plan.account, plan.market_id, plan.leg);
}

void Venue::match(const Plan& plan, OrderId id, Fill& fill, std::uint64_t& left, CloseReason& why) {
    if (plan.gathers) return gather(plan, id, left, why);
    Market& market = *plan.market;
    const Side makers = opposite(plan.side);
    while (left > 0) {
        const OrderSlot maker = market.book.front(makers);
        if (maker == kNoOrder) return;
        const std::int64_t price = orders_[maker].price;
        if (plan.side == Side::buy ? price > plan.limit : price < plan.limit) return;
        const AccountId account{orders_[maker].owner};
        if (infos_[maker].owner == of(plan.account).owner_number) {
            if (plan.self_trade == SelfTrade::cancel_newest ||
                plan.self_trade == SelfTrade::cancel_both) {
                why = CloseReason::self_trade;
                if (plan.self_trade == SelfTrade::cancel_both) cancel(maker, why);
                return;
            }
            const std::uint64_t gone = prevent_self_trade(plan, maker, left);
            left -= gone;
            if (gone > 0 && left > 0) tell(OrderReduced{id, market.size(left)});
            continue;
        }
        std::uint64_t lots = std::min(left, orders_[maker].quantity);
        if (infos_[maker].reduce_only) {
            const Position& position = *of(account).find(plan.market_id, infos_[maker].leg);
            lots = std::min(lots, market.lots(position.reducible(makers)));
            if (lots == 0) {
                cancel(maker, CloseReason::reduce_only);
                continue;
            }
        }
        trade(plan, id, maker, lots, fill);
        left -= lots;
    }
}

std::vector<OrderSlot> Venue::own_met(const Plan& plan) const {
    std::vector<OrderSlot> out;
    for (const AccountId account : owner_of(plan.account).accounts)
        for (const OrderSlot slot : of(account).orders) {
            const RestingOrder& order = orders_[slot];
            if (BareBook::book_of(order) != plan.market_id.value() ||
                BareBook::side_of(order) == plan.side)
                continue;
            if (plan.side == Side::buy ? order.price <= plan.limit : order.price >= plan.limit)
                out.push_back(slot);
        }
    return out;
}

/// So that nobody meets himself when the market opens.
void Venue::gather(const Plan& plan, OrderId id, std::uint64_t& left, CloseReason& why) {
    for (const OrderSlot maker : own_met(plan)) {
        if (plan.self_trade == SelfTrade::cancel_newest ||
            plan.self_trade == SelfTrade::cancel_both) {
            why = CloseReason::self_trade;
            if (plan.self_trade == SelfTrade::cancel_both) cancel(maker, why);
            return;
        }
        const std::uint64_t gone = prevent_self_trade(plan, maker, left);
        left -= gone;
        if (left == 0) return;
        if (gone > 0) tell(OrderReduced{id, plan.market->size(left)});
    }
}

/// For those who let the newer order go on: what of it goes with the older one.
std::uint64_t Venue::prevent_self_trade(const Plan& plan, OrderSlot maker, std::uint64_t left) {
    if (plan.self_trade == SelfTrade::cancel_oldest) {
        cancel(maker, CloseReason::self_trade);
        return 0;
    }
    const std::uint64_t open = open_lots(maker);
    if (left >= open) {
        cancel(maker, CloseReason::self_trade);
        return open;
    }
    reduce_open(maker, left);
    return left;
}

void Venue::trade(const Plan& plan, OrderId id, OrderSlot slot, std::uint64_t lots, Fill& fill) {
    Market& market = *plan.market;
    const RestingOrder order = orders_[slot];
    OrderInfo& info = infos_[slot];
    const AccountId maker{order.owner};
    const OrderId maker_order = info.id;
    const Quote value = market.notional_of(order.price, lots);
    const Base size = market.size(lots);
    const TradeFees fees = fees_of(plan, maker, info, value);
    const std::uint64_t open_after = open_lots(slot) - lots;
    const Leg maker_leg = info.leg;
    const Side makers = opposite(plan.side);

    release_open(slot, lots);
    last_trade_ = TradeId{last_trade_.value() + 1};
    market.last = market.price(order.price);
    tell(Traded{last_trade_, plan.market_id, market.last, size, plan.side, id, maker_order,
                plan.account, maker, fees.taker, fees.maker, market.size(open_after), fees.referral,
                fees.taker_builder, fees.maker_builder.fee});
    pools_.fees += fees.taker + fees.maker - fees.referral;
    traded(id);
    traded(maker_order);
    if (!market.triggers.empty()) note_moved(plan.market_id);
    fill.realized +=
        move_position(market, plan.account, position_at(plan.account, plan.market_id, plan.leg),
                      plan.side, size, value);
    fill.lots += lots;
    fill.fee += fees.taker + fees.taker_builder;
    fill.referral += fees.referral;
    fill.builder_fee += fees.taker_builder;

    const Position& position = settle_side(market, maker, maker_leg, makers, size, value,
                                           fees.maker + fees.maker_builder.fee);
    pay_maker_builder(fees);
    fill_resting(slot, lots);
    if (position.size == Base{0}) drop_if_closed(maker, plan.market_id, maker_leg);
}

Position& Venue::settle_side(Market& market, AccountId account, Leg leg, Side side, Base size,
                             Quote value, Quote fee) {
    const MarketId id{static_cast<std::uint16_t>(&market - markets_.data())};
    Position& position = position_at(account, id, leg);
    const Quote realized = move_position(market, account, position, side, size, value);
    recount(of(account), position);
    tell(PositionChanged{account, id, leg, position.size, position.entry_quote, realized});
    change_balance(account, kUsdc, Amount{(realized - fee).value()}, BalanceReason::trade);
    return position;
}

void Venue::pay_shares(AccountId taker, Quote referral, AccountId builder, Quote builder_fee) {
    if (referral != Quote{0})
        change_balance(AccountId{of(taker).fees.referrer}, kUsdc, Amount{referral.value()},
                       BalanceReason::referral);
    if (builder_fee != Quote{0})
        change_balance(builder, kUsdc, Amount{builder_fee.value()}, BalanceReason::builder);
}

void Venue::pay_maker_builder(const TradeFees& fees) {
    if (fees.maker_builder.fee != Quote{0})
        change_balance(fees.maker_builder.account, kUsdc, Amount{fees.maker_builder.fee.value()},
                       BalanceReason::builder);
}

void Venue::drop_if_closed(AccountId account, MarketId market, Leg leg) {
    const Position* position = of(account).find(market, leg);
    if (position == nullptr) return;
    if (position->size == Base{0} && has_reduce_only(account, *position))
        cancel_reduce_only(account, market, leg);
    drop_if_idle(account, market, leg);
}

void Venue::fill_resting(OrderSlot slot, std::uint64_t lots) {
    BareBook& book = markets_[BareBook::book_of(orders_[slot])].book;
    OrderInfo& info = infos_[slot];
    if (lots < orders_[slot].quantity) {
        note_book(slot, true);
        book.fill(slot, lots);
    } else if (info.hidden > 0) {
        const std::uint64_t next = std::min(info.display, info.hidden);
        note_info(slot);
        note_book(slot, true);
        info.hidden -= next;
        book.requeue(slot, next);
    } else {
        close(slot, CloseReason::filled, 0);
    }
}

Quote Venue::move_position(Market& market, AccountId account, Position& position, Side side,
                           Base size, Quote value) {
    pay_funding(account, position);
    touch(account);
    const Base longs_before = std::max(position.size, Base{0});
    const Quote realized = apply_trade(position, side, size, value);
    market.open_interest += std::max(position.size, Base{0}) - longs_before;
    return realized;
}

void Venue::rest(const Plan& plan, OrderId id, OrderSlot slot, std::uint64_t lots) {
    Market& market = *plan.market;
    const std::uint64_t shown = plan.display == 0 ? lots : std::min(plan.display, lots);
    market.book.rest_at(slot, plan.side, plan.limit, shown, plan.account.value());
    if (undo_ != nullptr) undo_->steps.emplace_back(BatchUndo::BookStep{slot, {}, true});
    if (slot >= infos_.size()) infos_.resize(slot + 1);
    note_info(slot);
    OrderInfo& info = infos_[slot];
    info = {.id = id,
            .hidden = lots - shown,
            .display = plan.display,
            .size = plan.size,
            .expires = plan.expires,
            .owner = of(plan.account).owner_number,
            .leg = plan.leg,
            .reduce_only = plan.reduces,
            .has_builder = plan.builder_fee_ppm != 0,
            .post_only = plan.post_only,
            .self_trade = plan.self_trade};
    if (info.has_builder) {
        note(BatchUndo::BuilderStep{id, {}});
        builder_fees_[id] = {plan.builder, plan.builder_fee_ppm};
    }
    if (!plan.client_id.empty()) {
        info.client_id = client_ids_.add(plan.account, plan.client_id, id);
        note(BatchUndo::ClientIdStep{info.client_id, plan.account, plan.client_id, id, true});
    }
    if (plan.expires != TimeMs{0}) {
        note(BatchUndo::ExpiryStep{{plan.expires, id}, true});
        expiring_.emplace(plan.expires, id);
    }
    if (plan.reduces || plan.display != 0) ++market.special_orders;
    of(plan.account).orders.push_back(slot);
    Position& position = position_at(plan.account, plan.market_id, plan.leg);
    if (plan.reduces) {
        ++position.reduce_orders;
        return;
    }
    const bool buys = plan.side == Side::buy;
    (buys ? position.open_buy : position.open_sell) += market.size(lots);
    info.adverse = adverse_of(market, plan.side, plan.limit, lots);
    (buys ? position.adverse_buy : position.adverse_sell) += info.adverse;
}

}  // namespace astro::exchange
