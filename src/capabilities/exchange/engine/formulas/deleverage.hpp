#pragma once

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// Who is closed first when nobody else takes a bankrupt position: those who won the most with the
/// most leverage. A rank is a whole number in 1e-6 (higher goes first), so that an order of ranks
/// is the same on every machine; equal ranks are the caller's to break, by a rule that is not luck.
namespace astro::exchange::formulas {

/// A position as the ranks see it. size != 0, mark and entry > 0.
struct RankedPosition {
    Base size;
    Price entry, mark;
    Quote account_value;        ///< equity of its account
    Quote account_maintenance;  ///< for Binance's margin ratio, >= 0
};

/// Hyperliquid: (mark / entry) * (notional / account value), for a short entry / mark, whose gain
/// is a falling price. Rounded to zero, saturating; an account worth nothing is first.
/// Source: Hyperliquid docs, auto-deleveraging.
[[nodiscard]] std::int64_t hyperliquid_deleverage_rank(const RankedPosition& position);

/// Binance: profit in per cent of the entry notional times the account's margin ratio
/// (maintenance / value) for winners; for losers the percentage divided by it, which is below
/// every winner. Rounded to zero, saturating. Source: Binance FAQ, auto-deleveraging.
[[nodiscard]] std::int64_t binance_deleverage_rank(const RankedPosition& position);

/// Ours: (profit / entry notional) * (notional / account value): what was won on a dollar, times
/// the effective leverage. Losers have a negative rank and are not called upon.
[[nodiscard]] std::int64_t deleverage_rank(const RankedPosition& position);

}  // namespace astro::exchange::formulas
