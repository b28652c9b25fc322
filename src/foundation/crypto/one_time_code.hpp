#pragma once

#include <string>

#include "foundation/base/bytes.hpp"

namespace astro::crypto {

/// RFC 4226 HOTP value with HMAC-SHA-1, by liboath, as authenticator apps compute it; `digits` is
/// 6 to 8. With a counter of unix time / 30 it is RFC 6238 TOTP.
[[nodiscard]] std::string one_time_code(ByteView secret, std::uint64_t counter, unsigned digits);

}  // namespace astro::crypto
