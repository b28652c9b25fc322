#pragma once

#include <optional>

#include "capabilities/devnet/engine/application.hpp"
#include "chains/stellar/xdr/transaction.hpp"

namespace astro::devnet {

inline constexpr std::size_t kSignersMax = 20;

/// Signers stand in the order of their keys' XDR.
[[nodiscard]] bool is_before(const xdr::SignerKey& a, const xdr::SignerKey& b);
[[nodiscard]] std::optional<std::size_t> find_signer(const xdr::AccountEntry& account,
                                                     const xdr::SignerKey& key);

}  // namespace astro::devnet
