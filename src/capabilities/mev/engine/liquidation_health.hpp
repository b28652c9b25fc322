#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/prices.hpp"

/// Which lending positions are about to become liquidatable. Works on plain values: whoever reads
/// account data (by protocol) fills in a Position.
namespace astro::mev {

struct Holding {
    Pubkey mint;
    RawAmount amount;
    /// Deposits: the share that counts toward the limit (liquidation threshold, ≤ 10000). Borrows:
    /// how much heavier than its value the debt counts (borrow factor, ≥ 10000).
    std::uint32_t weight_bps = 10'000;
};

struct Position {
    solana::LendingProtocol protocol = solana::LendingProtocol::save;
    Pubkey obligation, owner, market;
    std::vector<Holding> deposits, borrows;
};

struct Health {
    Lamports limit;  ///< Σ deposit value × threshold
    Lamports debt;   ///< Σ borrow value × factor
    /// 10000 × limit / debt; liquidatable below 10000.
    std::uint64_t ratio_bps = 0;
};

struct HealthConfig {
    std::uint64_t near_bps = 10'500;  ///< reported below this
};

/// None when there is no debt, or a borrowed token has no price. A deposit without a price counts
/// nothing, as the lending programs do with a stale oracle.
[[nodiscard]] std::optional<Health> health_of(const Position& position, const PriceTable& prices);

/// Findings of kind near_liquidation, status open, the least healthy first.
[[nodiscard]] std::vector<Finding> near_liquidations(std::span<const Position> positions,
                                                     const PriceTable& prices, Slot slot,
                                                     std::optional<TimestampNs> time,
                                                     const HealthConfig& config = {});

}  // namespace astro::mev
