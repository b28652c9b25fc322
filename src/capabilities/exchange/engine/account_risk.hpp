#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/shock.hpp"

/// What an account is worth, needs and stands to lose. Formulas with sources: docs/risk.md.
namespace astro::exchange {

/// At the prices of a moment, or under a shock.
struct AccountStanding {
    AccountId account{};
    Quote equity{};       ///< all balances at their prices, unweighted, and unrealised profit
    Quote collateral{};   ///< the same as margin counts it, by maintenance weights
    Quote requirement{};  ///< maintenance margin
    /// Of the collateral; nothing when there is none. At 1,000,000 and above it is liquidated.
    std::optional<std::int64_t> margin_ratio_ppm{};
    bool liquidated = false;  ///< collateral is below the requirement
};
BOOST_DESCRIBE_STRUCT(AccountStanding, (),
                      (account, equity, collateral, requirement, margin_ratio_ppm, liquidated))

[[nodiscard]] AccountStanding standing_of(const MarginContext& context, AccountId id,
                                          const Account& account);

/// Of a base asset, over all its markets.
struct AssetExposure {
    std::string asset;
    Base delta{};              ///< positions, and what is held of it as collateral, in the asset
    Quote long_notional{};     ///< of positions, at the mark price, rounded up
    Quote short_notional{};    ///< the same; 0 or more
    Quote collateral_value{};  ///< of what is held, unweighted; below zero: owed
};
BOOST_DESCRIBE_STRUCT(AssetExposure, (),
                      (asset, delta, long_notional, short_notional, collateral_value))
struct Exposure {
    Quote gross{};                      ///< of all positions
    Quote net{};                        ///< longs less shorts
    std::vector<AssetExposure> assets;  ///< by name
};
BOOST_DESCRIBE_STRUCT(Exposure, (), (gross, net, assets))

/// Adds an account's to what is there.
void add_exposure(const MarginContext& context, const Account& account, Exposure& out);

/// Historical simulation: what the account would have lost over `hours`, had it stood as it does
/// now at the beginning of each such span of recorded_series(). Its tail are the k worst spans,
/// k = max(1, floor(spans * (1 - confidence))).
struct TailRisk {
    std::int64_t confidence_ppm = 0, hours = 0;
    std::int64_t spans = 0, tail = 0;
    Quote value_at_risk{};       ///< loss of the best of the tail, 0 or more
    Quote expected_shortfall{};  ///< average loss of the tail, rounded up
    Quote worst{};               ///< loss of the worst span
};
BOOST_DESCRIBE_STRUCT(TailRisk, (),
                      (confidence_ppm, hours, spans, tail, value_at_risk, expected_shortfall,
                       worst))

inline constexpr std::int64_t kTailHours[] = {1, 24};
inline constexpr std::int64_t kTailConfidencesPpm[] = {950'000, 975'000, 990'000};

/// Of all together, for each of the hours and confidences above. Volatile: `shocked` is left under
/// the last span's shock.
[[nodiscard]] std::vector<TailRisk> tail_risk(
    ShockedVenue& shocked, const std::vector<std::pair<AccountId, const Account*>>& accounts);
/// The same of any function of the shock that says what is lost by it; for tests.
[[nodiscard]] TailRisk tail_of(std::vector<std::int64_t> losses, std::int64_t hours,
                               std::int64_t confidence_ppm);

/// The change of each recorded asset over the `hours` up to that hour; by recorded_series().
[[nodiscard]] Shock recorded_shock(const MarginContext& context, std::int64_t hour,
                                   std::int64_t hours);

}  // namespace astro::exchange
