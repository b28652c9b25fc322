#pragma once

#include <string>
#include <string_view>

#include "foundation/net/message.hpp"

namespace astro::gateway {

/// Names a version of a text, without quotes.
[[nodiscard]] std::string tag_of(std::string_view content);

/// Whether If-None-Match names the tag (RFC 9110 §13.1.2: a list, weak comparison, or "*").
[[nodiscard]] bool has_already(const net::Request& request, std::string_view tag);

/// Gives a 200 its ETag, and turns it into a 304 for who has it already.
void tag_response(const net::Request& request, net::Response& response);

}  // namespace astro::gateway
