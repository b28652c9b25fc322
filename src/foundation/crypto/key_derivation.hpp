#pragma once

#include "foundation/base/bytes.hpp"
#include "foundation/crypto/secret.hpp"

/// Keys that follow from other secrets. From a password prefer argon2id (password_hash.hpp), which
/// needs memory and not only time.
namespace astro::crypto {

/// The first 32 bytes of RFC 5869 HKDF with SHA-256. `input` is a secret that cannot be guessed.
[[nodiscard]] SecretKey hkdf_sha256(ByteView input, ByteView salt, ByteView info);

/// The first 32 bytes of RFC 8018 PBKDF2 with HMAC-SHA-256; one round or more. 600,000 take about a
/// quarter of a second.
[[nodiscard]] SecretKey pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t rounds);

}  // namespace astro::crypto
