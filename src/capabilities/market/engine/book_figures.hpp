#pragma once

#include <optional>
#include <span>

#include "capabilities/market/engine/candle.hpp"

/// What a book says at one moment: whole numbers, and shares of a million.
namespace astro::market {

struct DepthLevel {
    Price price{};
    Base size{};
};
/// Best levels first; sizes above zero.
struct BookSides {
    std::span<const DepthLevel> bids{}, asks{};
};

struct BookFigures {
    std::optional<Price> best_bid{}, best_ask{};
    std::optional<Price> middle{};             ///< rounded down
    std::optional<Price> spread{};             ///< below zero: crossed
    std::optional<std::int64_t> spread_ppm{};  ///< of the middle
    Quote bid_depth{}, ask_depth{};            ///< what stands within the band around the middle
    /// (bids - asks) / (bids + asks) of the depth, a million being all: above zero, more is bid.
    std::optional<std::int64_t> imbalance_ppm{};
};
BOOST_DESCRIBE_STRUCT(BookFigures, (),
                      (best_bid, best_ask, middle, spread, spread_ppm, bid_depth, ask_depth,
                       imbalance_ppm))

/// Depth is counted as far as `band_ppm` from the middle.
[[nodiscard]] BookFigures book_figures(const BookSides& book, std::int64_t band_ppm);

/// The average price at which `size` meets the levels, rounded down; nothing when they have less.
[[nodiscard]] std::optional<Price> fill_price(std::span<const DepthLevel> levels, Base size);

/// What a volume was traded at on average, rounded down: sum of values by sum of sizes.
[[nodiscard]] std::optional<Price> volume_price(Quote value, Base volume);

}  // namespace astro::market
