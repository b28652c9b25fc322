#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/secret.hpp"

/// Signing in at an OpenID provider: OpenID Connect Core 1.0, authorization code flow with PKCE
/// (RFC 7636, S256). What crosses the wire is read in wire/oidc.hpp.
namespace astro::identity::oidc {

struct Provider {
    std::string name;           ///< in URLs and settings: [a-z][a-z0-9-]{0,31}
    std::string issuer;         ///< "https://accounts.example.org", compared to the letter
    std::string client_id;      ///< as registered there
    std::string client_secret;  ///< empty for a public client
};
/// "bad_provider" names the field. The issuer is https, or http on loopback, without query.
[[nodiscard]] Result<void> check_provider(const Provider& provider);

/// Of a provider's discovery document.
struct Endpoints {
    std::string authorization, token, jwks;
};

/// What one sign-in keeps secret. All follow from the state and a key of the server's, so that only
/// the state's hash must be stored.
struct Flow {
    std::string state;     ///< comes back with the answer; single-use
    std::string nonce;     ///< comes back inside the ID token
    std::string verifier;  ///< proves at the token endpoint that we began (PKCE)
};
[[nodiscard]] Flow derive_flow(const crypto::SecretKey& key, std::string state);

/// Where the user's browser is sent.
[[nodiscard]] std::string authorization_url(const Endpoints& endpoints, const Provider& provider,
                                            const Flow& flow, std::string_view redirect_uri);
/// The form that exchanges the code (Core §3.1.3.1).
[[nodiscard]] std::string token_request(std::string_view code, const Provider& provider,
                                        const Flow& flow, std::string_view redirect_uri);
/// "Basic …" for a client with a secret (RFC 6749 §2.3.1); nothing for a public one.
[[nodiscard]] std::optional<std::string> client_authorization(const Provider& provider);

struct IdClaims {
    std::string issuer;
    std::string subject;
    std::vector<std::string> audiences;
    std::optional<std::string> authorized_party;
    std::optional<std::string> nonce;
    std::int64_t issued_s = 0;
    std::int64_t expires_s = 0;
};

/// Core §3.1.3.7, steps 2 to 11, for a token whose signature has been verified. Codes:
/// "oidc_issuer", "oidc_audience", "oidc_nonce", "oidc_expired", "oidc_not_yet", "oidc_subject".
[[nodiscard]] Result<void> check_id_claims(const IdClaims& claims, const Provider& provider,
                                           const Flow& flow, TimestampNs now);

inline constexpr std::int64_t kClockSkewSeconds = 60;
inline constexpr std::int64_t kTokenAgeMaxSeconds = 600;  ///< between issue and use, beside skew

}  // namespace astro::identity::oidc
