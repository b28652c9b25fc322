#pragma once

#include <memory>
#include <vector>

#include "capabilities/exchange/desk.hpp"
#include "foundation/bus/bus.hpp"
#include "server/gateway/route.hpp"

/// The routes and the channel of this capability, over the running venue.
namespace astro::governance {

/// `desk` outlives them; what operators change is in its audit.
[[nodiscard]] std::vector<gateway::Route> governance_routes(exchange::Desk& desk);

inline constexpr std::string_view kProposalStream = "governance.proposal";
[[nodiscard]] gateway::Channel proposal_channel();

/// Publishes each proposal as it is after something has happened to it. The bus outlives it and has
/// the stream.
[[nodiscard]] std::unique_ptr<exchange::Listener> make_publisher(Bus& bus);

}  // namespace astro::governance
