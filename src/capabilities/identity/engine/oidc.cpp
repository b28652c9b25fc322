#include "capabilities/identity/engine/oidc.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"
#include "foundation/base/percent.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity::oidc {
namespace {

constexpr std::size_t kTextMax = 512, kSubjectMax = 255;

Unexpected bad(std::string_view field, std::string_view right) {
    return refusal("bad_provider", std::string(right), std::string(field));
}

bool is_loopback(std::string_view issuer) {
    for (const std::string_view host : {"http://127.0.0.1", "http://[::1]", "http://localhost"})
        if (issuer.starts_with(host) && (issuer.size() == host.size() ||
                                         issuer[host.size()] == ':' || issuer[host.size()] == '/'))
            return true;
    return false;
}

std::string derive(const crypto::SecretKey& key, std::string_view use, std::string_view state) {
    std::string text(use);
    text += '\0';
    text += state;
    return to_base64url(crypto::hmac_sha256(key.view(), as_bytes(text)).view());
}

}  // namespace

Result<void> check_provider(const Provider& provider) {
    const auto is_name = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    const std::string& name = provider.name;
    if (name.empty() || name.size() > 32 || name[0] < 'a' || !std::ranges::all_of(name, is_name))
        return bad("name", "a provider's name is 1 to 32 of a-z, 0-9 and -, a letter first");
    const std::string& issuer = provider.issuer;
    if (issuer.size() > kTextMax || issuer.find_first_of("?#\r\n ") != std::string::npos ||
        !(issuer.starts_with("https://") || is_loopback(issuer)))
        return bad("issuer", "an issuer is an https URL without query; http only on loopback");
    if (provider.client_id.empty() || provider.client_id.size() > kTextMax)
        return bad("client_id", "the client id that the provider gave, up to 512 characters");
    if (provider.client_secret.size() > kTextMax)
        return bad("client_secret", "a client secret has up to 512 characters");
    return {};
}

Flow derive_flow(const crypto::SecretKey& key, std::string state) {
    Flow flow;
    flow.state = std::move(state);
    flow.nonce = derive(key, "nonce", flow.state);
    flow.verifier = derive(key, "verifier", flow.state);
    return flow;
}

std::string authorization_url(const Endpoints& endpoints, const Provider& provider,
                              const Flow& flow, std::string_view redirect_uri) {
    const auto challenge = to_base64url(crypto::sha256(as_bytes(flow.verifier)).view());
    std::string out = endpoints.authorization;
    out += out.find('?') == std::string::npos ? '?' : '&';
    out += "response_type=code&scope=openid&client_id=" + percent_encode(provider.client_id);
    out += "&redirect_uri=" + percent_encode(redirect_uri);
    out += "&state=" + flow.state + "&nonce=" + flow.nonce;
    return out + "&code_challenge=" + challenge + "&code_challenge_method=S256";
}

std::string token_request(std::string_view code, const Provider& provider, const Flow& flow,
                          std::string_view redirect_uri) {
    std::string out = "grant_type=authorization_code&code=" + percent_encode(code);
    out += "&redirect_uri=" + percent_encode(redirect_uri) + "&code_verifier=" + flow.verifier;
    if (provider.client_secret.empty()) out += "&client_id=" + percent_encode(provider.client_id);
    return out;
}

std::optional<std::string> client_authorization(const Provider& provider) {
    if (provider.client_secret.empty()) return std::nullopt;
    return "Basic " + to_base64(as_bytes(percent_encode(provider.client_id) + ":" +
                                         percent_encode(provider.client_secret)));
}

Result<void> check_id_claims(const IdClaims& claims, const Provider& provider, const Flow& flow,
                             TimestampNs now) {
    if (claims.issuer != provider.issuer)
        return unauthenticated("oidc_issuer", "the token is of another provider", "iss");
    if (std::ranges::find(claims.audiences, provider.client_id) == claims.audiences.end() ||
        (claims.audiences.size() > 1 && !claims.authorized_party) ||
        (claims.authorized_party && *claims.authorized_party != provider.client_id))
        return unauthenticated("oidc_audience", "the token was made for another client", "aud");
    if (claims.nonce != flow.nonce)
        return unauthenticated("oidc_nonce", "the token belongs to another sign-in", "nonce");
    const std::int64_t now_s = now.value() / 1'000'000'000;
    if (now_s - kClockSkewSeconds >= claims.expires_s ||
        now_s - kClockSkewSeconds - kTokenAgeMaxSeconds > claims.issued_s)
        return unauthenticated("oidc_expired", "the token is too old; sign in again", "exp");
    if (claims.issued_s - kClockSkewSeconds > now_s)
        return unauthenticated("oidc_not_yet", "the token is from the future: check the clocks",
                               "iat");
    if (claims.subject.empty() || claims.subject.size() > kSubjectMax)
        return unauthenticated("oidc_subject", "the token names nobody", "sub");
    return {};
}

}  // namespace astro::identity::oidc
