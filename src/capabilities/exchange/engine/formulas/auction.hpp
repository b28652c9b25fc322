#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/order_pool.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// Drift's auction of a taker order: for a while its price moves from good for the taker to worse,
/// and whoever first finds it good enough fills it.
///
///   buy   end   ........____   limit, or 0.5 % above the oracle
///                 ___---
///         start --              the oracle, or 0.5 % below the better of limit and oracle
namespace astro::exchange::formulas {

struct AuctionRange {
    Price start, end;
    bool operator==(const AuctionRange&) const = default;
};

/// Start and end for an order that names none. limit 0: none. 0 < oracle, prices <= kPriceMax;
/// 1/200 rounded to zero.
/// Source: Drift v2, programs/drift/src/math/auction.rs, calculate_auction_prices.
[[nodiscard]] AuctionRange drift_auction_range(Side side, Price oracle, Price limit);

/// The price after `elapsed` of `duration` (slots or milliseconds):
///   start + (end - start) * min(elapsed, duration) / duration      rounded to zero
/// duration 0: the end. Start and end may be offsets (negative too); see auction_price.
[[nodiscard]] Price auction_curve(const AuctionRange& range, std::int64_t elapsed,
                                  std::int64_t duration);

/// A price on a tick: down for a buy, up for a sale, so that no rounding makes a taker pay more.
/// price > 0, tick > 0. Source: Drift v2, math/orders.rs, standardize_price.
[[nodiscard]] Price round_to_tick(Price price, Price tick, Side side);

/// The curve on a tick. With an oracle price the range is an offset to it, now, and the sum at
/// least one tick. Source: the same, calculate_auction_price.
[[nodiscard]] Price auction_price(const AuctionRange& range, std::int64_t elapsed,
                                  std::int64_t duration, Price tick, Side side,
                                  std::optional<Price> oracle);

/// Whether the auction is over: after its last moment, not in it.
[[nodiscard]] constexpr bool auction_complete(std::int64_t elapsed, std::int64_t duration) {
    return duration == 0 || elapsed > duration;
}

}  // namespace astro::exchange::formulas
