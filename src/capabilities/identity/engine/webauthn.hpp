#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/identity/engine/cose.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/sha256.hpp"

/// Passkeys: the relying party's half of WebAuthn Level 2, §7.1 (registration) and §7.2
/// (assertion), with the backup flags and topOrigin of Level 3. Each check names its step.
///
/// The caller makes the challenge (kChallengeBytes random bytes, kept for kChallengeLife, given up
/// on first use), looks up credentials, and stores what is returned. Codes of refusals are the step
/// that failed: "webauthn_type", "_challenge", "_origin", "_cross_origin", "_rp_id",
/// "_user_presence", "_user_verification", "_backup_flags", "_algorithm", "_credential",
/// "_attestation", "_user_handle", "_signature"; "auth_data_malformed"; those of CBOR and COSE.
namespace astro::identity::webauthn {

inline constexpr std::size_t kChallengeBytes = 32;
inline constexpr DurationNs kChallengeLife = seconds(300);
inline constexpr std::size_t kCredentialIdBytesMax = 1023;

/// What the browser says it did, and the SHA-256 of the exact bytes in which it said so.
struct ClientData {
    std::string type;
    Bytes challenge;
    std::string origin;
    bool cross_origin = false;
    std::optional<std::string> top_origin;
    crypto::Sha256 hash;
};

/// What the server asks of a ceremony.
struct Policy {
    std::string rp_id;                 ///< "example.org"
    std::vector<std::string> origins;  ///< "https://example.org", compared as a whole
    bool require_user_verification = true;
    bool allow_cross_origin = false;       ///< in a frame of another origin
    std::vector<std::string> top_origins;  ///< whose frame, where the browser says it
    std::vector<std::int64_t> algorithms = {cose::kEs256, cose::kEdDsa, cose::kRs256};
    /// Roots of attestation, DER. Empty: attestation is verified but proves no maker.
    std::vector<Bytes> attestation_anchors;
    bool require_trusted_attestation = false;
};

using Aaguid = FixedBytes<struct AaguidTag, 16>;

struct AttestedCredential {
    Aaguid aaguid;
    Bytes id;
    cose::Key key;
};

struct AuthenticatorData {
    crypto::Sha256 rp_id_hash;
    bool user_present = false;
    bool user_verified = false;
    bool backup_eligible = false;
    bool backed_up = false;
    std::uint32_t sign_count = 0;
    std::optional<AttestedCredential> attested;
};

/// §6.1: nothing left out, nothing after it. "auth_data_malformed".
[[nodiscard]] Result<AuthenticatorData> parse_authenticator_data(ByteView bytes);

/// How much the attestation proves.
enum class Attestation {
    none,     ///< nothing is said of the authenticator
    self,     ///< signed by the credential's own key: it holds that key
    basic,    ///< signed by a maker's certificate that leads to no anchor of ours
    trusted,  ///< signed by a maker's certificate that leads to one of our anchors
};
BOOST_DESCRIBE_ENUM(Attestation, none, self, basic, trusted)

/// What is stored of a passkey.
struct Credential {
    Bytes id;
    cose::Key key;
    std::uint32_t sign_count = 0;
    bool backup_eligible = false;
    bool backed_up = false;
    Aaguid aaguid;
    Attestation attestation = Attestation::none;
    bool user_verified = false;
};

/// §7.1, but for step 17 ("not known already"), which is the store's. `now` judges certificates.
[[nodiscard]] Result<Credential> verify_registration(const Policy& policy, ByteView challenge,
                                                     const ClientData& client_data,
                                                     ByteView attestation_object, TimestampNs now);

struct Assertion {
    Bytes credential_id;
    ClientData client_data;
    Bytes authenticator_data;
    Bytes signature;
    std::optional<Bytes> user_handle;
};

struct VerifiedAssertion {
    std::uint32_t sign_count = 0;
    bool backed_up = false;
    bool user_verified = false;
    /// The counter did not grow (§7.2 step 21): two authenticators may hold the key. Synchronised
    /// passkeys always say 0, which is no sign of that.
    bool counter_went_back = false;
};

/// §7.2. `user_handle` is that of the credential's owner.
[[nodiscard]] Result<VerifiedAssertion> verify_assertion(const Policy& policy, ByteView challenge,
                                                         const Credential& credential,
                                                         ByteView user_handle,
                                                         const Assertion& assertion);

/// The checks that both ceremonies share. Internal to the room.
[[nodiscard]] Result<void> check_client_data(const Policy& policy, ByteView challenge,
                                             std::string_view type, const ClientData& client_data);
[[nodiscard]] Result<void> check_flags(const Policy& policy, const AuthenticatorData& data);
/// §8.2 and §8.7. Internal to the room.
[[nodiscard]] Result<Attestation> verify_attestation(const Policy& policy,
                                                     const cbor::Value& object,
                                                     const AttestedCredential& credential,
                                                     ByteView signed_bytes, TimestampNs now);

}  // namespace astro::identity::webauthn
