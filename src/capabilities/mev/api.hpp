#pragma once

#include <functional>
#include <string>
#include <vector>

#include "foundation/store/store.hpp"
#include "server/gateway/route.hpp"

/// REST routes and live channels of this capability (docs/api.md).
namespace astro::mev {

/// `counters` gives the JSON of GET /api/v1/mev/counters.
[[nodiscard]] std::vector<gateway::Route> make_routes(store::Store& store,
                                                      std::function<std::string()> counters);
[[nodiscard]] std::vector<gateway::Channel> make_channels();

/// An opaque place in a list, newest first: what comes before `seq`. `list` names the list, so that
/// a cursor of another one is refused ("bad_cursor").
[[nodiscard]] std::string to_cursor(std::string_view list, std::int64_t seq);
[[nodiscard]] Result<std::int64_t> parse_cursor(std::string_view list, std::string_view text);

}  // namespace astro::mev
