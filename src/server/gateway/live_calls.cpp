#include "server/gateway/live_calls.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"
#include "server/gateway/log.hpp"
#include "server/gateway/problem.hpp"

namespace astro::gateway {
namespace {

/// After this many the pool's thread is let go, so that other connections get their turn.
constexpr int kCallsPerTurn = 16;
constexpr int kLeftBehindAttempts = 50;
constexpr DurationNs kLeftBehindPause = milliseconds(100);
constexpr std::uint16_t kPolicyViolation = 1008;

net::Response problem(int status, std::string_view code, std::string_view detail,
                      std::string_view where, const net::Request& request) {
    return net::problem_response(status, code, detail, where, request.request_id);
}

}  // namespace

/// Ends the lane's running even when the pool drops the work.
class CallLane::Turn {
  public:
    explicit Turn(std::shared_ptr<CallLane> lane) : lane_(std::move(lane)) {}
    ~Turn() {
        if (lane_) lane_->stop_running();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    void run() { std::exchange(lane_, nullptr)->run(); }

  private:
    std::shared_ptr<CallLane> lane_;
};

void CallLane::open(std::shared_ptr<net::WebSocket> socket) {
    const std::scoped_lock lock(mutex_);
    socket_ = std::move(socket);
    const net::Request& handshake = socket_->handshake();
    handshake_.remote_address = handshake.remote_address;
    handshake_.secure = handshake.secure;
    handshake_.request_id = handshake.request_id;
    for (const char* name : {"x-forwarded-for", "user-agent"})
        if (const auto value = handshake.headers.find(name))
            handshake_.headers.set(name, std::string(*value));
    pace_ = {limits_.calls_burst, limits_.calls_per_second, clock_.monotonic()};
}

net::Request CallLane::request_of(std::uint64_t id, const LiveCall& call) const {
    net::Request out = handshake_;
    out.method = call.method;
    out.target = call.path;
    out.body = call.body;
    out.request_id += "." + std::to_string(id);
    if (!call.body.empty()) out.headers.set("content-type", "application/json");
    if (!call.idempotency_key.empty()) out.headers.set("idempotency-key", call.idempotency_key);
    return out;
}

bool CallLane::resolve(const LiveCall& call, Waiting& out) {
    out.request = request_of(out.id, call);
    if (const auto split = net::split_target(out.request); !split) {
        answered(out.id,
                 problem(400, split.error().code, split.error().message, "path", out.request));
        return false;
    }
    out.destination = host_.find(out.request);
    out.request.path_params = std::move(out.destination.path_params);
    if (out.destination.route != nullptr) return true;
    answered(out.id, out.destination.refusal);
    return false;
}

bool CallLane::take_room() {
    if (outstanding_ >= limits_.outstanding_max || !pace_.take(clock_.monotonic())) return false;
    ++outstanding_;
    return true;
}

bool CallLane::enter(std::uint64_t id) {
    {
        const std::scoped_lock lock(mutex_);
        if (is_closed_) return false;
        if (take_room()) return true;
        ++outstanding_;  // which answered() takes away
    }
    auto refused = net::problem_response(
        429, "too_many_calls",
        "at most " + std::to_string(limits_.outstanding_max) +
            " calls wait for their answer, and " +
            std::to_string(static_cast<int>(limits_.calls_per_second)) + " begin in a second",
        "", "");
    refused.headers.set("retry-after", "1");
    answered(id, refused);
    return false;
}

void CallLane::call(std::uint64_t id, const LiveCall& call) {
    if (!enter(id)) return;
    Waiting next{.id = id};
    if (!resolve(call, next)) return;
    if (next.destination.route->limit_class != RouteClass::read) return enqueue(std::move(next));
    auto shared = std::make_shared<Waiting>(std::move(next));
    host_.offload([lane = shared_from_this(), shared] { lane->perform(std::move(*shared)); });
}

void CallLane::at_close(std::uint64_t id, std::uint64_t slot, std::optional<LiveCall> call) {
    if (!enter(id)) return;
    Waiting next{.id = id};
    if (call && !resolve(*call, next)) return;
    if (call && !next.destination.route->at_close)
        return answered(
            id, problem(400, "not_at_close", "only calls that cancel can be left behind", "path",
                        next.request));
    next.slot = slot;
    next.left = std::move(call);
    enqueue(std::move(next));
}

void CallLane::enqueue(Waiting next) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back(std::move(next));
        if (std::exchange(is_running_, true)) return;
    }
    take_turn();
}

void CallLane::take_turn() {
    host_.offload([turn = std::make_shared<Turn>(shared_from_this())] { turn->run(); });
}

void CallLane::run() {
    for (int i = 0; i < kCallsPerTurn; ++i) {
        Waiting next;
        {
            const std::scoped_lock lock(mutex_);
            if (waiting_.empty() || is_closed_) break;
            next = std::move(waiting_.front());
            waiting_.pop_front();
        }
        if (next.slot)
            set_left_behind(std::move(next));
        else
            perform(std::move(next));
    }
    bool goes_on = false, closed = false;
    {
        const std::scoped_lock lock(mutex_);
        closed = is_closed_;
        goes_on = is_running_ = !closed && !waiting_.empty();
    }
    if (goes_on) take_turn();
    if (closed) do_left_behind();
}

/// The pool takes no more work: what has not begun is not done.
void CallLane::stop_running() {
    {
        const std::scoped_lock lock(mutex_);
        is_running_ = false;
        if (!is_closed_) return;
    }
    do_left_behind();
}

void CallLane::perform(Waiting next) {
    auto admission = host_.admit(caller_, next.request, *next.destination.route);
    host_.perform(next.destination, std::move(next.request), std::move(admission),
                  [lane = shared_from_this(), id = next.id](const net::Response& response) {
                      lane->answered(id, response);
                  });
}

/// Whether he may is asked here and not when the connection ends: then it must be done.
void CallLane::set_left_behind(Waiting next) {
    if (next.left) {
        const auto admission = host_.admit(caller_, next.request, *next.destination.route);
        const auto& bad = admission.refusal ? admission.refusal : next.destination.bad_parameter;
        if (bad) return answered(next.id, problem_for(*bad, next.request));
    }
    std::size_t count = 0;
    {
        const std::scoped_lock lock(mutex_);
        --outstanding_;
        left_behind_[*next.slot] = std::move(next.left);
        count = static_cast<std::size_t>(
            std::ranges::count_if(left_behind_, [](const auto& c) { return c.has_value(); }));
    }
    send(live_text::at_close(next.id, count));
}

void CallLane::answered(std::uint64_t id, const net::Response& response) {
    const auto type = response.headers.find("content-type").value_or("");
    const bool is_json =
        type.starts_with("application/json") || type.starts_with("application/problem+json");
    const auto retry_after = response.headers.find("retry-after").value_or("");
    const bool fits = is_json || is_utf8(response.text());
    auto text = fits ? live_text::answer(id, response.status, response.text(), is_json, retry_after)
                     : live_text::answer(id, 406,
                                         net::problem_response(406, "not_text",
                                                               "the answer is no text: ask for it "
                                                               "over HTTP",
                                                               "", "")
                                             .body,
                                         true, "");
    {
        const std::scoped_lock lock(mutex_);
        --outstanding_;
    }
    send(std::move(text));
}

/// An answer is not left out: whoever does not read them has no use for the connection.
void CallLane::send(live_text::Text text) {
    const std::scoped_lock lock(mutex_);
    if (is_closed_ || !socket_) return;
    if (!socket_->send(std::move(text))) socket_->close(kPolicyViolation, "answers are not read");
}

void CallLane::close() {
    {
        const std::scoped_lock lock(mutex_);
        is_closed_ = true;
        socket_.reset();
        waiting_.clear();
        if (is_running_) return;  // run() sees it
    }
    do_left_behind();
}

void CallLane::do_left_behind() {
    for (auto& call : left_behind_)  // nobody else comes here any more
        if (call) do_left_behind(*std::exchange(call, std::nullopt), kLeftBehindAttempts);
}

void CallLane::do_left_behind(const LiveCall& call, int attempts) {
    net::Request request = request_of(0, call);
    if (!net::split_target(request)) return;
    Destination destination = host_.find(request);
    if (destination.route == nullptr) return;
    request.path_params = std::move(destination.path_params);
    const auto done = [lane = shared_from_this(), call, attempts](const net::Response& response) {
        if (response.status < 400) return;
        const bool may_help = response.status == 429 || response.status == 503;
        if (may_help && attempts > 1)
            return lane->host_.offload([lane, call, attempts] {
                lane->clock_.sleep(kLeftBehindPause);
                lane->do_left_behind(call, attempts - 1);
            });
        log(LogLevel::warn, "websocket.at_close_failed",
            {{"path", call.path}, {"status", std::int64_t{response.status}}});
    };
    host_.perform(destination, std::move(request), {caller_, {}, {}}, done);
}

}  // namespace astro::gateway
