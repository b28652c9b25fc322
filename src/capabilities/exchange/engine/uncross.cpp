#include "capabilities/exchange/engine/uncross.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace astro::exchange {
namespace {

/// Where demand or supply changes, from the lowest price that can trade to the highest.
std::vector<std::int64_t> segment_starts(std::span<const OpenLevel> bids,
                                         std::span<const OpenLevel> asks) {
    const std::int64_t lowest = asks.front().ticks, highest = bids.front().ticks;
    std::vector<std::int64_t> out;
    for (const auto& ask : asks)
        if (ask.ticks <= highest) out.push_back(ask.ticks);
    for (const auto& bid : bids)
        if (bid.ticks >= lowest && bid.ticks < highest) out.push_back(bid.ticks + 1);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

}  // namespace

Clearing clearing_of(std::span<const OpenLevel> bids, std::span<const OpenLevel> asks,
                     Price reference, Price tick) {
    if (bids.empty() || asks.empty() || bids.front().ticks < asks.front().ticks) return {};
    const auto starts = segment_starts(bids, asks);
    const std::int64_t below = reference.value() / tick.value();
    const auto distance = [&](std::int64_t ticks) {
        return std::abs(ticks * tick.value() - reference.value());
    };
    std::uint64_t demand = 0, supply = 0;
    for (const auto& bid : bids)
        if (bid.ticks >= starts.front()) demand += bid.lots;
    auto bid = std::ranges::find_if(bids.rbegin(), bids.rend(),
                                    [&](const auto& b) { return b.ticks >= starts.front(); });
    auto ask = asks.begin();
    Clearing best;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::int64_t first = starts[i];
        const std::int64_t last = i + 1 < starts.size() ? starts[i + 1] - 1 : bids.front().ticks;
        for (; ask != asks.end() && ask->ticks <= first; ++ask) supply += ask->lots;
        for (; bid != bids.rend() && bid->ticks < first; ++bid) demand -= bid->lots;
        const auto imbalance = static_cast<std::int64_t>(demand - supply);
        for (const std::int64_t near : {below, below + 1}) {
            const Clearing here{std::clamp(near, first, last), std::min(demand, supply), imbalance};
            const auto rank = [&](const Clearing& c) {
                return std::tuple(-static_cast<std::int64_t>(c.volume), std::abs(c.imbalance),
                                  distance(c.ticks), c.ticks);
            };
            if (best.ticks == 0 || rank(here) < rank(best)) best = here;
        }
    }
    return best;
}

}  // namespace astro::exchange
