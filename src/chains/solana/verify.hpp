#pragma once

#include <vector>

#include "chains/solana/protocols/protocol.hpp"

/// Checks swaps against the balances the node reports, which no decoding went into.
namespace astro::solana {

/// For each draft, whether the change of both its vaults over the transaction is exactly what was
/// decoded. A vault's change must equal the sum of all legs of all drafts over it, plus movements
/// outside swaps (liquidity, minting), less what a swap paid out of it to others (fees). A transfer
/// into a vault from within a swap that is no leg explains nothing: then something was misread.
[[nodiscard]] std::vector<bool> verify_swaps(const TransactionScope& scope,
                                             const std::vector<SwapDraft>& drafts);

}  // namespace astro::solana
