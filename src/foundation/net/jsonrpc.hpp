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
    std::string url;    ///< without credentials, query and path segments as long as a key
    std::string state;  ///< "closed" (healthy), "open" (avoided), "half_open" (on trial)
    std::uint64_t calls = 0, failures = 0, rate_limited = 0;
    double latency_ms_ema = 0;
    std::string last_error;
};

/// Thread-safe; calls from different threads run side by side.
///
/// Endpoints are preferred in their order. A call that fails goes to the next usable one at once,
/// and waits (backoff) before it begins again with one that it has tried. A call may thus be sent
/// more than once: it is for methods that can be repeated.
class JsonRpcClient {
  public:
    /// `seed` feeds the jitter, so that a test run repeats.
    static Result<std::unique_ptr<JsonRpcClient>> make(std::vector<std::string> urls,
                                                       RetryPolicy policy, ClientOptions options,
                                                       Clock& clock, std::uint64_t seed);
    virtual ~JsonRpcClient() = default;
    /// `params` is a JSON array text. Returns the whole response document, whose "error" member is
    /// absent; below its top level it is not looked at. Codes:
    ///  - "rpc_error": the node answered an error; where = its number as text. Not repeated unless
    ///    it means "try later" (-32004, -32005, -32014, -32016, -32603);
    ///  - "rate_limited": 429 to the end; where = the seconds of Retry-After, if given. Such an
    ///    endpoint is avoided for so long;
    ///  - "unavailable": no endpoint answered, or all are avoided for longer than backoff_max;
    ///  - "bad_response": not JSON-RPC, or larger than ClientOptions::response_bytes;
    ///  - "interrupted".
    /// The kind is `unknown` when a request was sent and its fate is not known.
    virtual Result<std::string> call(std::string_view method, std::string_view params) = 0;
    [[nodiscard]] virtual std::vector<EndpointHealth> health() const = 0;
    virtual void interrupt() = 0;
};

}  // namespace astro::net
