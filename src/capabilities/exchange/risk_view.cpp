#include "capabilities/exchange/risk_view.hpp"

#include <algorithm>
#include <limits>

namespace astro::exchange {
namespace {

/// Of all prices alike, in parts per million.
constexpr std::int64_t kGridPpm[] = {-500'000, -400'000, -300'000, -200'000, -100'000, -50'000, 0,
                                     50'000,   100'000,  200'000,  300'000,  400'000,  500'000};

StressScenario crash_scenario(const RecordedCrash& crash) {
    StressScenario out;
    out.crash = crash.name;
    return out;
}

/// Calls `look` under each shock of the grid, then of each recorded crash.
template <class AtChange, class InCrash>
void under_all(ShockedVenue& shocked, AtChange&& at_change, InCrash&& in_crash) {
    for (const std::int64_t ppm : kGridPpm) {
        shocked.set(parallel_shock(shocked.margin_context(), ppm));
        at_change(ppm);
    }
    for (const auto& crash : recorded_crashes()) {
        const auto shock = make_shock(crash_scenario(crash), shocked.margin_context());
        ASTRO_ASSERT(shock.has_value());
        shocked.set(*shock);
        in_crash(crash);
    }
}

}  // namespace

AccountRisk account_risk(ShockedVenue& shocked, AccountId id, const Account& account) {
    const auto standing = [&] { return standing_of(shocked.margin_context(), id, account); };
    AccountRisk out;
    under_all(
        shocked, [&](std::int64_t ppm) { out.grid.push_back({ppm, standing()}); },
        [&](const RecordedCrash& crash) {
            out.crashes.push_back({crash.name, crash.hours, standing()});
        });
    out.tail = tail_risk(shocked, {{id, &account}});
    out.window = recorded_window();
    shocked.set(parallel_shock(shocked.margin_context(), 0));
    out.now = standing();
    add_exposure(shocked.margin_context(), account, out.exposure);
    return out;
}

Result<AccountStress> account_stress(ShockedVenue& shocked, AccountId id, const Account& account,
                                     const StressScenario& scenario) {
    AccountStress out;
    ASTRO_TRY(const Shock shock, make_shock(scenario, shocked.margin_context()));
    out.before = standing_of(shocked.margin_context(), id, account);
    shocked.set(shock);
    out.after = standing_of(shocked.margin_context(), id, account);
    out.markets = market_shocks(shocked, shock);
    return out;
}

VenueRisk venue_risk(const Venue& venue) {
    ShockedVenue shocked(venue);
    VenueRisk out{.time_ms = venue.now().value(),
                  .now = venue_standing(venue, venue.margin_context()),
                  .pools = venue.pools(),
                  .concentration = concentration_of(venue)};
    const auto standing = [&] { return venue_standing(venue, shocked.margin_context(), 0); };
    under_all(
        shocked, [&](std::int64_t ppm) { out.grid.push_back({ppm, standing()}); },
        [&](const RecordedCrash& crash) {
            out.crashes.push_back({crash.name, crash.hours, standing()});
        });
    for (const Account& account : venue.accounts())
        add_exposure(venue.margin_context(), account, out.exposure);
    return out;
}

Result<VenueStress> venue_stress(const Venue& venue, ByteView state, const VenueStressWish& wish) {
    ShockedVenue shocked(venue);
    ASTRO_TRY(const Shock shock, make_shock(wish.scenario, shocked.margin_context()));
    const bool run = wish.run.value_or(false);
    if (run && (shock.volatility_ppm != kShockOne || shock.funding_ppm != 0))
        return refusal("bad_scenario", "the engine is run at other prices only", "run");
    VenueStress out;
    out.before = venue_standing(venue, venue.margin_context(), 0);
    shocked.set(shock);
    out.after = venue_standing(venue, shocked.margin_context());
    out.markets = market_shocks(shocked, shock);
    if (!run) return out;
    ASTRO_TRY(const auto copy, Venue::load(state));
    out.run = run_liquidations(*copy, shock, wish.book.value_or(BookAssumption::empty));
    return out;
}

std::vector<RiskyAccount> risky_accounts(const Venue& venue, std::size_t limit) {
    std::vector<RiskyAccount> out;
    for (std::uint32_t i = 0; i < venue.accounts().size(); ++i) {
        const Account& account = venue.accounts()[i];
        if (account.positions.size() == 0 && !account.has_debt()) continue;
        Exposure exposure;
        add_exposure(venue.margin_context(), account, exposure);
        out.push_back({standing_of(venue.margin_context(), AccountId{i}, account), account.owner,
                       exposure.gross});
    }
    std::ranges::stable_sort(out, [](const RiskyAccount& a, const RiskyAccount& b) {
        constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
        return a.standing.margin_ratio_ppm.value_or(kNone) >
               b.standing.margin_ratio_ppm.value_or(kNone);
    });
    out.resize(std::min(out.size(), limit));
    return out;
}

}  // namespace astro::exchange
