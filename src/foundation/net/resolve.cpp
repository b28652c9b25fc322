#include "foundation/net/resolve.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

#include "foundation/base/assert.hpp"

namespace astro::net {
namespace {

using Steady = std::chrono::steady_clock;

struct Lookup {
    std::string host, port;
    Interrupt done;  ///< raised when the rest is written
    int status = 0;
    std::vector<SocketAddress> addresses;
};

void look_up(Lookup& lookup, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* found = nullptr;
    lookup.status = ::getaddrinfo(lookup.host.c_str(), lookup.port.c_str(), &hints, &found);
    if (lookup.status != 0) return;
    for (const addrinfo* each = found; each; each = each->ai_next) {
        SocketAddress address;
        std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
        address.size = each->ai_addrlen;
        lookup.addresses.push_back(address);
    }
    ::freeaddrinfo(found);
}

Result<void> start(const std::shared_ptr<Lookup>& lookup) {
    try {
        std::thread([lookup] {
            look_up(*lookup, AI_NUMERICSERV | AI_ADDRCONFIG);
            lookup->done.raise();
        }).detach();
    } catch (const std::system_error& error) {
        return unavailable("connect_failed", std::string("no thread: ") + error.what());
    }
    return {};
}

}  // namespace

Interrupt::Interrupt() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    ASTRO_ASSERT(descriptor_ >= 0);
}

Interrupt::~Interrupt() {
    ::close(descriptor_);
}

void Interrupt::raise() {
    raised_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}

Result<void> wait_for(int descriptor, short events, Steady::time_point until,
                      const Interrupt& interrupt) {
    for (;;) {
        if (interrupt.raised()) return unavailable("interrupted", "the wait was interrupted");
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
        if (left.count() <= 0) return unavailable("timeout", "the time limit was reached");
        std::array<pollfd, 2> watched{pollfd{descriptor, events, 0},
                                      pollfd{interrupt.descriptor(), POLLIN, 0}};
        const int timeout = static_cast<int>(std::min<std::int64_t>(left.count(), 1 << 30));
        const int ready = ::poll(watched.data(), watched.size(), timeout);
        if (ready < 0 && errno != EINTR)
            return unavailable("connection_closed", std::string("poll: ") + std::strerror(errno));
        if (ready > 0 && watched[1].revents == 0) return {};
    }
}

Result<std::vector<SocketAddress>> resolve(const std::string& host, const std::string& port,
                                           Steady::time_point until, const Interrupt& interrupt) {
    const auto lookup = std::make_shared<Lookup>();
    lookup->host = host;
    lookup->port = port;
    look_up(*lookup, AI_NUMERICHOST | AI_NUMERICSERV);
    if (lookup->status == EAI_NONAME) {
        ASTRO_CHECK(start(lookup));
        ASTRO_CHECK(wait_for(lookup->done.descriptor(), POLLIN, until, interrupt));
        // The descriptor woke us; reading the flag is what orders the other thread's writes.
        ASTRO_ASSERT(lookup->done.raised());
    }
    if (lookup->status != 0 || lookup->addresses.empty())
        return unavailable("connect_failed",
                           std::string("no address: ") + ::gai_strerror(lookup->status), host);
    return lookup->addresses;
}

}  // namespace astro::net
