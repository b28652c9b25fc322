#pragma once

#include <vector>

#include "chains/solana/activity.hpp"
#include "chains/solana/scope.hpp"

/// Liquidation instructions of lending programs. Only those that repaid something count.
namespace astro::solana {

void find_liquidations(TransactionScope& scope, Slot slot, std::vector<LiquidationCall>& out,
                       DecodeCounters& counters);

}  // namespace astro::solana
