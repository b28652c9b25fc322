#pragma once

#include <memory>
#include <optional>
#include <string>

#include "foundation/base/time.hpp"
#include "foundation/net/message.hpp"

/// Blocking HTTP and WebSocket clients with deadlines, for threads that may wait (feeds, CLI).
namespace astro::net {

struct ClientOptions {
    DurationNs connect_timeout = seconds(5);
    DurationNs request_timeout = seconds(30);  ///< from sending to the whole answer
    std::size_t response_bytes = 256U << 20;
    bool verify_tls = true;
    std::string ca_file;  ///< PEM; empty = the system's
    Fields handshake{};   ///< what a WebSocket's opening carries too, such as its credentials
};

/// Keeps one connection alive to one origin. Not thread-safe: one a thread.
class HttpClient {
  public:
    static Result<std::unique_ptr<HttpClient>> make(const Url& origin, ClientOptions options = {});
    virtual ~HttpClient() = default;
    /// Codes: "connect_failed", "timeout", "tls_failed", "connection_closed", "too_large",
    /// "interrupted". An HTTP status of 400 or more is an answer, not an error.
    virtual Result<Response> request(const Request& request) = 0;
    /// From any thread: makes the running and all later requests fail with "interrupted".
    virtual void interrupt() = 0;
};

class WebSocketClient {
  public:
    static Result<std::unique_ptr<WebSocketClient>> connect(const Url& url,
                                                            ClientOptions options = {});
    virtual ~WebSocketClient() = default;
    virtual Result<void> send(std::string_view text) = 0;
    /// The next text message; nothing when `timeout` passed in silence. Answers pings by itself.
    virtual Result<std::optional<std::string>> receive(DurationNs timeout) = 0;
    /// From any thread: makes receive() fail with "interrupted".
    virtual void interrupt() = 0;
    virtual void close() = 0;
};

}  // namespace astro::net
