#include "server/dialects/fix/socket_server.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace astro::fix {
namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kReadBytes = 64UL << 10;

std::string ip_of(const sockaddr_storage& peer, socklen_t size) {
    std::array<char, NI_MAXHOST> host{};
    if (::getnameinfo(reinterpret_cast<const sockaddr*>(&peer), size, host.data(), host.size(),
                      nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return host.data();
}

std::uint16_t port_of(int socket) {
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) != 0) return 0;
    if (own.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6*>(&own)->sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&own)->sin_port);
}

/// The socket, or -1 with errno.
int bound_socket(const std::string& address, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    errno = EINVAL;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return -1;
    const int out = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    const bool stands =
        out >= 0 && ::setsockopt(out, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(out, found->ai_addr, found->ai_addrlen) == 0 && ::listen(out, kBacklog) == 0;
    const int why = errno;
    ::freeaddrinfo(found);
    if (stands) return out;
    if (out >= 0) ::close(out);
    errno = why;
    return -1;
}

}  // namespace

Result<std::unique_ptr<SocketServer>> SocketServer::listen(const std::string& address,
                                                           std::uint16_t port,
                                                           SocketLimits limits) {
    const int listener = bound_socket(address, port);
    if (listener < 0)
        return refusal("cannot_listen",
                       "cannot listen at " + address + ":" + std::to_string(port) + ": " +
                           std::strerror(errno),
                       "fix.listen");
    const int waker = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    std::unique_ptr<SocketServer> out(new SocketServer(listener, waker, limits));
    if (waker < 0) return refusal("cannot_listen", std::strerror(errno), "fix.listen");
    out->port_ = port_of(listener);
    return out;
}

SocketServer::~SocketServer() {
    for (const auto& [id, connection] : connections_) ::close(connection.socket);
    ::close(listener_);
    if (waker_ >= 0) ::close(waker_);
}

void SocketServer::wake() {
    if (is_woken_.exchange(true)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(waker_, &one, sizeof one);
}

void SocketServer::turn(int timeout_ms, SocketUser& user) {
    std::vector<pollfd> polled{{listener_, POLLIN, 0}, {waker_, POLLIN, 0}};
    std::vector<ConnectionId> ids;
    for (const auto& [id, connection] : connections_) {
        const bool waits = connection.written < connection.out.size();
        polled.push_back(
            {connection.socket, static_cast<short>(waits ? POLLIN | POLLOUT : POLLIN), 0});
        ids.push_back(id);
    }
    if (::poll(polled.data(), polled.size(), timeout_ms) <= 0) return;
    if (polled[1].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(waker_, &count, sizeof count);
        is_woken_ = false;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if ((polled[i + 2].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
        const auto at = connections_.find(ids[i]);
        if (at != connections_.end() && !at->second.closes && !read(ids[i], at->second, user))
            end(ids[i], user);
    }
    if (polled[0].revents != 0) accept_all(user);
}

void SocketServer::accept_all(SocketUser& user) {
    while (true) {
        sockaddr_storage peer{};
        socklen_t size = sizeof peer;
        const int socket = ::accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) return;
        if (connections_.size() >= limits_.connections) {
            ::close(socket);
            continue;
        }
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const ConnectionId id = ++last_;
        connections_[id].socket = socket;
        user.on_open(id, ip_of(peer, size));
    }
}

bool SocketServer::read(ConnectionId id, const Connection& connection, SocketUser& user) {
    std::array<char, kReadBytes> bytes;
    const auto got = ::recv(connection.socket, bytes.data(), bytes.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    user.on_bytes(id, {bytes.data(), static_cast<std::size_t>(got)});
    return true;
}

void SocketServer::write(ConnectionId id, std::string_view bytes) {
    const auto at = connections_.find(id);
    if (at != connections_.end() && !at->second.closes) at->second.out.append(bytes);
}

void SocketServer::close(ConnectionId id) {
    const auto at = connections_.find(id);
    if (at != connections_.end()) at->second.closes = true;
}

/// False: it is broken.
bool SocketServer::write_out(Connection& connection) const {
    while (connection.written < connection.out.size()) {
        const auto put = ::send(connection.socket, connection.out.data() + connection.written,
                                connection.out.size() - connection.written, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            if (errno != EAGAIN) return false;
            return connection.out.size() - connection.written <= limits_.queue_bytes;
        }
        connection.written += static_cast<std::size_t>(put);
    }
    connection.out.clear();
    connection.written = 0;
    return true;
}

void SocketServer::flush(SocketUser& user) {
    std::vector<ConnectionId> ended;
    for (auto& [id, connection] : connections_) {
        const bool stands = write_out(connection);
        if (!stands || (connection.closes && connection.out.empty())) ended.push_back(id);
    }
    for (const ConnectionId id : ended) end(id, user);
}

void SocketServer::end(ConnectionId id, SocketUser& user) {
    const auto at = connections_.find(id);
    if (at == connections_.end()) return;
    ::close(at->second.socket);
    connections_.erase(at);
    user.on_end(id);
}

}  // namespace astro::fix
