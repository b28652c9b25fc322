#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/deleverage_queue.hpp"
#include "capabilities/exchange/engine/recorded_prices.hpp"
#include "capabilities/exchange/engine/venue_risk.hpp"

/// What the API and the command line say of risk; the same numbers for both. docs/risk.md.
namespace astro::exchange {

struct AccountAtChange {
    std::int64_t change_ppm = 0;  ///< of all prices
    AccountStanding standing;
};
BOOST_DESCRIBE_STRUCT(AccountAtChange, (), (change_ppm, standing))
struct AccountInCrash {
    std::string crash;
    std::int64_t hours = 0;  ///< that it took
    AccountStanding standing;
};
BOOST_DESCRIBE_STRUCT(AccountInCrash, (), (crash, hours, standing))

struct AccountRisk {
    std::uint64_t seq = 0;  ///< of the venue's command whose state it is
    std::int64_t time_ms = 0;
    AccountStanding now;
    Exposure exposure;
    std::vector<AccountAtChange> grid;
    std::vector<AccountInCrash> crashes;
    std::vector<TailRisk> tail;
    RecordedWindow window;  ///< of the prices that `tail` is counted with
};
BOOST_DESCRIBE_STRUCT(AccountRisk, (), (seq, time_ms, now, exposure, grid, crashes, tail, window))

struct AccountStress {
    std::uint64_t seq = 0;
    std::vector<MarketShock> markets;
    AccountStanding before, after;
};
BOOST_DESCRIBE_STRUCT(AccountStress, (), (seq, markets, before, after))

struct VenueAtChange {
    std::int64_t change_ppm = 0;
    VenueStanding standing;  ///< without its list
};
BOOST_DESCRIBE_STRUCT(VenueAtChange, (), (change_ppm, standing))
struct VenueInCrash {
    std::string crash;
    std::int64_t hours = 0;
    VenueStanding standing;
};
BOOST_DESCRIBE_STRUCT(VenueInCrash, (), (crash, hours, standing))

struct VenueRisk {
    std::uint64_t seq = 0;
    std::int64_t time_ms = 0;
    VenueStanding now;
    Exposure exposure{};  ///< of all accounts together
    Pools pools;
    std::vector<MarketConcentration> concentration;
    std::vector<VenueAtChange> grid{};
    std::vector<VenueInCrash> crashes{};
};
BOOST_DESCRIBE_STRUCT(VenueRisk, (),
                      (seq, time_ms, now, exposure, pools, concentration, grid, crashes))

struct VenueStressWish {
    StressScenario scenario;
    std::optional<bool> run{};             ///< the real engine too, on a copy; at prices only
    std::optional<BookAssumption> book{};  ///< of `run`; empty
};
BOOST_DESCRIBE_STRUCT(VenueStressWish, (), (scenario, run, book))

struct VenueStress {
    std::uint64_t seq = 0;
    std::vector<MarketShock> markets;
    VenueStanding before, after;
    std::optional<LiquidationRun> run{};
};
BOOST_DESCRIBE_STRUCT(VenueStress, (), (seq, markets, before, after, run))

/// An account with a position or a debt, as operators see it.
struct RiskyAccount {
    AccountStanding standing;
    OwnerId owner{};
    Quote gross{};  ///< notional of its positions
};
BOOST_DESCRIBE_STRUCT(RiskyAccount, (), (standing, owner, gross))

/// Of a copy of the account and of the venue's markets, so of any thread. `shocked` is changed.
[[nodiscard]] AccountRisk account_risk(ShockedVenue& shocked, AccountId id, const Account& account);
/// "bad_scenario"
[[nodiscard]] Result<AccountStress> account_stress(ShockedVenue& shocked, AccountId id,
                                                   const Account& account,
                                                   const StressScenario& scenario);

[[nodiscard]] VenueRisk venue_risk(const Venue& venue);
/// "bad_scenario". `state` is the venue's, of which a copy is run.
[[nodiscard]] Result<VenueStress> venue_stress(const Venue& venue, ByteView state,
                                               const VenueStressWish& wish);
/// The nearest to liquidation first: without collateral, then by margin ratio.
[[nodiscard]] std::vector<RiskyAccount> risky_accounts(const Venue& venue, std::size_t limit);

}  // namespace astro::exchange
