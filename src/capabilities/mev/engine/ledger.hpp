#pragma once

#include <span>
#include <vector>

#include "chains/solana/activity.hpp"
#include "foundation/base/numbers.hpp"

/// What a group of wallets gained over one transaction.
namespace astro::mev {

/// The wallets one trader acts through in a transaction: the signers, and the owners of the token
/// accounts that `legs` pay from and are paid to. Vault owners are no wallets, and the intermediate
/// accounts of an aggregator belong to it, not to the trader. Sorted, without duplicates.
[[nodiscard]] std::vector<solana::Pubkey> owner_cluster(const solana::TransactionActivity& tx,
                                                        std::span<const solana::Swap> legs);

/// Change of `mint` over all wallets of `cluster` (sorted); saturates at the 64-bit limits.
[[nodiscard]] std::int64_t cluster_delta(const solana::TransactionActivity& tx,
                                         std::span<const solana::Pubkey> cluster,
                                         const solana::Pubkey& mint);

/// Change of SOL and wrapped SOL before fee, tip and rent: what is left when these are added back.
[[nodiscard]] Lamports cluster_sol_before_costs(const solana::TransactionActivity& tx,
                                                std::span<const solana::Pubkey> cluster);

}  // namespace astro::mev
