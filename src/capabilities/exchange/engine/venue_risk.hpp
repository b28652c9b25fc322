#pragma once

#include <functional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/account_risk.hpp"

/// The whole venue under stress: who would be liquidated, what would be missing, and who holds how
/// much of what.
namespace astro::exchange {

inline constexpr std::size_t kRiskAccountsMax = 100;  ///< named in an answer

struct MarketShock {
    std::string market;
    std::int64_t change_ppm = 0;
    Price index{}, mark{};  ///< as they are then
};
BOOST_DESCRIBE_STRUCT(MarketShock, (), (market, change_ppm, index, mark))

/// All accounts at the prices of a moment, or under a shock.
struct VenueStanding {
    std::int64_t accounts = 0;  ///< with a position, a balance or a debt
    Quote equity{};             ///< of all of them
    std::int64_t liquidated = 0;
    Quote liquidated_notional{};           ///< gross, of the positions of those
    std::int64_t bankrupt = 0;             ///< whose equity is below zero
    Quote bankrupt_amount{};               ///< by how much, together
    Quote insurance{};                     ///< what the fund has now
    Quote insurance_missing{};             ///< of the bankrupt amount, what it has not
    std::vector<AccountStanding> worst{};  ///< those that would be liquidated, the largest first
};
BOOST_DESCRIBE_STRUCT(VenueStanding, (),
                      (accounts, equity, liquidated, liquidated_notional, bankrupt, bankrupt_amount,
                       insurance, insurance_missing, worst))

/// `context` is of this venue, shocked or not. `worst_max` accounts are named at most.
[[nodiscard]] VenueStanding venue_standing(const Venue& venue, const MarginContext& context,
                                           std::size_t worst_max = kRiskAccountsMax);
[[nodiscard]] std::vector<MarketShock> market_shocks(const ShockedVenue& shocked,
                                                     const Shock& shock);

/// What one account has of a side of a market's open interest.
struct HolderShare {
    AccountId account{};
    Base size{};
    std::int64_t share_ppm = 0;
};
BOOST_DESCRIBE_STRUCT(HolderShare, (), (account, size, share_ppm))
struct Holders {
    std::int64_t count = 0;
    std::int64_t herfindahl_ppm = 0;     ///< sum of squared shares: 1,000,000 is a single holder
    std::vector<HolderShare> largest{};  ///< five at most
};
BOOST_DESCRIBE_STRUCT(Holders, (), (count, herfindahl_ppm, largest))
struct MarketConcentration {
    std::string market;
    Base open_interest{};
    Quote notional{};  ///< at the mark price, rounded up
    Holders longs, shorts;
};
BOOST_DESCRIBE_STRUCT(MarketConcentration, (), (market, open_interest, notional, longs, shorts))

[[nodiscard]] std::vector<MarketConcentration> concentration_of(const Venue& venue);

/// What the real engine does when the prices are really set.
struct LiquidationRun {
    std::vector<AccountId> liquidated{};  ///< in the order in which it began
    Quote closed_on_book{}, taken_by_backstops{}, deleveraged{};  ///< notional
    Quote fund_before{}, fund_after{};
    Quote fund_paid{};   ///< for deficits
    Quote socialized{};  ///< losses that all positions of a market bear
    Quote uncovered{};   ///< losses that nobody could pay
    /// Markets whose new price the guard of the oracle does not let be used to liquidate.
    std::vector<std::string> guarded{};
};
BOOST_DESCRIBE_STRUCT(LiquidationRun, (),
                      (liquidated, closed_on_book, taken_by_backstops, deleveraged, fund_before,
                       fund_after, fund_paid, socialized, uncovered, guarded))

enum class BookAssumption {
    empty,  ///< nobody quotes: all resting orders are gone before
    kept    ///< as it is now, also what stands at prices that are far from the new ones
};
BOOST_DESCRIBE_ENUM(BookAssumption, empty, kept)

/// Sets the shocked index prices, and those of collaterals, in `venue`, a copy that is of no other
/// use after. Only prices of the shock count. All at the same moment.
[[nodiscard]] LiquidationRun run_liquidations(Venue& venue, const Shock& shock,
                                              BookAssumption book);

}  // namespace astro::exchange
