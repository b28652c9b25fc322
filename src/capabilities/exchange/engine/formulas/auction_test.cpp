#include "capabilities/exchange/engine/formulas/auction.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange::formulas {
namespace {

// The published examples are in drift_vectors_test.cpp; here is what they leave open.
TEST(Auction, CurveIsTruncatedToZeroAndEnds) {
    const AuctionRange up{Price{100}, Price{110}}, down{Price{110}, Price{100}};
    EXPECT_EQ(auction_curve(up, 1, 3), Price{103});
    EXPECT_EQ(auction_curve(down, 1, 3), Price{107});
    EXPECT_EQ(auction_curve(up, 3, 3), Price{110});
    EXPECT_EQ(auction_curve(up, 99, 3), Price{110});
    EXPECT_EQ(auction_curve(up, -1, 3), Price{100});
    EXPECT_EQ(auction_curve(up, 0, 0), Price{110});
    EXPECT_EQ(auction_curve({Price{0}, kPriceMax}, kInt64Max - 1, kInt64Max).value(),
              kPriceMax.value() - 1);
}

TEST(Auction, TicksFavourTheTaker) {
    EXPECT_EQ(round_to_tick(Price{107}, Price{5}, Side::buy), Price{105});
    EXPECT_EQ(round_to_tick(Price{107}, Price{5}, Side::sell), Price{110});
    EXPECT_EQ(round_to_tick(Price{105}, Price{5}, Side::sell), Price{105});
    const AuctionRange range{Price{100}, Price{110}};
    EXPECT_EQ(auction_price(range, 7, 10, Price{5}, Side::buy, {}), Price{105});
    const AuctionRange offsets{Price{-900}, Price{-800}};
    EXPECT_EQ(auction_price(offsets, 0, 10, Price{5}, Side::buy, Price{100}), Price{5})
        << "never below a tick";
    EXPECT_EQ(auction_price(offsets, 10, 10, Price{5}, Side::sell, Price{1'001}), Price{205});
}

TEST(Auction, IsOverAfterItsLastMoment) {
    EXPECT_TRUE(auction_complete(0, 0));
    EXPECT_FALSE(auction_complete(10, 10));
    EXPECT_TRUE(auction_complete(11, 10));
}

TEST(Auction, RangeAtTheEdges) {
    const auto buy = drift_auction_range(Side::buy, kPriceMax, kPriceMax);
    EXPECT_EQ(buy, (AuctionRange{kPriceMax, kPriceMax})) << "a limit at the oracle is the end";
    EXPECT_EQ(drift_auction_range(Side::sell, Price{1}, Price{0}),
              (AuctionRange{Price{1}, Price{1}}));
}

RC_GTEST_PROP(AuctionProperty, GetsWorseForTheTakerAndNeverPassesTheLimit,
              (bool buys, std::uint32_t oracle, std::uint32_t limit, std::uint8_t earlier,
               std::uint8_t later)) {
    const Side side = buys ? Side::buy : Side::sell;
    const Price at{oracle + 1'000LL}, worst{limit + 1'000LL};
    const auto range = drift_auction_range(side, at, worst);
    const auto [first, second] = std::minmax(earlier, later);
    const Price a = auction_curve(range, first, 200), b = auction_curve(range, second, 200);
    RC_ASSERT((buys ? a <= b : a >= b));
    RC_ASSERT((buys ? b <= worst : b >= worst));
    const Price on_tick = round_to_tick(b, Price{7}, side);
    RC_ASSERT((buys ? on_tick <= b : on_tick >= b));
    RC_ASSERT(on_tick.value() % 7 == 0);
}

}  // namespace
}  // namespace astro::exchange::formulas
