#pragma once

#include "capabilities/mev/engine/sandwich_account.hpp"

/// From a shape and its account to the finding a person reads.
namespace astro::mev {

/// `block` is the one that completed the shape. None when nothing was gained before fees either:
/// then it was a trade that lost, not a sandwich.
[[nodiscard]] std::optional<Finding> report_sandwich(const SandwichShape& shape,
                                                     const std::vector<SwapRecord>& pool,
                                                     const solana::BlockActivity& block,
                                                     const PriceTable& prices,
                                                     const SandwichConfig& config);

}  // namespace astro::mev
