#pragma once

#include "foundation/base/bytes.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/crypto/secret.hpp"

/// RFC 8032 Ed25519 by libsodium, whose verification is the strict one that Stellar and Solana use:
/// small-order and non-canonical points and s >= L are refused.
namespace astro::crypto {

struct Ed25519PublicTag {};
struct Ed25519SignatureTag {};
using Ed25519Public = FixedBytes<Ed25519PublicTag, 32>;
using Ed25519Signature = FixedBytes<Ed25519SignatureTag, 64>;

/// A signing key: the 32-byte seed and the public key that follows from it.
class Ed25519Key {
  public:
    static Ed25519Key from_seed(const SecretKey& seed);
    static Ed25519Key generate(Random& random) { return from_seed(random.secret_key()); }

    [[nodiscard]] const Ed25519Public& public_key() const { return public_; }
    [[nodiscard]] const SecretKey& seed() const { return seed_; }
    /// Deterministic. Thread-safe.
    [[nodiscard]] Ed25519Signature sign(ByteView message) const;

  private:
    Ed25519Key() = default;
    SecretKey seed_;
    Ed25519Public public_;
};

[[nodiscard]] bool verify_ed25519(const Ed25519Public& key, ByteView message,
                                  const Ed25519Signature& signature);
/// False also when a length is wrong.
[[nodiscard]] bool verify_ed25519(ByteView key, ByteView message, ByteView signature);

}  // namespace astro::crypto
