#pragma once

#include <variant>

#include "capabilities/identity/engine/cbor.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/signatures.hpp"

/// COSE keys (RFC 9052, 9053, 8230) of the three algorithms that passkeys use with us.
namespace astro::identity::cose {

enum Algorithm : std::int64_t { kEs256 = -7, kEdDsa = -8, kRs256 = -257 };

/// A public key; its type gives its algorithm: ES256, EdDSA, RS256.
using Key = std::variant<crypto::P256Public, crypto::Ed25519Public, crypto::RsaPublic>;
[[nodiscard]] std::int64_t algorithm_of(const Key& key);

/// The key, with exactly the members its algorithm needs (WebAuthn §5.8.5, §6.5.1.1) and on its
/// curve. "cose_malformed", "cose_algorithm" (none of ours), "bad_public_key".
[[nodiscard]] Result<Key> parse_key(const cbor::Value& value);
[[nodiscard]] cbor::Value to_cbor(const Key& key);

/// Whether `signature` over `message` is the key's: DER for ES256, 64 bytes for EdDSA, PKCS #1 v1.5
/// for RS256 (WebAuthn §6.5.6).
[[nodiscard]] bool verify(const Key& key, ByteView message, ByteView signature);

}  // namespace astro::identity::cose
