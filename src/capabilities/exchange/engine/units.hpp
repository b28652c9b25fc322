#pragma once

#include <string>
#include <string_view>

#include "foundation/base/numbers.hpp"

/// The venue's money: whole numbers with a fixed number of decimals, which travel as decimal text
/// ("142.35"). Scales as in Drift (PRICE_PRECISION, BASE_PRECISION, QUOTE_PRECISION).
namespace astro::exchange {

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

/// Shortest decimal text: "142.35", "-0.000001", "7".
[[nodiscard]] std::string decimal_text(std::int64_t value, int decimals);
/// The reverse; false for what is no plain decimal number, has more decimals or does not fit.
[[nodiscard]] bool parse_decimal(std::string_view text, int decimals, std::int64_t& out);

template <class Tag>
    requires requires { Tag::kDecimals; }
[[nodiscard]] std::string to_text(const Strong<Tag>& value) {
    return decimal_text(value.value(), Tag::kDecimals);
}
template <class Tag>
    requires requires { Tag::kDecimals; }
[[nodiscard]] bool from_text(std::string_view text, Strong<Tag>& out) {
    std::int64_t value = 0;
    if (!parse_decimal(text, Tag::kDecimals, value)) return false;
    out = Strong<Tag>{value};
    return true;
}

}  // namespace astro::exchange
