#pragma once

#include <span>

#include "capabilities/exchange/engine/formulas/margin.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// Leverage brackets as Binance publishes them: the larger the notional, the higher the rate and
/// the lower the leverage, each rate only for the part of the notional in its bracket:
///
///   requirement = notional * rate - cum      with cum such that the requirement never jumps
namespace astro::exchange::formulas {

struct MarginBracket {
    Quote from, to;  ///< notional, from <= n < to; the last bracket also takes what is above
    std::int64_t maintenance_ppm = 0;  ///< 1..1,000,000
    std::int64_t leverage_max = 0;     ///< 1..1,000
    Quote cum;                         ///< the maintenance amount
    bool operator==(const MarginBracket&) const = default;
};
BOOST_DESCRIBE_STRUCT(MarginBracket, (), (from, to, maintenance_ppm, leverage_max, cum))

/// "bad_brackets" names the first bracket that cannot be: the first begins at zero and has cum 0,
/// each begins where the one before ends, rates rise, leverages do not, 1 / leverage is at least
/// the rate (the initial margin covers the maintenance margin), and cum makes the requirement
/// continuous to the last unit.
[[nodiscard]] Result<void> check_brackets(std::span<const MarginBracket> brackets);

/// The bracket of a notional. brackets: checked; notional >= 0.
[[nodiscard]] const MarginBracket& bracket_of(std::span<const MarginBracket> brackets,
                                              Quote notional);

/// notional * rate - cum, rounded up. brackets: checked; notional >= 0.
[[nodiscard]] Quote bracket_maintenance(std::span<const MarginBracket> brackets, Quote notional);

/// notional / leverage, rounded up; the leverage is the account's choice, at most the bracket's.
[[nodiscard]] Quote bracket_initial(std::span<const MarginBracket> brackets, Quote notional,
                                    std::int64_t leverage);

}  // namespace astro::exchange::formulas
