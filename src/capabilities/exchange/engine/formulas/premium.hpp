#pragma once

#include <optional>
#include <span>

#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/engine/order_pool.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// How far the book trades from the index: the input of funding and of the mark price.
namespace astro::exchange::formulas {

struct RateTag : tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 12;
};
// Rates travel as decimal text too.
using exchange::from_text;
using exchange::to_text;

/// 1e-12 of the notional: "0.0000125" is 12,500,000. Fine enough that an eighth of a premium
/// published with eight decimals is exact.
using Rate = Strong<RateTag>;
inline constexpr std::int64_t kRateOne = 1'000'000'000'000;
inline constexpr std::int64_t kRatePerPpm = kRateOne / 1'000'000;
/// No premium is beyond ten times the index: with it no sum of a day of samples leaves 64 bits.
inline constexpr Rate kPremiumMax{10 * kRateOne};
static_assert(kPremiumMax.value() < kInt64Max / 86'400);

struct Level {
    Price price;  ///< > 0
    Base size;    ///< > 0
};

/// The average price at which an order for `notional` of quote would trade now, best level first:
/// notional / base, the last level in part. The exact average is rounded against the book's worth:
/// what sellers get (`side` sell, into bids) down, what buyers pay (buy, into asks) up.
/// Nothing when the levels do not hold that much. 0 < notional <= kNotionalMax, prices at most
/// kPriceMax. Source: Binance and Hyperliquid, "impact bid/ask price".
[[nodiscard]] std::optional<Price> impact_price(std::span<const Level> levels, Quote notional,
                                                Side side);

/// (max(0, bid - index) - max(0, index - ask)) / index, rounded to zero, within +-kPremiumMax.
/// A side that the book cannot fill adds nothing. index > 0.
/// Source: Binance, Hyperliquid and dYdX alike.
[[nodiscard]] Rate premium(std::optional<Price> impact_bid, std::optional<Price> impact_ask,
                           Price index);

}  // namespace astro::exchange::formulas
