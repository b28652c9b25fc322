#include <algorithm>

#include "capabilities/exchange/engine/formulas/deleverage.hpp"
#include "capabilities/exchange/engine/formulas/liquidation.hpp"
#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// Accounts below their maintenance margin: found without looking at the others, brought back by
/// the book, and if that fails by the insurance fund and by those who won most.
namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000;

WatchedPrice watched_now(const Market& market) {
    return market.mark.value() * 1'000 - static_cast<WatchedPrice>(market.funding.index);
}

/// What a trade brought above what it would have brought at `ruin`; 0 or more.
Quote spare_above(Price ruin, Side side, Base size, Quote value) {
    const Int128 at_ruin = divide_up<kBaseUnit>(static_cast<Int128>(ruin.value()) * size.value());
    const auto more = static_cast<std::int64_t>(value.value() - at_ruin);
    return Quote{std::max<std::int64_t>(side == Side::sell ? more : -more, 0)};
}

}  // namespace

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
    if (together == 0) return;
    const Health health = health_of(margin_context(), account, MarginKind::maintenance);
    if (health.free() < 0) {
        to_liquidate_.push_back(id);
        return;
    }
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
        const WatchedPrice distance = safe_distance(
            share, position.size,
            margin_ratio_bps(market.settings, MarginKind::maintenance, position.size));
        position.is_watched = true;
        position.watched_fall = position.size > Base{0};
        if (position.watched_fall) {
            position.watched = watched_now(market) - distance;
            market.watch.watch_fall(position.watched, id);
        } else {
            position.watched = watched_now(market) + distance;
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
    while (const auto account = market.watch.reached(watched_now(market))) watch(*account);
}

void Venue::liquidate(AccountId id) {
    Account& account = of(id);
    const auto health = [&] {
        return health_of(margin_context(), account, MarginKind::maintenance);
    };
    Health now = health();
    if (now.free() >= 0) return watch(id);
    const auto is_closable = [&](const Position& p) {
        return p.size != Base{0} && may(markets_[p.market.value()], OracleAction::liquidate);
    };
    if (std::ranges::none_of(account.positions, is_closable)) return touch(id);
    tell(LiquidationStarted{id, Quote{now.collateral}, Quote{now.requirement}});
    cancel_all(id, {}, {}, CloseReason::liquidation);
    for (bool traded = true; traded && health().free() < 0;) traded = liquidate_step(id);
    if (health().free() < 0 && health().collateral <= 0) deleverage_account(id);
    cover_deficit(id);
    now = health();
    tell(LiquidationEnded{id, Quote{now.collateral}, Quote{now.requirement}, pools_.insurance});
    if (now.free() < 0)
        touch(id);  // the book did not take it: again when a price changes
    else
        watch(id);
}

/// Sells or buys back a part of the position that needs most; false when nobody would trade.
bool Venue::liquidate_step(AccountId id) {
    Account& account = of(id);
    std::vector<std::pair<std::int64_t, Position>> by_need;
    for (const auto& p : account.positions)
        if (p.size != Base{0} && may(markets_[p.market.value()], OracleAction::liquidate))
            by_need.emplace_back(
                requirement_of(markets_[p.market.value()], p, MarginKind::maintenance), p);
    std::ranges::stable_sort(by_need, std::greater<>(), [](const auto& e) { return e.first; });
    return std::ranges::any_of(by_need, [&](const auto& e) { return close_part(id, e.second); });
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
                                 .margin = {.initial_bps = settings.initial_margin_bps,
                                            .maintenance_bps = settings.maintenance_margin_bps,
                                            .imf_ppm = settings.imf_factor_ppm},
                                 .fee_ppm = fee_ppm,
                                 .buffer_bps = settings.liquidation_buffer_bps});
    const std::uint64_t all = market.lots(Base{std::abs(position.size.value())});
    const std::uint64_t step = std::max<std::uint64_t>(
        1, all * static_cast<std::uint64_t>(settings.liquidation_step_bps) / kBps);
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

/// The band around the mark price, or the price at which the account has nothing left when the
/// insurance fund could not bear what is beyond it. Ticks.
std::int64_t Venue::liquidation_limit(const Position& position, std::optional<Price> ruin) const {
    const Market& market = markets_[position.market.value()];
    const Side side = position.size > Base{0} ? Side::sell : Side::buy;
    const std::int64_t band = band_limit(market, side, market.settings.liquidation_band_bps);
    if (!ruin) return band;
    const std::int64_t tick = market.settings.tick_size.value();
    const std::int64_t ruin_ticks =
        side == Side::sell ? (ruin->value() + tick - 1) / tick : ruin->value() / tick;
    const std::int64_t beyond = side == Side::sell ? ruin_ticks - band : band - ruin_ticks;
    if (beyond <= 0) return band;
    const Int128 loss =
        static_cast<Int128>(beyond) * tick * std::abs(position.size.value()) / kBaseUnit;
    return loss <= pools_.insurance.value()
               ? band
               : std::clamp<std::int64_t>(ruin_ticks, 1, market.ticks(market.settings.price_max));
}

/// Closes what is left of a bankrupt account against those who won most with the most leverage, at
/// the price at which it has nothing left.
void Venue::deleverage_account(AccountId id) {
    const auto positions = of(id).positions;
    for (const auto& position : positions) {
        if (position.size == Base{0}) continue;
        Market& market = markets_[position.market.value()];
        if (!may(market, OracleAction::liquidate)) continue;
        const Health health = health_of(margin_context(), of(id), MarginKind::maintenance);
        const std::int64_t own = requirement_of(market, position, MarginKind::maintenance);
        const Side side = position.size > Base{0} ? Side::sell : Side::buy;
        const auto ruin =
            formulas::bankruptcy_price(position.size, market.mark, Quote{own},
                                       {Quote{health.collateral}, Quote{health.requirement}});
        const std::int64_t tick = market.settings.tick_size.value();
        const std::int64_t ticks =
            std::clamp<std::int64_t>(!ruin                ? 1
                                     : side == Side::sell ? (ruin->value() + tick - 1) / tick
                                                          : ruin->value() / tick,
                                     1, market.ticks(market.settings.price_max));
        for (const auto& winner : ranked_against(position)) {
            Position* mine = of(id).find(position.market, position.leg);
            if (mine == nullptr || mine->size == Base{0}) break;
            deleverage_pair(market, position, id, winner, side, ticks);
        }
        drop_if_idle(id, position.market, position.leg);
    }
}

std::vector<Venue::Winner> Venue::ranked_against(const Position& position) const {
    const Market& market = markets_[position.market.value()];
    std::vector<Winner> out;
    for (std::uint32_t a = 0; a < accounts_.size(); ++a)
        for (const auto& other : accounts_[a].positions) {
            if (other.market != position.market || other.size == Base{0} ||
                (other.size > Base{0}) == (position.size > Base{0}))
                continue;
            const Health health =
                health_of(margin_context(), accounts_[a], MarginKind::maintenance);
            const Int128 entry = static_cast<Int128>(std::abs(other.entry_quote.value())) *
                                 kBaseUnit / std::abs(other.size.value());
            out.push_back(
                {AccountId{a}, other.leg,
                 formulas::deleverage_rank(
                     {.size = other.size,
                      .entry = Price{std::max<std::int64_t>(static_cast<std::int64_t>(entry), 1)},
                      .mark = market.mark,
                      .account_value = Quote{health.collateral},
                      .account_maintenance = Quote{health.requirement}})});
        }
    std::ranges::stable_sort(out, std::greater<>(), &Winner::rank);
    return out;
}

void Venue::deleverage_pair(Market& market, const Position& position, AccountId loser,
                            const Winner& winner, Side side, std::int64_t ticks) {
    cancel_all(winner.account, position.market, {}, CloseReason::liquidation);
    Position* other = of(winner.account).find(position.market, winner.leg);
    Position* mine = of(loser).find(position.market, position.leg);
    if (other == nullptr || mine == nullptr) return;
    const std::uint64_t lots =
        market.lots(std::min(mine->reducible(side), other->reducible(opposite(side))));
    if (lots == 0) return;
    const Base size = market.size(lots);
    const Quote value = market.notional_of(ticks, lots);
    tell(Deleveraged{position.market, loser, winner.account, side, market.price(ticks), size,
                     winner.rank});
    const auto settle_side = [&](AccountId account, Position& p, Side s, Leg leg) {
        const Quote realized = move_position(market, account, p, s, size, value);
        recount(of(account), p);
        tell(PositionChanged{account, position.market, leg, p.size, p.entry_quote, realized});
        change_balance(account, kUsdc, Amount{realized.value()}, BalanceReason::deleveraging);
    };
    settle_side(loser, *mine, side, position.leg);
    settle_side(winner.account, *other, opposite(side), winner.leg);
    drop_if_idle(winner.account, position.market, winner.leg);
}

/// What an account without positions owes: its other collateral goes to the insurance fund at its
/// weighted value, and what is then missing the fund pays; beyond the fund it is booked as such.
void Venue::cover_deficit(AccountId id) {
    Account& account = of(id);
    if (account.usdc() >= Amount{0} ||
        std::ranges::any_of(account.positions, [](const auto& p) { return p.size != Base{0}; }))
        return;
    for (std::uint8_t i = 1; i < assets_.size() && account.usdc() < Amount{0}; ++i)
        sell_collateral(id, AssetId{i});
    if (account.usdc() >= Amount{0}) return;
    const Quote missing{-account.usdc().value()};
    const Quote paid = std::clamp(pools_.insurance, Quote{0}, missing);
    pools_.insurance -= paid;
    pools_.uncovered -= missing - paid;
    tell(DeficitCovered{id, paid, missing - paid});
    change_balance(id, kUsdc, Amount{missing.value()}, BalanceReason::insurance);
}

void Venue::sell_collateral(AccountId id, AssetId asset) {
    const Collateral& collateral = assets_[asset.value()];
    const Amount held = of(id).balances[asset.value()];
    if (held <= Amount{0} || collateral.price == Price{0}) return;
    const std::int64_t worth = amount_value(collateral, held, MarginKind::maintenance);
    const std::int64_t owed = -of(id).usdc().value();
    if (worth <= 0) return;
    const Amount sold = worth <= owed
                            ? held
                            : Amount{static_cast<std::int64_t>(
                                  (static_cast<Int128>(held.value()) * owed + worth - 1) / worth)};
    const Quote proceeds{std::min(worth, owed)};
    // What the fund has not got is owed by all until it has sold what it takes here.
    const Quote paid = std::min(proceeds, pools_.insurance);
    pools_.insurance -= paid;
    pools_.uncovered -= proceeds - paid;
    fund_assets_[asset.value()] += sold;
    tell(CollateralSold{id, asset, sold, proceeds, proceeds - paid});
    change_balance(id, asset, Amount{-sold.value()}, BalanceReason::liquidation);
    change_balance(id, kUsdc, Amount{proceeds.value()}, BalanceReason::liquidation);
}

}  // namespace astro::exchange
