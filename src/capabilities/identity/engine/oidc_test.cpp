#include "capabilities/identity/engine/oidc.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/wire/oidc.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::identity::oidc {
namespace {

const Provider kProvider{"example", "https://id.example.org", "astrolabe", "s:cret%"};
const TimestampNs kNow = from_unix_seconds(1'760'000'000);

Flow flow() {
    return derive_flow(crypto::SecretKey{}, "state");
}

IdClaims good() {
    return {.issuer = kProvider.issuer,
            .subject = "248289761001",
            .audiences = {"astrolabe"},
            .authorized_party = {},
            .nonce = flow().nonce,
            .issued_s = 1'760'000'000,
            .expires_s = 1'760'000'300};
}

template <class T>
std::string code(const Result<T>& result) {
    return result ? "ok" : std::string(result.error().code);
}

std::string verdict(const std::function<void(IdClaims&)>& change, std::int64_t later_s = 0) {
    IdClaims claims = good();
    change(claims);
    return code(check_id_claims(claims, kProvider, flow(), kNow + seconds(later_s)));
}

TEST(Oidc, ATokenCountsForItsSignInOnly) {
    const auto nothing = [](IdClaims&) {};
    EXPECT_EQ(verdict(nothing), "ok");
    EXPECT_EQ(verdict([](IdClaims& c) { c.issuer += "/"; }), "oidc_issuer");
    EXPECT_EQ(verdict([](IdClaims& c) { c.audiences = {"other"}; }), "oidc_audience");
    EXPECT_EQ(verdict([](IdClaims& c) { c.audiences = {}; }), "oidc_audience");
    EXPECT_EQ(verdict([](IdClaims& c) { c.audiences = {"astrolabe", "other"}; }), "oidc_audience")
        << "several audiences need an authorized party";
    EXPECT_EQ(verdict([](IdClaims& c) {
                  c.audiences = {"astrolabe", "other"};
                  c.authorized_party = "astrolabe";
              }),
              "ok");
    EXPECT_EQ(verdict([](IdClaims& c) { c.authorized_party = "other"; }), "oidc_audience");
    EXPECT_EQ(verdict([](IdClaims& c) { c.nonce = derive_flow(crypto::SecretKey{}, "x").nonce; }),
              "oidc_nonce");
    EXPECT_EQ(verdict([](IdClaims& c) { c.nonce = std::nullopt; }), "oidc_nonce");
    EXPECT_EQ(verdict([](IdClaims& c) { c.subject = ""; }), "oidc_subject");
    EXPECT_EQ(verdict([](IdClaims& c) { c.subject.assign(256, 'x'); }), "oidc_subject");
    EXPECT_EQ(verdict(nothing, 359), "ok") << "expired, within the clocks' skew";
    EXPECT_EQ(verdict(nothing, 360), "oidc_expired");
    EXPECT_EQ(verdict(nothing, -60), "ok");
    EXPECT_EQ(verdict(nothing, -61), "oidc_not_yet");
    EXPECT_EQ(verdict([](IdClaims& c) { c.expires_s += 86'400; }, 661), "oidc_expired")
        << "a token that lives long is still only good for a sign-in";
}

TEST(Oidc, AFlowFollowsFromItsStateAndTheKeyAlone) {
    crypto::SecretKey other;
    other.writable()[0] = 1;
    EXPECT_EQ(flow().verifier, derive_flow(crypto::SecretKey{}, "state").verifier);
    EXPECT_NE(flow().verifier, derive_flow(other, "state").verifier);
    EXPECT_NE(flow().verifier, derive_flow(crypto::SecretKey{}, "stat").verifier);
    EXPECT_NE(flow().verifier, flow().nonce);
    EXPECT_EQ(flow().verifier.size(), 43U) << "RFC 7636 §4.1: 43 to 128 characters";
}

TEST(Oidc, TheBrowserIsSentWithEverythingEscaped) {
    const Endpoints endpoints{"https://id.example.org/auth?tenant=7", "", ""};
    const std::string url =
        authorization_url(endpoints, kProvider, flow(), "https://astro.example/sign-in?x=a b");
    EXPECT_TRUE(url.starts_with(
        "https://id.example.org/auth?tenant=7&response_type=code&scope=openid&client_id=astrolabe"
        "&redirect_uri=https%3A%2F%2Fastro.example%2Fsign-in%3Fx%3Da%20b&state=state&nonce="))
        << url;
    const auto challenge = to_base64url(crypto::sha256(as_bytes(flow().verifier)).view());
    EXPECT_TRUE(url.ends_with("&code_challenge=" + challenge + "&code_challenge_method=S256"));
    // RFC 6749 §2.3.1: both halves are form-encoded before they meet the colon.
    EXPECT_EQ(client_authorization(kProvider),
              "Basic " + to_base64(as_bytes(std::string_view("astrolabe:s%3Acret%25"))));
    Provider open = kProvider;
    open.client_secret.clear();
    EXPECT_EQ(client_authorization(open), std::nullopt);
    EXPECT_TRUE(token_request("a&b", open, flow(), "r").ends_with("&client_id=astrolabe"));
    EXPECT_NE(token_request("a&b", open, flow(), "r").find("code=a%26b&"), std::string::npos);
}

TEST(Oidc, SettingsAreChecked) {
    const auto with = [](const std::function<void(Provider&)>& change) {
        Provider provider = kProvider;
        change(provider);
        const auto done = check_provider(provider);
        return done ? "ok" : done.error().where;
    };
    EXPECT_EQ(with([](Provider&) {}), "ok");
    EXPECT_EQ(with([](Provider& p) { p.issuer = "http://127.0.0.1:9000"; }), "ok");
    EXPECT_EQ(with([](Provider& p) { p.issuer = "http://id.example.org"; }), "issuer");
    EXPECT_EQ(with([](Provider& p) { p.issuer = "http://localhost.example.org"; }), "issuer");
    EXPECT_EQ(with([](Provider& p) { p.issuer += "?a=b"; }), "issuer");
    EXPECT_EQ(with([](Provider& p) { p.name = "Ex"; }), "name");
    EXPECT_EQ(with([](Provider& p) { p.name = ""; }), "name");
    EXPECT_EQ(with([](Provider& p) { p.client_id = ""; }), "client_id");
    EXPECT_EQ(with([](Provider& p) { p.client_secret.assign(513, 'x'); }), "client_secret");
}

TEST(Oidc, AProvidersDocumentsAreReadStrictly) {
    const auto document = [](std::string_view issuer, std::string_view token) {
        return R"({"issuer":")" + std::string(issuer) +
               R"(","authorization_endpoint":"https://id.example.org/a","token_endpoint":")" +
               std::string(token) + R"(","jwks_uri":"https://id.example.org/k"})";
    };
    const auto read = [&](std::string_view issuer, std::string_view token) {
        return code(parse_discovery(document(issuer, token), kProvider));
    };
    EXPECT_EQ(read("https://id.example.org", "https://id.example.org/t"), "ok");
    EXPECT_EQ(read("https://evil.example", "https://id.example.org/t"), "oidc_discovery");
    EXPECT_EQ(read("https://id.example.org", "http://id.example.org/t"), "oidc_discovery");
    EXPECT_EQ(code(parse_discovery("[]", kProvider)), "oidc_discovery");
    EXPECT_EQ(parse_token_answer(R"({"id_token":"a.b.c"})").value(), "a.b.c");
    EXPECT_EQ(code(parse_token_answer(R"({"error":"invalid_grant"})")), "oidc_refused");
    EXPECT_EQ(code(parse_token_answer(R"({"access_token":"x"})")), "oidc_answer");
    const std::string tail = R"(,"exp":2,"iat":1,"iss":"i","sub":"s"})";
    EXPECT_EQ(parse_id_claims(R"({"aud":"one")" + tail)->audiences,
              std::vector<std::string>{"one"});
    EXPECT_EQ(parse_id_claims(R"({"aud":["one","two"])" + tail)->audiences.size(), 2U);
    EXPECT_EQ(code(parse_id_claims(R"({"aud":7)" + tail)), "oidc_claims");
}

}  // namespace
}  // namespace astro::identity::oidc
