#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/directory.hpp"
#include "server/gateway/route.hpp"

/// Whose accounts a caller sees, and which of them a subscription is about.
namespace astro::exchange {

/// Zero for nobody.
[[nodiscard]] OwnerId owner_of_user(const std::string& user);

/// Of a channel in which everybody follows his own accounts: only some of them.
[[nodiscard]] gateway::ChannelFilter account_filter();
/// Those of the owner that the filter leaves.
[[nodiscard]] std::vector<AccountId> followed_accounts(const Directory& directory,
                                                       const OwnerId& owner,
                                                       const gateway::FilterValues& filter);

}  // namespace astro::exchange
