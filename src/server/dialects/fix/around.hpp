#pragma once

#include <functional>
#include <memory>
#include <string>

#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/market_tape.hpp"
#include "foundation/bus/bus.hpp"
#include "server/gateway/access.hpp"

namespace astro::fix {

/// What a Logon proves by: RawData is the key's signature of `text`.
struct LogonProof {
    std::string key, text, signature;
    std::int64_t time_ms = 0;  ///< SendingTime
};

/// What the acceptor works with; all outlive it.
struct Around {
    exchange::Desk& desk;
    const exchange::MarketTape& tape;
    Bus& bus;
    Clock& clock;
    std::shared_ptr<gateway::Access> access;
    /// Who signed it, whether he may from there, and what it costs him.
    std::function<gateway::Admission(const LogonProof&, const net::Request&, const gateway::Route&)>
        admit_logon;
};

/// fix.* of the settings.
struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string name = "ASTROLABE";  ///< our CompID
    std::size_t connections_max = 64, sessions_max = 256;
    std::int64_t keep_days = 7;
    double messages_per_second = 100;  ///< of a session, after a burst of as many
};

[[nodiscard]] inline TimeMs now_ms(const Around& around) {
    return TimeMs{around.clock.now().value() / 1'000'000};
}

}  // namespace astro::fix
