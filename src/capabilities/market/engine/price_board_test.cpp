#include "capabilities/market/engine/price_board.hpp"

#include <gtest/gtest.h>

#include "capabilities/market/engine/market_test_support.hpp"

namespace astro::market {
namespace {

using test::at;
using test::dollars;
using test::rule;
using test::said;

PriceBoard board() {
    return PriceBoard({{.asset = "SOL", .sources = {rule("a"), rule("b")}, .sources_min = 1},
                       {.asset = "BTC", .sources = {rule("a")}, .sources_min = 1}});
}

TEST(PriceBoard, KeepsTheNewestOfEachSource) {
    auto prices = board();
    EXPECT_EQ(prices.observe(said("a", "150", 0)), std::nullopt);
    EXPECT_EQ(prices.observe(said("b", "151", 1)), std::nullopt);
    EXPECT_EQ(prices.observe(said("a", "149", 2)), std::nullopt);
    EXPECT_EQ(prices.judge(0, at(2)).index, dollars("150"));
    EXPECT_EQ(prices.judge(1, at(2)).index, Price{0});
}

TEST(PriceBoard, SetsAsideWhatIsLateDoubleFromTheFutureOrNoPrice) {
    auto prices = board();
    ASSERT_EQ(prices.observe(said("a", "150", 1'000)), std::nullopt);
    EXPECT_EQ(prices.observe(said("a", "150", 1'000)), SetAside::duplicate);
    EXPECT_EQ(prices.observe(said("a", "140", 999)), SetAside::late);
    EXPECT_EQ(prices.observe(said("a", "0", 1'001)), SetAside::not_positive);
    EXPECT_EQ(prices.observe(said("a", "-1", 1'001)), SetAside::not_positive);
    EXPECT_EQ(prices.observe(said("a", "10000000.000001", 1'001)), SetAside::not_positive);
    EXPECT_EQ(prices.observe(said("a", "150", 1'001, "-0.1")), SetAside::not_positive);
    EXPECT_EQ(prices.observe(said("c", "150", 1'001)), SetAside::not_wanted);
    auto ahead = said("a", "140", 3'001);
    ahead.received = at(1'000);
    EXPECT_EQ(prices.observe(ahead), SetAside::from_future);
    ahead.published = at(3'000);
    EXPECT_EQ(prices.observe(ahead), std::nullopt);
    EXPECT_EQ(prices.judge(0, at(3'000)).index, dollars("140"));
}

TEST(PriceBoard, AnotherPriceOfTheSameInstantCounts) {
    auto prices = board();
    ASSERT_EQ(prices.observe(said("a", "150", 0)), std::nullopt);
    EXPECT_EQ(prices.observe(said("a", "150.1", 0)), std::nullopt);
    EXPECT_EQ(prices.judge(0, at(0)).index, dollars("150.1"));
}

TEST(PriceBoard, AveragesOverFiveMinutesOnlyWhileSourcesSuffice) {
    auto prices = board();
    ASSERT_EQ(prices.observe(said("a", "100", 0)), std::nullopt);
    EXPECT_EQ(prices.judge(0, at(0)).average, dollars("100"));
    // At 10,001 ms the source is too old, and the time from then on does not count.
    EXPECT_EQ(prices.judge(0, at(20'000)).index, Price{0});
    ASSERT_EQ(prices.observe(said("a", "200", 40'000)), std::nullopt);
    EXPECT_EQ(prices.judge(0, at(40'000)).average, dollars("100"));
    ASSERT_EQ(prices.observe(said("a", "200", 50'000)), std::nullopt);
    EXPECT_EQ(prices.judge(0, at(60'000)).average, dollars("150"));
}

}  // namespace
}  // namespace astro::market
