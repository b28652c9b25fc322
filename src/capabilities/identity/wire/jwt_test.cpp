#include "capabilities/identity/wire/jwt.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/identity/wire/json_object.hpp"
#include "foundation/crypto/crypto_test_support.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

const JwtSigner kSigner =
    JwtSigner::make(crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 5)}));
const JwtSigner kNext =
    JwtSigner::make(crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 6)}));
const JwtKeys kKeys = {{kSigner.kid, kSigner.key.public_key()}};
const ClaimPolicy kPolicy{"https://astro.example", "api", 30, 3600};
constexpr std::int64_t kNow = 1'760'000'000;

AccessClaims claims() {
    return {"https://astro.example",
            "api",
            "00112233445566778899aabbccddeeff",
            "session",
            "id",
            {"pwd", "otp"},
            kNow - 60,
            kNow + 540,
            kNow - 60};
}

std::string_view judge(std::string_view token, const JwtKeys& keys = kKeys,
                       std::int64_t now = kNow) {
    const auto verified = verify_access_token(token, keys, kPolicy, from_unix_seconds(now));
    return verified ? "ok" : verified.error().code;
}

std::string b64(std::string_view text) {
    return to_base64url(as_bytes(text));
}
/// A token with any header and payload, rightly signed by `signer`.
std::string sign_raw(std::string_view header, std::string_view payload,
                     const JwtSigner& signer = kSigner) {
    const std::string text = b64(header) + "." + b64(payload);
    return text + "." + to_base64url(signer.key.sign(as_bytes(text)).view());
}
std::string header_with(std::string_view algorithm) {
    return R"({"alg":")" + std::string(algorithm) + R"(","typ":"at+jwt","kid":")" + kSigner.kid +
           "\"}";
}
std::string payload_of(const std::string& token) {
    const auto first = token.find('.');
    const auto bytes =
        parse_base64url(token.substr(first + 1, token.rfind('.') - first - 1)).value();
    return {bytes.begin(), bytes.end()};
}

// RFC 8037 appendix A: key, thumbprint and signature.
TEST(Jwt, AgreesWithTheRfc) {
    const auto key = crypto::Ed25519Key::from_seed(
        crypto::SecretKey{parse_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").value()});
    EXPECT_EQ(key_thumbprint(key.public_key()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    const std::string text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    EXPECT_EQ(
        to_base64url(key.sign(as_bytes(text)).view()),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST(Jwt, ASignedTokenVerifiesAndSaysTheSame) {
    const auto verified = verify_access_token(sign_access_token(kSigner, claims()), kKeys, kPolicy,
                                              from_unix_seconds(kNow));
    ASSERT_TRUE(verified) << verified.error().text();
    EXPECT_EQ(*verified, claims());
}

TEST(Jwt, NoneAndHmacAndForeignAlgorithmsAreRefused) {
    const std::string payload = payload_of(sign_access_token(kSigner, claims()));
    for (const char* algorithm :
         {"none", "None", "NONE", "nOnE", "HS256", "HS512", "PS256", "eddsa", ""})
        EXPECT_EQ(judge(sign_raw(header_with(algorithm), payload)), "token_algorithm") << algorithm;
    EXPECT_EQ(judge(b64(header_with("none")) + "." + b64(payload) + "."), "token_algorithm");
    // Algorithm confusion: an HMAC under the public key's bytes, which everybody knows.
    const std::string text = b64(header_with("HS256")) + "." + b64(payload);
    const auto tag = crypto::hmac_sha256(kSigner.key.public_key().view(), as_bytes(text));
    EXPECT_EQ(judge(text + "." + to_base64url(tag.view())), "token_algorithm");
    EXPECT_EQ(judge(sign_raw(header_with("ES256"), payload)), "token_algorithm")
        << "known here, but not this key's";
    EXPECT_EQ(judge(sign_raw(header_with("RS256"), payload)), "token_algorithm");
}

TEST(Jwt, TimesAreHeldWithSkew) {
    const auto token = sign_access_token(kSigner, claims());
    EXPECT_EQ(judge(token, kKeys, kNow + 569), "ok");
    EXPECT_EQ(judge(token, kKeys, kNow + 570), "token_expired");
    EXPECT_EQ(judge(token, kKeys, kNow - 90), "ok");
    EXPECT_EQ(judge(token, kKeys, kNow - 91), "token_not_yet");
    AccessClaims long_lived = claims();
    long_lived.expires_s = long_lived.issued_s + 3601;
    EXPECT_EQ(judge(sign_access_token(kSigner, long_lived)), "token_lifetime");
    AccessClaims extreme = claims();
    extreme.expires_s = INT64_MAX;
    EXPECT_EQ(judge(sign_access_token(kSigner, extreme)), "token_lifetime");
    extreme.issued_s = INT64_MIN;
    EXPECT_EQ(judge(sign_access_token(kSigner, extreme)), "token_lifetime");
}

TEST(Jwt, IssuerAudienceAndTypeAreHeld) {
    AccessClaims other = claims();
    other.issuer = "https://elsewhere.example";
    EXPECT_EQ(judge(sign_access_token(kSigner, other)), "token_issuer");
    other = claims();
    other.audience = "mail";
    EXPECT_EQ(judge(sign_access_token(kSigner, other)), "token_audience");
    const std::string payload = payload_of(sign_access_token(kSigner, claims()));
    EXPECT_EQ(
        judge(sign_raw(R"({"alg":"EdDSA","typ":"JWT","kid":")" + kSigner.kid + "\"}", payload)),
        "token_malformed");
}

TEST(Jwt, KeysRotateByKid) {
    const JwtKeys both = {{kSigner.kid, kSigner.key.public_key()},
                          {kNext.kid, kNext.key.public_key()}};
    EXPECT_EQ(judge(sign_access_token(kSigner, claims()), both), "ok");
    EXPECT_EQ(judge(sign_access_token(kNext, claims()), both), "ok");
    EXPECT_EQ(judge(sign_access_token(kNext, claims())), "token_key_unknown");
    JwtSigner liar = kNext;
    liar.kid = kSigner.kid;
    EXPECT_EQ(judge(sign_access_token(liar, claims()), both), "token_signature");
}

TEST(Jwt, MalformedTokensAreRefused) {
    const std::string good = sign_access_token(kSigner, claims());
    const std::string payload = payload_of(good);
    for (const auto& bad :
         {std::string(),
          std::string("."),
          std::string(".."),
          std::string("..."),
          good + ".",
          good + "=",
          good.substr(0, good.rfind('.')),
          "!" + good,
          std::string(9000, 'A'),
          sign_raw("[]", payload),
          sign_raw("{}", payload),
          sign_raw("", payload),
          sign_raw(R"({"alg":"EdDSA","alg":"EdDSA","typ":"at+jwt","kid":")" + kSigner.kid + "\"}",
                   payload),
          sign_raw(R"({"alg":"EdDSA","crit":["exp"],"typ":"at+jwt","kid":")" + kSigner.kid + "\"}",
                   payload),
          sign_raw(R"({"alg":7,"typ":"at+jwt","kid":")" + kSigner.kid + "\"}", payload),
          sign_raw(header_with("EdDSA"), "{}"),
          sign_raw(header_with("EdDSA"), "null"),
          sign_raw(header_with("EdDSA"), payload.substr(0, payload.size() - 1) + R"(,"exp":99})"),
          sign_raw(header_with("EdDSA"), std::string(2000, '[')),
          sign_raw(header_with("EdDSA"), "{\"iss\":\"\xFF\"}")})
        EXPECT_EQ(judge(bad), "token_malformed") << bad.substr(0, 80);
}

RC_GTEST_PROP(JwtProperty, NoChangedCharacterIsAccepted, ()) {
    static const std::string good = sign_access_token(kSigner, claims());
    std::string bad = good;
    const auto at = *rc::gen::inRange<std::size_t>(0, bad.size());
    bad[at] = *rc::gen::arbitrary<char>();
    RC_PRE(bad != good);
    RC_ASSERT(judge(bad) != "ok");
}

TEST(Jwks, OurKeysAreReadBack) {
    const JwtKeys both = {{kSigner.kid, kSigner.key.public_key()},
                          {kNext.kid, kNext.key.public_key()}};
    const std::string text = to_jwks(both);
    EXPECT_NE(text.find(R"("crv":"Ed25519")"), std::string::npos);
    const auto read = parse_jwks(text);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(judge(sign_access_token(kNext, claims()), *read), "ok");
    EXPECT_EQ(to_jwks(*read), text);
    EXPECT_EQ(to_jwks({}), R"({"keys":[]})");
}

// RFC 7517 appendix A.1: an EC key for encryption and an RSA key.
TEST(Jwks, ForeignKeysAreReadAndTheOthersLeftOut) {
    const std::string ec =
        R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1")";
    const auto code = [](const std::string& text) {
        const auto keys = parse_jwks(text);
        return keys ? "ok " + std::to_string(keys->size()) : std::string(keys.error().code);
    };
    EXPECT_EQ(code("{\"keys\":[" + ec + "}]}"), "ok 1");
    EXPECT_EQ(code("{\"keys\":[" + ec + R"(,"use":"enc"}]})"), "ok 0");
    EXPECT_EQ(code("{\"keys\":[" + ec + R"(,"alg":"ES384"}]})"), "ok 0");
    EXPECT_EQ(code("{\"keys\":[" + ec + "}," + ec + "}]}"), "jwks_malformed");
    EXPECT_EQ(code(R"({"keys":[{"kty":"oct","k":"AA","kid":"s"}]})"), "ok 0");
    EXPECT_EQ(code(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"s"}]})"),
              "jwks_malformed");
    EXPECT_EQ(
        code(
            R"({"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","kid":"1"}]})"),
        "bad_public_key");
    EXPECT_EQ(code(R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"1"}]})"),
              "bad_public_key");
    for (const char* bad :
         {"", "[]", "{}", R"({"keys":{}})", R"({"keys":["a"]})", R"({"keys":[{}]})"})
        EXPECT_EQ(code(bad), "jwks_malformed") << bad;
}

}  // namespace
}  // namespace astro::identity
