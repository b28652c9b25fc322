#include <algorithm>

#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// Judging an order: nothing here changes the venue.
namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000;

std::int64_t nearest(std::int64_t value, std::int64_t step) {
    return std::max(step, (value + step / 2) / step * step);
}

}  // namespace

/// Options that exclude each other.
bool Venue::is_consistent(const PlaceOrder& c) {
    const bool at_once = c.time_in_force == TimeInForce::ioc || c.time_in_force == TimeInForce::fok;
    const bool market = c.type == OrderType::market;
    if (market && (c.price != Price{0} || !at_once)) return false;
    if (at_once && (c.post_only != PostOnly::no || c.display != Base{0})) return false;
    if ((c.time_in_force == TimeInForce::gtt) != (c.expires != TimeMs{0})) return false;
    return c.display >= Base{0} && c.display <= c.size;
}

std::int64_t Venue::band_limit(const Market& market, Side side, std::int64_t band_bps) const {
    const Int128 mark = market.mark.value();
    const std::int64_t tick = market.settings.tick_size.value();
    if (side == Side::buy)
        return std::min(
            static_cast<std::int64_t>(divide_down<kBps>(mark * (kBps + band_bps))) / tick,
            market.ticks(market.settings.price_max));
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(divide_down<kBps>(
                                         mark * (kBps - band_bps) + Int128{kBps} * tick - 1)) /
                                         tick);
}

Refusal Venue::check_state(const Market& market, const PlaceOrder& c, bool reduces) const {
    switch (market.settings.state) {
        case MarketState::open:
            return {};
        case MarketState::reduce_only:
            return reduces ? Refusal{} : Refusal{RefusalCode::market_reduce_only};
        case MarketState::pre_open: {
            const bool at_once =
                c.time_in_force == TimeInForce::ioc || c.time_in_force == TimeInForce::fok;
            const bool gathers =
                c.type == OrderType::limit && !at_once && c.post_only == PostOnly::no;
            return gathers ? Refusal{} : Refusal{RefusalCode::market_gathers};
        }
        case MarketState::halted:
        case MarketState::settling:
        case MarketState::closed:
            break;
    }
    return {RefusalCode::market_not_open, static_cast<std::int64_t>(market.settings.state)};
}

Refusal Venue::check_price(const Market& market, Side side, Price price) const {
    const std::int64_t tick = market.settings.tick_size.value();
    if (price <= Price{0}) return {RefusalCode::price_out_of_range, tick, price.value()};
    if (price > market.settings.price_max)
        return {RefusalCode::price_out_of_range, market.settings.price_max.value(), price.value()};
    if (price.value() % tick != 0)
        return {RefusalCode::price_not_tick, nearest(price.value(), tick), price.value()};
    const MarketSettings& settings = market.settings;
    const std::int64_t band = settings.state == MarketState::pre_open ? settings.pre_open_band_bps
                              : settings.state == MarketState::reduce_only
                                  ? settings.reduce_only_band_bps
                                  : settings.price_band_bps;
    const std::int64_t limit = band_limit(market, side, band);
    const std::int64_t ticks = market.ticks(price);
    if (side == Side::buy ? ticks > limit : ticks < limit)
        return {RefusalCode::price_out_of_band, market.price(limit).value(), price.value()};
    return {};
}

Refusal Venue::check_size(const Market& market, const Plan& plan, Base size) const {
    const MarketSettings& settings = market.settings;
    const std::int64_t lot = settings.lot_size.value();
    if (size > settings.order_size_max)
        return {RefusalCode::size_too_large, settings.order_size_max.value(), size.value()};
    if (size.value() % lot != 0)
        return {RefusalCode::size_not_lot, nearest(size.value(), lot), size.value()};
    const Quote value = market.notional_of(plan.limit, market.lots(size));
    if (value > settings.order_notional_max)
        return {RefusalCode::notional_too_large, settings.order_notional_max.value(),
                value.value()};
    // What only reduces may be as small as the position is: dust can always be closed.
    if (plan.reduces) return {};
    if (size < settings.order_size_min)
        return {RefusalCode::size_too_small, settings.order_size_min.value(), size.value()};
    if (value < settings.order_notional_min)
        return {RefusalCode::notional_too_small, settings.order_notional_min.value(),
                value.value()};
    return {};
}

Refusal Venue::check_post_only(const PlaceOrder& c, Plan& plan) const {
    if (c.post_only == PostOnly::no) return {};
    const auto best = plan.market->book.best(opposite(plan.side));
    if (!best) return {};
    const std::int64_t last = *best - sign_of(plan.side);
    const bool crosses = plan.side == Side::buy ? plan.limit > last : plan.limit < last;
    if (!crosses) return {};
    if (c.post_only == PostOnly::reject || last < 1)
        return {RefusalCode::would_trade, plan.market->price(*best).value()};
    plan.limit = last;
    return {};
}

Refusal Venue::plan_order(const PlaceOrder& c, Plan& plan) const {
    const bool is_known = c.market.value() < markets_.size();
    return plan_order(c, plan,
                      is_known ? markets_[c.market.value()].oracle.verdict : OracleVerdict::valid);
}

Refusal Venue::plan_order(const PlaceOrder& c, Plan& plan, OracleVerdict verdict) const {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (c.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    const Account& account = of(c.account);
    Market& market = const_cast<Market&>(markets_[c.market.value()]);
    if (c.size <= Base{0}) return {RefusalCode::bad_amount, 0, c.size.value()};
    if (!is_consistent(c) || (account.isolated && *account.isolated != c.market) ||
        account.positions.has_other_mode(c.market, c.leg))
        return {RefusalCode::order_inconsistent};
    if (c.time_in_force == TimeInForce::gtt && c.expires <= now_)
        return {RefusalCode::expiry_passed, now_.value(), c.expires.value()};
    plan = {.account = c.account,
            .market = &market,
            .market_id = c.market,
            .side = c.side,
            .leg = c.leg,
            .reduces = c.reduce_only || (c.leg == Leg::long_leg && c.side == Side::sell) ||
                       (c.leg == Leg::short_leg && c.side == Side::buy),
            .rests = c.time_in_force == TimeInForce::gtc || c.time_in_force == TimeInForce::gtt,
            .post_only = c.post_only,
            .self_trade = c.self_trade,
            .size = c.size,
            .expires = c.expires,
            .client_id = c.client_id,
            .builder = c.builder,
            .builder_fee_ppm = c.builder_fee_ppm};
    if (const auto refusal = check_builder(c)) return refusal;
    if (const auto refusal = check_state(market, c, plan.reduces)) return refusal;
    plan.gathers = market.settings.state == MarketState::pre_open;
    if (market.mark == Price{0}) return {RefusalCode::no_price};
    if (!formulas::allowed_actions(verdict, formulas::OracleProfile::ours)
             .allows(plan.reduces ? OracleAction::closing : OracleAction::new_risk))
        return {RefusalCode::oracle_restricts, static_cast<std::int64_t>(verdict)};
    if (c.type == OrderType::limit) {
        if (const auto refusal = check_price(market, c.side, c.price)) return refusal;
        plan.limit = market.ticks(c.price);
    } else {
        plan.limit = band_limit(market, c.side, market.settings.market_band_bps);
    }
    if (const auto refusal = check_size(market, plan, c.size)) return refusal;
    if (c.display.value() % market.settings.lot_size.value() != 0)
        return {RefusalCode::size_not_lot,
                nearest(c.display.value(), market.settings.lot_size.value()), c.display.value()};
    if (plan.reduces) {
        const Position* position = account.find(c.market, c.leg);
        const Base most = position == nullptr ? Base{0} : position->reducible(c.side);
        if (most == Base{0}) return {RefusalCode::nothing_to_reduce};
        plan.size = std::min(plan.size, most);
    }
    plan.lots = market.lots(plan.size);
    plan.display = c.display == Base{0} || c.display >= plan.size ? 0 : market.lots(c.display);
    return check_post_only(c, plan);
}

Refusal Venue::judge(const Plan& plan, const Walk& walk, bool all_or_nothing,
                     std::size_t replaced) const {
    if (all_or_nothing && walk.lots < plan.lots)
        return {RefusalCode::not_fillable, plan.market->size(plan.lots).value(),
                plan.market->size(walk.lots).value()};
    const Account& account = of(plan.account);
    const bool rests = plan.rests && !walk.stopped && walk.lots + walk.decremented < plan.lots;
    if (orders_.live() >= kRestingMax) return {RefusalCode::too_many_orders, kRestingMax};
    if (rests && account.orders.size() - replaced >= kOrdersMax)
        return {RefusalCode::too_many_orders, kOrdersMax};
    if (plan.reduces) return {};  // closing is never refused for want of margin
    if (account.positions.size() == kPositionsMax &&
        account.find(plan.market_id, plan.leg) == nullptr)
        return {RefusalCode::too_many_positions, kPositionsMax};
    return check_risk(plan, walk);
}

Refusal Venue::check_risk(const Plan& plan, const Walk& walk) const {
    const Market& market = *plan.market;
    const Account& account = of(plan.account);
    const Position* known = account.find(plan.market_id, plan.leg);
    const Position before =
        known != nullptr ? *known : Position{.market = plan.market_id, .leg = plan.leg};
    Position after = before;
    after.funding_index = market.funding.index;
    after.loss_index = market.funding.loss_index;
    const Quote realized = apply_trade(after, plan.side, market.size(walk.lots), walk.quote);
    const std::uint64_t rest_lots =
        plan.rests && !walk.stopped ? plan.lots - walk.lots - walk.decremented : 0;
    const Base rest_size = market.size(rest_lots);
    (plan.side == Side::buy ? after.open_buy : after.open_sell) += rest_size;
    const Quote adverse = adverse_of(market, plan.side, plan.limit, rest_lots);
    (plan.side == Side::buy ? after.adverse_buy : after.adverse_sell) += adverse;

    const auto worst = [](const Position& p) {
        return std::max(std::abs((p.size + p.open_buy).value()),
                        std::abs((p.size - p.open_sell).value()));
    };
    const std::int64_t position_max = market.settings.position_max.value();
    if (worst(after) > position_max && worst(after) > worst(before))
        return {RefusalCode::position_too_large, worst(after), position_max};
    const std::int64_t growth = std::abs(after.size.value()) - std::abs(before.size.value());
    if (growth > 0 &&
        market.open_interest.value() + growth > market.settings.open_interest_max.value())
        return {RefusalCode::open_interest_too_large, growth,
                market.settings.open_interest_max.value() - market.open_interest.value()};

    // All of the account's positions as counted, with this one as it would be.
    const MarginSums& sums = account.sums;
    const std::int64_t free_before =
        asset_value(assets_, account, MarginKind::initial) + sums.unrealized - sums.requirement;
    const std::int64_t free_after =
        free_before + (realized - walk.fee + funding_due(market, before)).value() +
        (unrealized_of(market, after, MarginKind::initial) - before.counted_unrealized) -
        (requirement_of(market, after, MarginKind::initial) - before.counted_requirement);
    if (free_after >= 0 || free_after >= free_before) return {};  // well, or it helps
    return {RefusalCode::margin_insufficient, free_before - free_after,
            std::max<std::int64_t>(free_before, 0)};
}

}  // namespace astro::exchange
