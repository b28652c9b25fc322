#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/mev/engine/model.hpp"

/// What was put into a made-up block, told by who put it there.
namespace astro::mev {

/// One injected case. A case with a `lookalike` is no sandwich (or liquidation) and must not be
/// called a profitable one.
struct Truth {
    std::string kind;       ///< "sandwich" or "liquidation"
    std::string variant;    ///< e.g. "multi_wallet"; liquidations: the protocol
    std::string lookalike;  ///< empty for the real thing, else what it only looks like
    std::string protocol;   ///< of the pool
    Pubkey pool;
    Slot slot;  ///< of the last transaction
    Pubkey actor;
    std::vector<Signature> fronts, victims, backs;  ///< liquidations: `fronts` holds the one
    std::vector<Signature> others;  ///< links between wallets, bystanders, failed attempts
    Pubkey start_mint;
    RawDelta profit_raw;  ///< of all the actor's wallets in start_mint, before fees and tips
    Lamports fee_lamports, tip_lamports;
};
BOOST_DESCRIBE_STRUCT(Truth, (),
                      (kind, variant, lookalike, protocol, pool, slot, actor, fronts, victims,
                       backs, others, start_mint, profit_raw, fee_lamports, tip_lamports))

}  // namespace astro::mev
