#pragma once

#include "foundation/base/decimal.hpp"

/// The venue's money: whole numbers with a fixed number of decimals, which travel as decimal text
/// ("142.35"). Scales as in Drift (PRICE_PRECISION, BASE_PRECISION, QUOTE_PRECISION).
namespace astro::exchange {

using astro::decimal_text;
using astro::from_text;
using astro::parse_decimal;
using astro::to_text;

struct PriceTag : astro::tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 6;
};
struct BaseTag : astro::tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 9;
};
struct QuoteTag : astro::tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 6;
};

using Price = Strong<PriceTag>;  ///< 1e-6 of the quote currency for one unit of the base
using Base = Strong<BaseTag>;    ///< 1e-9 of the base currency; signed, long is positive
using Quote = Strong<QuoteTag>;  ///< 1e-6 of the quote currency (US dollars)

inline constexpr std::int64_t kBaseUnit = 1'000'000'000;  ///< one whole base in Base
inline constexpr std::int64_t kQuoteUnit = 1'000'000;     ///< one whole quote in Quote and in Price

/// No price above ten million dollars and no notional above ten billion: with these, and sizes that
/// check_market() bounds by them, no sum over 100,000 accounts leaves 64 bits.
inline constexpr Price kPriceMax{10'000'000 * kQuoteUnit};
inline constexpr Quote kNotionalMax{10'000'000'000 * kQuoteUnit};

}  // namespace astro::exchange
