#include <algorithm>

#include "capabilities/identity/wire/json_object.hpp"
#include "capabilities/identity/wire/jwt.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kSetBytesMax = 64U << 10, kKeysMax = 64;
constexpr std::string_view kCode = "jwks_malformed";

struct Writer {
    std::string operator()(const crypto::Ed25519Public& key) const {
        return R"("kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":")" + to_base64url(key.view()) +
               "\"";
    }
    std::string operator()(const crypto::P256Public& key) const {
        return R"("kty":"EC","crv":"P-256","alg":"ES256","x":")" +
               to_base64url(key.view().first(32)) + R"(","y":")" +
               to_base64url(key.view().last(32)) + "\"";
    }
    std::string operator()(const crypto::RsaPublic& key) const {
        return R"("kty":"RSA","alg":"RS256","n":")" + to_base64url(key.modulus) + R"(","e":")" +
               to_base64url(key.exponent) + "\"";
    }
};

Result<Bytes> bytes_of(const JsonObject& json, std::string_view name, std::size_t size) {
    ASTRO_TRY(const std::string text, json.text(name));
    const auto bytes = parse_base64url(text);
    if (!bytes || (size > 0 && bytes->size() != size))
        return refusal(kCode, "a key's member is not base64url of the right length",
                       std::string(name));
    return *bytes;
}

/// The key, or nothing when it is of a kind or use that is not ours.
Result<std::optional<JwtKey>> parse_key(const JsonObject& json) {
    ASTRO_TRY(const std::string type, json.text("kty"));
    ASTRO_TRY(const auto use, json.optional_text("use"));
    ASTRO_TRY(const auto curve, json.optional_text("crv"));
    ASTRO_TRY(const auto algorithm, json.optional_text("alg"));
    const auto is = [&](std::string_view t, std::string_view c, std::string_view a) {
        return type == t && curve.value_or("") == c && algorithm.value_or(std::string(a)) == a;
    };
    if (use.value_or("sig") != "sig") return std::optional<JwtKey>{};
    if (is("OKP", "Ed25519", "EdDSA")) {
        crypto::Ed25519Public key;
        ASTRO_TRY(const Bytes x, bytes_of(json, "x", key.bytes.size()));
        std::copy(x.begin(), x.end(), key.bytes.begin());
        return std::optional<JwtKey>(key);
    }
    if (is("EC", "P-256", "ES256")) {
        crypto::P256Public key;
        ASTRO_TRY(const Bytes x, bytes_of(json, "x", 32));
        ASTRO_TRY(const Bytes y, bytes_of(json, "y", 32));
        std::copy(x.begin(), x.end(), key.bytes.begin());
        std::copy(y.begin(), y.end(), key.bytes.begin() + 32);
        ASTRO_CHECK(crypto::check_p256_public(key));
        return std::optional<JwtKey>(key);
    }
    if (is("RSA", "", "RS256")) {
        crypto::RsaPublic key;
        ASTRO_TRY(key.modulus, bytes_of(json, "n", 0));
        ASTRO_TRY(key.exponent, bytes_of(json, "e", 0));
        ASTRO_CHECK(crypto::check_rsa_public(key));
        return std::optional<JwtKey>(std::move(key));
    }
    return std::optional<JwtKey>{};
}

}  // namespace

std::string to_jwks(const JwtKeys& keys) {
    std::string out = R"({"keys":[)";
    for (const auto& [kid, key] : keys) {
        if (out.back() != '[') out += ",";
        out += "{\"kid\":" + to_json(kid) + R"(,"use":"sig",)" + std::visit(Writer{}, key) + "}";
    }
    return out + "]}";
}

Result<JwtKeys> parse_jwks(std::string_view text) {
    ASTRO_TRY(const auto set, JsonObject::parse(text, kSetBytesMax, kCode));
    ASTRO_TRY(const auto items, set.objects("keys"));
    if (items.size() > kKeysMax) return refusal(kCode, "a key set has at most 64 keys");
    JwtKeys keys;
    for (const auto& item : items) {
        ASTRO_TRY(const auto json, JsonObject::parse(item, kSetBytesMax, kCode));
        ASTRO_TRY(const auto kid, json.optional_text("kid"));
        ASTRO_TRY(auto key, parse_key(json));
        if (!key || !kid) continue;  // tokens name their key; one without a name is never asked for
        if (!keys.emplace(*kid, std::move(*key)).second)
            return refusal(kCode, "two keys have the same kid", "kid");
    }
    return keys;
}

}  // namespace astro::identity
