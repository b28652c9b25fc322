#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "foundation/net/server.hpp"
#include "server/gateway/access.hpp"

namespace astro::gateway {

/// A WebSocket beside /ws/live that speaks a protocol of its own. Its connections are counted and
/// their queues are bounded as all are.
struct Endpoint {
    /// Its paths; all that is below them is its own too.
    std::vector<std::string> paths;
    /// Who opens a connection, as the access check found: a stranger when he proved nothing.
    struct Client {
        std::shared_ptr<Access> access;
        Access::Connection admitted;
    };
    /// On the event loop, so brief: the connection's handler, or the answer that refuses it.
    std::function<net::Upgrade(const net::Request&, Client)> accept;
};

}  // namespace astro::gateway
