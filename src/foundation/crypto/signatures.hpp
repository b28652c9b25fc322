#pragma once

#include <memory>
#include <variant>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// Verification of the signatures that authenticators and identity providers make, over SHA-256.
namespace astro::crypto {

struct P256PublicTag {};
/// An uncompressed point: x, then y, big-endian.
using P256Public = FixedBytes<P256PublicTag, 64>;

struct RsaPublic {
    Bytes modulus;   ///< big-endian
    Bytes exponent;  ///< big-endian
    bool operator==(const RsaPublic&) const = default;
};

enum class EcdsaForm {
    der,  ///< X.690 DER, as WebAuthn and TLS have it; nothing but the one encoding
    raw,  ///< r, then s, 32 bytes each, as JWT (ES256) has it
};

/// "bad_public_key" when the point is not on the curve.
[[nodiscard]] Result<void> check_p256_public(const P256Public& key);
[[nodiscard]] bool verify_ecdsa_p256(const P256Public& key, ByteView message, ByteView signature,
                                     EcdsaForm form);

/// Modulus of 2048 to 8192 bits, odd exponent from 3 to 2^32: "bad_public_key" otherwise.
[[nodiscard]] Result<void> check_rsa_public(const RsaPublic& key);
/// RSASSA-PKCS1-v1_5 with SHA-256.
[[nodiscard]] bool verify_rsa_sha256(const RsaPublic& key, ByteView message, ByteView signature);

}  // namespace astro::crypto
