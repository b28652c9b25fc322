#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/average.hpp"
#include "capabilities/exchange/engine/formulas/funding.hpp"

/// The price by which accounts are judged: near enough to the index that nobody is liquidated by
/// a print on our own book, near enough to the book that a profit can be taken.
namespace astro::exchange::formulas {

/// The middle of the impact prices, rounded down; nothing when a side is missing.
[[nodiscard]] std::optional<Price> impact_mid(std::optional<Price> bid, std::optional<Price> ask);

/// Ours: the median of {impact mid, index, index + basis}, then at most band_bps of the index away
/// from it (bounds rounded toward the index) and at least 1. Without an impact mid the index.
/// `basis`: an EMA of (impact mid - index). 0 < index <= kPriceMax, |basis| <= kPriceMax.
[[nodiscard]] Price mark_price(std::optional<Price> mid, Price index, Price basis,
                               std::int64_t band_bps);

/// Binance: median of index * (1 + last rate * time to funding / period), index + average basis
/// (30 s, one sample a second), and the last trade. Roundings to zero.
/// Source: Binance FAQ, mark price and price index. |rate| <= 1, 0 <= to_funding <= period.
[[nodiscard]] Price binance_mark(Price index, Rate last_rate, std::int64_t to_funding_s,
                                 std::int64_t period_s, Price average_basis, Price last);

struct HyperliquidMark {
    Price oracle;
    Price basis;  ///< EMA of 150 s of (mid - oracle)
    std::optional<Price> bid, ask, last;
    std::optional<Price> elsewhere;  ///< weighted median of other venues' perpetual mids
    std::optional<Price> book_slow;  ///< EMA of 30 s of the book's own median
};
/// Hyperliquid: median of {oracle + basis, median(bid, ask, last), elsewhere}; when only two of
/// these exist, the 30 s EMA of the second is the third. Source: Hyperliquid docs, robust prices.
[[nodiscard]] Price hyperliquid_mark(const HyperliquidMark& inputs);

}  // namespace astro::exchange::formulas
