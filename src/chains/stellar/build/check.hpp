#pragma once

#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/result.hpp"

/// What a transaction must be by itself, whatever the ledger holds: the network refuses all else as
/// malformed, without saying where. The rules are stellar-core's (doCheckValid), protocol 27.
namespace astro::stellar {

inline constexpr std::size_t kOperationsMax = 100;
inline constexpr std::size_t kMemoTextBytesMax = 28;

/// Refusal "bad_transaction": where is the path to the field.
[[nodiscard]] Result<void> check(const xdr::Transaction& transaction);
/// Refusal "bad_operation": `source` is who the operation acts for, `where` the path to it.
[[nodiscard]] Result<void> check(const xdr::Operation& operation, const xdr::PublicKey& source,
                                 const std::string& where);

/// Whether it is one that calls contracts, and so stands alone in its transaction.
[[nodiscard]] bool is_contract_call(xdr::OperationType type);

}  // namespace astro::stellar
