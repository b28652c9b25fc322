#include "capabilities/exchange/engine/shock.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/recorded_prices.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kBps = 10'000;

Unexpected bad(std::string message, std::string where) {
    return refusal("bad_scenario", std::move(message), std::move(where));
}

Result<void> check_range(std::int64_t value, std::int64_t least, std::int64_t most,
                         std::string where) {
    if (value >= least && value <= most) return {};
    return bad("lies in " + std::to_string(least) + " … " + std::to_string(most), std::move(where));
}

std::string names_of(const MarginContext& context) {
    std::string out;
    for (const auto& market : context.markets)
        out += (out.empty() ? "" : ", ") + market.settings.symbol;
    return out;
}

std::string crash_names() {
    std::string out;
    for (const auto& crash : recorded_crashes()) out += (out.empty() ? "" : ", ") + crash.name;
    return out;
}

/// Away from zero; within what a price may change by.
std::int64_t scaled(std::int64_t change_ppm, std::int64_t over, std::int64_t under) {
    const Int128 product = static_cast<Int128>(change_ppm) * over;
    const Int128 whole = product / under;
    const Int128 rest = product % under == 0 ? 0 : product < 0 ? -1 : 1;
    return static_cast<std::int64_t>(std::clamp<Int128>(whole + rest, kChangeMin, kChangeMax));
}

Result<Shock> common_part(const StressScenario& scenario, const MarginContext& context) {
    const int given =
        scenario.all_ppm.has_value() + scenario.crash.has_value() + scenario.driver.has_value();
    if (given > 1) return bad("takes one of all_ppm, crash and driver", "all_ppm");
    if (scenario.driver.has_value() != scenario.driver_ppm.has_value())
        return bad("a driver and its change go together", "driver_ppm");
    if (scenario.crash) {
        const auto& known = recorded_crashes();
        if (std::ranges::find(known, *scenario.crash, &RecordedCrash::name) == known.end())
            return bad("is one of " + crash_names(), "crash");
        return shock_by_asset(
            context, [&](const std::string& asset) { return crash_ppm(asset, *scenario.crash); });
    }
    if (scenario.driver) {
        ASTRO_CHECK(check_range(*scenario.driver_ppm, kChangeMin, kChangeMax, "driver_ppm"));
        const std::int64_t own = recorded_beta_ppm(*scenario.driver);
        return shock_by_asset(context, [&](const std::string& asset) {
            return asset == *scenario.driver
                       ? *scenario.driver_ppm
                       : scaled(*scenario.driver_ppm, recorded_beta_ppm(asset), own);
        });
    }
    const std::int64_t all = scenario.all_ppm.value_or(0);
    ASTRO_CHECK(check_range(all, kChangeMin, kChangeMax, "all_ppm"));
    return parallel_shock(context, all);
}

/// Whether the symbol is a market's or an asset's.
bool put_change(const MarginContext& context, const std::string& symbol, std::int64_t ppm,
                Shock& out) {
    bool found = false;
    for (std::size_t i = 0; i < context.markets.size(); ++i)
        if (const auto& settings = context.markets[i].settings;
            settings.symbol == symbol || settings.base_asset == symbol) {
            out.market_ppm[i] = ppm;
            found = true;
        }
    for (std::size_t i = 1; i < context.assets.size(); ++i)
        if (context.assets[i].settings.symbol == symbol) {
            out.asset_ppm[i] = ppm;
            found = true;
        }
    return found;
}

std::int64_t times(std::int64_t ratio, std::int64_t ppm, std::int64_t most) {
    return std::min(most, (ratio * ppm + kShockOne - 1) / kShockOne);
}

void scale_margin(MarketSettings& settings, std::int64_t ppm) {
    settings.initial_margin_bps = times(settings.initial_margin_bps, ppm, kBps);
    settings.maintenance_margin_bps = times(settings.maintenance_margin_bps, ppm, kBps);
    if (settings.brackets.empty()) return;
    // All brackets alike, so that the requirement still does not jump.
    const std::int64_t factor =
        std::min(ppm, kShockOne * kShockOne / settings.brackets.back().maintenance_ppm);
    for (auto& bracket : settings.brackets) {
        bracket.maintenance_ppm = times(bracket.maintenance_ppm, factor, kShockOne);
        bracket.cum = Quote{static_cast<std::int64_t>(static_cast<Int128>(bracket.cum.value()) *
                                                      factor / kShockOne)};
        bracket.leverage_max = std::max<std::int64_t>(1, bracket.leverage_max * kShockOne / factor);
    }
}

}  // namespace

Price shocked_price(Price price, std::int64_t change_ppm) {
    if (price == Price{0} || change_ppm == 0) return price;
    const Int128 changed =
        static_cast<Int128>(price.value()) * (kShockOne + change_ppm) / kShockOne;
    return Price{static_cast<std::int64_t>(std::clamp<Int128>(changed, 1, kPriceMax.value()))};
}

std::int64_t recorded_beta_ppm(const std::string& asset) {
    const auto* series = recorded_series_of(asset);
    return series == nullptr ? kShockOne : series->beta_ppm;
}

std::int64_t crash_ppm(const std::string& asset, const std::string& name) {
    const auto& all = recorded_crashes();
    const auto crash = std::ranges::find(all, name, &RecordedCrash::name);
    ASTRO_ASSERT(crash != all.end());
    std::int64_t reference = 0;
    for (const auto& [symbol, ppm] : crash->change_ppm) {
        if (symbol == asset) return ppm;
        if (symbol == kRecordedReference) reference = ppm;
    }
    return scaled(reference, recorded_beta_ppm(asset), kShockOne);
}

Shock shock_by_asset(const MarginContext& context,
                     const std::function<std::int64_t(const std::string&)>& change_ppm) {
    Shock out;
    for (const auto& market : context.markets)
        out.market_ppm.push_back(change_ppm(market.settings.base_asset));
    for (std::size_t i = 0; i < context.assets.size(); ++i)
        out.asset_ppm.push_back(i == kUsdc.value() ? 0
                                                   : change_ppm(context.assets[i].settings.symbol));
    return out;
}

Shock parallel_shock(const MarginContext& context, std::int64_t ppm) {
    return shock_by_asset(context, [&](const std::string&) { return ppm; });
}

Result<Shock> make_shock(const StressScenario& scenario, const MarginContext& context) {
    ASTRO_TRY(Shock out, common_part(scenario, context));
    if (scenario.changes_ppm)
        for (const auto& [symbol, ppm] : *scenario.changes_ppm) {
            const std::string where = "changes_ppm." + symbol.substr(0, 32);
            ASTRO_CHECK(check_range(ppm, kChangeMin, kChangeMax, where));
            if (!put_change(context, symbol, ppm, out))
                return bad(
                    "there is no such market or collateral; markets are: " + names_of(context),
                    where);
        }
    out.volatility_ppm = scenario.volatility_ppm.value_or(kShockOne);
    ASTRO_CHECK(check_range(out.volatility_ppm, kVolatilityMin, kVolatilityMax, "volatility_ppm"));
    out.funding_ppm = scenario.funding_ppm.value_or(0);
    ASTRO_CHECK(check_range(out.funding_ppm, -kFundingShockMax, kFundingShockMax, "funding_ppm"));
    return out;
}

ShockedVenue::ShockedVenue(const Venue& venue) : assets_(venue.assets()) {
    for (const Market& from : venue.markets()) {
        before_.push_back({from.settings, from.index, from.mark, from.funding.index});
        Market& market = markets_.emplace_back(from.settings, pool_,
                                               static_cast<std::uint32_t>(markets_.size()));
        market.index = from.index;
        market.mark = from.mark;
        market.funding = from.funding;
        market.open_interest = from.open_interest;
        market.margin_interest = from.margin_interest;
    }
    for (const auto& asset : assets_) asset_prices_.push_back(asset.price);
}

void ShockedVenue::set(const Shock& shock) {
    ASTRO_ASSERT(shock.market_ppm.size() == markets_.size() &&
                 shock.asset_ppm.size() == assets_.size());
    const formulas::Rate rate{shock.funding_ppm * formulas::kRatePerPpm};
    for (std::size_t i = 0; i < markets_.size(); ++i) {
        Market& market = markets_[i];
        market.settings = before_[i].settings;
        if (shock.volatility_ppm != kShockOne) scale_margin(market.settings, shock.volatility_ppm);
        market.index = shocked_price(before_[i].index, shock.market_ppm[i]);
        market.mark = shocked_price(before_[i].mark, shock.market_ppm[i]);
        market.funding.index =
            before_[i].funding_index + formulas::funding_per_base(rate, market.index).value();
    }
    for (std::size_t i = 0; i < assets_.size(); ++i)
        assets_[i].price = shocked_price(asset_prices_[i], shock.asset_ppm[i]);
}

}  // namespace astro::exchange
