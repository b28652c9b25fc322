#pragma once

#include "foundation/base/result.hpp"
#include "foundation/net/message.hpp"
#include "server/gateway/route.hpp"

namespace astro::gateway {

/// The problem document for an Error: refusal 400, not_found 404, unavailable 503, unknown 500.
[[nodiscard]] net::Response problem_for(const Error& error, const net::Request& request);
/// The same of a route, in the form of its dialect when it has one.
[[nodiscard]] net::Response refusal_of(const Route& route, const Error& error,
                                       const net::Request& request);

}  // namespace astro::gateway
