#include "capabilities/exchange/engine/liquidation_watch.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace astro::exchange {

LiquidationWatch::LiquidationWatch()
    : memory_(std::make_unique<std::pmr::unsynchronized_pool_resource>()),
      falls_(memory_.get()),
      rises_(memory_.get()) {}

std::optional<AccountId> LiquidationWatch::reached(WatchedPrice fall_now,
                                                   WatchedPrice rise_now) const {
    if (!falls_.empty()) {
        const WatchedPrice highest = falls_.rbegin()->at;
        if (fall_now <= highest) return falls_.lower_bound({highest, AccountId{0}})->account;
    }
    if (!rises_.empty() && rise_now >= rises_.begin()->at) return rises_.begin()->account;
    return std::nullopt;
}

WatchedPrice safe_distance(std::int64_t share, Base size, std::int64_t margin_bps) {
    constexpr std::int64_t kBps = 10'000;
    // share [1e-6 quote] = size [1e-9 base] * distance [1e-9 quote a base] * (1 + margin) / 1e12
    const Int128 magnitude = std::abs(size.value());
    const Int128 per_distance = magnitude * (kBps + margin_bps);
    const Int128 scaled = static_cast<Int128>(share) * kBps * 1'000'000'000'000;
    const Int128 distance = scaled / per_distance;
    constexpr Int128 kMax = std::numeric_limits<std::int64_t>::max() / 4;
    return static_cast<WatchedPrice>(std::clamp<Int128>(distance, 1, kMax));
}

}  // namespace astro::exchange
