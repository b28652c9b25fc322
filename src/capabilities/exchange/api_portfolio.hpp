#pragma once

#include "capabilities/exchange/desk.hpp"

namespace astro::exchange {

/// What the caller's account has earned and lost, and the same as a file.
[[nodiscard]] std::vector<gateway::Route> portfolio_routes(Desk& desk);

}  // namespace astro::exchange
