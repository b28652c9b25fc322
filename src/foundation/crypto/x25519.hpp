#pragma once

#include <optional>

#include "foundation/crypto/random.hpp"

/// RFC 7748 X25519 by libsodium: two keys, one secret that only their owners can compute.
namespace astro::crypto {

struct X25519PublicTag {};
using X25519Public = FixedBytes<X25519PublicTag, 32>;

class X25519Key {
  public:
    static X25519Key from_secret(const SecretKey& secret);
    static X25519Key generate(Random& random) { return from_secret(random.secret_key()); }

    [[nodiscard]] const X25519Public& public_key() const { return public_; }
    [[nodiscard]] const SecretKey& secret() const { return secret_; }
    /// What both have in common; none when `other` is a point of small order, with which the
    /// secret would be none.
    [[nodiscard]] std::optional<SecretKey> agree(const X25519Public& other) const;

  private:
    X25519Key() = default;
    SecretKey secret_;
    X25519Public public_;
};

}  // namespace astro::crypto
