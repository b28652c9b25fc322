#include "capabilities/exchange/engine/formulas/deleverage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange::formulas {
namespace {

RankedPosition position(std::int64_t bases, std::int64_t entry, std::int64_t mark,
                        std::int64_t value) {
    return {Base{bases * kBaseUnit}, Price{entry * kQuoteUnit}, Price{mark * kQuoteUnit},
            Quote{value * kQuoteUnit}, Quote{value * kQuoteUnit / 10}};
}

TEST(Deleverage, RanksByProfitAndLeverage) {
    EXPECT_EQ(hyperliquid_deleverage_rank(position(10, 100, 150, 500)), 4'500'000);
    EXPECT_EQ(hyperliquid_deleverage_rank(position(-10, 150, 100, 500)), 3'000'000);
    EXPECT_EQ(binance_deleverage_rank(position(10, 100, 150, 500)), 50'000);
    EXPECT_EQ(binance_deleverage_rank(position(10, 100, 50, 500)), -5'000'000);
    EXPECT_EQ(deleverage_rank(position(10, 100, 150, 500)), 1'500'000);
    EXPECT_EQ(deleverage_rank(position(-10, 100, 50, 500)), 500'000);
    EXPECT_EQ(deleverage_rank(position(-10, 100, 150, 500)), -1'500'000);
    EXPECT_EQ(deleverage_rank(position(10, 100, 100, 500)), 0);
}

TEST(Deleverage, AnAccountWorthNothingIsAtAnEnd) {
    EXPECT_EQ(hyperliquid_deleverage_rank(position(10, 100, 150, 0)), kInt64Max);
    EXPECT_EQ(binance_deleverage_rank(position(10, 100, 150, 0)), kInt64Max);
    EXPECT_EQ(binance_deleverage_rank(position(10, 100, 50, -1)), kInt64Min);
    EXPECT_EQ(deleverage_rank(position(10, 100, 150, 0)), kInt64Max);
    EXPECT_EQ(deleverage_rank(position(10, 100, 50, 0)), kInt64Min);
}

TEST(Deleverage, SaturatesAtTheEdges) {
    const RankedPosition large{Base{kInt64Max}, Price{1}, kPriceMax, Quote{1}, Quote{kInt64Max}};
    EXPECT_EQ(hyperliquid_deleverage_rank(large), kInt64Max);
    EXPECT_EQ(binance_deleverage_rank(large), kInt64Max);
    EXPECT_EQ(deleverage_rank(large), kInt64Max);
    const RankedPosition lost{Base{kInt64Min}, Price{1}, kPriceMax, Quote{1}, Quote{1}};
    EXPECT_EQ(deleverage_rank(lost), kInt64Min);
}

RC_GTEST_PROP(DeleverageProperty, WinnersComeBeforeLosersAndMoreLeverageBeforeLess,
              (std::uint16_t gain, std::uint16_t loss, std::uint16_t value)) {
    const auto equity = value + 1LL;
    const auto winner = position(10, 100, 101 + gain, equity);
    const auto loser = position(-10, 100, 101 + loss, equity);
    for (const auto rank : {binance_deleverage_rank, deleverage_rank}) {
        RC_ASSERT(rank(winner) >= 0);
        RC_ASSERT(rank(loser) < 0);
    }
    RC_ASSERT(deleverage_rank(position(10, 100, 101 + gain, equity + 1)) <=
              deleverage_rank(winner));
    RC_ASSERT(deleverage_rank(position(10, 100, 102 + gain, equity)) > deleverage_rank(winner));
}

}  // namespace
}  // namespace astro::exchange::formulas
