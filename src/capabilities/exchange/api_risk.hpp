#pragma once

#include "capabilities/exchange/desk.hpp"

namespace astro::exchange {

/// Stress, value at risk and exposure: of the caller's own account, and for operators of the whole
/// venue.
[[nodiscard]] std::vector<gateway::Route> risk_routes(Desk& desk);

}  // namespace astro::exchange
