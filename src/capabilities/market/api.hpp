#pragma once

#include <string_view>
#include <vector>

#include "capabilities/market/module.hpp"

/// The routes and the channel of this capability.
namespace astro::market {

inline constexpr std::string_view kPriceStream = "market.price";

/// Both outlive the routes.
[[nodiscard]] std::vector<gateway::Route> market_routes(Module& module, Clock& clock);
[[nodiscard]] std::vector<gateway::Channel> market_channels();

}  // namespace astro::market
