#include "capabilities/exchange/engine/margin_explain.hpp"

#include "capabilities/exchange/engine/formulas/liquidation.hpp"
#include "capabilities/exchange/engine/rounding.hpp"

namespace astro::exchange {
namespace {

MarginAssetTerm asset_term(const MarginContext& context, AssetId id, const Account& account,
                           MarginKind kind) {
    const Collateral& asset = context.assets[id.value()];
    MarginAssetTerm out{.asset = id,
                        .symbol = asset.settings.symbol,
                        .balance = account.balances[id.value()],
                        .price = asset.price};
    const Amount now = balance_now(asset, id, account);
    out.interest = now - out.balance;
    out.weight_bps = id == kUsdc ? 10'000 : weight_bps(asset, now, kind);
    out.value = Quote{balance_value(asset, id, now, kind)};
    return out;
}

MarginPositionTerm position_term(const Market& market, const Position& position, MarginKind kind) {
    const Requirement needs = requirement_terms(market, position, kind);
    const Int128 mark = market.mark.value();
    MarginPositionTerm out{
        .market = position.market,
        .symbol = market.settings.symbol,
        .leg = position.leg,
        .size = position.size,
        .mark = market.mark,
        .notional =
            Quote{static_cast<std::int64_t>(divide_down<kBaseUnit>(mark * position.size.value()))},
        .entry_quote = position.entry_quote,
        .funding = position.size == Base{0} ? Quote{0} : funding_due(market, position),
        .open_buy = position.open_buy,
        .open_sell = position.open_sell,
        .charged_size = needs.charged,
        .charged_value = needs.value,
        .base_ratio_ppm = needs.ratio.base_ppm,
        .premium_ppm = needs.ratio.premium_ppm,
        .own_ratio_ppm = needs.ratio.own_ppm,
        .ratio_ppm = needs.ratio.ppm,
        .deduction = needs.ratio.deduction,
        .open_orders_loss = needs.adverse,
        .requirement = Quote{needs.total},
        .liquidation = {}};
    out.unrealized = out.notional + out.entry_quote + out.funding;
    out.gain_weight_bps =
        kind == MarginKind::initial ? market.settings.unrealized_gain_initial_bps : 10'000;
    out.counted_profit = Quote{unrealized_of(market, position, kind)};
    return out;
}

MarginSide explain_side(const MarginContext& context, const Account& account, MarginKind kind) {
    MarginSide out;
    for (std::uint8_t i = 0; i < context.assets.size(); ++i) {
        if (i != kUsdc.value() && account.balances[i] == Amount{0}) continue;
        out.assets.push_back(asset_term(context, AssetId{i}, account, kind));
        out.collateral += out.assets.back().value;
    }
    for (const auto& position : account.positions) {
        out.positions.push_back(
            position_term(context.markets[position.market.value()], position, kind));
        out.collateral += out.positions.back().counted_profit;
        out.requirement += out.positions.back().requirement;
    }
    out.free = out.collateral - out.requirement;
    return out;
}

std::optional<Price> liquidation_at(Base size, Price mark, std::int64_t ratio_ppm,
                                    const Health& maintenance) {
    if (size == Base{0}) return std::nullopt;
    // At 10,000 bps a long's requirement falls as fast as its value: no price meets it.
    const std::int64_t ratio_bps = (ratio_ppm + 99) / 100;
    if (size > Base{0} && ratio_bps >= 10'000) return std::nullopt;
    return formulas::liquidation_price(
        size, mark, ratio_bps,
        {.equity = Quote{maintenance.collateral}, .maintenance = Quote{maintenance.requirement}});
}

}  // namespace

std::optional<Price> liquidation_price_of(const Market& market, const Position& position,
                                          const Health& maintenance) {
    const Requirement needs = requirement_terms(market, position, MarginKind::maintenance);
    return liquidation_at(position.size, market.mark, needs.ratio.ppm, maintenance);
}

MarginExplanation explain_margin(const MarginContext& context, const Account& account) {
    MarginExplanation out{.initial = explain_side(context, account, MarginKind::initial),
                          .maintenance = explain_side(context, account, MarginKind::maintenance),
                          .margin_ratio_ppm = {}};
    const Int128 collateral = out.maintenance.collateral.value();
    const Int128 requirement = out.maintenance.requirement.value();
    if (collateral > 0)
        out.margin_ratio_ppm = formulas::saturate64(
            formulas::div_round(requirement * 1'000'000, collateral, formulas::Rounding::ceil));
    for (std::size_t i = 0; i < out.maintenance.positions.size(); ++i) {
        auto& term = out.maintenance.positions[i];
        term.liquidation = out.initial.positions[i].liquidation = liquidation_at(
            term.size, term.mark, term.ratio_ppm,
            {out.maintenance.collateral.value(), out.maintenance.requirement.value()});
    }
    return out;
}

}  // namespace astro::exchange
