#include "server/dialects/binance/account_model.hpp"

#include <algorithm>

#include "capabilities/exchange/account_view.hpp"

namespace astro::binance {
namespace {

constexpr std::int64_t kBps = 10'000;

Quote margin_of_orders(const exchange::PositionView& position, Quote requirement) {
    // What the requirement is beyond that of the position itself.
    const Int128 value =
        position.notional.value() < 0 ? -position.notional.value() : position.notional.value();
    const Int128 own = value * std::max<std::int64_t>(position.own_margin_bps, 0) / kBps;
    const auto rest = static_cast<std::int64_t>(Int128{requirement.value()} - own);
    return Quote{position.own_margin_bps == 0 ? 0 : std::max<std::int64_t>(rest, 0)};
}

Quote value_of(Price price, Base size) {
    return Quote{static_cast<std::int64_t>(exchange::notional(price, size))};
}

Quote signed_notional(const exchange::PositionView& position) {
    return value_of(position.mark, position.size);
}

AccountPosition account_position(const PositionRisk& risk) {
    AccountPosition out{.symbol = risk.symbol};
    out.initialMargin = risk.initialMargin;
    out.maintMargin = risk.maintMargin;
    out.unrealizedProfit = risk.unRealizedProfit;
    out.positionInitialMargin = risk.positionInitialMargin;
    out.openOrderInitialMargin = risk.openOrderInitialMargin;
    out.leverage = risk.leverage;
    out.entryPrice = risk.entryPrice;
    out.breakEvenPrice = risk.breakEvenPrice;
    out.maxNotional = risk.maxNotionalValue;
    out.positionSide = risk.positionSide;
    out.positionAmt = risk.positionAmt;
    out.notional = risk.notional;
    out.bidNotional = risk.bidNotional;
    out.askNotional = risk.askNotional;
    out.updateTime = risk.updateTime;
    return out;
}

/// Profit and margin are in USDC; other collateral has its balance alone.
AccountAsset account_asset(const AccountNow& now, const exchange::BalanceView& balance,
                           const AccountAnswer& totals) {
    AccountAsset out{.asset = balance.asset, .walletBalance = balance.amount};
    out.marginBalance = out.crossWalletBalance = out.availableBalance = out.maxWithdrawAmount =
        balance.amount;
    out.updateTime = now.time;
    if (balance.asset != "USDC") return out;
    Quote wallet{};
    if (!from_text(balance.amount, wallet)) wallet = balance.value;
    out.unrealizedProfit = out.crossUnPnl = totals.totalUnrealizedProfit;
    out.marginBalance = to_text(wallet + totals.totalUnrealizedProfit);
    out.initialMargin = totals.totalInitialMargin;
    out.positionInitialMargin = totals.totalPositionInitialMargin;
    out.openOrderInitialMargin = totals.totalOpenOrderInitialMargin;
    out.maintMargin = totals.totalMaintMargin;
    out.availableBalance = out.maxWithdrawAmount = to_text(totals.availableBalance);
    return out;
}

}  // namespace

AccountNow account_now(const Around& around, AccountId account) {
    AccountNow out;
    around.desk.service.read([&](const exchange::Venue& venue) {
        out.view = exchange::account_view(venue, account);
        out.positions = exchange::position_views(venue, account);
        out.time = static_cast<std::int64_t>(venue.now().value());
        for (const auto& position : venue.accounts()[account.value()].positions) {
            out.hedges = out.hedges || position.leg != exchange::Leg::net;
            out.own_margins.emplace_back(venue.markets()[position.market.value()].settings.symbol,
                                         position.own_margin_bps);
        }
    });
    return out;
}

std::int64_t leverage_of(std::int64_t margin_bps) {
    const std::int64_t bps = std::clamp<std::int64_t>(margin_bps, 1, kBps);
    return (kBps + bps - 1) / bps;
}

std::int64_t leverage_max(const MarketSettings& market) {
    return market.margin_formula == exchange::MarginFormula::brackets && !market.brackets.empty()
               ? market.brackets.front().leverage_max
               : std::max<std::int64_t>(kBps / std::max<std::int64_t>(market.initial_margin_bps, 1),
                                        1);
}

std::int64_t leverage_in(const AccountNow& now, const Listed& listed) {
    for (const auto& [name, own] : now.own_margins)
        if (name == listed.name && own != 0) return leverage_of(own);
    return leverage_max(*listed.settings);
}

std::vector<PositionRisk> position_risks(const AccountNow& now, const Listed& listed) {
    PositionRisk empty{.symbol = listed.symbol};
    empty.leverage = std::to_string(leverage_in(now, listed));
    empty.maxNotionalValue = listed.settings->order_notional_max;
    empty.marginAsset = listed.settings->quote_asset;
    empty.updateTime = now.time;
    std::vector<PositionRisk> out;
    for (const auto& position : now.positions) {
        if (position.market != listed.name) continue;
        PositionRisk risk = empty;
        risk.positionSide = position.leg == exchange::Leg::net        ? "BOTH"
                            : position.leg == exchange::Leg::long_leg ? "LONG"
                                                                      : "SHORT";
        risk.positionAmt = position.size;
        risk.entryPrice = risk.breakEvenPrice = position.entry_price.value_or(Price{});
        risk.markPrice = position.mark;
        risk.unRealizedProfit = position.unrealized;
        risk.liquidationPrice = position.liquidation_price.value_or(Price{});
        risk.notional = signed_notional(position);
        risk.initialMargin = position.initial_requirement;
        risk.maintMargin = position.maintenance_requirement;
        risk.openOrderInitialMargin = margin_of_orders(position, position.initial_requirement);
        risk.positionInitialMargin =
            Quote{risk.initialMargin.value() - risk.openOrderInitialMargin.value()};
        risk.bidNotional = value_of(position.mark, position.open_buy);
        risk.askNotional = value_of(position.mark, position.open_sell);
        out.push_back(std::move(risk));
    }
    if (out.empty()) out.push_back(std::move(empty));
    return out;
}

AccountAnswer account_answer(const Around& around, const AccountNow& now) {
    AccountAnswer out;
    out.updateTime = now.time;
    for (const Listed& listed : all_listed(around))
        for (const auto& risk : position_risks(now, listed)) {
            out.totalUnrealizedProfit += risk.unRealizedProfit;
            out.totalOpenOrderInitialMargin += risk.openOrderInitialMargin;
            out.positions.push_back(account_position(risk));
        }
    out.totalInitialMargin = now.view.initial.requirement;
    out.totalMaintMargin = now.view.maintenance.requirement;
    out.totalPositionInitialMargin =
        Quote{out.totalInitialMargin.value() - out.totalOpenOrderInitialMargin.value()};
    out.totalMarginBalance = now.view.equity;
    out.totalCrossUnPnl = out.totalUnrealizedProfit;
    out.totalWalletBalance = out.totalCrossWalletBalance =
        Quote{now.view.equity.value() - out.totalUnrealizedProfit.value()};
    out.availableBalance = out.maxWithdrawAmount =
        Quote{std::max<std::int64_t>(now.view.initial.free.value(), 0)};
    for (const auto& balance : now.view.balances)
        out.assets.push_back(account_asset(now, balance, out));
    return out;
}

}  // namespace astro::binance
