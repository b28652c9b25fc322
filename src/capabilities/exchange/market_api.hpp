#pragma once

#include <vector>

#include "capabilities/exchange/market_tape.hpp"
#include "capabilities/exchange/service.hpp"
#include "server/gateway/route.hpp"

/// What everybody may read and follow of the venue.
namespace astro::exchange {

/// Both outlive them. All but the list of single orders read the tape and never stop the venue.
[[nodiscard]] std::vector<gateway::Route> market_routes(const MarketTape& tape, Service& service);

/// `tape` outlives them.
[[nodiscard]] std::vector<gateway::Channel> market_channels(const MarketTape& tape);

}  // namespace astro::exchange
