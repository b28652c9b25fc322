#pragma once

#include <optional>
#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/prices.hpp"
#include "capabilities/mev/engine/sandwich_search.hpp"

/// What a sandwich brought its maker, and what it cost the victims.
namespace astro::mev {

/// In the start token unless the name says otherwise.
struct SandwichAccount {
    std::int64_t profit = 0;                  ///< before fees and tips
    std::int64_t by_legs = 0;                 ///< what the legs alone say
    std::optional<std::int64_t> by_balances;  ///< what the wallets' balances say, where comparable
    std::int64_t stock_used = 0;
    Lamports fees{}, tips{};
    std::optional<Lamports> net;  ///< none when the start token has no price
};

/// Profit: by balances where these differ from the legs by no more than what platforms charge
/// (pump.fun takes its fee beside the swap), else by the legs.
[[nodiscard]] SandwichAccount settle_sandwich(const SandwichShape& shape, const PriceTable& prices);

/// What each victim would have got more had the fronts and backs not been there: the pool is
/// replayed from its state before the first front with the attacker's swaps left out.
[[nodiscard]] std::vector<VictimLoss> victim_losses(const SandwichShape& shape,
                                                    const std::vector<SwapRecord>& pool,
                                                    const PriceTable& prices);

}  // namespace astro::mev
