#pragma once

#include <string>
#include <string_view>

#include "capabilities/exchange/engine/model.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// A collateral. Asset 0 is USDC, at which all else is counted.
struct AssetSettings {
    std::string symbol;  ///< "SOL"
    std::int64_t decimals = 9;
    std::int64_t initial_weight_bps = 8'000;  ///< of its value that counts toward initial margin
    std::int64_t maintenance_weight_bps = 9'000;
    Amount deposit_cap{std::int64_t{1} << 60};  ///< of all accounts together
};
BOOST_DESCRIBE_STRUCT(AssetSettings, (),
                      (symbol, decimals, initial_weight_bps, maintenance_weight_bps, deposit_cap))

/// The asset whose holders vote. Listed like any other; it counts as no collateral by default.
inline constexpr std::string_view kGovernanceAsset = "ASTRO";
[[nodiscard]] AssetSettings default_governance_asset();

/// "bad_asset" names the first field that cannot be.
[[nodiscard]] Result<void> check_asset(const AssetSettings& asset);

}  // namespace astro::exchange
