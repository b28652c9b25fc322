#pragma once

#include <functional>

#include "foundation/net/message.hpp"
#include "server/gateway/access.hpp"
#include "server/gateway/router.hpp"

namespace astro::gateway {

/// What WebSockets need of the gateway around them; it outlives them. Thread-safe.
class LiveHost {
  public:
    using Answered = std::function<void(net::Response)>;
    virtual ~LiveHost() = default;

    /// Runs what may wait on another thread. Dropped when the gateway stops before.
    virtual void offload(std::function<void()> work) = 0;
    [[nodiscard]] virtual Destination find(const net::Request& request) const = 0;
    /// The access check of a call over a WebSocket. On the pool.
    virtual Admission admit(const Caller& caller, const net::Request& request,
                            const Route& route) = 0;
    /// The request as if it had come over HTTP, after its access check. `answered` is called once,
    /// from any thread; before this returns when the route has no `begin`.
    virtual void perform(const Destination& destination, net::Request request, Admission admission,
                         Answered answered) = 0;
};

}  // namespace astro::gateway
