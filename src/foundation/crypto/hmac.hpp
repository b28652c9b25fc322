#pragma once

#include "foundation/base/bytes.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::crypto {

/// RFC 2104 HMAC with SHA-256. Thread-safe; about 0.3 us for 200 bytes.
[[nodiscard]] Sha256 hmac_sha256(ByteView key, ByteView message);

/// Whether `tag` is the HMAC, in constant time.
[[nodiscard]] bool verify_hmac_sha256(ByteView key, ByteView message, ByteView tag);

}  // namespace astro::crypto
