#include "capabilities/market/engine/book_figures.hpp"

namespace astro::market {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

Quote sum_of(Quote a, Quote b) {
    return Quote{
        checked_add(a.value(), b.value()).value_or(std::numeric_limits<std::int64_t>::max())};
}

/// Levels as far as `limit`, on the far side of which `is_beyond` is true.
template <class IsBeyond>
Quote depth_of(std::span<const DepthLevel> levels, IsBeyond is_beyond) {
    Quote out{};
    for (const auto& level : levels) {
        if (is_beyond(level.price)) break;
        out = sum_of(out, trade_value(level.price, level.size));
    }
    return out;
}

Price part_of(Price price, std::int64_t ppm) {
    return Price{static_cast<std::int64_t>(static_cast<Int128>(price.value()) * ppm / kMillion)};
}

}  // namespace

BookFigures book_figures(const BookSides& book, std::int64_t band_ppm) {
    BookFigures out;
    if (!book.bids.empty()) out.best_bid = book.bids.front().price;
    if (!book.asks.empty()) out.best_ask = book.asks.front().price;
    if (!out.best_bid || !out.best_ask) return out;
    const Price spread = *out.best_ask - *out.best_bid;
    const Price middle{out.best_bid->value() + spread.value() / 2};
    out.middle = middle;
    out.spread = spread;
    if (middle > Price{0})
        out.spread_ppm = static_cast<std::int64_t>(static_cast<Int128>(spread.value()) * kMillion /
                                                   middle.value());
    const Price band = part_of(middle, band_ppm);
    out.bid_depth = depth_of(book.bids, [&](Price price) { return price < middle - band; });
    out.ask_depth = depth_of(book.asks, [&](Price price) { return price > middle + band; });
    const Int128 all = static_cast<Int128>(out.bid_depth.value()) + out.ask_depth.value();
    if (all > 0)
        out.imbalance_ppm = static_cast<std::int64_t>(
            (static_cast<Int128>(out.bid_depth.value()) - out.ask_depth.value()) * kMillion / all);
    return out;
}

std::optional<Price> fill_price(std::span<const DepthLevel> levels, Base size) {
    if (size <= Base{0}) return std::nullopt;
    Int128 paid = 0;
    Base left = size;
    for (const auto& level : levels) {
        const Base part = std::min(left, level.size);
        paid += static_cast<Int128>(level.price.value()) * part.value();
        left = left - part;
        if (left == Base{0}) return Price{static_cast<std::int64_t>(paid / size.value())};
    }
    return std::nullopt;
}

std::optional<Price> volume_price(Quote value, Base volume) {
    if (volume <= Base{0}) return std::nullopt;
    const Int128 price = static_cast<Int128>(value.value()) * exchange::kBaseUnit / volume.value();
    if (price > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return Price{static_cast<std::int64_t>(price)};
}

}  // namespace astro::market
