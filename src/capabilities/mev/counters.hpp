#pragma once

#include "chains/solana/activity.hpp"

namespace astro::solana {

// Described here, since only what is shown needs names: counters route and metrics.
BOOST_DESCRIBE_STRUCT(DecodeCounters, (),
                      (transactions, votes, failed, without_meta, swaps, swaps_verified,
                       dex_instructions_without_swap, unknown_events, balance_mismatch,
                       aggregator_hops_unmatched))

}  // namespace astro::solana
