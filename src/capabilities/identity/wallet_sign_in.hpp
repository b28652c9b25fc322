#pragma once

#include "capabilities/identity/engine/sep10.hpp"
#include "capabilities/identity/engine/siws.hpp"
#include "capabilities/identity/links.hpp"
#include "capabilities/identity/sessions.hpp"

namespace astro::identity {

/// Signing in with a wallet: SEP-10 on Stellar, Sign-In With Solana. A wallet that is not linked to
/// an account gets one of its own, without an address. Thread-safe.
class WalletSignIn {
  public:
    /// `stellar_key` is that of `stellar.account`.
    WalletSignIn(Core& core, Sessions& sessions, sep10::Server stellar,
                 crypto::Ed25519Key stellar_key, siws::Policy solana)
        : core_(core),
          sessions_(sessions),
          links_(core),
          stellar_(std::move(stellar)),
          stellar_key_(std::move(stellar_key)),
          solana_(std::move(solana)) {}

    /// The passphrase of the network whose wallets sign in.
    [[nodiscard]] const std::string& stellar_network() const { return stellar_.network_passphrase; }
    /// Base64 XDR for the wallet to sign.
    Result<std::string> begin_stellar(const sep10::ChallengeRequest& request);
    /// `signers` is what the ledger says of the account that read_challenge() names; absent when it
    /// does not exist. Codes of verify_challenge(), "token_invalid" for a challenge answered
    /// before, "user_inactive".
    Result<TokenPair> finish_stellar(std::string_view transaction,
                                     const std::optional<sep10::AccountSigners>& signers,
                                     const Caller& caller);

    /// The text for the wallet to sign.
    Result<std::string> begin_solana(const crypto::Ed25519Public& account);
    /// Codes of verify_message(), "token_invalid", "user_inactive".
    Result<TokenPair> finish_solana(std::string_view message, ByteView signature,
                                    const Caller& caller);

    /// Links the wallet that answers to `user` instead: the same proofs. "link_taken" when it is
    /// another's.
    Result<void> link_stellar(const UserId& user, std::string_view transaction,
                              const std::optional<sep10::AccountSigners>& signers,
                              const Caller& caller);
    Result<void> link_solana(const UserId& user, std::string_view message, ByteView signature,
                             const Caller& caller);

    /// Linked wallets and accounts at providers, oldest first.
    [[nodiscard]] Result<std::vector<LinkView>> list(const UserId& user) {
        return links_.list(user);
    }
    /// Codes of Links::remove().
    Result<void> unlink(const UserId& user, const std::string& kind, const std::string& name,
                        const Caller& caller);

  private:
    /// The address that proved itself, its nonce used up.
    Result<std::string> prove_stellar(store::Writer& w, std::string_view transaction,
                                      const std::optional<sep10::AccountSigners>& signers);
    Result<std::string> prove_solana(store::Writer& w, std::string_view message,
                                     ByteView signature);
    Result<TokenPair> sign_in(store::Writer& w, std::string_view chain, const std::string& address,
                              Act& act);

    Core& core_;
    Sessions& sessions_;
    Links links_;
    sep10::Server stellar_;
    crypto::Ed25519Key stellar_key_;
    siws::Policy solana_;
};

}  // namespace astro::identity
