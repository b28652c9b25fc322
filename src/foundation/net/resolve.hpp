#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/net/interrupt.hpp"

namespace astro::net {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// Addresses of a host name or numeric address, in the order to try. The system's resolver cannot
/// be broken off, so a name is looked up on a thread of its own, which is left behind on a timeout.
/// Codes: "connect_failed", "timeout", "interrupted".
Result<std::vector<SocketAddress>> resolve(const std::string& host, const std::string& port,
                                           std::chrono::steady_clock::time_point until,
                                           const Interrupt& interrupt);

/// Waits for `events` (poll(2)) on `descriptor`. "timeout" or "interrupted" when they don't come.
Result<void> wait_for(int descriptor, short events, std::chrono::steady_clock::time_point until,
                      const Interrupt& interrupt);

}  // namespace astro::net
