#pragma once

#include <vector>

#include "chains/stellar/xdr/transaction.hpp"

namespace astro::stellar::xdr {

inline constexpr std::size_t kSignaturesMax = 20;

/// The outer ones: of a fee bump, those of who pays.
[[nodiscard]] std::vector<DecoratedSignature>& signatures_of(TransactionEnvelope& envelope);

/// The keys of the accounts that the outer transaction acts for, each once: its source, and those
/// of its operations; of a fee bump, who pays.
[[nodiscard]] std::vector<Uint256> sources_of(const TransactionEnvelope& envelope);

}  // namespace astro::stellar::xdr
