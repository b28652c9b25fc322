#include "capabilities/exchange/engine/uncross.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace astro::exchange {
namespace {

using Levels = std::vector<OpenLevel>;

/// Every price is tried.
Clearing naive(const Levels& bids, const Levels& asks, Price reference, Price tick) {
    Clearing best;
    std::int64_t highest = 0;
    for (const auto& level : bids) highest = std::max(highest, level.ticks);
    for (const auto& level : asks) highest = std::max(highest, level.ticks);
    for (std::int64_t ticks = 1; ticks <= highest; ++ticks) {
        std::int64_t demand = 0, supply = 0;
        for (const auto& bid : bids)
            if (bid.ticks >= ticks) demand += static_cast<std::int64_t>(bid.lots);
        for (const auto& ask : asks)
            if (ask.ticks <= ticks) supply += static_cast<std::int64_t>(ask.lots);
        const std::int64_t volume = std::min(demand, supply);
        if (volume == 0) continue;
        const auto rank = [&](std::int64_t v, std::int64_t imbalance, std::int64_t t) {
            return std::tuple(-v, std::abs(imbalance),
                              std::abs(t * tick.value() - reference.value()), t);
        };
        if (best.ticks == 0 ||
            rank(volume, demand - supply, ticks) <
                rank(static_cast<std::int64_t>(best.volume), best.imbalance, best.ticks))
            best = {ticks, static_cast<std::uint64_t>(volume), demand - supply};
    }
    return best;
}

TEST(Uncross, TakesThePriceAtWhichMostTrades) {
    const Levels bids{{105, 3}, {102, 5}, {99, 9}}, asks{{98, 2}, {101, 4}, {104, 9}};
    EXPECT_EQ(clearing_of(bids, asks, Price{100}, Price{1}), (Clearing{101, 6, 2}));
}

TEST(Uncross, OfThoseAsGoodTheLeastImbalanceThenTheNearestToTheReference) {
    EXPECT_EQ(clearing_of(Levels{{110, 5}}, Levels{{90, 5}}, Price{97}, Price{1}),
              (Clearing{97, 5, 0}));
    EXPECT_EQ(clearing_of(Levels{{110, 5}}, Levels{{90, 5}}, Price{500}, Price{1}).ticks, 110);
    EXPECT_EQ(clearing_of(Levels{{110, 5}}, Levels{{90, 5}}, Price{1}, Price{1}).ticks, 90);
    EXPECT_EQ(clearing_of(Levels{{110, 5}}, Levels{{90, 5}}, Price{1'005}, Price{10}).ticks, 100)
        << "the lower of two as near";
    EXPECT_EQ(clearing_of(Levels{{110, 5}, {95, 5}}, Levels{{90, 5}}, Price{90}, Price{1}).ticks,
              96)
        << "below it demand is twice the supply";
}

TEST(Uncross, NothingWhereNothingCrosses) {
    EXPECT_EQ(clearing_of(Levels{{99, 5}}, Levels{{100, 5}}, Price{100}, Price{1}), Clearing{});
    EXPECT_EQ(clearing_of(Levels{}, Levels{{100, 5}}, Price{100}, Price{1}), Clearing{});
    EXPECT_EQ(clearing_of(Levels{{100, 5}}, Levels{{100, 7}}, Price{1}, Price{1}),
              (Clearing{100, 5, -2}));
}

RC_GTEST_PROP(UncrossProperty, IsWhatTryingEveryPriceFinds,
              (std::map<std::uint8_t, std::uint8_t> bid_levels,
               std::map<std::uint8_t, std::uint8_t> ask_levels, std::uint16_t reference,
               std::uint8_t tick)) {
    Levels bids, asks;
    for (const auto& [ticks, lots] : bid_levels) bids.push_back({ticks + 1, lots + 1U});
    for (const auto& [ticks, lots] : ask_levels) asks.push_back({ticks + 1, lots + 1U});
    std::ranges::reverse(bids);
    const Price at{reference}, step{tick % 7 + 1};
    RC_ASSERT(clearing_of(bids, asks, at, step) == naive(bids, asks, at, step));
}

}  // namespace
}  // namespace astro::exchange
