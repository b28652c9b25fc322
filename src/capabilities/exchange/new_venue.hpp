#pragma once

#include <vector>

#include "capabilities/exchange/engine/commands.hpp"

namespace astro::exchange {

/// USDC, SOL, XLM, BTC, ETH, and ASTRO, which votes and is no collateral.
[[nodiscard]] const std::vector<AssetSettings>& default_assets();

/// What the journal of a new venue begins with: its assets and these markets, in this order.
[[nodiscard]] std::vector<CommandBody> first_commands(const std::vector<MarketSettings>& markets);

}  // namespace astro::exchange
