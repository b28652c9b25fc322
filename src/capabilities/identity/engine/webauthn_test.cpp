#include "capabilities/identity/engine/webauthn.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/identity/engine/webauthn_test_support.hpp"

namespace astro::identity::webauthn {
namespace {

const Bytes kChallenge(32, 0x77);
const TimestampNs kNow = from_unix_seconds(1'760'000'000);
const Bytes kUser{1, 2, 3};

Policy policy() {
    Policy p;
    p.rp_id = "example.org";
    p.origins = {"https://example.org"};
    return p;
}

std::string_view register_with(const TestAuthenticator& device, const Policy& p = policy(),
                               std::string_view type = "webauthn.create",
                               std::string_view more = "", const Bytes& challenge = kChallenge) {
    const std::string json = device.client_data(type, challenge, more);
    const auto made = verify_registration(p, kChallenge, parse_client_data(json).value(),
                                          device.attestation_object(json), kNow);
    return made ? "ok" : made.error().code;
}

Credential credential_of(const TestAuthenticator& device) {
    const std::string json = device.client_data("webauthn.create", kChallenge);
    return verify_registration(policy(), kChallenge, parse_client_data(json).value(),
                               device.attestation_object(json), kNow)
        .value();
}

Result<VerifiedAssertion> sign_in(const TestAuthenticator& device, const Credential& credential,
                                  const Policy& p = policy(),
                                  std::string_view type = "webauthn.get",
                                  const Bytes& challenge = kChallenge) {
    return verify_assertion(p, kChallenge, credential, kUser,
                            device.assert_with(device.client_data(type, challenge)));
}
std::string_view code(const Result<VerifiedAssertion>& result) {
    return result ? "ok" : result.error().code;
}

TEST(WebauthnRegistration, TakesNoneAndSelfAttestation) {
    TestAuthenticator device;
    EXPECT_EQ(register_with(device), "ok");
    device.format = "packed";
    EXPECT_EQ(register_with(device), "ok");
    EXPECT_EQ(credential_of(device).attestation, Attestation::self);
    EXPECT_EQ(credential_of(device).id, device.id);
}

TEST(WebauthnRegistration, EachStepRefusesItsOwn) {
    const auto bent = [](auto bend) {
        TestAuthenticator device;
        bend(device);
        return register_with(device);
    };
    EXPECT_EQ(bent([](auto& d) { d.origin = "https://example.org.evil.example"; }),
              "webauthn_origin");
    EXPECT_EQ(bent([](auto& d) { d.origin = "http://example.org"; }), "webauthn_origin");
    EXPECT_EQ(bent([](auto& d) { d.rp_id = "evil.example"; }), "webauthn_rp_id");
    EXPECT_EQ(bent([](auto& d) { d.flags = 0x04; }), "webauthn_user_presence");
    EXPECT_EQ(bent([](auto& d) { d.flags = 0x01; }), "webauthn_user_verification");
    EXPECT_EQ(bent([](auto& d) { d.flags = 0x15; }), "webauthn_backup_flags");
    EXPECT_EQ(bent([](auto& d) { d.id.clear(); }), "auth_data_malformed");
    EXPECT_EQ(bent([](auto& d) { d.id = Bytes(1024, 1); }), "auth_data_malformed");
    EXPECT_EQ(bent([](auto& d) { d.id = Bytes(1023, 1); }), "ok");
    EXPECT_EQ(bent([](auto& d) { d.tail = {0x00}; }), "auth_data_malformed");
    EXPECT_EQ(bent([](auto& d) { d.flags |= 0x80; }), "cbor_malformed");
    EXPECT_EQ(bent([](auto& d) { d.flags |= 0x80, d.tail = {0xA0}; }), "ok");
    EXPECT_EQ(bent([](auto& d) { d.flags |= 0x80, d.tail = {0x80}; }), "auth_data_malformed");
    EXPECT_EQ(bent([](auto& d) { d.format = "fido-u2f"; }), "webauthn_attestation");
}

TEST(WebauthnRegistration, TypeChallengeAlgorithmAndFramesAreHeld) {
    const TestAuthenticator device;
    EXPECT_EQ(register_with(device, policy(), "webauthn.get"), "webauthn_type");
    EXPECT_EQ(register_with(device, policy(), "webauthn.create", "", Bytes(32, 0x78)),
              "webauthn_challenge");
    EXPECT_EQ(register_with(device, policy(), "webauthn.create", "", {}), "webauthn_challenge");
    EXPECT_EQ(register_with(device, policy(), "webauthn.create", R"(,"crossOrigin":true)"),
              "webauthn_cross_origin");
    EXPECT_EQ(
        register_with(device, policy(), "webauthn.create", R"(,"topOrigin":"https://example.org")"),
        "webauthn_cross_origin");
    Policy es256_only = policy();
    es256_only.algorithms = {cose::kEs256};
    EXPECT_EQ(register_with(device, es256_only), "webauthn_algorithm");
}

TEST(WebauthnRegistration, AnEmptyStoredChallengeNeverFits) {
    const TestAuthenticator device;
    const std::string json = device.client_data("webauthn.create", {});
    EXPECT_EQ(verify_registration(policy(), {}, parse_client_data(json).value(),
                                  device.attestation_object(json), kNow)
                  .error()
                  .code,
              "webauthn_challenge");
}

TEST(WebauthnRegistration, SelfAttestationOfAnotherTextIsRefused) {
    TestAuthenticator device;
    device.format = "packed";
    const std::string json = device.client_data("webauthn.create", kChallenge);
    const std::string other = json + " ";
    EXPECT_EQ(verify_registration(policy(), kChallenge, parse_client_data(other).value(),
                                  device.attestation_object(json), kNow)
                  .error()
                  .code,
              "webauthn_attestation")
        << "the exact bytes are signed, not their meaning";
}

TEST(WebauthnAssertion, SignsInAndCounts) {
    TestAuthenticator device;
    Credential credential = credential_of(device);
    EXPECT_TRUE(sign_in(device, credential)->counter_went_back) << "the same count as before";
    device.sign_count = 2;
    const auto verified = sign_in(device, credential).value();
    EXPECT_FALSE(verified.counter_went_back);
    EXPECT_EQ(verified.sign_count, 2U);
    device.sign_count = 0;
    EXPECT_TRUE(sign_in(device, credential)->counter_went_back);
    credential.sign_count = 0;
    EXPECT_FALSE(sign_in(device, credential)->counter_went_back) << "synchronised passkeys say 0";
}

TEST(WebauthnAssertion, EachStepRefusesItsOwn) {
    const Credential credential = credential_of({});
    const auto bent = [&](auto bend) {
        TestAuthenticator device;
        device.sign_count = 2;
        bend(device);
        return code(sign_in(device, credential));
    };
    EXPECT_EQ(bent([](auto&) {}), "ok");
    EXPECT_EQ(bent([](auto& d) { d.origin = "https://evil.example"; }), "webauthn_origin");
    EXPECT_EQ(bent([](auto& d) { d.rp_id = "evil.example"; }), "webauthn_rp_id");
    EXPECT_EQ(bent([](auto& d) { d.flags = 0x04; }), "webauthn_user_presence");
    EXPECT_EQ(bent([](auto& d) { d.flags = 0x01; }), "webauthn_user_verification");
    EXPECT_EQ(bent([](auto& d) { d.flags = 0x0D; }), "webauthn_backup_flags");
    EXPECT_EQ(bent([](auto& d) { d.id[0] ^= 1; }), "webauthn_credential");
    EXPECT_EQ(bent([](auto& d) {
                  d.key = crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 0x22)});
              }),
              "webauthn_signature");
    TestAuthenticator device;
    EXPECT_EQ(code(sign_in(device, credential, policy(), "webauthn.create")), "webauthn_type");
    EXPECT_EQ(code(sign_in(device, credential, policy(), "webauthn.get", Bytes(32, 1))),
              "webauthn_challenge");
}

TEST(WebauthnAssertion, TheUserHandleIsTheOwners) {
    TestAuthenticator device;
    const Credential credential = credential_of(device);
    Assertion assertion = device.assert_with(device.client_data("webauthn.get", kChallenge));
    assertion.user_handle = kUser;
    EXPECT_EQ(code(verify_assertion(policy(), kChallenge, credential, kUser, assertion)), "ok");
    assertion.user_handle = Bytes{9};
    EXPECT_EQ(code(verify_assertion(policy(), kChallenge, credential, kUser, assertion)),
              "webauthn_user_handle");
}

RC_GTEST_PROP(WebauthnProperty, NoFlippedBitSignsIn, ()) {
    TestAuthenticator device;
    const Credential credential = credential_of(device);
    Assertion assertion = device.assert_with(device.client_data("webauthn.get", kChallenge));
    Bytes& target =
        *rc::gen::arbitrary<bool>() ? assertion.signature : assertion.authenticator_data;
    const auto bit = *rc::gen::inRange<std::size_t>(0, target.size() * 8);
    target[bit / 8] = static_cast<std::uint8_t>(target[bit / 8] ^ (1U << bit % 8));
    RC_ASSERT(!verify_assertion(policy(), kChallenge, credential, kUser, assertion));
}

TEST(ClientData, RefusesWhatIsNotWhatABrowserWrites) {
    const auto judge = [](std::string_view json) {
        const auto parsed = parse_client_data(json);
        return parsed ? "ok" : parsed.error().code;
    };
    EXPECT_EQ(judge(R"({"type":"webauthn.get","challenge":"AAAA","origin":"https://a"})"), "ok");
    EXPECT_EQ(judge("\xEF\xBB\xBF{\"type\":\"t\",\"challenge\":\"AAAA\",\"origin\":\"o\"}"), "ok");
    for (const char* bad : {"", "null", "[]", "{}", R"({"type":"t","challenge":"AAAA"})",
                            R"({"type":1,"challenge":"AAAA","origin":"o"})",
                            R"({"type":"t","challenge":"AA+A","origin":"o"})",
                            R"({"type":"t","challenge":"AAAA","origin":"o","origin":"p"})",
                            R"({"type":"t","challenge":"AAAA","origin":"o","crossOrigin":"true"})",
                            R"({"type":"t","challenge":"AAAA","origin":"o","topOrigin":null})",
                            "{\"type\":\"t\",\"challenge\":\"AAAA\",\"origin\":\"\xC0\x80\"}"})
        EXPECT_EQ(judge(bad), "client_data_malformed") << bad;
    EXPECT_EQ(judge(std::string(20'000, ' ')), "client_data_malformed");
}

TEST(Cose, RefusesKeysThatAreNotWhatTheySay) {
    const auto judge = [](std::string_view hex) {
        const auto key = cose::parse_key(cbor::parse(parse_hex(hex).value()).value());
        return key ? "ok" : key.error().code;
    };
    const std::string zero(64, '0'), some(64, '1');
    EXPECT_EQ(judge("a401010327200621"
                    "5820" +
                    some),
              "ok");
    EXPECT_EQ(judge("a40101032720062158"
                    "1f" +
                    some.substr(2)),
              "cose_malformed")
        << "short key";
    EXPECT_EQ(judge("a40102032720062158"
                    "20" +
                    some),
              "cose_malformed")
        << "key type";
    EXPECT_EQ(judge("a40101032720012158"
                    "20" +
                    some),
              "cose_malformed")
        << "curve";
    EXPECT_EQ(judge("a501010327200621"
                    "5820" +
                    some + "0400"),
              "cose_malformed")
        << "one more";
    EXPECT_EQ(judge("a5010203262001215820" + zero + "225820" + zero), "bad_public_key")
        << "off curve";
    EXPECT_EQ(judge("a5010203262001215820" + some + "22f5"), "cose_malformed") << "compressed";
    EXPECT_EQ(judge("a301010326200"
                    "1"),
              "cose_malformed");
    EXPECT_EQ(judge("a10338ff"), "cose_algorithm");
    EXPECT_EQ(judge("80"), "cose_malformed");
}

}  // namespace
}  // namespace astro::identity::webauthn
