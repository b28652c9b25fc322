#include "capabilities/exchange/engine/formulas/auction.hpp"

#include <algorithm>

namespace astro::exchange::formulas {
namespace {

constexpr std::int64_t kDerivePart = 200;  // 0.5 %

/// A two-hundredth away: up for direction 1, down for -1.
Price away(Price price, std::int64_t direction) {
    return price + Price{direction * (price.value() / kDerivePart)};
}

}  // namespace

AuctionRange drift_auction_range(Side side, Price oracle, Price limit) {
    const bool buys = side == Side::buy;
    const std::int64_t worse = buys ? 1 : -1;  // the direction that costs the taker more
    if (limit == Price{0}) return {oracle, away(oracle, worse)};
    const auto better = [&](Price a, Price b) { return buys ? std::min(a, b) : std::max(a, b); };
    const bool limit_is_better = buys ? limit < oracle : limit > oracle;
    if (limit_is_better) return {better(away(limit, -worse), away(oracle, -worse)), limit};
    return {oracle, better(limit, away(oracle, worse))};
}

Price auction_curve(const AuctionRange& range, std::int64_t elapsed, std::int64_t duration) {
    if (duration == 0) return range.end;
    const Int128 way = static_cast<Int128>(range.end.value()) - range.start.value();
    const Int128 gone = way * std::clamp<std::int64_t>(elapsed, 0, duration) / duration;
    return range.start + Price{static_cast<std::int64_t>(gone)};
}

Price round_to_tick(Price price, Price tick, Side side) {
    const auto rounding = side == Side::buy ? Rounding::floor : Rounding::ceil;
    return Price{
        static_cast<std::int64_t>(div_round(price.value(), tick.value(), rounding) * tick.value())};
}

Price auction_price(const AuctionRange& range, std::int64_t elapsed, std::int64_t duration,
                    Price tick, Side side, std::optional<Price> oracle) {
    Price price = auction_curve(range, elapsed, duration);
    if (oracle) price = std::max(*oracle + price, tick);
    return round_to_tick(price, tick, side);
}

}  // namespace astro::exchange::formulas
