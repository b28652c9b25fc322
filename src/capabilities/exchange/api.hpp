#pragma once

#include <vector>

#include "capabilities/exchange/market_book.hpp"
#include "server/gateway/route.hpp"

/// The routes of this capability.
namespace astro::exchange {

/// `markets` outlives them.
[[nodiscard]] std::vector<gateway::Route> exchange_routes(MarketBook& markets);

}  // namespace astro::exchange
