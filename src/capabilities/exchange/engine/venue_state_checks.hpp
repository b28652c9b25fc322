#pragma once

#include <string>
#include <string_view>

#include "capabilities/exchange/engine/market.hpp"
#include "foundation/base/result.hpp"

/// What holds of the numbers of any venue: bytes that say otherwise are refused.
namespace astro::exchange::state_checks {

/// Of one amount or value: a sum of 32 of them fits 64 bits.
inline constexpr std::int64_t kMax = std::int64_t{1} << 58;
/// Of balances and pools, of which fewer are added.
inline constexpr std::int64_t kMoneyMax = std::int64_t{1} << 60;
inline constexpr std::int64_t kTimeMax = std::int64_t{1} << 53;
inline constexpr Int128 kFundingIndexMax = Int128{1} << 61;
inline constexpr Int128 kDustUnit = 1'000'000'000'000;
inline constexpr std::int64_t kSamplesMax = std::int64_t{1} << 32;

inline bool within(Int128 value, Int128 most) {
    return value >= -most && value <= most;
}
inline bool is_time(TimeMs time) {
    return time >= TimeMs{0} && time <= TimeMs{kTimeMax};
}
inline bool is_price(Price price) {
    return price >= Price{0} && price <= kPriceMax;
}

inline Unexpected bad(std::string message, std::string_view what = {}, std::uint64_t number = 0) {
    return refusal("bad_state", std::move(message),
                   what.empty() ? std::string() : std::string(what) + " " + std::to_string(number));
}

/// Whole lots, and worth what can be counted.
inline bool is_counted(const Market& market, Base size) {
    return within(size.value(), std::int64_t{1} << 62) &&
           size.value() % market.settings.lot_size.value() == 0 &&
           within(notional(market.mark, size), kMax) && within(notional(market.index, size), kMax);
}

}  // namespace astro::exchange::state_checks
