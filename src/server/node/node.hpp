#pragma once

#include <memory>
#include <string>

#include "foundation/base/clock.hpp"
#include "server/node/settings.hpp"

namespace astro::node {

/// The whole program in one process: store, bus, capabilities, gateway and feed, wired here and
/// nowhere else.
class Node {
  public:
    /// Everything runs when it returns; what stands in the way is said with the setting to change.
    [[nodiscard]] static Result<std::unique_ptr<Node>> start(const Settings& settings,
                                                             Clock& clock);
    virtual ~Node() = default;
    /// "http://127.0.0.1:8080"
    [[nodiscard]] virtual std::string address() const = 0;
    /// Where the first administrator signs up, once; empty when there is one.
    [[nodiscard]] virtual std::string admin_link() const = 0;
    /// Reads the TLS certificate and key again, as on SIGHUP.
    virtual void reload() = 0;
    /// In order: feed, gateway, venue, rows. Idempotent.
    virtual void stop() = 0;
};

/// "127.0.0.1:8080", "[::1]:0" → address and port.
struct ListenAddress {
    std::string address;
    std::uint16_t port = 0;
};
[[nodiscard]] Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace astro::node
