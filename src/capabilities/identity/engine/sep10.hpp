#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chains/stellar/muxed_account.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/random.hpp"

/// Stellar web authentication (SEP-10 3.4.1), the server's half: a transaction that can never be
/// applied (its sequence number is 0) is signed by the server, then by the account that signs in.
namespace astro::identity::sep10 {

struct Server {
    stellar::AccountId account;
    std::string network_passphrase;
    std::string home_domain;      ///< "example.com": whose users sign in
    std::string web_auth_domain;  ///< "auth.example.com": where this server answers
};

struct ClientDomain {
    std::string domain;          ///< the wallet's, "wallet.example.net"
    stellar::AccountId account;  ///< SIGNING_KEY of its stellar.toml
};

struct ChallengeRequest {
    stellar::MuxedAccount client;
    std::optional<std::uint64_t> memo;  ///< names a user of a shared account; not with "M…"
    std::optional<ClientDomain> client_domain;
};

inline constexpr std::int64_t kChallengeLifeSeconds = 900;

/// The challenge, signed by the server, base64 XDR. `key` is the server account's.
/// "sep10_memo_and_muxed" when both name a user; "sep10_domain" when a name does not fit.
[[nodiscard]] Result<std::string> make_challenge(const Server& server,
                                                 const crypto::Ed25519Key& key,
                                                 const ChallengeRequest& request, TimestampNs now,
                                                 crypto::Random& random);

struct Signer {
    stellar::AccountId key;
    std::uint32_t weight = 0;
};
/// What the ledger says of the client's account; absent when the account does not exist.
struct AccountSigners {
    std::uint32_t threshold = 0;  ///< the one the operator asks for (low, medium, high)
    std::vector<Signer> signers;
};

struct VerifiedChallenge {
    stellar::MuxedAccount client;
    std::optional<std::uint64_t> memo;
    std::optional<std::string> client_domain;
    Bytes nonce;  ///< 48 bytes; remember it until the challenge ends and refuse it the second time
};

/// What a challenge says, once it is known to be the server's own and in time. The client's account
/// is needed to ask the ledger for its signers before signatures can be judged. Codes:
/// "sep10_envelope", "sep10_source", "sep10_sequence", "sep10_time", "sep10_memo",
/// "sep10_operation", "sep10_home_domain", "sep10_server_signature"; those of XDR.
[[nodiscard]] Result<VerifiedChallenge> read_challenge(const Server& server,
                                                       std::string_view transaction,
                                                       TimestampNs now);

/// read_challenge(), then the signatures: the account's by the signers' weights (its master key
/// alone where it does not exist), the client domain's, and none that belongs to nobody.
/// "sep10_client_signature", "sep10_threshold", "sep10_client_domain_signature",
/// "sep10_unknown_signature".
[[nodiscard]] Result<VerifiedChallenge> verify_challenge(
    const Server& server, std::string_view transaction,
    const std::optional<AccountSigners>& signers, TimestampNs now);

}  // namespace astro::identity::sep10
