#pragma once

#include "capabilities/identity/engine/webauthn.hpp"
#include "capabilities/identity/sessions.hpp"

namespace astro::identity {

/// What a browser is asked with (navigator.credentials); bytes in base64url.
struct PasskeyOptions {
    std::string challenge;
    std::string rp_id;
    std::string rp_name;
    std::string user_handle;  ///< registration only, like all below
    std::string user_name;
    std::vector<std::string> known_credentials;  ///< not to be registered again
    std::vector<std::int64_t> algorithms;
    std::int64_t timeout_ms = 300'000;
};
BOOST_DESCRIBE_STRUCT(PasskeyOptions, (),
                      (challenge, rp_id, rp_name, user_handle, user_name, known_credentials,
                       algorithms, timeout_ms))

struct PasskeyView {
    std::string id;  ///< base64url
    std::string name;
    std::string attestation;
    bool backed_up = false;
    TimestampNs created;
    std::optional<TimestampNs> last_used;
};
BOOST_DESCRIBE_STRUCT(PasskeyView, (), (id, name, attestation, backed_up, created, last_used))

/// What a browser answers; each the bytes as the authenticator made them.
struct PasskeyAnswer {
    Bytes credential_id;
    std::string client_data_json;
    Bytes authenticator_data;
    Bytes signature;
    std::optional<Bytes> user_handle;
};

/// Passkeys: registering them and signing in with them alone. Thread-safe.
class Passkeys {
  public:
    Passkeys(Core& core, Sessions& sessions, webauthn::Policy policy)
        : core_(core), sessions_(sessions), policy_(std::move(policy)) {}

    Result<PasskeyOptions> begin_registration(const UserId& user);
    /// Codes of verify_registration(), "token_invalid" (the challenge is not one of ours for this
    /// user, or was answered, or is too old), "passkey_known", "bad_key_name".
    Result<PasskeyView> finish_registration(const UserId& user, std::string_view name,
                                            std::string_view client_data_json,
                                            ByteView attestation_object, const Caller& caller);
    /// Names no credentials, so that it tells of no user.
    Result<PasskeyOptions> begin_login();
    /// Codes of verify_assertion(), "token_invalid", "passkey_unknown", "webauthn_counter" (the
    /// counter went back: the passkey may have been copied), "user_inactive".
    Result<TokenPair> finish_login(const PasskeyAnswer& answer, const Caller& caller);

    [[nodiscard]] Result<std::vector<PasskeyView>> list(const UserId& user);
    /// "passkey_unknown"
    Result<void> remove(const UserId& user, std::string_view id, const Caller& caller);

  private:
    Result<TokenPair> sign_in(store::Writer& w, const PasskeyAnswer& answer,
                              const webauthn::ClientData& client_data, Act& act);

    Core& core_;
    Sessions& sessions_;
    webauthn::Policy policy_;
};

}  // namespace astro::identity
