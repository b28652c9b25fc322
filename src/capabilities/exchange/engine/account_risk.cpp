#include "capabilities/exchange/engine/account_risk.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/recorded_prices.hpp"

namespace astro::exchange {
namespace {

/// Unweighted; USDC is its own value.
std::int64_t balance_worth(const MarginContext& context, AssetId asset, const Account& account) {
    const Collateral& collateral = context.assets[asset.value()];
    const Amount balance = balance_now(collateral, asset, account);
    return asset == kUsdc ? balance.value() : plain_value(collateral, balance);
}

std::int64_t equity_of(const MarginContext& context, const Account& account) {
    std::int64_t out = 0;
    for (std::uint8_t i = 0; i < context.assets.size(); ++i)
        if (account.balances[i] != Amount{0}) out += balance_worth(context, AssetId{i}, account);
    for (const auto& position : account.positions)
        out += unrealized_of(context.markets[position.market.value()], position,
                             MarginKind::maintenance);
    return out;
}

AssetExposure& exposure_of(Exposure& exposure, const std::string& asset) {
    auto at = std::ranges::lower_bound(exposure.assets, asset, {}, &AssetExposure::asset);
    if (at == exposure.assets.end() || at->asset != asset)
        at = exposure.assets.insert(at, {asset, {}, {}, {}, {}});
    return *at;
}

std::int64_t change_ppm(const RecordedSeries& series, std::int64_t hour, std::int64_t hours) {
    const std::int64_t now = series.closes_cents[static_cast<std::size_t>(hour)];
    const std::int64_t before = series.closes_cents[static_cast<std::size_t>(hour - hours)];
    const std::int64_t change = (now - before) * kShockOne;
    return change / before - (change % before < 0 ? 1 : 0);
}

}  // namespace

AccountStanding standing_of(const MarginContext& context, AccountId id, const Account& account) {
    const Health health = health_of(context, account, MarginKind::maintenance);
    AccountStanding out{.account = id,
                        .equity = Quote{equity_of(context, account)},
                        .collateral = Quote{health.collateral},
                        .requirement = Quote{health.requirement}};
    if (health.collateral > 0)
        out.margin_ratio_ppm = formulas::saturate64(
            formulas::div_round(static_cast<Int128>(health.requirement) * kShockOne,
                                health.collateral, formulas::Rounding::ceil));
    const bool has_position =
        std::ranges::any_of(account.positions, [](const Position& p) { return p.size != Base{0}; });
    out.liquidated = health.free() < 0 && (has_position || account.has_debt());
    return out;
}

void add_exposure(const MarginContext& context, const Account& account, Exposure& out) {
    for (const auto& position : account.positions) {
        if (position.size == Base{0}) continue;
        const Market& market = context.markets[position.market.value()];
        const Quote value = value_at_mark(market, std::abs(position.size.value()));
        AssetExposure& asset = exposure_of(out, market.settings.base_asset);
        const bool is_long = position.size > Base{0};
        (is_long ? asset.long_notional : asset.short_notional) += value;
        asset.delta += position.size;
        out.gross += value;
        out.net += is_long ? value : Quote{-value.value()};
    }
    for (std::uint8_t i = 1; i < context.assets.size(); ++i) {
        if (account.balances[i] == Amount{0}) continue;
        const AssetSettings& settings = context.assets[i].settings;
        AssetExposure& asset = exposure_of(out, settings.symbol);
        asset.delta += as_base(settings, balance_now(context.assets[i], AssetId{i}, account));
        asset.collateral_value += Quote{balance_worth(context, AssetId{i}, account)};
    }
}

Shock recorded_shock(const MarginContext& context, std::int64_t hour, std::int64_t hours) {
    return shock_by_asset(context, [&](const std::string& asset) {
        const auto* series = recorded_series_of(asset);
        if (series == nullptr) series = recorded_series_of(kRecordedReference);
        return change_ppm(*series, hour, hours);
    });
}

TailRisk tail_of(std::vector<std::int64_t> losses, std::int64_t hours,
                 std::int64_t confidence_ppm) {
    ASTRO_ASSERT(!losses.empty());
    std::ranges::sort(losses, std::greater<>());
    const auto spans = static_cast<std::int64_t>(losses.size());
    const std::int64_t tail =
        std::max<std::int64_t>(1, spans * (kShockOne - confidence_ppm) / kShockOne);
    Int128 sum = 0;
    for (std::int64_t i = 0; i < tail; ++i) sum += losses[static_cast<std::size_t>(i)];
    const auto average = static_cast<std::int64_t>(sum <= 0 ? sum / tail : (sum + tail - 1) / tail);
    const auto not_below_zero = [](std::int64_t loss) {
        return Quote{std::max<std::int64_t>(loss, 0)};
    };
    return {confidence_ppm,
            hours,
            spans,
            tail,
            not_below_zero(losses[static_cast<std::size_t>(tail - 1)]),
            not_below_zero(average),
            not_below_zero(losses.front())};
}

std::vector<TailRisk> tail_risk(ShockedVenue& shocked,
                                const std::vector<std::pair<AccountId, const Account*>>& accounts) {
    const auto equity = [&] {
        std::int64_t out = 0;
        for (const auto& [id, account] : accounts)
            out += equity_of(shocked.margin_context(), *account);
        return out;
    };
    const MarginContext context = shocked.margin_context();
    shocked.set(parallel_shock(context, 0));
    const std::int64_t now = equity();
    std::vector<TailRisk> out;
    for (const std::int64_t hours : kTailHours) {
        std::vector<std::int64_t> losses;
        for (std::int64_t hour = hours; hour < recorded_window().hours; ++hour) {
            shocked.set(recorded_shock(context, hour, hours));
            losses.push_back(now - equity());
        }
        for (const std::int64_t confidence : kTailConfidencesPpm)
            out.push_back(tail_of(losses, hours, confidence));
    }
    return out;
}

}  // namespace astro::exchange
