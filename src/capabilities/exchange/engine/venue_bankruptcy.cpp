#include <algorithm>

#include "capabilities/exchange/engine/formulas/drift_liquidation.hpp"
#include "capabilities/exchange/engine/formulas/liquidation.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// An account that has nothing left: those who won most close its positions, the insurance fund
/// pays what it owes, and what the fund has not got is borne by a market or booked.
namespace astro::exchange {

/// Closes what is left of a bankrupt account against those who won most with the most leverage.
/// They give of their gain only what the insurance fund cannot pay.
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
        // At the mark price as far as the fund can pay for it, else nearer to the price of ruin.
        const std::int64_t ticks = bearable_limit(position, ruin, market.ticks(market.mark));
        for (const auto& winner : deleverage_queue(margin_context(), accounts_, position.market,
                                                   position.size < Base{0})) {
            Position* mine = of(id).find(position.market, position.leg);
            if (mine == nullptr || mine->size == Base{0}) break;
            loss_market_ = position.market;
            // Where losses are shared by all, only those who won give their gain; the others close
            // at the mark price, and what is then missing is no more theirs than anybody's.
            const bool shared = market.settings.socialize_losses && winner.rank <= 0;
            deleverage_pair(market, position, id, winner, side,
                            shared ? market.ticks(market.mark) : ticks);
        }
        drop_if_idle(id, position.market, position.leg);
    }
}

void Venue::deleverage_pair(Market& market, const Position& position, AccountId loser,
                            const QueuedPosition& winner, Side side, std::int64_t ticks) {
    cancel_all(winner.account, position.market, {}, CloseReason::liquidation);
    Position* other = of(winner.account).find(position.market, winner.leg);
    Position* mine = of(loser).find(position.market, position.leg);
    if (other == nullptr || mine == nullptr) return;
    const std::uint64_t lots =
        market.lots(std::min(mine->reducible(side), other->reducible(opposite(side))));
    if (lots == 0) return;
    const Base size = market.size(lots);
    const Quote value = market.notional_of(ticks, lots);
    const Health health = health_of(margin_context(), of(loser), MarginKind::maintenance);
    tell(Deleveraged{position.market, loser, winner.account, side, market.price(ticks), size,
                     winner.rank, Quote{health.collateral}, Quote{health.requirement},
                     winner.value});
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

/// What an account without positions owes becomes USDC, its other collateral goes to the insurance
/// fund at its weighted value, and what is then missing the fund pays.
void Venue::cover_deficit(AccountId id) {
    Account& account = of(id);
    if (!account.has_debt() ||
        std::ranges::any_of(account.positions, [](const auto& p) { return p.size != Base{0}; }))
        return;
    const bool is_below = health_of(margin_context(), account, MarginKind::maintenance).free() < 0;
    // Who may borrow keeps what he owes as long as his collateral bears it.
    if (!is_below && (account.usdc() >= Amount{0} || assets_[0].settings.borrow_enabled)) return;
    for (std::uint8_t i = 0; i < assets_.size(); ++i)
        if (assets_[i].settings.borrow_enabled) book_interest(id, AssetId{i});
    for (std::uint8_t i = 1; is_below && i < assets_.size(); ++i) take_debt(id, AssetId{i});
    for (const AssetId asset : collateral_order(id))
        if (account.usdc() < Amount{0}) sell_collateral(id, asset);
    if (account.usdc() >= Amount{0}) return;
    const Quote missing{-account.usdc().value()};
    const Quote paid = std::clamp(pools_.insurance, Quote{0}, missing);
    pools_.insurance -= paid;
    const Quote left = missing - paid;
    const Quote borne = socialize(left);
    pools_.uncovered -= left - borne;
    tell(DeficitCovered{id, paid, left - borne, borne});
    change_balance(id, kUsdc, Amount{missing.value()}, BalanceReason::insurance);
}

/// The fund owes it from now on, and the account pays for that in USDC, at the price and the fee.
void Venue::take_debt(AccountId id, AssetId asset) {
    const Collateral& debt = assets_[asset.value()];
    const Amount owed{-of(id).balances[asset.value()].value()};
    if (owed <= Amount{0} || debt.price == Price{0}) return;
    const Int128 value = -static_cast<Int128>(plain_value(debt, Amount{0} - owed));
    const Quote price{static_cast<std::int64_t>(
        formulas::div_round(value * (1'000'000 + debt.settings.liquidation_fee_ppm), 1'000'000,
                            formulas::Rounding::ceil))};
    fund_assets_[asset.value()] -= owed;
    pools_.insurance += price;
    tell(DebtTaken{id, asset, owed, price});
    change_balance(id, asset, owed, BalanceReason::liquidation);
    change_balance(id, kUsdc, Amount{-price.value()}, BalanceReason::liquidation);
}

/// All positions of the market where it came to the loss bear it, as in Drift: each base alike, on
/// both sides. What rounding takes too much is the insurance fund's. Gives what is borne.
Quote Venue::socialize(Quote loss) {
    if (loss == Quote{0} || !loss_market_) return Quote{0};
    Market& market = markets_[loss_market_->value()];
    if (!market.settings.socialize_losses) return Quote{0};
    constexpr Int128 kUnit = 1'000'000'000'000;  // see FundingState::dust
    const auto each =
        formulas::drift_socialized_loss(loss, market.open_interest, market.open_interest);
    if (!each) return Quote{0};
    market.funding.loss_index += *each;
    const Int128 surplus =
        *each * market.open_interest.value() * 2 - loss.value() * kUnit + market.funding.dust;
    const Quote whole{static_cast<std::int64_t>(surplus / kUnit)};
    market.funding.dust = static_cast<std::int64_t>(surplus % kUnit);
    pools_.funding -= loss + whole;
    pools_.insurance += whole;
    ++epoch_;
    note_priced(*loss_market_);
    tell(LossSocialized{*loss_market_, loss,
                        formulas::FundingPerBase{static_cast<std::int64_t>(*each)},
                        market.open_interest});
    return loss;
}

/// What is sold first: what counts least as collateral, so that most margin comes back for what is
/// sold; of the same weight, what there is most of.
boost::container::small_vector<AssetId, kAssetsMax> Venue::collateral_order(AccountId id) const {
    boost::container::small_vector<AssetId, kAssetsMax> out;
    for (std::uint8_t i = 0; i < assets_.size(); ++i)
        if (of(id).balances[i] > Amount{0} && assets_[i].price != Price{0})
            out.push_back(AssetId{i});
    const auto key = [&](AssetId asset) {
        const Collateral& c = assets_[asset.value()];
        const Amount held = of(id).balances[asset.value()];
        const std::int64_t weight =
            asset == kUsdc ? 10'000 : weight_bps(c, held, MarginKind::maintenance);
        return std::pair{weight, -plain_value(c, held)};
    };
    std::ranges::stable_sort(out, {}, key);
    return out;
}

void Venue::sell_collateral(AccountId id, AssetId asset) {
    if (asset == kUsdc) return;
    const Collateral& collateral = assets_[asset.value()];
    const Amount held = of(id).balances[asset.value()];
    const std::int64_t worth = balance_value(collateral, asset, held, MarginKind::maintenance);
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
