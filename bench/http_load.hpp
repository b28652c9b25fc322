/// What both ends of a measurement over loopback need: a server that does the least one can do, and
/// a client that keeps 64 connections busy.
#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace astro::bench {

using Clock_ = std::chrono::steady_clock;

constexpr int kConnections = 64;
constexpr auto kRound = std::chrono::milliseconds(1500);
constexpr std::string_view kBody =
    R"({"status":"ok","version":"0.1.0","reasons":[],"slot":385000000})";

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

inline void watch(int poll, int socket) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
}

/// What the kernel allows: reads whatever comes, writes the same answer.
class Control {
  public:
    Control() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        auto address = loopback(0);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_, 1024);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Control() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    void run() {
        const std::string answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
            "content-length: " +
            std::to_string(kBody.size()) + "\r\n\r\n" + std::string(kBody);
        const int poll = ::epoll_create1(0);
        watch(poll, listener_);
        epoll_event events[128];
        char buffer[4096];
        while (!stopping_) {
            const int count = ::epoll_wait(poll, events, 128, 50);
            for (int i = 0; i < count; ++i) {
                const int fd = events[i].data.fd;
                if (fd == listener_) {
                    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
                    const int on = 1;
                    ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    watch(poll, accepted);
                } else if (::recv(fd, buffer, sizeof buffer, 0) <= 0) {
                    ::close(fd);
                } else {
                    (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
                }
            }
        }
        ::close(poll);
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

struct Measured {
    double rate = 0;  ///< answers a second
    double p99_ms = 0;
    bool good = true;  ///< every answer was a 200
};

/// What a connection asks next; called from one thread.
using Ask = std::function<std::string_view(int connection)>;

class Load {
  public:
    explicit Load(std::uint16_t port) : poll_(::epoll_create1(0)) {
        const auto address = loopback(port);
        for (int i = 0; i < kConnections; ++i) {
            const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
            good_ = good_ &&
                    ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            epoll_event event{.events = EPOLLIN, .data = {.u32 = static_cast<std::uint32_t>(i)}};
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event);
            sockets_.push_back(fd);
        }
    }
    ~Load() {
        for (const int fd : sockets_) ::close(fd);
        ::close(poll_);
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// One request in flight on each connection for the length of a round: the rate that saturates.
    Measured saturate(const Ask& ask) {
        for (int i = 0; i < kConnections; ++i) send(i, ask(i), Clock_::now());
        const auto begin = Clock_::now();
        while (good_ && Clock_::now() - begin < kRound)
            receive(100, [&](int i) { send(i, ask(i), Clock_::now()); });
        return measured(Clock_::now() - begin);
    }

    /// Requests at an even rate, on the connection that has been free for longest. A latency counts
    /// from when the request was due, so that a stall is not hidden by what it holds back.
    Measured pace(const Ask& ask, double rate) {
        std::deque<int> free;
        for (int i = 0; i < kConnections; ++i) free.push_back(i);
        const auto begin = Clock_::now();
        const auto end = begin + kRound;
        const auto step = std::chrono::duration<double>(1 / rate);
        std::int64_t count = 0;
        const auto due = [&] {
            return begin +
                   std::chrono::duration_cast<Clock_::duration>(step * static_cast<double>(count));
        };
        while (good_ && Clock_::now() < end) {
            for (; !free.empty() && due() <= Clock_::now(); ++count) {
                send(free.front(), ask(free.front()), due());
                free.pop_front();
            }
            receive(0, [&](int i) { free.push_back(i); });
        }
        return measured(Clock_::now() - begin);
    }

  private:
    void send(int i, std::string_view request, Clock_::time_point due) {
        due_[static_cast<std::size_t>(i)] = due;
        (void)::send(sockets_[static_cast<std::size_t>(i)], request.data(), request.size(),
                     MSG_NOSIGNAL);
    }
    void receive(int timeout_ms, const std::function<void(int)>& answered) {
        epoll_event events[128];
        char buffer[16'384];
        const int count = ::epoll_wait(poll_, events, 128, timeout_ms);
        for (int e = 0; e < count; ++e) {
            const auto i = events[e].data.u32;
            const auto size = ::recv(sockets_[i], buffer, sizeof buffer, 0);
            // Answers are short: each comes whole.
            good_ = good_ && size > 12 && std::memcmp(buffer + 9, "200", 3) == 0;
            if (!good_) return;
            latencies_ms_.push_back(
                std::chrono::duration<double, std::milli>(Clock_::now() - due_[i]).count());
            answered(static_cast<int>(i));
        }
    }
    Measured measured(std::chrono::duration<double> taken) {
        if (latencies_ms_.empty()) return {.good = false};
        std::ranges::sort(latencies_ms_);
        return {static_cast<double>(latencies_ms_.size()) / taken.count(),
                latencies_ms_[latencies_ms_.size() * 99 / 100], good_};
    }

    const int poll_;
    bool good_ = true;
    std::vector<int> sockets_;
    std::array<Clock_::time_point, kConnections> due_{};
    std::vector<double> latencies_ms_;
};

inline Measured saturate(std::uint16_t port, const Ask& ask) {
    return Load(port).saturate(ask);
}

}  // namespace astro::bench
