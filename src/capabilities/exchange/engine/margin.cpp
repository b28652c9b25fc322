#include "capabilities/exchange/engine/margin.hpp"

#include <algorithm>
#include <cmath>

#include "capabilities/exchange/engine/rounding.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000;

/// floor(sqrt(n)). The processor's root is right to its last bit, which for 64 bits leaves one to
/// put right.
std::uint64_t root(std::uint64_t n) {
    auto x = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(n)));
    while (static_cast<UInt128>(x) * x > n) --x;
    while (static_cast<UInt128>(x + 1) * (x + 1) <= n) ++x;
    return x;
}

/// Drift v2 calculate_size_premium_liability_weight, here in basis points.
std::int64_t size_premium(std::int64_t ratio_bps, std::int64_t imf_ppm, Base size) {
    const auto magnitude = static_cast<std::uint64_t>(std::abs(size.value()));
    const auto s = static_cast<Int128>(root(magnitude * 10 + 1));
    const auto grown =
        ratio_bps - ratio_bps / 5 + static_cast<std::int64_t>(divide_down<10'000'000>(s * imf_ppm));
    return std::max(ratio_bps, grown);
}

std::int64_t requirement_at(const Market& market, MarginKind kind, std::int64_t size,
                            std::int64_t own_margin_bps) {
    if (size == 0) return 0;
    const Base magnitude{std::abs(size)};
    const Int128 value =
        divide_up<kBaseUnit>(static_cast<Int128>(market.mark.value()) * magnitude.value());
    return static_cast<std::int64_t>(divide_up<kBps>(
        value * margin_ratio_bps(market.settings, kind, magnitude, own_margin_bps)));
}

/// The size that asks for more, and what its orders would lose.
std::pair<std::int64_t, Quote> worse_side(const Market& market, const Position& p,
                                          MarginKind kind) {
    const std::int64_t size = p.size.value();
    if (kind == MarginKind::maintenance) return {size, Quote{0}};
    const std::int64_t longest = size + p.open_buy.value(), shortest = size - p.open_sell.value();
    const auto with = [&](std::int64_t s, Quote adverse) {
        return requirement_at(market, kind, s, p.own_margin_bps) + adverse.value();
    };
    const bool buys = p.adverse_buy == Quote{0} && p.adverse_sell == Quote{0}
                          ? std::abs(longest) >= std::abs(shortest)
                          : with(longest, p.adverse_buy) >= with(shortest, p.adverse_sell);
    return buys ? std::pair{longest, p.adverse_buy} : std::pair{shortest, p.adverse_sell};
}

}  // namespace

std::int64_t margin_ratio_bps(const MarketSettings& market, MarginKind kind, Base size,
                              std::int64_t own_margin_bps) {
    const bool initial = kind == MarginKind::initial;
    const std::int64_t ratio = initial ? market.initial_margin_bps : market.maintenance_margin_bps;
    const std::int64_t grown =
        market.imf_factor_ppm == 0 ? ratio : size_premium(ratio, market.imf_factor_ppm, size);
    return initial ? std::max(grown, own_margin_bps) : grown;
}

std::int64_t requirement_of(const Market& market, const Position& position, MarginKind kind) {
    const std::int64_t size = position.size.value();
    const auto at = [&](std::int64_t s) {
        return requirement_at(market, kind, s, position.own_margin_bps);
    };
    if (kind == MarginKind::maintenance) return at(size);
    const std::int64_t longest = size + position.open_buy.value();
    const std::int64_t shortest = size - position.open_sell.value();
    const std::int64_t adverse_buy = position.adverse_buy.value(),
                       adverse_sell = position.adverse_sell.value();
    if (adverse_buy == 0 && adverse_sell == 0)
        return at(std::abs(longest) >= std::abs(shortest) ? longest : shortest);
    return std::max(at(longest) + adverse_buy, at(shortest) + adverse_sell);
}

Requirement requirement_terms(const Market& market, const Position& position, MarginKind kind) {
    constexpr std::int64_t kPpmOfBps = 100;
    const auto [size, adverse] = worse_side(market, position, kind);
    const bool initial = kind == MarginKind::initial;
    const Base magnitude{std::abs(size)};
    const MarketSettings& settings = market.settings;
    Requirement out{.charged = Base{size}, .adverse = adverse};
    out.value = Quote{static_cast<std::int64_t>(
        divide_up<kBaseUnit>(static_cast<Int128>(market.mark.value()) * magnitude.value()))};
    MarginRatio& ratio = out.ratio;
    ratio.base_ppm =
        kPpmOfBps * (initial ? settings.initial_margin_bps : settings.maintenance_margin_bps);
    ratio.premium_ppm = kPpmOfBps * margin_ratio_bps(settings, kind, magnitude) - ratio.base_ppm;
    ratio.own_ppm = initial ? kPpmOfBps * position.own_margin_bps : 0;
    ratio.ppm = std::max(ratio.base_ppm + ratio.premium_ppm, ratio.own_ppm);
    out.total = requirement_at(market, kind, size, position.own_margin_bps) + adverse.value();
    return out;
}

Quote funding_due(const Market& market, const Position& position) {
    const Int128 owed = -static_cast<Int128>(position.size.value()) *
                        (market.funding.index - position.funding_index);
    // By 1e12 in two steps, each of which rounds down.
    return Quote{static_cast<std::int64_t>(divide_down<1'000'000>(divide_down<1'000'000>(owed)))};
}

std::int64_t unrealized_of(const Market& market, const Position& position, MarginKind kind) {
    if (position.size == Base{0}) return 0;
    const Int128 product = static_cast<Int128>(market.mark.value()) * position.size.value();
    const Int128 profit = divide_down<kBaseUnit>(product) + position.entry_quote.value() +
                          funding_due(market, position).value();
    if (profit <= 0 || kind == MarginKind::maintenance) return static_cast<std::int64_t>(profit);
    return static_cast<std::int64_t>(
        divide_down<kBps>(profit * market.settings.unrealized_gain_initial_bps));
}

Quote adverse_of(const Market& market, Side side, std::int64_t ticks, std::uint64_t lots) {
    const std::int64_t worse = sign_of(side) * (market.price(ticks) - market.mark).value();
    if (worse <= 0 || lots == 0) return Quote{0};
    const Int128 product = Int128{worse} * market.size(lots).value();
    return Quote{static_cast<std::int64_t>(divide_up<kBaseUnit>(product))};
}

std::int64_t weight_bps(const Collateral& asset, Amount /*balance*/, MarginKind kind) {
    return kind == MarginKind::initial ? asset.settings.initial_weight_bps
                                       : asset.settings.maintenance_weight_bps;
}

std::int64_t balance_value(const Collateral& asset, AssetId id, Amount balance, MarginKind kind) {
    return id == kUsdc ? balance.value() : amount_value(asset, balance, kind);
}

std::int64_t amount_value(const Collateral& asset, Amount amount, MarginKind kind) {
    Int128 unit = 1;
    for (std::int64_t i = 0; i < asset.settings.decimals; ++i) unit *= 10;
    // More than the greatest notional counts as that: sums stay within 64 bits, and nobody needs
    // it.
    const Int128 value =
        std::clamp<Int128>(static_cast<Int128>(amount.value()) * asset.price.value() / unit,
                           -kNotionalMax.value(), kNotionalMax.value());
    return static_cast<std::int64_t>(value * weight_bps(asset, amount, kind) / kBps);
}

std::int64_t asset_value(std::span<const Collateral> assets, const Account& account,
                         MarginKind kind) {
    std::int64_t out = account.usdc().value();
    for (std::size_t i = 1; i < assets.size(); ++i)
        if (account.balances[i] != Amount{0})
            out += amount_value(assets[i], account.balances[i], kind);
    return out;
}

Health health_of(const MarginContext& context, const Account& account, MarginKind kind,
                 const Position* instead, Quote cash) {
    Health out;
    out.collateral = asset_value(context.assets, account, kind) + cash.value();
    const auto add = [&](const Position& position) {
        const Market& market = context.markets[position.market.value()];
        out.collateral += unrealized_of(market, position, kind);
        out.requirement += requirement_of(market, position, kind);
    };
    bool replaced = false;
    for (const auto& position : account.positions) {
        const bool same = instead != nullptr && position.market == instead->market &&
                          position.leg == instead->leg;
        replaced |= same;
        add(same ? *instead : position);
    }
    if (instead != nullptr && !replaced) add(*instead);
    return out;
}

}  // namespace astro::exchange
