#pragma once

#include <memory>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/bus/bus.hpp"
#include "foundation/net/server.hpp"
#include "server/gateway/access.hpp"
#include "server/gateway/endpoint.hpp"
#include "server/gateway/live.hpp"
#include "server/gateway/metrics.hpp"
#include "server/gateway/route.hpp"

namespace astro::gateway {

struct GatewayOptions {
    net::ServerOptions server;
    LiveOptions live;
    std::string terminal_directory;  ///< of the built terminal; may be missing
    bool log_requests = true;
    std::vector<std::string> cors{};  ///< origins of other sites whose pages may use the API
    /// Who may do what, how fast; null: everybody may do what "public.read" allows, without limit.
    std::shared_ptr<Access> access{};
    std::vector<Endpoint> endpoints{};  ///< WebSockets beside /ws/live
};

/// The HTTP and WebSocket surface: /api and dialects by the routes, /metrics, /ws/live by the
/// channels, other WebSockets by the endpoints, the terminal everywhere else. Every refusal is a
/// problem document, or what a dialect has in its place. What routes have begun and not
/// answered must be answered before it is destroyed, after stop() at the latest.
class Gateway {
  public:
    /// `bus`, `clock` and `metrics` outlive it; the channels' streams are declared.
    static Result<std::unique_ptr<Gateway>> start(GatewayOptions options, std::vector<Route> routes,
                                                  std::vector<Channel> channels, Bus& bus,
                                                  Clock& clock, Metrics& metrics);
    virtual ~Gateway() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// As net::Server::refresh_tls().
    virtual Result<bool> refresh_tls(bool always) = 0;
    /// Stops accepting, closes the WebSockets, joins. Idempotent.
    virtual void stop() = 0;
};

/// Families that the gateway fills: requests, WebSocket clients, connections.
void declare_gateway_metrics(Metrics& metrics);

}  // namespace astro::gateway
