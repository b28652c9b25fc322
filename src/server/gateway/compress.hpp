#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/net/message.hpp"

namespace astro::gateway {

/// RFC 1952; `level` 1 (fast) … 9 (small).
[[nodiscard]] std::string gzip(std::string_view bytes, int level);

/// RFC 7932; `level` 0 (fast) … 11 (small).
[[nodiscard]] std::string brotli(std::string_view bytes, int level);

/// Whether the client takes a coding, "br" or "gzip" (RFC 9110 §12.5.3; "gzip;q=0" is a no).
[[nodiscard]] bool accepts_coding(const net::Request& request, std::string_view coding);

/// Compresses the body when the client takes it, it is a text and long enough to be worth it.
void compress_response(const net::Request& request, net::Response& response);

}  // namespace astro::gateway
