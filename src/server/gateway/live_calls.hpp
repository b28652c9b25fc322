#pragma once

#include <array>
#include <deque>
#include <memory>
#include <mutex>

#include "foundation/base/clock.hpp"
#include "foundation/net/server.hpp"
#include "server/gateway/live_host.hpp"
#include "server/gateway/live_message.hpp"
#include "server/gateway/live_text.hpp"
#include "server/gateway/pace.hpp"

namespace astro::gateway {

struct CallLimits {
    std::size_t outstanding_max = 100;  ///< calls of one connection that are not answered
    double calls_per_second = 500;      ///< of one connection, after a burst of …
    double calls_burst = 1'000;
};

/// The calls of one connection. Those that read run side by side; those that change something are
/// done in the order sent: each begins when the one before has begun, and when that has no `begin`,
/// when it is answered. What is left behind for the end is set in the same order. Thread-safe.
class CallLane : public std::enable_shared_from_this<CallLane> {
  public:
    /// `host` outlives it.
    CallLane(LiveHost& host, Clock& clock, CallLimits limits, Caller caller)
        : host_(host), clock_(clock), limits_(limits), caller_(std::move(caller)) {}

    void open(std::shared_ptr<net::WebSocket> socket);
    /// Codes of refusals that are the answer: those of HTTP, and "too_many_calls" (429).
    void call(std::uint64_t id, const LiveCall& call);
    /// Leaves a call behind for when the connection ends, or takes it away. Refused as HTTP would,
    /// and "not_at_close" (400).
    void at_close(std::uint64_t id, std::uint64_t slot, std::optional<LiveCall> call);
    /// What has not begun is not done any more; then what was left behind is.
    void close();

  private:
    struct Waiting {
        std::uint64_t id = 0;
        net::Request request{};
        Destination destination{};
        std::optional<std::uint64_t> slot{};  ///< to be left behind there
        std::optional<LiveCall> left{};       ///< that; none: takes it away
    };
    class Turn;

    [[nodiscard]] net::Request request_of(std::uint64_t id, const LiveCall& call) const;
    bool take_room();
    /// False when there is no room, which has been said.
    bool enter(std::uint64_t id);
    /// False when there is no such route, which has been said.
    bool resolve(const LiveCall& call, Waiting& out);
    void enqueue(Waiting next);
    void take_turn();
    void run();
    void stop_running();
    void perform(Waiting next);
    void set_left_behind(Waiting next);
    void answered(std::uint64_t id, const net::Response& response);
    void send(live_text::Text text);
    void do_left_behind();
    void do_left_behind(const LiveCall& call, int attempts);

    LiveHost& host_;
    Clock& clock_;
    const CallLimits limits_;
    const Caller caller_;

    net::Request handshake_;  ///< what every request takes over of it; of open(), then constant

    std::mutex mutex_;
    std::shared_ptr<net::WebSocket> socket_;
    std::deque<Waiting> waiting_;
    bool is_running_ = false;  ///< somebody is in run(), or will be
    bool is_closed_ = false;
    std::size_t outstanding_ = 0;
    Pace pace_;
    std::array<std::optional<LiveCall>, kLiveAtCloseMax> left_behind_;
};

}  // namespace astro::gateway
