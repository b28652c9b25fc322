#pragma once

#include "capabilities/identity/engine/oidc.hpp"

/// What OpenID providers send, as the engine's values.
namespace astro::identity::oidc {

/// OpenID Connect Discovery 1.0 §4.3: the document must name the issuer that was asked. Every
/// endpoint keeps the issuer's rule (https, or http on loopback). "oidc_discovery".
[[nodiscard]] Result<Endpoints> parse_discovery(std::string_view json, const Provider& provider);

/// The ID token of a token endpoint's answer. "oidc_refused" with the provider's own error code,
/// "oidc_answer".
[[nodiscard]] Result<std::string> parse_token_answer(std::string_view json);

/// The claims of an ID token's payload. "oidc_claims".
[[nodiscard]] Result<IdClaims> parse_id_claims(std::string_view payload);

}  // namespace astro::identity::oidc
