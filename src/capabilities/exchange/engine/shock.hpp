#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"

/// Prices, funding and margin ratios of a venue as they might be. Nothing of the venue itself is
/// changed: margin_context() of a ShockedVenue is asked by the same margin code (margin.hpp).
namespace astro::exchange {

inline constexpr std::int64_t kShockOne = 1'000'000;  ///< parts per million
inline constexpr std::int64_t kChangeMin = -999'999, kChangeMax = 10 * kShockOne;
inline constexpr std::int64_t kVolatilityMin = kShockOne / 10, kVolatilityMax = 10 * kShockOne;
inline constexpr std::int64_t kFundingShockMax = kShockOne;

/// What changes, in parts per million of what it is now.
struct Shock {
    std::vector<std::int64_t> market_ppm{};  ///< by MarketId: index and mark price alike
    std::vector<std::int64_t> asset_ppm{};   ///< by AssetId: price of a collateral; USDC: 0
    /// One payment of funding in every market, of the index as it is then; above zero longs pay.
    std::int64_t funding_ppm = 0;
    /// Margin ratios become this many times what they are, at most the whole notional: what an
    /// operator, or a vote, would do when prices move that much more. It moves no price.
    std::int64_t volatility_ppm = kShockOne;
};

/// The same as people say it. Of `all_ppm`, `crash` and `driver` one at most; `changes_ppm` goes
/// before them. A symbol is a market's, or an asset's, which stands for all its markets and itself.
struct StressScenario {
    std::optional<std::string> name{};
    std::optional<std::int64_t> all_ppm{};
    std::optional<std::string> crash{};  ///< a name of recorded_crashes()
    /// An asset whose change the others follow as they did in recorded_series(), by their betas.
    std::optional<std::string> driver{};
    std::optional<std::int64_t> driver_ppm{};
    std::optional<std::map<std::string, std::int64_t>> changes_ppm{};
    std::optional<std::int64_t> volatility_ppm{};
    std::optional<std::int64_t> funding_ppm{};
};
BOOST_DESCRIBE_STRUCT(StressScenario, (),
                      (name, all_ppm, crash, driver, driver_ppm, changes_ppm, volatility_ppm,
                       funding_ppm))

/// Code "bad_scenario"; where: the member.
[[nodiscard]] Result<Shock> make_shock(const StressScenario& scenario,
                                       const MarginContext& context);
/// What `change_ppm` says of an asset changes its markets, and it as collateral; USDC never does.
[[nodiscard]] Shock shock_by_asset(
    const MarginContext& context,
    const std::function<std::int64_t(const std::string&)>& change_ppm);
/// Of every market and asset but USDC.
[[nodiscard]] Shock parallel_shock(const MarginContext& context, std::int64_t ppm);
/// Of an asset that was not recorded: as BTC, with a beta of one.
[[nodiscard]] std::int64_t recorded_beta_ppm(const std::string& asset);
/// A recorded crash for an asset; by BTC's change and its beta when it is not in the record.
[[nodiscard]] std::int64_t crash_ppm(const std::string& asset, const std::string& crash);

/// price * (1 + change), rounded down, within the least price and the greatest.
[[nodiscard]] Price shocked_price(Price price, std::int64_t change_ppm);

/// Markets without books, and assets, of a venue at one moment, under a shock. Not thread-safe.
class ShockedVenue {
  public:
    explicit ShockedVenue(const Venue& venue);
    ShockedVenue(const ShockedVenue&) = delete;
    ShockedVenue& operator=(const ShockedVenue&) = delete;

    /// In place of the shock before. `shock` is of this venue.
    void set(const Shock& shock);
    [[nodiscard]] MarginContext margin_context() const { return {assets_, markets_}; }
    [[nodiscard]] const std::vector<Market>& markets() const { return markets_; }

  private:
    struct Before {
        MarketSettings settings;
        Price index, mark;
        Int128 funding_index = 0;
    };
    OrderPool pool_;  ///< of no orders
    std::vector<Market> markets_;
    std::vector<Collateral> assets_;
    std::vector<Before> before_;  ///< by market
    std::vector<Price> asset_prices_;
};

}  // namespace astro::exchange
