#include "capabilities/identity/wire/jwt.hpp"

#include "capabilities/identity/wire/json_object.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kAccessType = "at+jwt";  // RFC 9068

Unexpected malformed(std::string why) {
    return unauthenticated("token_malformed", "this is no token: " + std::move(why));
}

struct Parts {
    std::string_view header, payload, signature, signed_text;
};

Result<Parts> split(std::string_view token) {
    if (token.size() > kTokenBytesMax)
        return malformed("it has more than " + std::to_string(kTokenBytesMax) + " bytes");
    const auto first = token.find('.');
    const auto second = first == token.npos ? first : token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos)
        return malformed("it does not have three parts");
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

Result<std::string> decode(std::string_view part, std::string_view name) {
    const auto bytes = parse_base64url(part);
    if (!bytes) return malformed("its " + std::string(name) + " is not base64url");
    return std::string(bytes->begin(), bytes->end());
}

struct Verifier {
    ByteView message, signature;
    bool operator()(const crypto::Ed25519Public& key) const {
        return crypto::verify_ed25519(key.view(), message, signature);
    }
    bool operator()(const crypto::P256Public& key) const {
        return crypto::verify_ecdsa_p256(key, message, signature, crypto::EcdsaForm::raw);
    }
    bool operator()(const crypto::RsaPublic& key) const {
        return crypto::verify_rsa_sha256(key, message, signature);
    }
};

std::string_view algorithm_of(const JwtKey& key) {
    constexpr std::string_view kNames[] = {"EdDSA", "ES256", "RS256"};
    return kNames[key.index()];
}

Result<AccessClaims> parse_access_claims(std::string_view payload) {
    ASTRO_TRY(const auto json, JsonObject::parse(payload, kTokenBytesMax, "token_malformed"));
    AccessClaims out;
    ASTRO_TRY(out.issuer, json.text("iss"));
    ASTRO_TRY(out.audience, json.text("aud"));
    ASTRO_TRY(out.subject, json.text("sub"));
    ASTRO_TRY(out.session, json.text("sid"));
    ASTRO_TRY(out.token_id, json.text("jti"));
    ASTRO_TRY(out.methods, json.texts("amr"));
    ASTRO_TRY(out.issued_s, json.integer("iat"));
    ASTRO_TRY(out.expires_s, json.integer("exp"));
    ASTRO_TRY(out.authenticated_s, json.integer("auth_time"));
    return out;
}

}  // namespace

std::string key_thumbprint(const crypto::Ed25519Public& key) {
    // RFC 8037 appendix A.3: required members only, in the order of their names.
    const std::string json =
        R"({"crv":"Ed25519","kty":"OKP","x":")" + to_base64url(key.view()) + "\"}";
    return to_base64url(crypto::sha256(as_bytes(json)).view());
}

JwtSigner JwtSigner::make(crypto::Ed25519Key key) {
    std::string kid = key_thumbprint(key.public_key());
    return {std::move(kid), std::move(key)};
}

Result<VerifiedToken> verify_token(std::string_view token, const JwtKeys& keys) {
    ASTRO_TRY(const Parts parts, split(token));
    ASTRO_TRY(const std::string header_text, decode(parts.header, "header"));
    ASTRO_TRY(const auto header, JsonObject::parse(header_text, kTokenBytesMax, "token_malformed"));
    ASTRO_TRY(const std::string algorithm, header.text("alg"));
    ASTRO_TRY(const auto type, header.optional_text("typ"));
    // RFC 7515 §4.1.11: extensions that must be understood; we understand none.
    if (header.has("crit")) return malformed("it asks for extensions (crit)");
    if (algorithm != "EdDSA" && algorithm != "ES256" && algorithm != "RS256")
        return unauthenticated("token_algorithm", "tokens signed by this algorithm are not taken", "alg");
    ASTRO_TRY(const std::string kid, header.text("kid"));
    const auto key = keys.find(kid);
    if (key == keys.end())
        return unauthenticated("token_key_unknown", "the token was signed by a key that is not known here",
                       "kid");
    if (algorithm != algorithm_of(key->second))
        return unauthenticated("token_algorithm", "the token's algorithm is not its key's", "alg");
    ASTRO_TRY(const std::string signature, decode(parts.signature, "signature"));
    if (!std::visit(Verifier{as_bytes(parts.signed_text), as_bytes(signature)}, key->second))
        return unauthenticated("token_signature", "the token's signature is wrong");
    ASTRO_TRY(std::string payload, decode(parts.payload, "payload"));
    return VerifiedToken{kid, type.value_or(""), std::move(payload)};
}

std::string sign_access_token(const JwtSigner& signer, const AccessClaims& claims) {
    const std::string header =
        R"({"alg":"EdDSA","typ":"at+jwt","kid":)" + to_json(signer.kid) + "}";
    std::string payload = "{\"iss\":" + to_json(claims.issuer);
    payload += ",\"aud\":" + to_json(claims.audience);
    payload += ",\"sub\":" + to_json(claims.subject);
    payload += ",\"sid\":" + to_json(claims.session);
    payload += ",\"jti\":" + to_json(claims.token_id);
    payload += ",\"amr\":" + to_json(claims.methods);
    payload += ",\"iat\":" + std::to_string(claims.issued_s);
    payload += ",\"exp\":" + std::to_string(claims.expires_s);
    payload += ",\"auth_time\":" + std::to_string(claims.authenticated_s) + "}";
    const std::string text = to_base64url(as_bytes(header)) + "." + to_base64url(as_bytes(payload));
    return text + "." + to_base64url(signer.key.sign(as_bytes(text)).view());
}

Result<AccessClaims> verify_access_token(std::string_view token, const JwtKeys& keys,
                                         const ClaimPolicy& policy, TimestampNs now) {
    ASTRO_TRY(const VerifiedToken verified, verify_token(token, keys));
    // RFC 8725 §3.11: another kind of token under the same key is not an access token.
    if (verified.type != kAccessType) return malformed("it is not an access token (typ)");
    ASTRO_TRY(AccessClaims claims, parse_access_claims(verified.payload));
    ASTRO_CHECK(check_claims(claims, policy, now));
    return claims;
}

}  // namespace astro::identity
