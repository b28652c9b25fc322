#pragma once

#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/prices.hpp"

/// Liquidations of lending positions.
///
/// One finding a transaction, protocol and liquidator: searchers liquidate several positions or
/// sell what they seized in the same transaction, and their gain can only be told for the whole.
/// Where tokens reach the liquidator's wallets (Save, Kamino) the gain is what these hold more of,
/// every token valued in lamports; a loan taken and given back within the transaction cancels out
/// and the cost of the swaps is in it. Where the protocol only re-books balances (marginfi, Drift)
/// it is value seized − value repaid.
namespace astro::mev {

/// In transaction order. Calls that repaid nothing are left out. `prices` should have seen the
/// block.
[[nodiscard]] std::vector<Finding> find_liquidations(const solana::BlockActivity& block,
                                                     const PriceTable& prices);

}  // namespace astro::mev
