#pragma once

#include <optional>
#include <vector>

#include "chains/stellar/build/check.hpp"
#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"

/// Transactions from a plan: what is built is what the network takes, or a refusal that names the
/// field.
namespace astro::stellar {

/// The least that the network asks for each operation.
inline constexpr std::uint32_t kBaseFeeStroops = 100;

struct TransactionPlan {
    xdr::MuxedAccount source;
    std::int64_t sequence = 0;  ///< the transaction's own: the account's plus one
    std::uint32_t fee_per_operation_stroops = kBaseFeeStroops;
    xdr::Memo memo;
    /// Written in the shortest form that holds them. An end in time is what makes an outcome
    /// final: without one in `conditions`, `without_end` says that this is meant.
    xdr::PreconditionsV2 conditions;
    bool without_end = false;
    std::vector<xdr::Operation> operations;
    /// Of a contract call, as its simulation tells them; their fee comes on top.
    std::optional<xdr::SorobanTransactionData> resources;
};

/// Unsigned. Refusals "bad_transaction", "bad_operation".
[[nodiscard]] Result<xdr::TransactionEnvelope> build_transaction(const TransactionPlan& plan);

/// A fee bump around a signed transaction of version 1, for `payer`. The rate is for each of its
/// operations and one more; it is at least the inner one and the network's least. Unsigned.
[[nodiscard]] Result<xdr::TransactionEnvelope> build_fee_bump(
    const xdr::TransactionEnvelope& inner, const xdr::MuxedAccount& payer,
    std::int64_t fee_per_operation_stroops);

/// With one more signature over `hash`, the transaction's on its network. Refusals
/// "too_many_signatures" (20 at most), "signed_already".
[[nodiscard]] Result<void> sign(xdr::TransactionEnvelope& envelope, const xdr::Hash& hash,
                                const crypto::Ed25519Key& key);
/// The same for a signer by hash: `preimage` is what hashes to it, 64 bytes at most.
[[nodiscard]] Result<void> sign_with_preimage(xdr::TransactionEnvelope& envelope,
                                              ByteView preimage);
/// The same for a signer of a payload: the key signs the payload, not the transaction.
[[nodiscard]] Result<void> sign_payload(xdr::TransactionEnvelope& envelope, ByteView payload,
                                        const crypto::Ed25519Key& key);

/// Whether it is that key's own, made over `hash`.
[[nodiscard]] bool is_signature_of(const xdr::DecoratedSignature& signature, ByteView key,
                                   const xdr::Hash& hash);

}  // namespace astro::stellar
