#include "capabilities/identity/engine/webauthn.hpp"

#include <algorithm>

#include "foundation/crypto/secret.hpp"

namespace astro::identity::webauthn {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

Bytes signed_bytes_of(ByteView authenticator_data, const ClientData& client_data) {
    Bytes out(authenticator_data.begin(), authenticator_data.end());
    out.insert(out.end(), client_data.hash.bytes.begin(), client_data.hash.bytes.end());
    return out;
}

}  // namespace

Result<void> check_client_data(const Policy& policy, ByteView challenge, std::string_view type,
                               const ClientData& client_data) {
    // §7.1 step 7, §7.2 step 11.
    if (client_data.type != type)
        return refusal("webauthn_type", "the ceremony is not " + std::string(type), "type");
    // Steps 8 and 12. An empty challenge would make every answer of old fit.
    if (challenge.size() < 16 || !crypto::equal_constant_time(challenge, client_data.challenge))
        return refusal("webauthn_challenge", "the challenge is not the one that was given out",
                       "challenge");
    // Steps 9 and 13.
    if (!contains(policy.origins, client_data.origin))
        return refusal("webauthn_origin", "the page's origin is not one of this server's",
                       "origin");
    // Level 3, steps 10 and 11, 14 and 15.
    if (client_data.cross_origin && !policy.allow_cross_origin)
        return refusal("webauthn_cross_origin", "the page was framed by another origin",
                       "crossOrigin");
    if (client_data.top_origin &&
        (!client_data.cross_origin || !contains(policy.top_origins, *client_data.top_origin)))
        return refusal("webauthn_cross_origin", "the page was framed by an origin not allowed to",
                       "topOrigin");
    return {};
}

Result<void> check_flags(const Policy& policy, const AuthenticatorData& data) {
    // §7.1 step 13, §7.2 step 15.
    if (data.rp_id_hash != crypto::sha256(as_bytes(policy.rp_id)))
        return refusal("webauthn_rp_id", "the credential was used for another site", "rpIdHash");
    // Steps 14 and 16.
    if (!data.user_present)
        return refusal("webauthn_user_presence", "the authenticator did not ask for the user");
    // Steps 15 and 17.
    if (policy.require_user_verification && !data.user_verified)
        return refusal("webauthn_user_verification",
                       "the authenticator did not verify the user (PIN, finger or face)");
    // Level 3: what cannot be backed up is not backed up.
    if (data.backed_up && !data.backup_eligible)
        return refusal("webauthn_backup_flags", "the backup flags contradict each other");
    return {};
}

Result<Credential> verify_registration(const Policy& policy, ByteView challenge,
                                       const ClientData& client_data, ByteView attestation_object,
                                       TimestampNs now) {
    ASTRO_CHECK(check_client_data(policy, challenge, "webauthn.create", client_data));
    // Step 12.
    ASTRO_TRY(const cbor::Value object, cbor::parse(attestation_object));
    const auto* member = object.find("authData");
    const auto* bytes = member == nullptr ? nullptr : member->get<Bytes>();
    if (bytes == nullptr)
        return refusal("webauthn_attestation", "the attestation object has no authData");
    ASTRO_TRY(const AuthenticatorData data, parse_authenticator_data(*bytes));
    ASTRO_CHECK(check_flags(policy, data));
    if (!data.attested)
        return refusal("webauthn_credential", "the authenticator made no credential");
    // Step 16.
    const std::int64_t algorithm = cose::algorithm_of(data.attested->key);
    if (std::find(policy.algorithms.begin(), policy.algorithms.end(), algorithm) ==
        policy.algorithms.end())
        return refusal("webauthn_algorithm", "the credential's algorithm " +
                                                 std::to_string(algorithm) + " was not offered");
    // Steps 18 to 21. Step 17, client extensions: none are asked for, those that come are ignored.
    ASTRO_TRY(const Attestation attestation,
              verify_attestation(policy, object, *data.attested,
                                 signed_bytes_of(*bytes, client_data), now));
    if (policy.require_trusted_attestation && attestation != Attestation::trusted)
        return refusal("webauthn_attestation", "only authenticators of known makers are taken");
    return Credential{data.attested->id,    data.attested->key, data.sign_count,
                      data.backup_eligible, data.backed_up,     data.attested->aaguid,
                      attestation,          data.user_verified};
}

Result<VerifiedAssertion> verify_assertion(const Policy& policy, ByteView challenge,
                                           const Credential& credential, ByteView user_handle,
                                           const Assertion& assertion) {
    // Steps 5 to 7: the caller found the credential; it must be the one that answers, and its
    // owner's.
    if (assertion.credential_id != credential.id)
        return refusal("webauthn_credential", "another credential answered");
    if (assertion.user_handle && !crypto::equal_constant_time(*assertion.user_handle, user_handle))
        return refusal("webauthn_user_handle", "the credential belongs to another user");
    ASTRO_CHECK(check_client_data(policy, challenge, "webauthn.get", assertion.client_data));
    ASTRO_TRY(const AuthenticatorData data, parse_authenticator_data(assertion.authenticator_data));
    ASTRO_CHECK(check_flags(policy, data));
    // Level 3: eligibility is decided at registration and does not change.
    if (data.backup_eligible != credential.backup_eligible)
        return refusal("webauthn_backup_flags", "the credential's backup eligibility has changed");
    // Steps 19 and 20.
    if (!cose::verify(credential.key,
                      signed_bytes_of(assertion.authenticator_data, assertion.client_data),
                      assertion.signature))
        return refusal("webauthn_signature", "the signature is not the credential's");
    // Step 21.
    const bool counts = data.sign_count != 0 || credential.sign_count != 0;
    return VerifiedAssertion{data.sign_count, data.backed_up, data.user_verified,
                             counts && data.sign_count <= credential.sign_count};
}

}  // namespace astro::identity::webauthn
