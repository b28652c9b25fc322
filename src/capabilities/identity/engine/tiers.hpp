#pragma once

#include <string>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

namespace astro::identity {

/// What a user's plan allows. The server's own numbers; configuration may replace them.
struct Tier {
    std::string name;
    std::int64_t requests_per_minute = 0;    ///< 1 to 1000000
    std::int64_t requests_per_day = 0;       ///< 1 to 1000000, not below a minute's
    std::int64_t websocket_connections = 0;  ///< 0 to 10000 at once
    std::int64_t subscriptions = 0;          ///< 0 to 100000 over all connections
    std::int64_t history_days = 0;           ///< 0 to 36500
};
BOOST_DESCRIBE_STRUCT(Tier, (),
                      (name, requests_per_minute, requests_per_day, websocket_connections,
                       subscriptions, history_days))

/// free, pro, institution.
[[nodiscard]] const std::vector<Tier>& default_tiers();

/// "bad_tier" names the field and its range.
[[nodiscard]] Result<void> check_tier(const Tier& tier);

}  // namespace astro::identity
