#include "foundation/net/jsonrpc.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <random>
#include <set>

#include "foundation/net/circuit_breaker.hpp"
#include "foundation/net/jsonrpc_answer.hpp"

namespace astro::net {
namespace {

constexpr std::size_t kIdleConnectionsMax = 8;  ///< kept per endpoint
constexpr DurationNs kSleepSlice = milliseconds(20);
constexpr double kLatencyWeight = 0.2;
/// "Try later": block not available yet, node behind, block status not yet available, minimum
/// context slot not reached (solana rpc-client-api custom_error.rs), and JSON-RPC's internal error.
constexpr std::array<std::string_view, 5> kTryLater{"-32004", "-32005", "-32014", "-32016",
                                                    "-32603"};
/// Providers' own numbers for "too many requests" inside a 200.
constexpr std::array<std::string_view, 2> kTooMany{"429", "-32429"};
/// Such an error says that this node is unwell, not only that the question came too early.
constexpr std::array<std::string_view, 2> kUnwell{"-32005", "-32603"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// What one request to one endpoint came to.
struct Outcome {
    enum class Kind {
        answered,      ///< text
        final_error,   ///< repeating would give the same
        try_later,     ///< the endpoint is well, the answer is not there yet
        rate_limited,  ///< retry_after
        failed,        ///< the endpoint is unwell
        interrupted,
    } kind = Kind::failed;
    std::string text;
    Error error;
    std::optional<std::int64_t> retry_after_seconds{};
};

struct Connection {
    std::unique_ptr<HttpClient> http;
    AnswerChecker checker;
};

struct Endpoint {
    Endpoint(Url u, const RetryPolicy& policy)
        : url(std::move(u)), breaker(policy.breaker_failures, policy.breaker_open) {
        health.url = displayed_url(url);
    }
    Url url;
    CircuitBreaker breaker;
    EndpointHealth health;
    std::vector<std::unique_ptr<Connection>> idle;
    std::set<Connection*> busy;
};

Outcome failed(std::string_view code, Error error) {
    error.code = code;
    return {Outcome::Kind::failed, {}, std::move(error)};
}

Outcome outcome_of_transport(Error error) {
    if (error.code == "interrupted") return {Outcome::Kind::interrupted, {}, std::move(error)};
    if (error.code == "too_large") {
        error.code = "bad_response";
        return {Outcome::Kind::final_error, {}, std::move(error)};
    }
    return failed("unavailable", std::move(error));
}

Outcome outcome_of_rpc_error(Error error) {
    if (contains(kTooMany, error.where)) {
        error.where.clear();
        error.code = "rate_limited";
        error.kind = ErrorKind::unavailable;
        return {Outcome::Kind::rate_limited, {}, std::move(error)};
    }
    if (!contains(kTryLater, error.where))
        return {Outcome::Kind::final_error, {}, std::move(error)};
    error.kind = ErrorKind::unavailable;
    if (contains(kUnwell, error.where)) return failed("rpc_error", std::move(error));
    return {Outcome::Kind::try_later, {}, std::move(error)};
}

Outcome outcome_of_response(Response response, AnswerChecker& checker, std::uint64_t id,
                            std::int64_t now_unix) {
    const std::string status =
        std::to_string(response.status) + " " + status_title(response.status);
    const auto header = response.headers.find("retry-after");
    const auto retry_after = header ? parse_retry_after(*header, now_unix) : std::nullopt;
    if (response.status == 429 || (response.status == 503 && retry_after)) {
        Outcome limited{Outcome::Kind::rate_limited, {}, {}, retry_after};
        limited.error = unavailable("rate_limited", "answered " + status,
                                    retry_after ? std::to_string(*retry_after) : "")
                            .error;
        return limited;
    }
    if (response.status >= 500)
        return failed("unavailable", unavailable("unavailable", "answered " + status).error);
    auto checked = checker.check(response.body, id);
    if (checked && response.status < 300)
        return {Outcome::Kind::answered, std::move(response.body), {}};
    if (!checked && checked.error().code == "rpc_error")
        return outcome_of_rpc_error(std::move(checked).error());
    if (response.status >= 300)
        return failed("bad_response", unavailable("bad_response", "answered " + status).error);
    return failed("bad_response", std::move(checked).error());
}

class JsonRpcClientImpl final : public JsonRpcClient {
  public:
    JsonRpcClientImpl(std::vector<Url> urls, const RetryPolicy& policy, ClientOptions options,
                      Clock& clock, std::uint64_t seed)
        : policy_(policy), options_(std::move(options)), clock_(clock), random_(seed) {
        endpoints_.reserve(urls.size());
        for (Url& url : urls) endpoints_.emplace_back(std::move(url), policy_);
    }

    Result<std::string> call(std::string_view method, std::string_view params) override {
        const std::uint64_t id = ++last_id_;
        const std::string body = jsonrpc_request(id, method, params);
        std::vector<bool> tried(endpoints_.size(), false);  // since the last wait
        DurationNs backoff = policy_.backoff_first;
        Error last = unavailable("unavailable", "no endpoint is usable now").error;
        bool sent_unknown = false;
        for (int attempt = 1; attempt <= policy_.attempts; ++attempt) {
            auto index = choose(tried);
            if (!index) {
                const DurationNs pause = wait_for_usable(backoff);
                if (pause > policy_.backoff_max) break;
                pause_for(pause);
                backoff = std::min(backoff + backoff, policy_.backoff_max);
                tried.assign(tried.size(), false);
                index = choose(tried);
            }
            if (interrupted_) return unavailable("interrupted", "the client was interrupted");
            if (!index) continue;
            tried[*index] = true;
            Outcome outcome = ask(endpoints_[*index], body, id);
            if (outcome.kind == Outcome::Kind::answered) return std::move(outcome.text);
            if (outcome.kind == Outcome::Kind::final_error ||
                outcome.kind == Outcome::Kind::interrupted)
                return Unexpected{std::move(outcome.error)};
            sent_unknown = sent_unknown || outcome.error.kind == ErrorKind::unknown;
            last = std::move(outcome.error);
        }
        if (sent_unknown) last.kind = ErrorKind::unknown;
        return Unexpected{std::move(last)};
    }

    [[nodiscard]] std::vector<EndpointHealth> health() const override {
        const std::lock_guard lock(mutex_);
        std::vector<EndpointHealth> out;
        for (const Endpoint& endpoint : endpoints_) {
            out.push_back(endpoint.health);
            constexpr std::array<std::string_view, 3> kNames{"closed", "open", "half_open"};
            const auto state = endpoint.breaker.state(clock_.monotonic());
            out.back().state = kNames[static_cast<std::size_t>(state)];
        }
        return out;
    }

    void interrupt() override {
        interrupted_ = true;
        const std::lock_guard lock(mutex_);
        for (Endpoint& endpoint : endpoints_)
            for (Connection* connection : endpoint.busy) connection->http->interrupt();
    }

  private:
    /// The first endpoint that may be asked and was not since the last wait.
    std::optional<std::size_t> choose(const std::vector<bool>& tried) {
        const std::lock_guard lock(mutex_);
        const TimestampNs now = clock_.monotonic();
        for (std::size_t i = 0; i < endpoints_.size(); ++i)
            if (!tried[i] && endpoints_[i].breaker.try_acquire(now)) return i;
        return std::nullopt;
    }

    /// How long to wait before asking again: the backoff with its jitter, or longer when every
    /// endpoint is avoided for longer.
    DurationNs wait_for_usable(DurationNs backoff) {
        const std::lock_guard lock(mutex_);
        const TimestampNs now = clock_.monotonic();
        DurationNs soonest = DurationNs{std::numeric_limits<std::int64_t>::max()};
        for (const Endpoint& endpoint : endpoints_)
            soonest = std::min(soonest, endpoint.breaker.available_at(now) - now);
        const std::int64_t half = std::max<std::int64_t>(backoff.value() / 2, 1);
        std::uniform_int_distribution<std::int64_t> jitter(half, std::max(backoff.value(), half));
        return std::max(soonest, DurationNs{jitter(random_)});
    }

    /// In slices, so that interrupt() is seen.
    void pause_for(DurationNs duration) {
        while (duration.value() > 0 && !interrupted_) {
            const DurationNs slice = std::min(duration, kSleepSlice);
            clock_.sleep(slice);
            duration -= slice;
        }
    }

    Outcome ask(Endpoint& endpoint, const std::string& body, std::uint64_t id) {
        const TimestampNs begin = clock_.monotonic();
        auto connection = take_connection(endpoint);
        Outcome outcome = connection ? exchange(**connection, endpoint.url, body, id)
                                     : outcome_of_transport(std::move(connection).error());
        const std::lock_guard lock(mutex_);
        if (connection) give_back(endpoint, std::move(*connection));
        record(endpoint, outcome, begin);
        if (outcome.kind != Outcome::Kind::answered && outcome.error.code != "rpc_error")
            outcome.error.message = endpoint.health.url + ": " + outcome.error.message;
        return outcome;
    }

    Outcome exchange(Connection& connection, const Url& url, const std::string& body,
                     std::uint64_t id) {
        Request request;
        request.method = "POST";
        request.target = url.target;
        request.headers.add("content-type", "application/json");
        request.headers.add("accept", "application/json");
        request.body = body;
        auto response = connection.http->request(request);
        if (!response) return outcome_of_transport(std::move(response).error());
        return outcome_of_response(std::move(response).value(), connection.checker, id,
                                   clock_.now().value() / 1'000'000'000);
    }

    Result<std::unique_ptr<Connection>> take_connection(Endpoint& endpoint) {
        const std::lock_guard lock(mutex_);
        if (interrupted_) return unavailable("interrupted", "the client was interrupted");
        std::unique_ptr<Connection> connection;
        if (endpoint.idle.empty()) {
            ASTRO_TRY(auto http, HttpClient::make(endpoint.url, options_));
            connection = std::make_unique<Connection>();
            connection->http = std::move(http);
        } else {
            connection = std::move(endpoint.idle.back());
            endpoint.idle.pop_back();
        }
        endpoint.busy.insert(connection.get());
        return connection;
    }

    void give_back(Endpoint& endpoint, std::unique_ptr<Connection> connection) {
        endpoint.busy.erase(connection.get());
        if (endpoint.idle.size() < kIdleConnectionsMax && !interrupted_)
            endpoint.idle.push_back(std::move(connection));
    }

    void record(Endpoint& endpoint, const Outcome& outcome, TimestampNs begin) {
        const TimestampNs now = clock_.monotonic();
        EndpointHealth& health = endpoint.health;
        if (outcome.kind == Outcome::Kind::interrupted) {
            endpoint.breaker.abandoned();
            return;
        }
        ++health.calls;
        if (outcome.kind != Outcome::Kind::answered) health.last_error = outcome.error.text();
        if (outcome.kind == Outcome::Kind::failed) {
            ++health.failures;
            endpoint.breaker.failed(now);
            return;
        }
        if (outcome.kind == Outcome::Kind::rate_limited) {
            ++health.rate_limited;
            if (outcome.retry_after_seconds)
                endpoint.breaker.open_until(now + seconds(*outcome.retry_after_seconds));
            else
                endpoint.breaker.failed(now);
            return;
        }
        endpoint.breaker.succeeded();
        const double milliseconds_taken = static_cast<double>((now - begin).value()) / 1e6;
        health.latency_ms_ema +=
            health.calls == 1 ? milliseconds_taken
                              : kLatencyWeight * (milliseconds_taken - health.latency_ms_ema);
    }

    const RetryPolicy policy_;
    const ClientOptions options_;
    Clock& clock_;
    std::atomic<std::uint64_t> last_id_{0};
    std::atomic<bool> interrupted_{false};
    mutable std::mutex mutex_;  ///< of what follows; never held during I/O
    std::vector<Endpoint> endpoints_;
    std::mt19937_64 random_;
};

}  // namespace

Result<std::unique_ptr<JsonRpcClient>> JsonRpcClient::make(std::vector<std::string> urls,
                                                           RetryPolicy policy,
                                                           ClientOptions options, Clock& clock,
                                                           std::uint64_t seed) {
    if (urls.empty()) return refusal("bad_option", "at least one endpoint is needed", "urls");
    if (policy.attempts < 1 || policy.breaker_failures < 1 || policy.backoff_first.value() < 0)
        return refusal("bad_option", "attempts and breaker_failures must be at least 1", "policy");
    std::vector<Url> parsed;
    for (const std::string& text : urls) {
        ASTRO_TRY(Url url, parse_url(text));
        if (url.scheme != "http" && url.scheme != "https")
            return refusal("bad_url", "a JSON-RPC endpoint is http or https", displayed_url(url));
        parsed.push_back(std::move(url));
    }
    return std::unique_ptr<JsonRpcClient>(std::make_unique<JsonRpcClientImpl>(
        std::move(parsed), policy, std::move(options), clock, seed));
}

}  // namespace astro::net
