#pragma once

#include "capabilities/identity/accounts.hpp"
#include "capabilities/identity/api_keys.hpp"
#include "capabilities/identity/audit_log.hpp"
#include "capabilities/identity/documents.hpp"
#include "capabilities/identity/limit_book.hpp"
#include "capabilities/identity/oidc_sign_in.hpp"
#include "capabilities/identity/passkeys.hpp"
#include "capabilities/identity/privacy.hpp"
#include "capabilities/identity/tier_book.hpp"
#include "capabilities/identity/wallet_sign_in.hpp"
#include "chains/stellar/networks.hpp"

namespace astro::identity {

struct ServiceSettings {
    Settings identity;
    webauthn::Policy passkeys;
    siws::Policy solana;
    std::string stellar_network{stellar::kTestNetwork};
    std::string home_domain = "localhost";
    std::string web_auth_domain = "localhost";
    std::vector<oidc::Provider> providers{};
    LimitNumbers limits{};  ///< where an administrator has stored none
};

/// The whole capability without HTTP: what a gateway calls. The store has been migrated. Parts are
/// thread-safe; the service outlives its callers.
class Service {
  public:
    static Result<std::unique_ptr<Service>> open(Surroundings around, ServiceSettings settings,
                                                 crypto::MasterKeys masters);

  private:
    std::unique_ptr<Core> core_;
    NetFetcher fetcher_;

  public:
    TierBook tiers;
    LimitBook limits;
    Roles roles;
    Sessions sessions;
    Accounts accounts;
    ApiKeys api_keys;
    Passkeys passkeys;
    WalletSignIn wallets;
    OidcSignIn oidc;
    AuditLog audit;
    Documents documents;
    Privacy privacy;

    [[nodiscard]] TimestampNs now() const { return core_->now(); }
    /// Public keys of the access tokens, for /.well-known/jwks.json.
    [[nodiscard]] std::string jwks() const { return to_jwks(core_->keys()); }
    [[nodiscard]] Result<crypto::SecretKey> kept_key(const std::string& name) {
        return core_->kept_key(name);
    }
    Result<void> rotate_signing_key() { return core_->rotate_signing_key(); }
    Result<std::int64_t> rotate_master_key(const crypto::SecretKey& next) {
        return core_->rotate_master_key(next);
    }
    void forget_master_keys() { core_->forget_master_keys(); }
    /// Runs the work of another part of the server in a transaction with its audit entry.
    Result<void> act(const Act& act, const std::function<Result<void>(store::Writer&)>& work) {
        return core_->act(act, work);
    }
    /// An audit entry of another part of the server: a change it made, an attempt it refused.
    Result<void> tell(const Act& act, std::string_view outcome) {
        return core_->tell(act, outcome);
    }

  private:
    Service(std::unique_ptr<Core> core, const ServiceSettings& settings,
            const crypto::Ed25519Key& stellar_key);
};

}  // namespace astro::identity
