#pragma once

#include <memory>

#include "foundation/net/server.hpp"

namespace astro::net {

class HttpSession;
class Loop;

/// A reply for request number `request` of that session: callable from any thread, the first call
/// counts, and when all its copies are gone without a call the answer is 500.
[[nodiscard]] Reply make_reply(std::weak_ptr<HttpSession> session, std::shared_ptr<Loop> loop,
                               std::uint64_t request);

}  // namespace astro::net
