#pragma once

#include <mutex>

#include "capabilities/identity/engine/request_signature.hpp"
#include "capabilities/identity/roles.hpp"

namespace astro::identity {

/// API keys as exchanges have them. Thread-safe.
class ApiKeys {
  public:
    ApiKeys(Core& core, Roles& roles) : core_(core), roles_(roles) {}

    /// The secret is shown here and never again. "bad_key_name", "bad_public_key", "bad_scope",
    /// "bad_ip_range", "bad_expiry", "too_many_keys".
    Result<CreatedApiKey> create(const UserId& user, const ApiKeySpec& spec, const Caller& caller);
    [[nodiscard]] Result<std::vector<ApiKeyView>> list(const UserId& user);
    /// "key_unknown" when it is not a key of the user.
    Result<void> revoke(const UserId& user, const ApiKeyId& key, const Caller& caller);

    /// Who signed the request. "key_unknown" (also for a wrong kind), "key_expired", "ip_refused",
    /// "user_inactive", and the codes of verify_request() and NonceCache.
    Result<Principal> authenticate_signed(const SignedRequest& request, std::string_view signature,
                                          std::int64_t window_ms, std::string_view ip);
    /// "<key id>.<secret>"; the same codes, "key_unknown" for a wrong secret.
    Result<Principal> authenticate_bearer(std::string_view token, std::string_view ip);

  private:
    struct Stored {
        ApiKeyView view;
        UserId user;
        std::string secret;
    };
    Result<Stored> load(const ApiKeyId& key);
    Result<Principal> admit(const Stored& stored, std::string_view ip);
    Result<SigningSecret> signing_secret(const Stored& stored);

    Core& core_;
    Roles& roles_;
    std::mutex mutex_;
    NonceCache nonces_{10'000, 200'000};
};

/// Whether the address lies in one of the ranges ("192.0.2.0/24", "2001:db8::/32", an address); an
/// empty list allows any.
[[nodiscard]] bool ip_allowed(const std::vector<std::string>& ranges, std::string_view ip);
/// "bad_ip_range"
[[nodiscard]] Result<void> check_ip_range(std::string_view range);

}  // namespace astro::identity
