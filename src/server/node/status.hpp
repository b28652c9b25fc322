#pragma once

#include <string>
#include <vector>

#include "capabilities/mev/module.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/bus/bus.hpp"
#include "server/feeds/feed.hpp"
#include "server/gateway/route.hpp"
#include "server/node/venue.hpp"

/// What the program says of itself: /api/v1/health and /api/v1/status.
namespace astro::node {

struct StreamStatus {
    std::string name;
    std::uint64_t last_seq = 0;
};
BOOST_DESCRIBE_STRUCT(StreamStatus, (), (name, last_seq))

struct Status {
    std::string version;
    TimestampNs started_at;
    std::int64_t uptime_seconds = 0;
    feeds::FeedStatus feed;
    mev::ModuleStatus store;
    VenueStatus exchange;
    std::vector<StreamStatus> streams;
};
BOOST_DESCRIBE_STRUCT(Status, (),
                      (version, started_at, uptime_seconds, feed, store, exchange, streams))

struct Health {
    std::string status = "ok";  ///< or "degraded"
    std::string version;
    std::vector<std::string> reasons;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status, version, reasons))

/// Degraded when the feed is without blocks and says why, the store refuses, or the venue takes
/// nothing more.
[[nodiscard]] Health health_of(const feeds::FeedStatus& feed, const mev::ModuleStatus& store,
                               const VenueStatus& exchange);

/// All parameters outlive the routes.
[[nodiscard]] std::vector<gateway::Route> status_routes(const feeds::Feed& feed,
                                                        const mev::Module& mev,
                                                        const VenuePart& venue, const Bus& bus,
                                                        const Clock& clock, TimestampNs started);

}  // namespace astro::node
