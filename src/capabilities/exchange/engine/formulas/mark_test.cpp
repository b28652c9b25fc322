#include "capabilities/exchange/engine/formulas/mark.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/exchange/engine/formulas/oracle.hpp"

namespace astro::exchange::formulas {
namespace {

constexpr Price kIndex{100'000'000};

Price around(std::int64_t offset) {
    return kIndex + Price{offset};
}

TEST(Mark, IsTheMiddleOfThreeWithinTheBand) {
    EXPECT_EQ(mark_price(around(50'000), kIndex, Price{80'000}, 100), around(50'000));
    EXPECT_EQ(mark_price(around(90'000), kIndex, Price{80'000}, 100), around(80'000));
    EXPECT_EQ(mark_price(around(-90'000), kIndex, Price{80'000}, 100), kIndex)
        << "book and basis on two sides: the index";
    EXPECT_EQ(mark_price(around(5'000'000), kIndex, Price{4'000'000}, 100), around(1'000'000));
    EXPECT_EQ(mark_price(around(-5'000'000), kIndex, Price{-4'000'000}, 100), around(-1'000'000));
    EXPECT_EQ(mark_price({}, kIndex, Price{80'000}, 100), kIndex);
    EXPECT_EQ(mark_price(Price{0}, Price{1}, Price{-5}, 10'000), Price{1}) << "never nothing";
    EXPECT_EQ(mark_price(kPriceMax, kPriceMax, kPriceMax, 10'000), kPriceMax);
}

TEST(Mark, ImpactMidNeedsBothSides) {
    EXPECT_EQ(impact_mid(Price{10}, Price{13}), Price{11});
    EXPECT_FALSE(impact_mid({}, Price{13}));
    EXPECT_FALSE(impact_mid(Price{10}, {}));
}

TEST(Mark, BinanceLetsTheLastRateRunOut) {
    const Rate rate{100 * kRatePerPpm};  // 0.01 %
    EXPECT_EQ(binance_mark(kIndex, rate, 28'800, 28'800, Price{50'000}, Price{1}), around(10'000));
    EXPECT_EQ(binance_mark(kIndex, rate, 14'400, 28'800, Price{50'000}, Price{1}), around(5'000));
    EXPECT_EQ(binance_mark(kIndex, rate, 0, 28'800, Price{50'000}, Price{1}), kIndex);
    EXPECT_EQ(binance_mark(kIndex, rate, 0, 28'800, Price{50'000}, around(70'000)), around(50'000));
    EXPECT_EQ(binance_mark(kPriceMax, Rate{kRateOne}, 1, 1, Price{0}, kPriceMax), kPriceMax);
}

TEST(Mark, HyperliquidTakesTheMedianOfWhatIsThere) {
    HyperliquidMark in;
    in.oracle = kIndex;
    in.basis = Price{20'000};
    EXPECT_EQ(hyperliquid_mark(in), around(20'000));
    in.book_slow = around(12'000);
    EXPECT_EQ(hyperliquid_mark(in), around(20'000)) << "it stands in for one of three, not two";
    in.book_slow.reset();
    in.bid = around(0);
    in.ask = around(10'000);
    in.last = around(30'000);
    EXPECT_EQ(hyperliquid_mark(in), around(15'000)) << "two, and no slow average of the book";
    in.book_slow = around(12'000);
    EXPECT_EQ(hyperliquid_mark(in), around(12'000));
    in.elsewhere = around(-5'000);
    EXPECT_EQ(hyperliquid_mark(in), around(10'000));
}

RC_GTEST_PROP(MarkProperty, NeverLeavesTheBand,
              (std::uint32_t mid, std::uint32_t index, std::int32_t basis, std::uint16_t band)) {
    const Price at{index + 1LL};
    const auto band_bps = band % 10'001;
    const Price mark = mark_price(Price{mid}, at, Price{basis}, band_bps);
    RC_ASSERT(within_band(mark, at, band_bps) || mark == Price{1});
    RC_ASSERT(mark > Price{0});
}

}  // namespace
}  // namespace astro::exchange::formulas
