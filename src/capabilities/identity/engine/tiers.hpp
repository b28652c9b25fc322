#pragma once

#include <string>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

namespace astro::identity {

/// What a user's plan allows.
struct Tier {
    std::string name;  ///< [a-z][a-z0-9_-]*, at most 32 characters
    std::int64_t requests_per_minute = 0;    ///< 1 to 1000000
    std::int64_t requests_per_day = 0;       ///< 1 to 1000000, not below a minute's
    std::int64_t websocket_connections = 0;  ///< 0 to 10000 at once
    std::int64_t subscriptions = 0;          ///< 0 to 100000 over all connections
    std::int64_t history_days = 0;           ///< 0 to 36500; 0 sees what is live only
};
BOOST_DESCRIBE_STRUCT(Tier, (),
                      (name, requests_per_minute, requests_per_day, websocket_connections,
                       subscriptions, history_days))

/// The server's own: free, pro, institution, the least first. An administrator may change their
/// numbers and make others.
[[nodiscard]] const std::vector<Tier>& default_tiers();

/// "bad_tier" names the field and its range.
[[nodiscard]] Result<void> check_tier(const Tier& tier);

}  // namespace astro::identity
