#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "foundation/net/server.hpp"
#include "foundation/net/tls.hpp"

/// What all loops and sessions of one server share. Internal to the room.
namespace astro::net {

struct Counters {
    std::atomic<std::uint64_t> connections_open{0}, connections_total{0}, connections_refused{0},
        requests_total{0}, websockets_open{0}, websocket_messages_sent{0}, bytes_sent{0};
};

/// The TLS context in force; may be replaced while connections come in.
class CurrentTls {
  public:
    [[nodiscard]] std::shared_ptr<TlsContext> get() const {
        const std::scoped_lock lock(mutex_);
        return context_;
    }
    void set(std::shared_ptr<TlsContext> context) {
        const std::scoped_lock lock(mutex_);
        context_ = std::move(context);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<TlsContext> context_;
};

struct ServerCore {
    ServerOptions options;
    HttpHandler http;
    WebSocketFactory websocket;
    bool secure = false;  ///< TLS, by `tls`
    CurrentTls tls;
    std::size_t connections_max = 0;
    Counters counters;
};

/// One accepted connection in the count of open ones.
class ConnectionSlot {
  public:
    explicit ConnectionSlot(std::shared_ptr<ServerCore> core) : core_(std::move(core)) {
        ++core_->counters.connections_open;
    }
    ConnectionSlot(ConnectionSlot&&) noexcept = default;
    ConnectionSlot& operator=(ConnectionSlot&&) = delete;
    ~ConnectionSlot() { release(); }
    void release() {
        if (core_) --core_->counters.connections_open;
        core_.reset();
    }

  private:
    std::shared_ptr<ServerCore> core_;
};

}  // namespace astro::net
