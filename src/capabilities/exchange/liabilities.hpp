#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "foundation/crypto/secret.hpp"
#include "foundation/crypto/sha256.hpp"
#include "foundation/journal/journal.hpp"

/// Proof of liabilities: a Merkle tree over all accounts whose nodes carry sums. The venue
/// publishes its root; an owner is given the way from his account to it and checks that what he is
/// owed is in the sum. To the byte in docs/proof_of_liabilities.md, and checked by
/// docs/verify_liabilities.py.
///
///               root = H(sequence, time, accounts, assets, sums, node)
///                          node = H(sums, hash of the left │ sums, hash of the right)
///               node                                   node
///      leaf = H(account, salt, what it has)   leaf    leaf         no leaf stands twice:
///                                                                the split is RFC 6962's
///
/// A node's hash is over the sums of both its children and not over their total: otherwise a
/// child's sums could be exchanged for others of the same total further up. Sums are of what is
/// owed and, apart from it, of what is lacking: an account below zero lowers no other's claim.
namespace astro::exchange {

struct LiabilitySums {
    std::vector<UInt128> owed, lacking;  ///< by asset: balances above and below zero
    std::vector<UInt128> held;           ///< by asset: what has left balances and not the venue
    UInt128 equity_owed = 0, equity_lacking = 0;
    UInt128 insurance = 0;  ///< stakes in the insurance fund
    bool operator==(const LiabilitySums&) const = default;
};

struct LiabilityNode {
    LiabilitySums sums;
    crypto::Sha256 hash{};
};

/// What one account has.
struct LiabilityLeaf {
    AccountId account{};
    crypto::Sha256 salt{};  ///< hides which account a hash is of; leaves stand in its order
    std::vector<Amount> balances;
    /// By asset: withdrawals under way, and of the governance asset what it has staked.
    std::vector<Amount> held;
    /// USDC with what all positions have won and lost at the mark price, and funding that is due;
    /// in the unit of Quote.
    Int128 equity = 0;
    Quote insurance{};  ///< what its stake in the insurance fund is worth
};

/// A node beside the way from a leaf to the root, nearest to the leaf first. Numbers as text.
struct ProofStep {
    std::string hash;
    std::vector<std::string> owed, lacking, held;
    std::string equity_owed, equity_lacking, insurance;
};
BOOST_DESCRIBE_STRUCT(ProofStep, (),
                      (hash, owed, lacking, held, equity_owed, equity_lacking, insurance))

inline constexpr const char* kProofFormat = "astrolabe-liabilities-1";

/// Amounts are in the smallest unit of their asset.
struct LiabilityProof {
    std::string format = kProofFormat;
    std::string root;
    journal::Sequence sequence{};  ///< of the last command that the balances have seen
    TimeMs time{};
    std::uint64_t accounts = 0;
    std::vector<std::string> assets;
    AccountId account{};
    std::string salt;
    std::uint64_t index = 0;  ///< of the leaf
    std::vector<std::string> balances, held;
    std::string equity, insurance;
    std::vector<ProofStep> path;
};
BOOST_DESCRIBE_STRUCT(LiabilityProof, (),
                      (format, root, sequence, time, accounts, assets, account, salt, index,
                       balances, held, equity, insurance, path))

/// All accounts of a venue as they are now.
class Liabilities {
  public:
    /// `key` makes the salts: who does not have it learns nothing of the others from a proof but
    /// sums of neighbours, which are others at each sequence.
    Liabilities(const Venue& venue, journal::Sequence sequence, const crypto::SecretKey& key);

    [[nodiscard]] const crypto::Sha256& root() const { return root_; }
    /// Of everything.
    [[nodiscard]] const LiabilitySums& total() const { return top_.sums; }
    /// "account_unknown".
    [[nodiscard]] Result<LiabilityProof> prove(AccountId account) const;

  private:
    [[nodiscard]] LiabilityNode node_of(std::size_t first, std::size_t count) const;
    void add_path(std::size_t first, std::size_t count, std::size_t index,
                  std::vector<ProofStep>& path) const;

    journal::Sequence sequence_;
    TimeMs time_;
    std::vector<std::string> assets_;
    std::vector<LiabilityLeaf> leaves_;
    LiabilityNode top_;
    crypto::Sha256 root_{};
};

/// The key of a data directory, "DIRECTORY/liabilities.key"; made when it is not there.
/// "liabilities_key" when it cannot be read or made, or is no key.
[[nodiscard]] Result<crypto::SecretKey> liabilities_key(const std::string& directory);
/// The same, but nothing when it is not there.
[[nodiscard]] Result<std::optional<crypto::SecretKey>> find_liabilities_key(
    const std::string& directory);

}  // namespace astro::exchange
