// The vectors of the specification and answers of real authenticators.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "capabilities/identity/engine/webauthn.hpp"
#include "capabilities/identity/wire/client_data.hpp"
#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::identity::webauthn {
namespace {

using crypto::hex_of;
using crypto::load_vectors;
using crypto::text_of;

const TimestampNs kNow = from_unix_seconds(1'760'000'000);

/// Some of the recordings are in the other base64 alphabet, or padded.
Bytes b64_of(const boost::json::value& v) {
    std::string text = text_of(v);
    text.erase(text.find_last_not_of('=') + 1);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return parse_base64url(text).value();
}
std::string text_of_bytes(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

Policy spec_policy(const boost::json::value& file) {
    Policy policy;
    policy.rp_id = "example.org";
    policy.origins = {"https://example.org"};
    policy.require_user_verification = false;
    policy.allow_cross_origin = true;
    policy.top_origins = {"https://example.com"};
    policy.attestation_anchors = {hex_of(file.at("attestation_ca").at("attestation_ca_cert"))};
    return policy;
}

/// Registration and then assertion: "ok <attestation>", or the code of the refusal.
std::string run_spec(const Policy& policy, const boost::json::object& v) {
    const auto& reg = v.at("registration").as_object();
    const auto created = parse_client_data(text_of_bytes(hex_of(reg.at("clientDataJSON"))));
    const auto credential =
        verify_registration(policy, hex_of(reg.at("challenge")), created.value(),
                            hex_of(reg.at("attestationObject")), kNow);
    if (!credential) return std::string(credential.error().code);
    const auto& expected = v.at("expected").as_object();
    EXPECT_EQ(to_hex(credential->id), text_of(expected.at("credential_id")));
    EXPECT_EQ(to_hex(credential->aaguid.view()), text_of(expected.at("aaguid")));
    EXPECT_EQ(cose::parse_key(cbor::parse(hex_of(expected.at("cose_public_key"))).value()).value(),
              credential->key);
    const auto& auth = v.at("authentication").as_object();
    const auto got = parse_client_data(text_of_bytes(hex_of(auth.at("clientDataJSON"))));
    const Assertion assertion{credential->id,
                              got.value(),
                              hex_of(auth.at("authenticatorData")),
                              hex_of(auth.at("signature")),
                              {}};
    const auto verified =
        verify_assertion(policy, hex_of(auth.at("challenge")), *credential, {}, assertion);
    if (!verified) return "assertion " + std::string(verified.error().code);
    return "ok " + std::string(enum_name(credential->attestation));
}

TEST(WebauthnSpec, VectorsAreTakenOrRefusedForTheirReason) {
    const std::map<std::string, std::string> expected = {
        {"none-es256", "ok none"},
        {"packed-self-es256", "ok self"},
        {"none-es256-crossOrigin", "ok none"},
        {"none-es256-topOrigin", "ok none"},
        {"packed-es256", "ok trusted"},
        {"packed-es384", "cose_algorithm"},
        {"packed-es512", "cose_algorithm"},
        {"packed-rs256", "ok trusted"},
        {"packed-ed448", "cose_algorithm"},
        {"tpm-es256", "webauthn_attestation"},
        {"android-key-es256", "webauthn_attestation"},
        {"packed-eddsa", "ok trusted"},
    };
    const auto file = load_vectors("identity/webauthn_spec.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        EXPECT_EQ(run_spec(spec_policy(file), v), expected.at(text_of(v.at("id"))))
            << v.at("id").as_string();
    }
    EXPECT_EQ(file.at("vectors").as_array().size(), expected.size());
}

TEST(WebauthnSpec, FramesAreRefusedWhereTheyAreNotAllowed) {
    const auto file = load_vectors("identity/webauthn_spec.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        const std::string id = text_of(v.at("id"));
        if (id != "none-es256-crossOrigin" && id != "none-es256-topOrigin") continue;
        Policy policy = spec_policy(file);
        policy.allow_cross_origin = false;
        EXPECT_EQ(run_spec(policy, v), "webauthn_cross_origin") << id;
        policy.allow_cross_origin = true;
        policy.top_origins = {"https://evil.example"};
        EXPECT_EQ(run_spec(policy, v),
                  id == "none-es256-topOrigin" ? "webauthn_cross_origin" : "ok none");
    }
}

TEST(WebauthnSpec, AnAttestationOfAnUnknownMakerProvesNoMaker) {
    const auto file = load_vectors("identity/webauthn_spec.json");
    for (const auto& value : file.at("vectors").as_array()) {
        if (value.at("id").as_string() != "packed-es256") continue;
        Policy policy = spec_policy(file);
        policy.attestation_anchors.clear();
        EXPECT_EQ(run_spec(policy, value.as_object()), "ok basic");
        policy.require_trusted_attestation = true;
        EXPECT_EQ(run_spec(policy, value.as_object()), "webauthn_attestation");
    }
}

std::string run_registration(const boost::json::object& v, Policy policy) {
    const auto& response = v.at("credential").at("response").as_object();
    const auto client = parse_client_data(text_of_bytes(b64_of(response.at("clientDataJSON"))));
    if (!client) return std::string(client.error().code);
    const auto made = verify_registration(policy, b64_of(v.at("expected_challenge_b64url")),
                                          *client, b64_of(response.at("attestationObject")), kNow);
    if (!made) return std::string(made.error().code);
    EXPECT_EQ(made->id, b64_of(v.at("credential").at("rawId")));
    EXPECT_EQ(made->sign_count, v.at("expected").at("sign_count").as_int64());
    return "ok";
}

std::string run_assertion(const boost::json::object& v, const Policy& policy) {
    const auto& response = v.at("credential").at("response").as_object();
    Credential credential;
    credential.id = b64_of(v.at("credential").at("rawId"));
    const auto key =
        cose::parse_key(cbor::parse(b64_of(v.at("credential_public_key_b64url"))).value());
    if (!key) return std::string(key.error().code);
    credential.key = *key;
    credential.sign_count = static_cast<std::uint32_t>(v.at("current_sign_count").as_int64());
    const Assertion assertion{
        credential.id,
        parse_client_data(text_of_bytes(b64_of(response.at("clientDataJSON")))).value(),
        b64_of(response.at("authenticatorData")),
        b64_of(response.at("signature")),
        {}};
    const auto done = verify_assertion(policy, b64_of(v.at("expected_challenge_b64url")),
                                       credential, {}, assertion);
    if (!done) return std::string(done.error().code);
    EXPECT_EQ(done->sign_count, v.at("expected").at("sign_count").as_int64());
    EXPECT_FALSE(done->counter_went_back);
    return "ok";
}

TEST(WebauthnAuthenticators, RecordedAnswersAreTakenOrRefusedForTheirReason) {
    // What differs from the suite they come from: kinds of attestation and key that are not ours.
    const std::map<std::string, std::string> refused = {
        {"test_raises_exception_on_incorrect_public_key", "webauthn_signature"},
        {"test_raises_exception_on_uv_required_but_false", "webauthn_user_verification"},
        {"test_raises_useful_error_on_bad_attestation_object", "cbor_malformed"},
        {"test_verify_pqc_ml_dsa_44_packed_response", "cose_algorithm"},
        {"test_verify_pqc_ml_dsa_65_packed_response", "cose_algorithm"},
        {"test_verify_pqc_ml_dsa_87_packed_response", "cose_algorithm"},
    };
    int taken = 0;
    const auto file = load_vectors("identity/webauthn_authenticators.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        const std::string id = text_of(v.at("id"));
        Policy policy;
        policy.rp_id = text_of(v.at("expected_rp_id"));
        policy.origins = {v.at("expected_origin").is_string() ? text_of(v.at("expected_origin"))
                                                              : "http://localhost:5000"};
        const auto& uv = v.at("require_user_verification");
        policy.require_user_verification = uv.is_bool() && uv.as_bool();
        const std::string outcome = v.at("ceremony").as_string() == "registration"
                                        ? run_registration(v, policy)
                                        : run_assertion(v, policy);
        const auto named = refused.find(id.substr(id.find(':') + 1));
        const auto* fmt = v.at("expected").as_object().if_contains("fmt");
        const bool foreign_format =
            fmt != nullptr && fmt->as_string() != "none" && fmt->as_string() != "packed";
        if (named != refused.end())
            EXPECT_EQ(outcome, named->second) << id;
        else
            EXPECT_EQ(outcome, foreign_format ? "webauthn_attestation" : "ok") << id;
        taken += outcome == "ok" ? 1 : 0;
    }
    EXPECT_EQ(taken, 8);
}

}  // namespace
}  // namespace astro::identity::webauthn
