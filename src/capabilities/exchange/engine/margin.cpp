#include "capabilities/exchange/engine/margin.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "capabilities/exchange/engine/formulas/margin.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000, kPpm = 1'000'000, kPpmOfBps = 100;

/// No ratio is above ten times the notional; with it no sum of an account leaves 64 bits:
/// each position is worth at most kNotionalMax at any price (check_market), what it was bought for
/// as well, its open orders at most twice that (check_risk), and so are what they would lose.
constexpr std::int64_t kRatioMaxBps = 100'000;
constexpr Int128 kPositionWorst = kNotionalMax.value();
static_assert(kPositionsMax * (kPositionWorst * kRatioMaxBps / kBps + 2 * kPositionWorst) <
              formulas::kInt64Max);
/// Profit of all positions, balances of USDC and of all other assets at the highest weight.
static_assert(kPositionsMax * 2 * kPositionWorst + (Int128{1} << 62) +
                  kAssetsMax * kPositionWorst * 5 <
              formulas::kInt64Max);

/// floor(sqrt(n)). The processor's root is right to its last bit: below 2^52 that is enough, above
/// it leaves one to put right.
std::uint64_t root(std::uint64_t n) {
    auto x = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(n)));
    if (n < std::uint64_t{1} << 52) [[likely]]
        return x;
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

std::int64_t ceil_ppm(std::int64_t value, std::int64_t ppm) {
    return static_cast<std::int64_t>(divide_up<1'000'000>(static_cast<Int128>(value) * ppm));
}

/// Ten to the asset's decimals.
std::int64_t unit_of(const AssetSettings& asset) {
    static constexpr auto kPowers = [] {
        std::array<std::int64_t, 13> out{};
        out[0] = 1;
        for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
        return out;
    }();
    return kPowers[static_cast<std::size_t>(asset.decimals)];
}

std::int64_t drift_ratio_bps(const MarketSettings& market, MarginKind kind, Base size) {
    const std::int64_t ratio =
        kind == MarginKind::initial ? market.initial_margin_bps : market.maintenance_margin_bps;
    if (market.imf_factor_ppm == 0) return ratio;
    return std::min(size_premium(ratio, market.imf_factor_ppm, size), kRatioMaxBps);
}

std::int64_t requirement_at(const Market& market, MarginKind kind, std::int64_t size,
                            std::int64_t own_margin_bps) {
    if (size == 0) return 0;
    const Base magnitude{std::abs(size)};
    const Quote value = value_at_mark(market, magnitude.value());
    if (market.settings.margin_formula == MarginFormula::drift) [[likely]] {
        std::int64_t ratio = drift_ratio_bps(market.settings, kind, magnitude);
        if (kind == MarginKind::initial) ratio = std::max(ratio, own_margin_bps);
        return static_cast<std::int64_t>(
            divide_up<kBps>(static_cast<Int128>(value.value()) * ratio));
    }
    const MarginRatio ratio = margin_ratio(market, kind, magnitude, value, own_margin_bps);
    return ceil_ppm(value.value(), ratio.ppm) - ratio.deduction.value();
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

namespace {

/// Of dYdX: how much of the way from the base ratio to one the open interest has gone, rounded up.
std::int64_t open_interest_ppm(const Market& market) {
    const MarketSettings& m = market.settings;
    if (m.open_interest_upper == Quote{0}) return 0;
    const Quote open = value_at_mark(market, market.margin_interest.value());
    const Int128 above = std::clamp(open, m.open_interest_lower, m.open_interest_upper).value() -
                         m.open_interest_lower.value();
    const Int128 span = (m.open_interest_upper - m.open_interest_lower).value();
    const Int128 missing = kPpm - m.initial_margin_bps * kPpmOfBps;
    return static_cast<std::int64_t>(
        formulas::div_round(missing * above, span, formulas::Rounding::ceil));
}

/// The larger of the market's ratio and the account's own, which has no deduction.
void use_own(MarginRatio& ratio, MarginKind kind, Quote value, std::int64_t own_margin_bps) {
    const std::int64_t market_ppm = ratio.base_ppm + ratio.premium_ppm;
    ratio.ppm = market_ppm;
    if (kind == MarginKind::maintenance) return;
    ratio.own_ppm = own_margin_bps * kPpmOfBps;
    const std::int64_t needed = ceil_ppm(value.value(), market_ppm) - ratio.deduction.value();
    if (ceil_ppm(value.value(), ratio.own_ppm) < needed) return;
    ratio.ppm = ratio.own_ppm;
    ratio.deduction = Quote{0};
}

}  // namespace

MarginRatio margin_ratio(const Market& market, MarginKind kind, Base size, Quote value,
                         std::int64_t own_margin_bps) {
    const MarketSettings& m = market.settings;
    const bool initial = kind == MarginKind::initial;
    MarginRatio out;
    out.base_ppm = kPpmOfBps * (initial ? m.initial_margin_bps : m.maintenance_margin_bps);
    switch (m.margin_formula) {
        case MarginFormula::drift:
            out.premium_ppm = kPpmOfBps * drift_ratio_bps(m, kind, size) - out.base_ppm;
            break;
        case MarginFormula::dydx:
            if (initial) out.premium_ppm = open_interest_ppm(market);
            break;
        case MarginFormula::brackets: {
            const auto& bracket = formulas::bracket_of(m.brackets, value);
            out.base_ppm = initial ? (kPpm + bracket.leverage_max - 1) / bracket.leverage_max
                                   : bracket.maintenance_ppm;
            if (!initial) out.deduction = bracket.cum;
            break;
        }
    }
    use_own(out, kind, value, own_margin_bps);
    return out;
}

std::int64_t steepest_maintenance_bps(const Market& market, Base size) {
    const MarketSettings& m = market.settings;
    if (m.margin_formula == MarginFormula::brackets)
        return (m.brackets.back().maintenance_ppm + kPpmOfBps - 1) / kPpmOfBps;
    if (m.margin_formula == MarginFormula::dydx) return m.maintenance_margin_bps;
    return drift_ratio_bps(m, MarginKind::maintenance, Base{std::abs(size.value())});
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
    const auto [size, adverse] = worse_side(market, position, kind);
    const Base magnitude{std::abs(size)};
    Requirement out{.charged = Base{size}, .adverse = adverse};
    out.value = value_at_mark(market, magnitude.value());
    out.ratio = margin_ratio(market, kind, magnitude, out.value, position.own_margin_bps);
    if (size == 0) out.ratio.deduction = Quote{0};
    out.total = requirement_at(market, kind, size, position.own_margin_bps) + adverse.value();
    return out;
}

Quote funding_due(const Market& market, const Position& position) {
    const Int128 owed = funding_exact(market, position);
    // By 1e12 in two steps, each of which rounds down.
    return Quote{static_cast<std::int64_t>(divide_down<1'000'000>(divide_down<1'000'000>(owed)))};
}

Int128 funding_exact(const Market& market, const Position& position) {
    if (market.funding.index == position.funding_index &&
        market.funding.loss_index == position.loss_index)
        return 0;
    const Int128 size = position.size.value();
    return -size * (market.funding.index - position.funding_index) -
           (size < 0 ? -size : size) * (market.funding.loss_index - position.loss_index);
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

Amount balance_now(const Collateral& asset, AssetId id, const Account& account) {
    const Amount balance = account.balances[id.value()];
    if (!asset.settings.borrow_enabled || balance == Amount{0}) return balance;
    const InterestMark* mark = account.interest_mark(id);
    if (mark == nullptr) return balance;
    return balance + interest_due(asset.settings, asset.interest, balance, mark->index);
}

std::int64_t weight_bps(const Collateral& asset, Amount balance, MarginKind kind) {
    const AssetSettings& s = asset.settings;
    const bool initial = kind == MarginKind::initial, owed = balance < Amount{0};
    const std::int64_t held = initial ? s.initial_weight_bps : s.maintenance_weight_bps;
    const std::int64_t debt =
        initial ? s.initial_liability_weight_bps : s.maintenance_liability_weight_bps;
    if (s.imf_factor_ppm == 0) return owed ? debt : held;
    // The size premium counts in whole assets, of what is held or owed.
    const Base size = as_base(s, Amount{std::abs(balance.value())});
    return owed ? formulas::drift_size_premium(size, s.imf_factor_ppm, debt)
                : formulas::drift_size_discount(size, s.imf_factor_ppm, held);
}

Base as_base(const AssetSettings& asset, Amount amount) {
    return Base{
        formulas::saturate64(static_cast<Int128>(amount.value()) * kBaseUnit / unit_of(asset))};
}

std::int64_t plain_value(const Collateral& asset, Amount amount) {
    // More than the greatest notional counts as that: sums stay within 64 bits, and nobody needs
    // it.
    return static_cast<std::int64_t>(std::clamp<Int128>(
        formulas::div_round(static_cast<Int128>(amount.value()) * asset.price.value(),
                            unit_of(asset.settings), formulas::Rounding::floor),
        -kNotionalMax.value(), kNotionalMax.value()));
}

std::int64_t balance_value(const Collateral& asset, AssetId id, Amount balance, MarginKind kind) {
    if (id == kUsdc) return balance.value();
    const Int128 value = plain_value(asset, balance);
    return static_cast<std::int64_t>(divide_down<kBps>(value * weight_bps(asset, balance, kind)));
}

std::int64_t asset_value(std::span<const Collateral> assets, const Account& account,
                         MarginKind kind) {
    std::int64_t out =
        assets.empty() ? account.usdc().value() : balance_now(assets[0], kUsdc, account).value();
    for (std::uint8_t i = 1; i < assets.size(); ++i)
        if (account.balances[i] != Amount{0})
            out += balance_value(assets[i], AssetId{i}, balance_now(assets[i], AssetId{i}, account),
                                 kind);
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
