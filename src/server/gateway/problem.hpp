#pragma once

#include "foundation/base/result.hpp"
#include "foundation/net/message.hpp"

namespace astro::gateway {

/// The problem document for an Error: refusal 400, not_found 404, unavailable 503, unknown 500.
[[nodiscard]] net::Response problem_for(const Error& error, const net::Request& request);

}  // namespace astro::gateway
