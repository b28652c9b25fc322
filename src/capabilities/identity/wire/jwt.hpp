#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "capabilities/identity/engine/claims.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/signatures.hpp"

/// JSON Web Tokens (RFC 7515, 7519, 8037) as RFC 8725 advises: the algorithm belongs to the key and
/// is never taken from the token. We sign with EdDSA; ES256 and RS256 are read for the tokens of
/// OpenID providers. There is no "none" and no HMAC, so that no public key can serve as a secret.
namespace astro::identity {

/// A public key and by its type the one algorithm that goes with it: EdDSA, ES256, RS256.
using JwtKey = std::variant<crypto::Ed25519Public, crypto::P256Public, crypto::RsaPublic>;
/// By `kid`.
using JwtKeys = std::map<std::string, JwtKey, std::less<>>;

/// The server's key that signs now.
struct JwtSigner {
    std::string kid;
    crypto::Ed25519Key key;

    /// `kid` is the key's RFC 7638 thumbprint.
    static JwtSigner make(crypto::Ed25519Key key);
};

[[nodiscard]] std::string key_thumbprint(const crypto::Ed25519Public& key);

/// Header and payload of a token whose signature has been verified.
struct VerifiedToken {
    std::string kid;
    std::string type;  ///< "at+jwt", "JWT"; empty when the header names none
    std::string payload;
};

inline constexpr std::size_t kTokenBytesMax = 8192;

/// Codes: "token_malformed", "token_algorithm" (not the key's), "token_key_unknown",
/// "token_signature".
[[nodiscard]] Result<VerifiedToken> verify_token(std::string_view token, const JwtKeys& keys);

[[nodiscard]] std::string sign_access_token(const JwtSigner& signer, const AccessClaims& claims);
/// verify_token, then the claims as check_claims says.
[[nodiscard]] Result<AccessClaims> verify_access_token(std::string_view token, const JwtKeys& keys,
                                                       const ClaimPolicy& policy, TimestampNs now);

/// The JWK Set (RFC 7517) of our public keys, by kid.
[[nodiscard]] std::string to_jwks(const JwtKeys& keys);
/// A provider's set. Keys of other kinds and uses are left out; a broken one is refused
/// ("jwks_malformed"), as is the same kid twice.
[[nodiscard]] Result<JwtKeys> parse_jwks(std::string_view text);

}  // namespace astro::identity
