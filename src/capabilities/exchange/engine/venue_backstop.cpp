#include <algorithm>

#include "capabilities/exchange/engine/formulas/drift_spot.hpp"
#include "capabilities/exchange/engine/formulas/liquidation.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// Accounts that have agreed to take over what the book did not take within its band: positions at
/// the mark price less the liquidation fee, collateral and debts at the oracle's price and the
/// asset's fee. They are asked in the order in which they registered; each takes only what its
/// limit and its own initial margin allow.
namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000, kPpm = 1'000'000;

}  // namespace

Refusal Venue::on(const SetBackstop& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (c.notional_max < Quote{0} || c.notional_max > kNotionalMax)
        return {RefusalCode::bad_amount, kNotionalMax.value(), c.notional_max.value()};
    const auto known = std::ranges::find(backstops_, c.account, &Backstop::account);
    if (c.notional_max == Quote{0}) {
        if (known != backstops_.end()) backstops_.erase(known);
    } else if (known != backstops_.end()) {
        known->notional_max = c.notional_max;
    } else {
        if (backstops_.size() == kBackstopsMax)
            return {RefusalCode::too_many_backstops, kBackstopsMax};
        backstops_.push_back({c.account, c.notional_max});
    }
    tell(BackstopSet{c.account, c.notional_max});
    return {};
}

/// One position, the one that needs most first; false when nobody takes any.
bool Venue::backstop_step(AccountId id) {
    if (backstops_.empty()) return false;
    const auto by_need = by_requirement(id);
    return std::ranges::any_of(by_need, [&](const auto& e) { return backstop_part(id, e.second); });
}

bool Venue::backstop_part(AccountId id, const Position& position) {
    Market& market = markets_[position.market.value()];
    const MarketSettings& settings = market.settings;
    const Health health = health_of(margin_context(), of(id), MarginKind::maintenance);
    const std::int64_t own = requirement_of(market, position, MarginKind::maintenance);
    const auto ruin =
        formulas::bankruptcy_price(position.size, market.mark, Quote{own},
                                   {Quote{health.collateral}, Quote{health.requirement}});
    const std::int64_t ticks = takeover_limit(position, ruin, settings.liquidation_fee_ppm);
    const auto wanted =
        formulas::size_to_close({.equity = Quote{health.collateral},
                                 .other_maintenance = Quote{health.requirement - own},
                                 .size = position.size,
                                 .lot = settings.lot_size,
                                 .mark = market.mark,
                                 .exit = market.price(ticks),
                                 .margin = close_terms(market, position),
                                 .fee_ppm = settings.insurance_fee_ppm,
                                 .buffer_bps = settings.liquidation_buffer_bps});
    for (const auto& backstop : backstops_) {
        const std::uint64_t lots =
            backstop_lots(backstop, id, position, ticks, market.lots(wanted.size));
        if (lots == 0) continue;
        take_over(backstop.account, id, position, ticks, lots, health, ruin);
        return true;
    }
    return false;
}

/// The mark price less a fee, or the price of ruin when the fund could not bear what is beyond it.
std::int64_t Venue::takeover_limit(const Position& position, std::optional<Price> ruin,
                                   std::int64_t fee_ppm) const {
    const Market& market = markets_[position.market.value()];
    const bool sells = position.size > Base{0};
    const Int128 mark = market.mark.value();
    const Int128 tick = Int128{market.settings.tick_size.value()} * kPpm;
    const Int128 exact = mark * (sells ? kPpm - fee_ppm : kPpm + fee_ppm);
    // Toward the account: up when it sells.
    const auto ticks = static_cast<std::int64_t>(formulas::div_round(
        exact, tick, sells ? formulas::Rounding::ceil : formulas::Rounding::floor));
    return bearable_limit(
        position, ruin,
        std::clamp<std::int64_t>(ticks, 1, market.ticks(market.settings.price_max)));
}

/// The most that a backstop takes of it.
std::uint64_t Venue::backstop_lots(const Backstop& backstop, AccountId id, const Position& position,
                                   std::int64_t ticks, std::uint64_t wanted) const {
    const Market& market = markets_[position.market.value()];
    const Account& account = of(backstop.account);
    const Leg other = Leg::net;
    if (account.owner_index == of(id).owner_index ||
        (account.isolated && *account.isolated != position.market) ||
        account.find(position.market, Leg::long_leg) != nullptr ||
        account.find(position.market, Leg::short_leg) != nullptr ||
        (account.find(position.market, other) == nullptr &&
         account.positions.size() == kPositionsMax))
        return 0;
    Int128 held = 0;
    for (const auto& p : account.positions)
        held +=
            std::abs(static_cast<std::int64_t>(notional(markets_[p.market.value()].mark, p.size)));
    const Int128 lot_value = std::max<Int128>(notional(market.mark, market.settings.lot_size), 1);
    const Int128 room = (backstop.notional_max.value() - held) / lot_value;
    if (room <= 0) return 0;
    auto lots = static_cast<std::uint64_t>(std::min<Int128>(room, wanted));
    // Halved until its own margin allows it: few steps, and never too much.
    while (lots > 0 && !can_take(account, position, ticks, lots)) lots /= 2;
    return lots;
}

bool Venue::can_take(const Account& account, const Position& position, std::int64_t ticks,
                     std::uint64_t lots) const {
    const Market& market = markets_[position.market.value()];
    const Side side = position.size > Base{0} ? Side::buy : Side::sell;
    const Position* known = account.find(position.market, Leg::net);
    Position after = known != nullptr ? *known : Position{.market = position.market};
    const Quote due = funding_due(market, after);
    after.funding_index = market.funding.index;
    after.loss_index = market.funding.loss_index;
    const Quote realized =
        apply_trade(after, side, market.size(lots), market.notional_of(ticks, lots));
    return std::abs(after.size.value()) <= market.settings.position_max.value() &&
           health_of(margin_context(), account, MarginKind::initial, &after,
                     realized + (known != nullptr ? due : Quote{0}))
                   .free() >= 0;
}

void Venue::take_over(AccountId backstop, AccountId id, const Position& position,
                      std::int64_t ticks, std::uint64_t lots, const Health& health,
                      std::optional<Price> ruin) {
    Market& market = markets_[position.market.value()];
    const MarketId market_id = position.market;
    const Leg leg = position.leg;
    const Side side = position.size > Base{0} ? Side::sell : Side::buy;
    const Base size = market.size(lots);
    const Quote value = market.notional_of(ticks, lots);
    const Quote wanted_fee = fee_of(value, market.settings.insurance_fee_ppm);
    const Quote spare = ruin ? spare_above(*ruin, side, size, value) : wanted_fee;
    const Quote fee = std::clamp(wanted_fee, Quote{0}, spare);
    loss_market_ = market_id;
    tell(BackstopTook{market_id, id, backstop, leg, side, market.price(ticks), size, value, fee,
                      market.mark, Quote{health.collateral}, Quote{health.requirement}});
    const auto settle_side = [&](AccountId account, Leg its_leg, Side its_side, Quote paid) {
        Position& p = position_at(account, market_id, its_leg);
        const Quote realized = move_position(market, account, p, its_side, size, value);
        recount(of(account), p);
        tell(PositionChanged{account, market_id, its_leg, p.size, p.entry_quote, realized});
        change_balance(account, kUsdc, Amount{(realized - paid).value()}, BalanceReason::backstop);
        if (p.size == Base{0} && has_reduce_only(account, p))
            cancel_reduce_only(account, market_id, its_leg);
        drop_if_idle(account, market_id, its_leg);
    };
    pools_.insurance += fee;
    settle_side(backstop, Leg::net, opposite(side), Quote{0});
    settle_side(id, leg, side, fee);
}

/// A part of the largest debt and of what counts least as collateral goes to a backstop, as much as
/// restores the margin; false when nobody takes any.
bool Venue::backstop_collateral(AccountId id) {
    const auto debt = largest_debt(id);
    if (backstops_.empty() || !debt) return false;
    for (std::uint8_t i = 0; i < assets_.size(); ++i)
        if (assets_[i].settings.borrow_enabled) book_interest(id, AssetId{i});
    for (const AssetId asset : collateral_order(id))
        if (asset != *debt && move_debt(id, asset, *debt)) return true;
    return false;
}

std::optional<AssetId> Venue::largest_debt(AccountId id) const {
    std::optional<AssetId> out;
    std::int64_t most = 0;
    for (std::uint8_t i = 0; i < assets_.size(); ++i) {
        const std::int64_t value = -plain_value(assets_[i], of(id).balances[i]);
        if (of(id).balances[i] >= Amount{0} || value <= most) continue;
        out = AssetId{i};
        most = value;
    }
    return out;
}

/// An asset as a liquidation sees it.
formulas::SpotLeg Venue::spot_leg(AssetId asset, Amount balance) const {
    const Collateral& c = assets_[asset.value()];
    return {.decimals = static_cast<int>(c.settings.decimals),
            .price = c.price,
            .multiplier_ppm = kPpm,
            .weight_bps = asset == kUsdc ? kBps : weight_bps(c, balance, MarginKind::maintenance)};
}

bool Venue::move_debt(AccountId id, AssetId asset, AssetId debt) {
    const Account& account = of(id);
    const Amount held = account.balances[asset.value()];
    const Int128 owed = -static_cast<Int128>(account.balances[debt.value()].value());
    formulas::SpotLeg gives = spot_leg(asset, held);
    const formulas::SpotLeg owes = spot_leg(debt, account.balances[debt.value()]);
    const AssetId priced = asset == kUsdc ? debt : asset;
    gives.multiplier_ppm =
        formulas::drift_asset_multiplier_ppm(assets_[priced.value()].settings.liquidation_fee_ppm);
    const Health health = health_of(margin_context(), account, MarginKind::maintenance);
    const Quote shortage{std::max<std::int64_t>(-health.free(), 0)};
    // One unit more for what is cut off on the way.
    const auto needed = formulas::drift_liability_to_cover(shortage, gives, owes, 0);
    const auto payable = formulas::drift_liability_for_asset(held.value(), gives, owes);
    if (!payable) return false;
    Int128 moved = std::min(owed, *payable);
    if (needed) moved = std::min(moved, *needed + 1);
    for (const auto& backstop : backstops_) {
        if (of(backstop.account).owner_index == account.owner_index) continue;
        for (Int128 part = moved; part > 0; part /= 2) {
            const auto paid = formulas::drift_asset_for_liability(part, held.value(), gives, owes);
            if (!paid || *paid <= 0 || *paid > held.value()) break;
            const Amount amount{static_cast<std::int64_t>(*paid)};
            const Amount covered{static_cast<std::int64_t>(part)};
            if (!can_take(of(backstop.account), asset, amount, debt, covered)) continue;
            swap_collateral(backstop.account, id, asset, amount, debt, covered);
            return true;
        }
    }
    return false;
}

bool Venue::can_take(const Account& account, AssetId asset, Amount amount, AssetId debt,
                     Amount covered) const {
    const auto change = [&](AssetId which, Amount by) {
        const Collateral& c = assets_[which.value()];
        const Amount now = balance_now(c, which, account);
        return balance_value(c, which, now + by, MarginKind::initial) -
               balance_value(c, which, now, MarginKind::initial);
    };
    // It pays the debt from what it has: nobody is made to borrow.
    if (balance_now(assets_[debt.value()], debt, account) < covered) return false;
    return health_of(margin_context(), account, MarginKind::initial).free() +
               change(asset, amount) + change(debt, Amount{0} - covered) >=
           0;
}

void Venue::swap_collateral(AccountId backstop, AccountId id, AssetId asset, Amount amount,
                            AssetId debt, Amount covered) {
    const Health health = health_of(margin_context(), of(id), MarginKind::maintenance);
    tell(CollateralTaken{id, backstop, asset, amount, debt, covered, Quote{health.collateral},
                         Quote{health.requirement}});
    change_balance(id, asset, Amount{0} - amount, BalanceReason::liquidation);
    change_balance(id, debt, covered, BalanceReason::liquidation);
    change_balance(backstop, asset, amount, BalanceReason::backstop);
    change_balance(backstop, debt, Amount{0} - covered, BalanceReason::backstop);
    touch(backstop);
}

}  // namespace astro::exchange
