#include "foundation/net/client_connection.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "foundation/net/resolve.hpp"

namespace astro::net {
namespace {

class OwnedSocket {
  public:
    explicit OwnedSocket(int socket) : socket_(socket) {}
    ~OwnedSocket() {
        if (socket_ >= 0) ::close(socket_);
    }
    OwnedSocket(const OwnedSocket&) = delete;
    OwnedSocket& operator=(const OwnedSocket&) = delete;
    [[nodiscard]] int get() const { return socket_; }
    int release() { return std::exchange(socket_, -1); }

  private:
    int socket_;
};

Result<int> connect_to(const SocketAddress& address, WaitUntil until, const Interrupt& interrupt) {
    OwnedSocket socket(::socket(address.storage.ss_family,
                                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (socket.get() < 0) return unavailable("connect_failed", std::strerror(errno));
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    const auto* target = reinterpret_cast<const sockaddr*>(&address.storage);
    if (::connect(socket.get(), target, address.size) != 0) {
        if (errno != EINPROGRESS) return unavailable("connect_failed", std::strerror(errno));
        ASTRO_CHECK(wait_for(socket.get(), POLLOUT, until, interrupt));
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return unavailable("connect_failed", std::strerror(error));
    }
    return socket.release();
}

/// Where the connection went wrong, in every message.
Unexpected at(const Url& url, Error error) {
    error.where = url.authority();
    return {std::move(error)};
}

}  // namespace

WaitUntil deadline_after(DurationNs duration) {
    return std::chrono::steady_clock::now() + std::chrono::nanoseconds(duration.value());
}

ClientConnection::ClientConnection(int socket, const Interrupt& interrupt)
    : socket_(socket), interrupt_(interrupt) {}

ClientConnection::~ClientConnection() {
    ::close(socket_);
}

Result<std::unique_ptr<ClientConnection>> ClientConnection::open(
    const Url& url, DurationNs timeout, const std::shared_ptr<TlsContext>& tls,
    const Interrupt& interrupt) {
    const WaitUntil until = deadline_after(timeout);
    auto addresses = resolve(url.host, url.port, until, interrupt);
    if (!addresses) return at(url, std::move(addresses).error());
    Result<int> socket = unavailable("connect_failed", "no address");
    for (const SocketAddress& address : *addresses) {
        socket = connect_to(address, until, interrupt);
        if (socket || interrupt.raised()) break;
    }
    if (!socket) return at(url, std::move(socket).error());
    std::unique_ptr<ClientConnection> connection(new ClientConnection(*socket, interrupt));
    connection->stream_ =
        url.secure() ? tls->connect_stream(*socket, url.host) : plain_stream(*socket);
    if (auto ready = connection->shake_hands(until); !ready)
        return at(url, std::move(ready).error());
    return connection;
}

Result<void> ClientConnection::shake_hands(WaitUntil until) {
    for (;;) {
        switch (stream_->handshake().status) {
            case IoStatus::done:
                return {};
            case IoStatus::want_read:
                ASTRO_CHECK(wait(POLLIN, until));
                break;
            case IoStatus::want_write:
                ASTRO_CHECK(wait(POLLOUT, until));
                break;
            default:
                return unavailable("tls_failed", "TLS handshake: " + stream_->failure());
        }
    }
}

Result<void> ClientConnection::wait(short events, WaitUntil until) {
    return wait_for(socket_, events, until, interrupt_);
}

Unexpected ClientConnection::lost(std::string_view what) const {
    std::string text(what);
    if (!stream_->failure().empty()) text.append(": ").append(stream_->failure());
    return unavailable("connection_closed", std::move(text));
}

Result<void> ClientConnection::write(std::string_view bytes, WaitUntil until) {
    for (;;) {
        IoResult sent;
        {
            const std::lock_guard lock(mutex_);
            if (bytes.empty() && stream_->flushed()) return {};
            const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
            sent = stream_->write({&part, bytes.empty() ? 0U : 1U});
            if (sent.status == IoStatus::failed || sent.status == IoStatus::closed)
                return lost("the connection was lost while sending");
        }
        bytes.remove_prefix(sent.bytes);
        if (sent.status == IoStatus::want_write) ASTRO_CHECK(wait(POLLOUT, until));
        if (sent.status == IoStatus::want_read) ASTRO_CHECK(wait(POLLIN, until));
    }
}

Result<std::size_t> ClientConnection::read(char* out, std::size_t size, WaitUntil until) {
    if (interrupt_.raised()) return unavailable("interrupted", "the wait was interrupted");
    for (;;) {
        IoResult got;
        {
            const std::lock_guard lock(mutex_);
            got = stream_->read(out, size);
            if (got.status == IoStatus::failed)
                return lost("the connection was lost while receiving");
        }
        if (got.status == IoStatus::done) return got.bytes;
        if (got.status == IoStatus::closed) return std::size_t{0};
        ASTRO_CHECK(wait(got.status == IoStatus::want_write ? POLLOUT : POLLIN, until));
    }
}

bool ClientConnection::is_fresh() {
    const std::lock_guard lock(mutex_);
    char byte;
    return stream_->read(&byte, 1).status == IoStatus::want_read;
}

void ClientConnection::end_writing() {
    const std::lock_guard lock(mutex_);
    stream_->end_writing();
}

}  // namespace astro::net
