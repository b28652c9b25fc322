#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capabilities/identity/service.hpp"
#include "foundation/base/clock.hpp"
#include "server/gateway/route.hpp"

namespace astro::node {

struct SimulatedTradersOptions {
    std::string program;  ///< the executable whose commands are run
    std::string url;      ///< of this server, as its own clients reach it
    std::string folder;   ///< for the private keys; made with mode 0700
    std::vector<std::string> markets;
    std::uint64_t seed = 1;
};

/// What is known of one of them.
struct SimulatedTrader {
    std::string name{};   ///< "market-maker"
    std::string owner{};  ///< the account it signs in as: "market-maker@simulated.invalid"
    std::string user{};   ///< its id
    bool running = false;
    std::uint64_t starts = 0;
    std::string last_end{};  ///< "exit 2", "signal 9"; empty: it has never ended
};
BOOST_DESCRIBE_STRUCT(SimulatedTrader, (), (name, owner, user, running, starts, last_end))

/// A market maker and noise traders, so that a paper venue lives: `astrolabe exchange quote` and
/// `noise` as processes of their own, which know the public API only. They sign in as users whose
/// names say that they are simulated. Whoever dies is started again; all end with the server.
/// Thread-safe.
class SimulatedTraders {
  public:
    /// Makes users and keys; both services outlive it.
    static Result<std::unique_ptr<SimulatedTraders>> start(SimulatedTradersOptions options,
                                                           identity::Service& identity,
                                                           Clock& clock);
    virtual ~SimulatedTraders() = default;
    [[nodiscard]] virtual std::vector<SimulatedTrader> status() const = 0;
    /// Asks them to end, and waits for it some seconds. Idempotent.
    virtual void stop() = 0;
};

/// GET /api/v1/exchange/simulated: which users of this venue are none. `list` is thread-safe.
[[nodiscard]] gateway::Route simulated_route(std::function<std::vector<SimulatedTrader>()> list);

}  // namespace astro::node
