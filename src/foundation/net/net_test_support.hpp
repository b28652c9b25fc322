#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "foundation/net/client.hpp"
#include "foundation/net/server.hpp"

/// Sockets for tests. All waits are for an event, with a generous limit that only a failure
/// reaches.
namespace astro::net::test {

inline constexpr int kPatienceMs = 20'000;

/// A byte-exact client: what the room's own client never sends can be sent with it.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (receive_buffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int result =
            ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        EXPECT_EQ(result, 0);
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// False when the peer is gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void end_writing() { ::shutdown(socket_, SHUT_WR); }
    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }

    /// Up to and including `mark`; what was got so far when the peer closes before.
    std::string read_until(std::string_view mark) {
        while (input_.find(mark) == input_.npos && receive()) {
        }
        const auto at = input_.find(mark);
        return take(at == input_.npos ? input_.size() : at + mark.size());
    }
    std::string read_exactly(std::size_t size) {
        while (input_.size() < size && receive()) {
        }
        return take(std::min(size, input_.size()));
    }
    std::string read_to_end() {
        while (receive()) {
        }
        return take(input_.size());
    }
    /// One response: its headers and the body that Content-Length announces.
    std::string read_response() {
        std::string head = read_until("\r\n\r\n");
        const auto at = head.find("content-length: ");
        if (at == head.npos) return head;
        return head + read_exactly(std::stoul(head.substr(at + 16)));
    }

  private:
    bool receive() {
        pollfd watched{socket_, POLLIN, 0};
        if (::poll(&watched, 1, kPatienceMs) != 1) {
            ADD_FAILURE() << "the peer sent nothing";
            return false;
        }
        char buffer[16384];
        const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
        if (n <= 0) return false;
        input_.append(buffer, static_cast<std::size_t>(n));
        return true;
    }
    std::string take(std::size_t size) {
        std::string out = input_.substr(0, size);
        input_.erase(0, size);
        return out;
    }

    int socket_ = -1;
    std::string input_;
};

/// A byte-exact server: `serve` gets each accepted socket, on one thread, in order.
class RawServer {
  public:
    explicit RawServer(std::function<void(int socket, int connection)> serve) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(listener_, 16), 0);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, serve = std::move(serve)] {
            for (int connection = 0;; ++connection) {
                const int socket = ::accept(listener_, nullptr, nullptr);
                if (socket < 0) return;
                serve(socket, connection);
                ::close(socket);
            }
        });
    }
    ~RawServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url(std::string_view scheme = "http") const {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(port_) + "/";
    }

    /// For `serve`: reads up to the end of the headers and the body that they announce.
    static std::string read_request(int socket) {
        std::string got;
        for (char c; got.find("\r\n\r\n") == got.npos && ::recv(socket, &c, 1, 0) == 1;)
            got.push_back(c);
        const auto at = got.find("content-length: ");
        if (at == got.npos) return got;
        for (std::size_t left = std::stoul(got.substr(at + 16)); left > 0; --left) {
            char c;
            if (::recv(socket, &c, 1, 0) != 1) break;
            got.push_back(c);
        }
        return got;
    }
    static void write(int socket, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    static void wait_for_end(int socket) {
        char buffer[256];
        while (::recv(socket, buffer, sizeof buffer, 0) > 0) {
        }
    }

  private:
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

/// Set once, waited for.
class Signal {
  public:
    void set() {
        const std::lock_guard lock(mutex_);
        set_ = true;
        wake_.notify_all();
    }
    [[nodiscard]] bool wait() {
        std::unique_lock lock(mutex_);
        return wake_.wait_for(lock, std::chrono::milliseconds(kPatienceMs),
                              [this] { return set_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool set_ = false;
};

/// Waits until `what` holds, which another thread brings about.
[[nodiscard]] inline bool eventually(const std::function<bool()>& what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
    while (!what()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

inline std::unique_ptr<Server> start_server(ServerOptions options, HttpHandler http,
                                            WebSocketFactory websocket = nullptr) {
    auto server = Server::start(std::move(options), std::move(http), std::move(websocket));
    if (server) return std::move(server).value();
    ADD_FAILURE() << server.error().text();
    return nullptr;
}

inline Url url_of(const Server& server, std::string_view scheme = "http") {
    return parse_url(std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port()) + "/")
        .value();
}

/// Answers with what the request said: "METHOD path body".
inline void echo(Request request, Reply reply) {
    Response response;
    response.headers.add("content-type", "text/plain");
    response.body = request.method + " " + request.path + " " + request.body;
    reply(std::move(response));
}

}  // namespace astro::net::test
