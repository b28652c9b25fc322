#pragma once

#include <vector>

#include "capabilities/exchange/market_book.hpp"
#include "capabilities/exchange/state_requests.hpp"
#include "server/gateway/route.hpp"

/// The routes of this capability.
namespace astro::exchange {

/// `markets` outlives them.
[[nodiscard]] std::vector<gateway::Route> exchange_routes(MarketBook& markets,
                                                          std::int64_t halt_persons = 2);
/// `requests` outlives them.
[[nodiscard]] std::vector<gateway::Route> state_request_routes(StateRequests& requests);

}  // namespace astro::exchange
