#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "foundation/net/message.hpp"

/// HTTP/1.1 and WebSocket server, TLS optional, on one event loop per worker thread.
namespace astro::net {

/// Explicit limits; what each answers when exceeded stands beside it.
struct ServerLimits {
    std::size_t header_bytes = 16U << 10;  ///< 431
    std::size_t body_bytes = 1U << 20;     ///< 413
    std::size_t connections = 10'000;      ///< accepted and closed at once; see also RLIMIT_NOFILE
    int header_seconds = 10;  ///< a request line and headers must arrive within; then closed
    int body_seconds = 30;    ///< 408
    int idle_seconds = 60;    ///< keep-alive without a request; closed
    std::size_t websocket_message_bytes = 64U << 10;  ///< close code 1009
    std::size_t websocket_queue_messages =
        1024;  ///< waiting to be sent to one client; see WebSocket::send
    std::size_t websocket_queue_bytes = 8U << 20;
    int websocket_ping_seconds = 15;  ///< heartbeat; a peer silent for three of them is dropped
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                          ///< 0 = any free one, see Server::port()
    unsigned workers = 1;                            ///< event loops, SO_REUSEPORT between them
    unsigned offload_threads = 2;                    ///< for handlers of Exchange::offload
    std::string tls_certificate_file, tls_key_file;  ///< PEM; both empty = plain
    bool tls12 = false;                              ///< serve TLS 1.2 too
    ServerLimits limits;
};

/// One accepted WebSocket. Thread-safe; lives until both sides let go.
class WebSocket {
  public:
    virtual ~WebSocket() = default;
    /// Queues one text frame; the bytes are shared, so a broadcast is encoded once. False when the
    /// client's queue is over its limit: the message was not queued and the caller decides (the
    /// gateway's policy: tell the client once what it missed, or drop it).
    virtual bool send(std::shared_ptr<const std::string> text) = 0;
    virtual void close(std::uint16_t code, std::string reason) = 0;
    [[nodiscard]] virtual std::size_t queued() const = 0;
    [[nodiscard]] virtual const Request& handshake() const = 0;
};

/// What the server calls on its event loop for a WebSocket. Must not block.
class WebSocketHandler {
  public:
    virtual ~WebSocketHandler() = default;
    virtual void on_open(std::shared_ptr<WebSocket> socket) = 0;
    virtual void on_text(std::string_view text) = 0;  ///< well-formed UTF-8 within the limit
    virtual void on_close() = 0;                      ///< exactly once, after on_open
    virtual void on_drain() {}                        ///< the send queue became empty
};

/// Answers one request. Runs on the event loop: microseconds, no blocking. To block, move the work
/// to the pool with `offload`. The Reply may be called from any thread; its first call counts, and
/// when all its copies are gone without a call the client gets a 500.
using Reply = std::function<void(Response)>;
using HttpHandler = std::function<void(Request, Reply)>;
/// A handler for the WebSocket, or the answer that refuses it: without one, 404.
struct Upgrade {
    template <class Handler>
        requires std::derived_from<Handler, WebSocketHandler>
    Upgrade(std::unique_ptr<Handler> h) : handler(std::move(h)) {}  // NOLINT: implicit by design
    Upgrade(std::nullptr_t) {}                                      // NOLINT
    Upgrade(Response r) : refusal(std::move(r)) {}                  // NOLINT

    std::unique_ptr<WebSocketHandler> handler{};
    std::optional<Response> refusal{};
};
using WebSocketFactory = std::function<Upgrade(const Request&)>;

struct ServerStats {
    std::uint64_t connections_open = 0, connections_total = 0, connections_refused = 0;
    std::uint64_t requests_total = 0, websockets_open = 0, websocket_messages_sent = 0;
    std::uint64_t bytes_sent = 0;
};

class Server {
  public:
    /// Binds and listens, or says why it can't ("address already in use: 127.0.0.1:8080").
    static Result<std::unique_ptr<Server>> start(ServerOptions options, HttpHandler http,
                                                 WebSocketFactory websocket);
    virtual ~Server() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual ServerStats stats() const = 0;
    /// What the operator should know about the start, such as fewer file descriptors than
    /// connections are configured; empty when there is nothing.
    [[nodiscard]] virtual const std::string& notice() const = 0;
    /// Reads certificate and key again when their files have changed, or `always`; connections that
    /// are open keep theirs. Whether it did; after an error what was in force stays so, and the
    /// same files are not tried again.
    virtual Result<bool> refresh_tls(bool always) = 0;
    /// Runs `work` on the pool. What it throws is dropped; what has not begun at stop() never runs.
    virtual void offload(std::function<void()> work) = 0;
    /// Stops accepting, lets requests under way finish and closes WebSockets with 1001 (two seconds
    /// at most), joins all threads. Idempotent. Not from a handler: it would wait for itself.
    virtual void stop() = 0;
};

}  // namespace astro::net
