#include <algorithm>

#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// Orders whose price follows the oracle.
///
/// When the index changes, all of a market's that are to have another price are taken off first and
/// then queued anew, the oldest first. One by one would let those that have moved trade against
/// those that have not yet. An order that has the same price keeps its place.
namespace astro::exchange {
namespace {

/// Ticks at which an order with that peg is to rest now; within the market's prices.
std::int64_t peg_target(const Market& market, Side side, Price offset, Price limit) {
    const std::int64_t tick = market.settings.tick_size.value();
    const std::int64_t price = std::max<std::int64_t>(market.index.value() + offset.value(), 1);
    const bool buys = side == Side::buy;
    std::int64_t ticks = buys ? price / tick : (price + tick - 1) / tick;
    if (limit != Price{0})
        ticks = buys ? std::min(ticks, market.ticks(limit)) : std::max(ticks, market.ticks(limit));
    return std::clamp<std::int64_t>(ticks, 1, market.ticks(market.settings.price_max));
}

}  // namespace

Refusal Venue::on(const PlacePegged& c) {
    OrderId placed{};
    return place_pegged(c, &placed);
}

Refusal Venue::check_peg(const Market& market, const PeggedOrder& c) const {
    const PlaceOrder& order = c.order;
    const bool rests =
        order.time_in_force == TimeInForce::gtc || order.time_in_force == TimeInForce::gtt;
    if (order.type != OrderType::limit || !rests) return {RefusalCode::order_inconsistent};
    if (c.offset > kPriceMax || c.offset < Price{-kPriceMax.value()})
        return {RefusalCode::price_out_of_range, kPriceMax.value(), c.offset.value()};
    if (order.price < Price{0} || order.price > market.settings.price_max)
        return {RefusalCode::price_out_of_range, market.settings.price_max.value(),
                order.price.value()};
    const std::int64_t tick = market.settings.tick_size.value();
    if (order.price.value() % tick != 0)
        return {RefusalCode::price_not_tick,
                std::max(tick, (order.price.value() + tick / 2) / tick * tick),
                order.price.value()};
    if (market.pegs.size() >= kPeggedMax) return {RefusalCode::too_many_orders, kPeggedMax};
    if (market.index == Price{0}) return {RefusalCode::no_price};
    if (market.settings.state == MarketState::pre_open) return {RefusalCode::market_gathers};
    return {};
}

Refusal Venue::unpeg(const PeggedOrder& c, PlaceOrder& plain) const {
    if (!has(c.order.account)) return {RefusalCode::account_unknown};
    if (c.order.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    const Market& market = markets_[c.order.market.value()];
    if (const auto refusal = check_peg(market, c)) return refusal;
    plain = c.order;
    plain.price = market.price(peg_target(market, plain.side, c.offset, c.order.price));
    return {};
}

Refusal Venue::place_pegged(const PlacePegged& c, OrderId* placed) {
    PlaceOrder order;
    if (const auto refusal = unpeg(*c, order)) return refusal;
    const MarketId id = order.market;
    const std::int64_t target = markets_[id.value()].ticks(order.price);
    if (const auto refusal = place(order, placed)) return refusal;
    const OrderSlot slot = slot_of(*placed);
    if (slot == kNoOrder) return {};  // it has traded
    note_info(slot);
    note(BatchUndo::PegStep{id, *placed, {}});
    infos_[slot].pegged = true;
    markets_[id.value()].pegs[*placed] = {
        .slot = slot, .offset = c->offset, .limit = c->order.price, .target = target};
    tell(OrderPegged{*placed, c->offset, c->order.price, order.post_only, order.self_trade});
    return {};
}

void Venue::drop_peg(MarketId market, OrderId order) {
    auto& pegs = markets_[market.value()].pegs;
    note(BatchUndo::PegStep{market, order, pegs.at(order)});
    pegs.erase(order);
}

Venue::Plan Venue::plan_of_resting(OrderSlot slot) const {
    const OrderView order = view(slot);
    const OrderInfo& info = infos_[slot];
    const BuilderFee builder = info.has_builder ? builder_fees_.at(info.id) : BuilderFee{};
    return {.account = order.account,
            .market = const_cast<Market*>(&markets_[order.market.value()]),
            .market_id = order.market,
            .side = order.side,
            .leg = order.leg,
            .reduces = info.reduce_only,
            .rests = true,
            .post_only = info.post_only,
            .self_trade = info.self_trade,
            .limit = orders_[slot].price,
            .lots = open_lots(slot),
            .display = info.display,
            .size = order.open,
            .expires = info.expires,
            .client_id = order.client_id,
            .builder = builder.builder,
            .builder_fee_ppm = builder.fee_ppm};
}

bool Venue::move_pegs(MarketId id) {
    Market& market = markets_[id.value()];
    // While the oracle's price may not be used they stay where they are, as other orders do.
    if (!market.trades() || !may(market, OracleAction::new_risk)) return false;
    std::vector<std::pair<OrderId, Plan>> moving;
    for (auto& [order, peg] : market.pegs) {
        const Side side = BareBook::side_of(orders_[peg.slot]);
        // A market's band holds for them too, or a jump of the index alone would set any price.
        const std::int64_t band = band_limit(market, side, market.settings.price_band_bps);
        const std::int64_t wanted = peg_target(market, side, peg.offset, peg.limit);
        const std::int64_t target =
            side == Side::buy ? std::min(wanted, band) : std::max(wanted, band);
        if (target == peg.target) continue;
        peg.target = target;
        moving.emplace_back(order, plan_of_resting(peg.slot));
        moving.back().second.limit = target;
        const Plan& plan = moving.back().second;
        release_open(peg.slot, plan.lots);
        take_off(peg.slot);
        recount(of(plan.account), *of(plan.account).find(id, plan.leg));
    }
    for (const auto& [order, plan] : moving) queue_anew(id, order, plan);
    return !moving.empty();
}

/// What an order that has moved may be there; `why` it ends when it may not.
Refusal Venue::fit(Plan& plan, CloseReason& why) {
    Account& account = of(plan.account);
    if (plan.reduces) {
        const Position* position = account.find(plan.market_id, plan.leg);
        const Base most = position == nullptr ? Base{0} : position->reducible(plan.side);
        if (most == Base{0}) {
            why = CloseReason::reduce_only;
            return {RefusalCode::nothing_to_reduce};
        }
        plan.size = std::min(plan.size, most);
        plan.lots = plan.market->lots(plan.size);
    }
    why = CloseReason::refused;
    if (!plan.reduces && plan.market->settings.state == MarketState::reduce_only)
        return {RefusalCode::market_reduce_only};
    if (plan.post_only != PostOnly::no) {
        const PlaceOrder slides{.side = plan.side, .post_only = PostOnly::slide};
        if (const auto refusal = check_post_only(slides, plan)) return refusal;
    }
    if (plan.reduces) return {};
    count_margin(account);
    return check_risk(plan, walk(plan));
}

void Venue::queue_anew(MarketId id, OrderId order, Plan plan) {
    const Peg peg = markets_[id.value()].pegs.at(order);
    const Base open = plan.size;
    CloseReason why{};
    if (fit(plan, why)) {
        release_slot(peg.slot);
        markets_[id.value()].pegs.erase(order);
        tell(OrderClosed{order, plan.account, why, open});
        ended(order);
        drop_if_idle(plan.account, id, plan.leg);
        return;
    }
    tell(OrderClosed{order, plan.account, CloseReason::amended, open});
    execute(plan, order, peg.slot);
    if (slot_of(order) == kNoOrder)
        markets_[id.value()].pegs.erase(order);
    else
        infos_[peg.slot].pegged = true;
}

std::string Venue::audit_pegs() const {
    std::vector<std::size_t> pegged(markets_.size());
    for (const auto& account : accounts_)
        for (const OrderSlot slot : account.orders)
            pegged[BareBook::book_of(orders_[slot])] += infos_[slot].pegged;
    for (std::size_t m = 0; m < markets_.size(); ++m) {
        const auto wrong = [m](std::string_view what) {
            return std::string(what) + " of market " + std::to_string(m);
        };
        for (const auto& [order, peg] : markets_[m].pegs) {
            const OrderSlot slot = slot_of(order);
            if (slot == kNoOrder || slot != peg.slot || !infos_[slot].pegged ||
                BareBook::book_of(orders_[slot]) != m)
                return wrong("pegged order");
            const std::int64_t beyond =
                sign_of(BareBook::side_of(orders_[slot])) * (orders_[slot].price - peg.target);
            if (infos_[slot].post_only == PostOnly::no ? beyond != 0 : beyond > 0)
                return wrong("pegged price");
        }
        if (pegged[m] != markets_[m].pegs.size()) return wrong("number of pegged orders");
    }
    return {};
}

}  // namespace astro::exchange
