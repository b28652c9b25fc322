#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"

namespace astro::fix {

using ConnectionId = std::uint64_t;  ///< of one run, from 1

/// Who hears of connections, on the thread that calls turn().
class SocketUser {
  public:
    virtual ~SocketUser() = default;
    virtual void on_open(ConnectionId connection, const std::string& ip) = 0;
    virtual void on_bytes(ConnectionId connection, std::string_view bytes) = 0;
    virtual void on_end(ConnectionId connection) = 0;
};

struct SocketLimits {
    std::size_t connections = 64;          ///< more are closed at once
    std::size_t queue_bytes = 64UL << 20;  ///< of one that reads slowly; then it is closed
};

/// TCP for few, long connections, all on its caller's thread: nothing is written before flush(), so
/// that what is told can be made durable first. Only wake() may be called by other threads.
class SocketServer {
  public:
    /// "cannot_listen"; port 0: any that is free.
    [[nodiscard]] static Result<std::unique_ptr<SocketServer>> listen(const std::string& address,
                                                                      std::uint16_t port,
                                                                      SocketLimits limits);
    ~SocketServer();
    SocketServer(const SocketServer&) = delete;
    SocketServer& operator=(const SocketServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Waits until there is something to do, at most so long; tells the user.
    void turn(int timeout_ms, SocketUser& user);
    void wake();
    /// In order, at the next flush().
    void write(ConnectionId connection, std::string_view bytes);
    /// Once all of it is written; on_end() follows.
    void close(ConnectionId connection);
    void flush(SocketUser& user);

  private:
    struct Connection {
        int socket = -1;
        std::string out{};
        std::size_t written = 0;  ///< of it
        bool closes = false;
    };
    SocketServer(int listener, int waker, SocketLimits limits)
        : listener_(listener), waker_(waker), limits_(limits) {}
    void accept_all(SocketUser& user);
    /// False: the connection has ended.
    bool read(ConnectionId id, const Connection& connection, SocketUser& user);
    bool write_out(Connection& connection) const;
    void end(ConnectionId id, SocketUser& user);

    const int listener_, waker_;
    const SocketLimits limits_;
    std::uint16_t port_ = 0;
    ConnectionId last_ = 0;
    std::map<ConnectionId, Connection> connections_;
    std::atomic<bool> is_woken_ = false;
};

}  // namespace astro::fix
