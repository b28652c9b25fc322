#include "server/node/status.hpp"

#include "foundation/base/json.hpp"

namespace astro::node {
namespace {

Status status_of(const feeds::Feed& feed, const mev::Module& mev, const VenuePart& venue,
                 const Bus& bus, TimestampNs started, TimestampNs now) {
    Status status{.version = ASTRO_VERSION,
                  .started_at = started,
                  .uptime_seconds = (now - started).value() / 1'000'000'000,
                  .feed = feed.status(),
                  .store = mev.status(),
                  .exchange = venue.status(),
                  .streams = {}};
    for (auto& name : bus.streams()) {
        const std::uint64_t last_seq = bus.last_seq(name);
        status.streams.push_back({std::move(name), last_seq});
    }
    return status;
}

}  // namespace

Health health_of(const feeds::FeedStatus& feed, const mev::ModuleStatus& store,
                 const VenueStatus& exchange) {
    Health health{.status = "ok", .version = ASTRO_VERSION, .reasons = {}};
    // A feed that has only begun has nothing to say against it yet: no detail.
    if (feed.label == feeds::FeedLabel::stale && feed.state != "finished" && !feed.detail.empty())
        health.reasons.push_back("feed: " + feed.detail);
    if (!store.trouble.empty()) health.reasons.push_back("store: " + store.trouble);
    if (!exchange.service.trouble.empty())
        health.reasons.push_back("exchange: " + exchange.service.trouble);
    if (!exchange.rows.trouble.empty())
        health.reasons.push_back("exchange rows: " + exchange.rows.trouble);
    if (!health.reasons.empty()) health.status = "degraded";
    return health;
}

std::vector<gateway::Route> status_routes(const feeds::Feed& feed, const mev::Module& mev,
                                          const VenuePart& venue, const Bus& bus,
                                          const Clock& clock, TimestampNs started) {
    std::vector<gateway::Route> routes;
    routes.push_back(
        {.path = "/api/v1/health",
         .summary = "Whether every part works; 503 with reasons when one does not",
         .answers = {{.summary = "All work", .document = json_document<Health>()},
                     {.status = 503, .summary = "Degraded", .document = json_document<Health>()}},
         .blocking = false,
         .handler = [&feed, &mev, &venue](const gateway::Call&) -> Result<net::Response> {
             const Health health = health_of(feed.status(), mev.status(), venue.status());
             return net::json_response(to_json(health), health.reasons.empty() ? 200 : 503);
         }});
    routes.push_back({.path = "/api/v1/status",
                      .summary = "The feed, the store, the venue and the streams at this moment",
                      .answers = {{.document = json_document<Status>()}},
                      .blocking = false,
                      .handler = [&feed, &mev, &venue, &bus, &clock,
                                  started](const gateway::Call&) -> Result<net::Response> {
                          return net::json_response(
                              to_json(status_of(feed, mev, venue, bus, started, clock.now())));
                      }});
    return routes;
}

}  // namespace astro::node
