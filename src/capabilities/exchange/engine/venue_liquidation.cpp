#include <algorithm>

#include "capabilities/exchange/engine/formulas/liquidation.hpp"
#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// Accounts below their maintenance margin: found without looking at the others, brought back by
/// the book; if that fails by the backstops (venue_backstop.cpp), and then by the insurance fund
/// and those who won most (venue_bankruptcy.cpp).
namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000;

/// Of longs; what they bear of others' losses moves it as funding does.
WatchedPrice watched_fall(const Market& market) {
    return market.mark.value() * 1'000 -
           static_cast<WatchedPrice>(market.funding.index + market.funding.loss_index);
}
/// Of shorts.
WatchedPrice watched_rise(const Market& market) {
    return market.mark.value() * 1'000 -
           static_cast<WatchedPrice>(market.funding.index - market.funding.loss_index);
}

}  // namespace

/// What a trade brought above what it would have brought at `ruin`; 0 or more.
Quote Venue::spare_above(Price ruin, Side side, Base size, Quote value) {
    const Int128 at_ruin = divide_up<kBaseUnit>(static_cast<Int128>(ruin.value()) * size.value());
    const auto more = static_cast<std::int64_t>(value.value() - at_ruin);
    return Quote{std::max<std::int64_t>(side == Side::sell ? more : -more, 0)};
}

void Venue::touch(AccountId id) {
    Account& account = of(id);
    if (std::exchange(account.is_touched, true)) return;
    touched_.push_back(id);
}

void Venue::unwatch(AccountId id, Position& position) {
    if (!position.is_watched) return;
    LiquidationWatch& watch = markets_[position.market.value()].watch;
    if (position.watched_fall)
        watch.forget_fall(position.watched, id);
    else
        watch.forget_rise(position.watched, id);
    // All of it: the same state is to be the same bytes.
    position.is_watched = position.watched_fall = false;
    position.watched = 0;
}

/// Shares what the account has above its maintenance margin out among its positions; an account
/// that has less is to be liquidated.
void Venue::watch(AccountId id) {
    Account& account = of(id);
    Int128 together = 0;
    for (auto& position : account.positions) {
        unwatch(id, position);
        if (position.size != Base{0})
            together += requirement_of(markets_[position.market.value()], position,
                                       MarginKind::maintenance);
    }
    if (together == 0 && !account.has_debt()) return;
    const Health health = health_of(margin_context(), account, MarginKind::maintenance);
    if (health.free() < 0) {
        to_liquidate_.push_back(id);
        return;
    }
    if (together == 0) return;
    // What rounding may take of each position.
    constexpr std::int64_t kRounding = 4;
    const std::int64_t spare = std::max<std::int64_t>(
        health.free() - kRounding * static_cast<std::int64_t>(account.positions.size()), 0);
    for (auto& position : account.positions) {
        if (position.size == Base{0}) continue;
        Market& market = markets_[position.market.value()];
        const std::int64_t needed = requirement_of(market, position, MarginKind::maintenance);
        const auto share =
            static_cast<std::int64_t>(static_cast<Int128>(spare) * needed / together);
        const WatchedPrice distance =
            safe_distance(share, position.size, steepest_maintenance_bps(market, position.size));
        position.is_watched = true;
        position.watched_fall = position.size > Base{0};
        if (position.watched_fall) {
            position.watched = watched_fall(market) - distance;
            market.watch.watch_fall(position.watched, id);
        } else {
            position.watched = watched_rise(market) + distance;
            market.watch.watch_rise(position.watched, id);
        }
    }
}

/// After a market's mark price or its funding has changed.
void Venue::check_accounts(MarketId id) {
    for (const AccountId account : touched_) {
        of(account).is_touched = false;
        watch(account);
    }
    touched_.clear();
    Market& market = markets_[id.value()];
    while (const auto account = market.watch.reached(watched_fall(market), watched_rise(market)))
        watch(*account);
}

/// Whether the account has its maintenance margin and the buffer above it.
bool Venue::is_restored(AccountId id) const {
    const Account& account = of(id);
    std::int64_t buffer_bps = 0;
    for (const auto& p : account.positions)
        if (p.size != Base{0})
            buffer_bps =
                std::max(buffer_bps, markets_[p.market.value()].settings.liquidation_buffer_bps);
    const Health health = health_of(margin_context(), account, MarginKind::maintenance);
    return static_cast<Int128>(health.collateral) * kBps >=
           static_cast<Int128>(health.requirement) * (kBps + buffer_bps);
}

/// Orders that could make a position larger. What only reduces stays: it protects the account, and
/// stands on the side to which the liquidation closes, so it is never in its way.
void Venue::cancel_risk(AccountId id) {
    const auto orders = of(id).orders;  // a copy: each that is cancelled leaves them
    for (const OrderSlot slot : orders)
        if (!infos_[slot].reduce_only) cancel(slot, CloseReason::liquidation);
    const auto waiting = of(id).conditionals;
    for (const std::uint32_t place : waiting)
        if (!conditionals_[place].order.reduce_only)
            drop_conditional(place, CloseReason::liquidation);
    // What an auction still offers may be sold to others than the liquidation means.
    if (of(id).auctions > 0) close_auctions(id, {}, {}, CloseReason::liquidation);
}

void Venue::liquidate(AccountId id) {
    Account& account = of(id);
    const auto health = [&] {
        return health_of(margin_context(), account, MarginKind::maintenance);
    };
    Health now = health();
    if (now.free() >= 0) return watch(id);
    const auto has_size = [](const Position& p) { return p.size != Base{0}; };
    const auto is_closable = [&](const Position& p) {
        return has_size(p) && may(markets_[p.market.value()], OracleAction::liquidate);
    };
    const bool only_debts = std::ranges::none_of(account.positions, has_size);
    if (!only_debts && std::ranges::none_of(account.positions, is_closable)) return touch(id);
    tell(LiquidationStarted{id, Quote{now.collateral}, Quote{now.requirement}});
    loss_market_.reset();
    cancel_risk(id);
    for (bool moved = true; moved && !is_restored(id);) moved = liquidate_step(id);
    for (bool moved = true; moved && !is_restored(id);) moved = backstop_step(id);
    for (bool moved = true; moved && !is_restored(id);) moved = backstop_collateral(id);
    if (health().free() < 0 && health().collateral <= 0) deleverage_account(id);
    cover_deficit(id);
    now = health();
    tell(LiquidationEnded{id, Quote{now.collateral}, Quote{now.requirement}, pools_.insurance});
    if (now.free() < 0)
        touch(id);  // nobody took it: again when a price changes
    else
        watch(id);
}

/// Sells or buys back a part of the position that needs most; false when nobody would trade.
bool Venue::liquidate_step(AccountId id) {
    const auto by_need = by_requirement(id);
    return std::ranges::any_of(by_need, [&](const auto& e) { return close_part(id, e.second); });
}

/// Positions that may be closed, the one that needs most margin first.
std::vector<std::pair<std::int64_t, Position>> Venue::by_requirement(AccountId id) const {
    std::vector<std::pair<std::int64_t, Position>> out;
    for (const auto& p : of(id).positions)
        if (p.size != Base{0} && may(markets_[p.market.value()], OracleAction::liquidate))
            out.emplace_back(requirement_of(markets_[p.market.value()], p, MarginKind::maintenance),
                             p);
    std::ranges::stable_sort(out, std::greater<>(), [](const auto& e) { return e.first; });
    return out;
}

/// How the requirement falls as the position does. Where a formula does not know the root of the
/// size, at the ratio as it is now: it never rises when the position becomes smaller.
formulas::MarginTerms Venue::close_terms(const Market& market, const Position& position) {
    const MarketSettings& m = market.settings;
    if (m.margin_formula == MarginFormula::drift)
        return {.initial_bps = m.initial_margin_bps,
                .maintenance_bps = m.maintenance_margin_bps,
                .imf_ppm = m.imf_factor_ppm};
    const Requirement now = requirement_terms(market, position, MarginKind::maintenance);
    const std::int64_t bps =
        now.value == Quote{0} ? m.maintenance_margin_bps
                              : static_cast<std::int64_t>((static_cast<Int128>(now.total) * kBps +
                                                           now.value.value() - 1) /
                                                          now.value.value());
    return {.initial_bps = bps, .maintenance_bps = bps, .imf_ppm = 0};
}

bool Venue::close_part(AccountId id, const Position& position) {
    Market& market = markets_[position.market.value()];
    const MarketSettings& settings = market.settings;
    const Health health = health_of(margin_context(), of(id), MarginKind::maintenance);
    const std::int64_t own = requirement_of(market, position, MarginKind::maintenance);
    const Side side = position.size > Base{0} ? Side::sell : Side::buy;
    const auto ruin =
        formulas::bankruptcy_price(position.size, market.mark, Quote{own},
                                   {Quote{health.collateral}, Quote{health.requirement}});
    const std::int64_t limit = liquidation_limit(position, ruin);
    const std::int64_t fee_ppm =
        taker_ppm(market, id) + settings.liquidation_fee_ppm + settings.insurance_fee_ppm;
    const auto wanted =
        formulas::size_to_close({.equity = Quote{health.collateral},
                                 .other_maintenance = Quote{health.requirement - own},
                                 .size = position.size,
                                 .lot = settings.lot_size,
                                 .mark = market.mark,
                                 .exit = market.price(limit),
                                 .margin = close_terms(market, position),
                                 .fee_ppm = fee_ppm,
                                 .buffer_bps = settings.liquidation_buffer_bps});
    const std::uint64_t all = market.lots(Base{std::abs(position.size.value())});
    // In steps while a part may be enough; who has nothing left is closed at once.
    const std::uint64_t step =
        health.collateral > 0
            ? std::max<std::uint64_t>(
                  1, all * static_cast<std::uint64_t>(settings.liquidation_step_bps) / kBps)
            : all;
    const Plan plan{.account = id,
                    .market = &market,
                    .market_id = position.market,
                    .side = side,
                    .leg = position.leg,
                    .reduces = true,
                    .self_trade = SelfTrade::cancel_oldest,
                    .limit = limit,
                    .lots = std::min(market.lots(wanted.size), step),
                    .size = market.size(std::min(market.lots(wanted.size), step))};
    const Walk walked = walk(plan);
    if (walked.lots == 0) return false;
    const OrderSlot slot = orders_.allocate();
    const OrderId order = order_id(++orders_accepted_, slot);
    loss_market_ = position.market;
    execute(plan, order, slot);
    const Quote fee =
        fee_of(walked.quote, settings.liquidation_fee_ppm + settings.insurance_fee_ppm);
    // Of what the closed part brought above the price of ruin: the rest of the position keeps its
    // share of what is left, and a fee never makes a loss that others bear.
    const Quote spare =
        ruin ? spare_above(*ruin, side, plan.market->size(walked.lots), walked.quote) : fee;
    const Quote charged = std::clamp(fee, Quote{0}, spare);
    // Both parts rounded down, the remainder to the insurance fund; what the fund takes as such is
    // not shared.
    const std::int64_t both = settings.liquidation_fee_ppm + settings.insurance_fee_ppm;
    const auto treasury = static_cast<std::int64_t>(
        both == 0 ? 0
                  : static_cast<Int128>(charged.value()) * settings.liquidation_fee_ppm / both *
                        settings_.liquidation_treasury_ppm / 1'000'000);
    pools_.treasury += Quote{treasury};
    pools_.insurance += charged - Quote{treasury};
    tell(Liquidated{id, position.market, position.leg, order, side, market.size(walked.lots),
                    walked.quote, charged, market.mark, Quote{health.collateral},
                    Quote{health.requirement}, Quote{treasury}});
    change_balance(id, kUsdc, Amount{-charged.value()}, BalanceReason::liquidation);
    return true;
}

/// The band around the mark price, or less. Ticks.
std::int64_t Venue::liquidation_limit(const Position& position, std::optional<Price> ruin) const {
    const Market& market = markets_[position.market.value()];
    const Side side = position.size > Base{0} ? Side::sell : Side::buy;
    return bearable_limit(position, ruin,
                          band_limit(market, side, market.settings.liquidation_band_bps));
}

/// A limit, but no farther beyond the price at which the account has nothing left than the
/// insurance fund could bear. Ticks.
std::int64_t Venue::bearable_limit(const Position& position, std::optional<Price> ruin,
                                   std::int64_t limit) const {
    if (!ruin) return limit;
    const Market& market = markets_[position.market.value()];
    const bool sells = position.size > Base{0};
    const std::int64_t tick = market.settings.tick_size.value();
    const std::int64_t ruin_ticks =
        sells ? (ruin->value() + tick - 1) / tick : ruin->value() / tick;
    const std::int64_t beyond = sells ? ruin_ticks - limit : limit - ruin_ticks;
    if (beyond <= 0) return limit;
    const Int128 bearable = static_cast<Int128>(pools_.insurance.value()) * kBaseUnit /
                            (static_cast<Int128>(std::abs(position.size.value())) * tick);
    const auto taken = static_cast<std::int64_t>(std::min<Int128>(beyond, bearable));
    return std::clamp<std::int64_t>(sells ? ruin_ticks - taken : ruin_ticks + taken, 1,
                                    market.ticks(market.settings.price_max));
}

}  // namespace astro::exchange
