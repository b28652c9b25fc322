#pragma once

#include <memory>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/bus/bus.hpp"
#include "foundation/net/server.hpp"
#include "server/gateway/access.hpp"
#include "server/gateway/live_calls.hpp"
#include "server/gateway/route.hpp"

/// /ws/live: the bus' streams to WebSocket clients (docs/api.md). For a subscription the snapshot
/// and what follows it have neither hole nor overlap:
///
///     retained   … 8 9 10 │            snapshot is taken while the hub is locked: base = 10
///     hub queue        9 10 11 12 …    9 and 10 are not after the base: skipped; 11 follows it
///
/// Of a channel with a state, that state is asked for on the pool while events are held back; then
/// what was published since the asking began is replayed from the bus, so that nothing is missing.
///
/// A client whose queue is full misses events from then on; when the queue has drained it is told
/// the range (`gap`) and given a fresh snapshot, so that it never sees a silent hole and the server
/// never holds more than the bounded queue.
namespace astro::gateway {

struct LiveOptions {
    std::string version;
    int heartbeat_seconds = 15;
    std::size_t subscriptions_max = 32;  ///< of one connection
    double messages_per_second = 20;     ///< of one connection, after a burst of …
    double messages_burst = 100;
    std::size_t hub_queue = 65'536;  ///< events on their way from the bus to the hub
    std::size_t default_snapshot =
        50;  ///< after a gap, when the client did not say how many it wants
    CallLimits calls{};
};

struct LiveStats {
    std::uint64_t clients = 0, subscriptions = 0;
    std::uint64_t events_sent = 0, gaps_sent = 0, messages_refused = 0;
};

/// Thread-safe. The streams must be declared before; `host` outlives the connections.
class LiveHub {
  public:
    static std::shared_ptr<LiveHub> start(Bus& bus, Clock& clock, std::vector<Channel> channels,
                                          LiveOptions options, LiveHost& host);
    virtual ~LiveHub() = default;
    /// A handler for one connection, of the caller that `connection` admits; it keeps the hub
    /// alive.
    virtual std::unique_ptr<net::WebSocketHandler> accept(std::shared_ptr<Access> access,
                                                          Access::Connection connection) = 0;
    [[nodiscard]] virtual LiveStats stats() const = 0;
    /// Ends the delivery thread. Idempotent.
    virtual void stop() = 0;
};

}  // namespace astro::gateway
