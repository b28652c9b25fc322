#pragma once

#include <span>
#include <string>
#include <vector>

#include "capabilities/devnet/engine/transaction.hpp"
#include "foundation/crypto/ed25519.hpp"

/// A Stellar network of one: a chain of ledgers, each made of the one before, of transactions and
/// of a time. Pure and deterministic.
namespace astro::devnet {

inline constexpr std::uint32_t kProtocol = 27;
/// What was there before the first payment: a hundred thousand million lumens.
inline constexpr std::int64_t kAllStroops = 1'000'000'000'000'000'000;

struct LedgerRules {
    std::uint32_t base_fee_stroops = 100;
    std::uint32_t base_reserve_stroops = 5'000'000;
    std::uint32_t operations_max = 10'000;  ///< in one ledger
    std::uint64_t genesis_time_s = 0;
};

/// A transaction of a closed ledger.
struct LedgerTransaction {
    Submitted submitted;
    AppliedTransaction applied;
    Changes fee_changes;

    [[nodiscard]] bool succeeded() const;
};

struct ClosedLedger {
    xdr::LedgerHeader header;
    xdr::Hash hash;
    std::vector<LedgerTransaction> transactions;
};

class Ledger {
  public:
    /// Ledger 1, in which the root account has all lumens.
    Ledger(std::string_view passphrase, const LedgerRules& rules);
    /// As it was left: the last header and all entries.
    Ledger(std::string_view passphrase, xdr::LedgerHeader header,
           std::vector<xdr::LedgerEntry> entries);

    [[nodiscard]] const xdr::Hash& network() const { return network_; }
    [[nodiscard]] const xdr::LedgerHeader& header() const { return header_; }
    [[nodiscard]] const xdr::Hash& hash() const { return hash_; }
    [[nodiscard]] const State& state() const { return state_; }

    /// Whether a node would take it for the ledger that closes at that time; see check() of
    /// transaction.hpp.
    [[nodiscard]] xdr::TransactionResult check(const Submitted& submitted,
                                               std::uint64_t close_time_s,
                                               std::optional<std::int64_t> sequence = {}) const;

    /// Closes the next ledger. All fees are taken first, then the transactions are tried in that
    /// order; one whose payer of fees is not there is left out. The time is not before the last
    /// one's. `base_fee`: what an operation costs in it, if more than the least.
    ClosedLedger close(std::vector<Submitted> transactions, std::uint64_t close_time_s,
                       std::int64_t base_fee = 0);

  private:
    [[nodiscard]] xdr::LedgerHeader next_header(std::uint64_t close_time_s) const;

    xdr::Hash network_;
    State state_;
    xdr::LedgerHeader header_;
    xdr::Hash hash_;
};

/// Who has everything in ledger 1: its key follows from the network's passphrase, as everywhere.
[[nodiscard]] crypto::Ed25519Key root_key(std::string_view passphrase);

}  // namespace astro::devnet
