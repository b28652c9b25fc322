#pragma once

#include "capabilities/devnet/engine/application.hpp"

namespace astro::devnet {

/// An account's trustline for the shares is gone: its other two count one use less, and the pool
/// goes with its last holder.
void leave_pool(Application& app, const xdr::PublicKey& account,
                const xdr::LiquidityPoolConstantProductParameters& pool);

/// What that many shares are worth of a reserve, rounded down.
[[nodiscard]] std::int64_t share_of(std::int64_t shares, std::int64_t all_shares,
                                    std::int64_t reserve);

}  // namespace astro::devnet
