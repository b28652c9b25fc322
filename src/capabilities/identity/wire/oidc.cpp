#include "capabilities/identity/wire/oidc.hpp"

#include "capabilities/identity/wire/json_object.hpp"

namespace astro::identity::oidc {
namespace {

constexpr std::size_t kDocumentMax = 64U << 10;

Result<std::string> endpoint(const JsonObject& json, std::string_view name,
                             const Provider& provider) {
    ASTRO_TRY(std::string url, json.text(name));
    const bool allowed = url.starts_with("https://") ||
                         (provider.issuer.starts_with("http://") && url.starts_with("http://"));
    if (!allowed || url.size() > 2048 || url.find_first_of("\r\n #") != std::string::npos)
        return unavailable("oidc_discovery", "the provider's endpoint is not an https URL",
                           std::string(name));
    return url;
}

}  // namespace

Result<Endpoints> parse_discovery(std::string_view json, const Provider& provider) {
    ASTRO_TRY(const auto document, JsonObject::parse(json, kDocumentMax, "oidc_discovery"));
    ASTRO_TRY(const std::string issuer, document.text("issuer"));
    if (issuer != provider.issuer)
        return unavailable("oidc_discovery", "the document is of another issuer", "issuer");
    Endpoints out;
    ASTRO_TRY(out.authorization, endpoint(document, "authorization_endpoint", provider));
    ASTRO_TRY(out.token, endpoint(document, "token_endpoint", provider));
    ASTRO_TRY(out.jwks, endpoint(document, "jwks_uri", provider));
    return out;
}

Result<std::string> parse_token_answer(std::string_view json) {
    ASTRO_TRY(const auto answer, JsonObject::parse(json, kDocumentMax, "oidc_answer"));
    if (answer.has("error")) {
        ASTRO_TRY(const std::string error, answer.text("error"));
        return unauthenticated("oidc_refused",
                               "the provider refused the sign-in: " + error.substr(0, 64));
    }
    return answer.text("id_token");
}

Result<IdClaims> parse_id_claims(std::string_view payload) {
    ASTRO_TRY(const auto json, JsonObject::parse(payload, kDocumentMax, "oidc_claims"));
    IdClaims out;
    ASTRO_TRY(out.issuer, json.text("iss"));
    ASTRO_TRY(out.subject, json.text("sub"));
    // RFC 7519 §4.1.3: one audience may stand without an array.
    if (auto one = json.text("aud")) {
        out.audiences = {std::move(one).value()};
    } else {
        ASTRO_TRY(out.audiences, json.texts("aud"));
    }
    ASTRO_TRY(out.authorized_party, json.optional_text("azp"));
    ASTRO_TRY(out.nonce, json.optional_text("nonce"));
    ASTRO_TRY(out.issued_s, json.integer("iat"));
    ASTRO_TRY(out.expires_s, json.integer("exp"));
    return out;
}

}  // namespace astro::identity::oidc
