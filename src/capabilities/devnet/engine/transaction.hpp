#pragma once

#include <map>
#include <optional>
#include <vector>

#include "capabilities/devnet/engine/state.hpp"
#include "chains/stellar/xdr/transaction.hpp"

/// Transactions as the ledger takes them: whether one may be tried, what it costs, and what it
/// does. The rules are stellar-core's (TransactionFrame and FeeBumpTransactionFrame, protocol 27).
namespace astro::devnet {

using Changes = std::vector<xdr::LedgerEntryChange>;

/// A transaction on its way into the ledger, with what is asked of it again and again.
struct Submitted {
    xdr::TransactionEnvelope envelope;  ///< version 1 or a fee bump
    xdr::Hash hash;                     ///< its own, by which it is known
    xdr::Hash inner_hash;               ///< of what a fee bump pays for; else the same

    [[nodiscard]] bool is_fee_bump() const {
        return envelope.type == xdr::EnvelopeType::tx_fee_bump;
    }
    [[nodiscard]] const xdr::TransactionV1Envelope& inner() const;
    [[nodiscard]] xdr::PublicKey source() const;
    [[nodiscard]] xdr::PublicKey fee_source() const;
    [[nodiscard]] std::int64_t fee_offered() const;
    /// How many base fees it costs: one for each operation, and one for the bump.
    [[nodiscard]] std::int64_t fee_units() const;
};

/// An envelope of version 0 becomes the same transaction in version 1, as nodes do it.
[[nodiscard]] Submitted submitted(xdr::TransactionEnvelope envelope, const xdr::Hash& network);

/// Whether it would be taken into the ledger of that header, which is about to be made: the result
/// says success, or why not. `sequence` is the account's number when other transactions wait before
/// it.
[[nodiscard]] xdr::TransactionResult check(const State& state, const xdr::LedgerHeader& header,
                                           const Submitted& submitted,
                                           std::optional<std::int64_t> sequence = std::nullopt);

/// Takes the fee, at that rate, at most what is offered and what is there; nullopt when nobody is
/// there to pay it.
[[nodiscard]] std::optional<std::int64_t> charge_fee(State& state, xdr::LedgerHeader& header,
                                                     const Submitted& submitted,
                                                     std::int64_t base_fee);

struct AppliedTransaction {
    xdr::TransactionResult result;
    Changes before;                   ///< sequence number and signers for one use
    std::vector<Changes> operations;  ///< empty unless it succeeded
};

/// Its fee has been taken. What fails changes nothing but the sequence number and signers for one
/// use.
[[nodiscard]] AppliedTransaction apply_transaction(
    State& state, xdr::LedgerHeader& header, const Submitted& submitted, std::int64_t fee_charged,
    const std::map<xdr::Uint256, std::int64_t>& sequences_in_ledger);

}  // namespace astro::devnet
