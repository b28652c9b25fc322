#pragma once

#include "capabilities/devnet/engine/signatures.hpp"
#include "capabilities/devnet/engine/transaction.hpp"

namespace astro::devnet {

/// How far a transaction came before something was wrong, or that nothing was: what is done with
/// its sequence number and its signers depends on it.
enum class Reached { nothing, sequence, signatures, all };

struct Validity {
    Reached reached = Reached::nothing;
    xdr::TransactionResultCode code = xdr::TransactionResultCode::tx_success;
    /// Of a fee bump that offers a lower rate than what is inside: what would do.
    std::optional<std::int64_t> fee_needed{};
};

/// A transaction, or the one inside a fee bump. When it is being applied its fee has been taken
/// already. `pays_fee` is false inside a fee bump.
struct Validation {
    const State& state;
    const xdr::LedgerHeader& header;
    const Submitted& submitted;
    bool is_applied = false;
    std::optional<std::int64_t> sequence;
};
[[nodiscard]] Validity validate_inner(const Validation& of, SignatureCheck& signatures);
/// The fee bump itself.
[[nodiscard]] Validity validate_fee_bump(const Validation& of, SignatureCheck& signatures);

/// Whether the operation's source signed for what it does; else why not.
[[nodiscard]] std::optional<xdr::OperationResultCode> find_bad_signature(
    const State& state, const xdr::Transaction& transaction, const xdr::Operation& operation,
    SignatureCheck& signatures);

[[nodiscard]] xdr::PublicKey source_of(const xdr::Transaction& transaction,
                                       const xdr::Operation& operation);
[[nodiscard]] const xdr::AccountEntry* find_account(const State& state, const xdr::PublicKey& id);

}  // namespace astro::devnet
