#pragma once

#include <mutex>

#include "capabilities/identity/engine/binance_signature.hpp"
#include "capabilities/identity/roles.hpp"
#include "capabilities/identity/verified_cache.hpp"

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
    /// Whose key it is, when that is remembered, it may be used now from this address, and its
    /// signatures are verified fast enough for an event loop (HMAC): nothing is proved yet.
    [[nodiscard]] std::shared_ptr<const Principal> known(const ApiKeyId& key, std::string_view ip);
    /// Whether a remembered key signed it, and it is no replay. Whatever it is not, says
    /// authenticate_signed().
    [[nodiscard]] bool is_signed_by_known(const SignedRequest& request, std::string_view signature,
                                          std::int64_t window_ms);
    /// The same of requests signed as Binance's are. What changes something is taken once;
    /// reading may be repeated.
    Result<Principal> authenticate_binance(const BinanceSigned& request, std::string_view ip);
    [[nodiscard]] bool is_signed_by_known(const BinanceSigned& request);
    /// What the key may do now: its owner's rights within its scopes.
    [[nodiscard]] Result<Principal> principal_of(const ApiKeyId& key);
    /// Of a key that has been authenticated, for what comes over an open connection: that it may
    /// still be used, from there. Codes as below.
    Result<Principal> authenticate_again(const ApiKeyId& key, std::string_view ip);
    /// "<key id>.<secret>"; the same codes, "key_unknown" for a wrong secret.
    Result<Principal> authenticate_bearer(std::string_view token, std::string_view ip);

  private:
    /// A key with its owner's rights.
    struct Verified {
        std::uint64_t generation = 0;  ///< of rights, in which all this was read
        ApiKeyView view;
        Principal principal;
        SigningSecret signing;    ///< unless it is a bearer key
        std::string bearer_hash;  ///< of a bearer key
    };
    struct Row {
        ApiKeyView view;
        UserId user;
        std::string secret;
    };
    Result<Row> load(const ApiKeyId& key);
    Result<SigningSecret> signing_secret(const Row& row);
    /// From memory, or from the store.
    Result<std::shared_ptr<const Verified>> verified(const ApiKeyId& key);
    [[nodiscard]] Result<void> check_use(const Verified& key, std::string_view ip) const;
    [[nodiscard]] bool is_use_recorded(const Verified& key) const;
    Result<void> record_use(const Verified& key, std::string_view ip);
    Result<void> remember_nonce(const SignedRequest& request, std::int64_t window_ms);
    Result<void> remember_nonce(const BinanceSigned& request);

    Core& core_;
    Roles& roles_;
    VerifiedCache<ApiKeyId, Verified> verified_{20'000};
    std::mutex mutex_;
    NonceCache nonces_{12'000, 1'000'000};
};

/// Whether the address lies in one of the ranges ("192.0.2.0/24", "2001:db8::/32", an address); an
/// empty list allows any.
[[nodiscard]] bool ip_allowed(const std::vector<std::string>& ranges, std::string_view ip);
/// Whose budget an address is charged to: an IPv4 address has its own; of IPv6 a single customer
/// has all that share the first 64 bits.
[[nodiscard]] std::string network_of(std::string_view ip);
/// "bad_ip_range"
[[nodiscard]] Result<void> check_ip_range(std::string_view range);

}  // namespace astro::identity
