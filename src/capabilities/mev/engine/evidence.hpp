#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "capabilities/mev/engine/model.hpp"

/// Small steps from activity to the evidence of a finding.
namespace astro::mev {

/// A sum of amounts back in 64 bits; beyond the limits it stays at the limit (±(2⁶³ − 1)).
[[nodiscard]] inline std::int64_t saturate_to_int64(Int128 v) {
    constexpr Int128 kMax = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(v, -kMax, kMax));
}

[[nodiscard]] inline Leg leg_of_swap(const solana::Swap& s, LegRole role) {
    return Leg{.role = role,
               .slot = s.at.slot,
               .signature = s.signature,
               .tx_index = s.at.tx_index,
               .ix_index = s.at.ix_index,
               .inner_index = s.at.inner_index,
               .protocol = std::string(enum_name(s.protocol)),
               .pool = s.pool,
               .trader = s.trader,
               .mint_in = s.mint_in,
               .amount_in = RawAmount{s.amount_in},
               .mint_out = s.mint_out,
               .amount_out = RawAmount{s.amount_out},
               .verified = s.verified};
}

/// Names a pool or market once, in the order of first mention.
inline void add_pool(Finding& f, const Pubkey& pool) {
    if (std::ranges::find(f.pools, pool) == f.pools.end()) f.pools.push_back(pool);
}

/// A swap as a leg, with its pool.
inline void add_hop(Finding& f, const solana::Swap& swap) {
    f.legs.push_back(leg_of_swap(swap, LegRole::hop));
    add_pool(f, swap.pool);
}

}  // namespace astro::mev
