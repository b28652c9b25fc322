#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/prices.hpp"

/// Atomic arbitrage: within one transaction one trader's swaps close a cycle of tokens.
///
///        ┌── pool 1 ──▶ B ──┐            paid and got are sums over all legs of a hop, so a hop
///        A                  pool 2       split over several pools is one hop. Every token but the
///        ◀── pool 3 ── C ◀──┘            first must leave as it came, within 1 %.
///
/// Who gained is read from balances, not from the swaps: the change of what the trader's wallets
/// hold of A, with fee, tip and rent added back, less what swaps outside the cycle brought or took.
/// Whatever of B or C the trader had to add from stock is charged against the gain at the cycle's
/// own rate, and lamports that went elsewhere (platform fees) are charged too.
namespace astro::mev {

struct ArbitrageConfig {
    /// Largest difference between what one hop gave and the next one took.
    std::uint32_t hop_tolerance_ppm = 10'000;
    /// A transaction with more swaps than this is only looked at as a whole.
    std::size_t swaps_searched_max = 32;
    /// A transaction with more swaps than this is not looked at: the chain's limits allow no such.
    std::size_t swaps_max = 128;
};

/// A closed cycle among the swaps of one transaction.
struct Cycle {
    std::vector<std::size_t> swaps;         ///< indexes in execution order
    std::vector<solana::Pubkey> mints;      ///< in order of first use; [0] is the start
    std::uint64_t paid = 0, got = 0;        ///< of the start token, by the trader, over all legs
    std::uint32_t worst_gap_ppm = 0;        ///< largest difference at any other token
    std::vector<solana::Pubkey> unseen_at;  ///< tokens that entered or left by a step no swap shows
};

/// Cycles among `swaps` (one transaction, execution order), each swap in at most one. Longer ones
/// are preferred: a cycle of cycles through one start token is one cycle.
[[nodiscard]] std::vector<Cycle> find_cycles(std::span<const solana::Swap> swaps,
                                             const ArbitrageConfig& config = {});

/// All of a transaction's swaps as one cycle with a step in it that is no readable swap (a stake
/// pool, an unknown program): the first token in is the last one out, and what the swaps leave open
/// is closed by the trader's balances, which changed in no other token of theirs.
[[nodiscard]] std::optional<Cycle> close_by_balances(const solana::TransactionActivity& tx,
                                                     const ArbitrageConfig& config = {});

/// Findings of kind arbitrage of a block in transaction order. Losing cycles come as `attempted`.
/// `prices` should have seen the block.
[[nodiscard]] std::vector<Finding> find_arbitrages(const solana::BlockActivity& block,
                                                   const PriceTable& prices,
                                                   const ArbitrageConfig& config = {});

}  // namespace astro::mev
