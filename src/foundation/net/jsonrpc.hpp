#pragma once

#include <memory>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/net/client.hpp"

/// JSON-RPC 2.0 over HTTP against several interchangeable endpoints: retry with exponential backoff
/// and jitter, a circuit breaker and health per endpoint, failover between them.
namespace astro::net {

struct RetryPolicy {
    int attempts = 5;  ///< over all endpoints, the first one included
    DurationNs backoff_first = milliseconds(100);
    DurationNs backoff_max =
        seconds(5);            ///< doubles up to this; the wait is uniform in [half, whole]
    int breaker_failures = 5;  ///< in a row open the circuit …
    DurationNs breaker_open = seconds(10);  ///< … for so long; then one trial call decides
};

struct EndpointHealth {
    std::string url;    ///< without credentials or query
    std::string state;  ///< "closed" (healthy), "open" (avoided), "half_open" (on trial)
    std::uint64_t calls = 0, failures = 0, rate_limited = 0;
    double latency_ms_ema = 0;
    std::string last_error;
};

/// Thread-safe; calls from different threads run side by side.
class JsonRpcClient {
  public:
    /// `seed` feeds the jitter, so that a test run repeats.
    static Result<std::unique_ptr<JsonRpcClient>> make(std::vector<std::string> urls,
                                                       RetryPolicy policy, ClientOptions options,
                                                       Clock& clock, std::uint64_t seed);
    virtual ~JsonRpcClient() = default;
    /// `params` is a JSON array text. Returns the whole response document, whose "error" member is
    /// absent. Codes: "rpc_error" (the node answered an error: where = its code as text; not
    /// retried unless it means "try later"), "rate_limited" (429 to the end; Retry-After is kept),
    /// "unavailable", "bad_response" (not JSON-RPC), "interrupted".
    virtual Result<std::string> call(std::string_view method, std::string_view params) = 0;
    [[nodiscard]] virtual std::vector<EndpointHealth> health() const = 0;
    virtual void interrupt() = 0;
};

}  // namespace astro::net
