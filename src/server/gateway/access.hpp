#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/gateway/route.hpp"

namespace astro::gateway {

/// The outcome of an access check: who calls, and the headers that tell him of his budget.
struct Admission {
    Caller caller;
    std::vector<std::pair<std::string, std::string>> headers{};  ///< RateLimit-*, Retry-After
    std::optional<Error> refusal{};  ///< unauthenticated, forbidden or limited: nothing is called
};

/// Decides for the gateway who a request is from, whether he may, and whether he has asked too
/// much. Implemented by a capability; thread-safe.
class Access {
  public:
    virtual ~Access() = default;
    /// What can be answered without the store (a remembered token, no credentials at all), on the
    /// event loop; nothing when the store must be asked.
    virtual std::optional<Admission> admit_at_once(const net::Request& request,
                                                   const Route& route) = 0;
    /// The full check, on the pool.
    virtual Admission admit(const net::Request& request, const Route& route) = 0;
    /// The full check of what is called over a WebSocket, whose handshake found `caller`: he may
    /// have lost his rights since. On the pool.
    virtual Admission admit_caller(const Caller& caller, const net::Request& request,
                                   const Route& route) = 0;
    /// Whether a WebSocket's caller may follow a channel.
    virtual bool may_follow(const Caller& caller, const Channel& channel) = 0;
    /// The caller of a WebSocket's handshake, counted against his connections until `released`
    /// goes; refusals as above.
    struct Connection {
        Admission admission;
        std::int64_t subscriptions_max = 100;
        std::shared_ptr<void> released{};
    };
    virtual Connection connect(const net::Request& request) = 0;
};

/// For a server without accounts: everybody may do what "public.read" allows, without limit.
[[nodiscard]] std::shared_ptr<Access> make_open_access();

}  // namespace astro::gateway
