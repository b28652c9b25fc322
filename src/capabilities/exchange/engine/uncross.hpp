#pragma once

#include <span>

#include "capabilities/exchange/engine/units.hpp"

/// The one price at which an opening auction trades.
///
///     lots │ demand ▔▔▔▔╲______            executed = the lower of both at a price;
///          │ supply ____╱▔▔▔▔▔▔            the most of it, then the least imbalance,
///          └───────────┴───────▶ price     then nearest to the reference, then the lower price
///
/// Demand and supply only change at limits of orders, so between two of them all prices trade the
/// same and only the one nearest to the reference is looked at.
namespace astro::exchange {

/// All that is open at a price, with what icebergs hide.
struct OpenLevel {
    std::int64_t ticks = 0;
    std::uint64_t lots = 0;
};

struct Clearing {
    std::int64_t ticks = 0;      ///< 0: nothing crosses
    std::uint64_t volume = 0;    ///< lots
    std::int64_t imbalance = 0;  ///< lots of demand less those of supply, at the price
    bool operator==(const Clearing&) const = default;
};

/// Bids and asks best first, prices from 1 tick on; those that cannot trade may be left out.
[[nodiscard]] Clearing clearing_of(std::span<const OpenLevel> bids, std::span<const OpenLevel> asks,
                                   Price reference, Price tick);

}  // namespace astro::exchange
