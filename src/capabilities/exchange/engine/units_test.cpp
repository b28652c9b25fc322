#include "capabilities/exchange/engine/units.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace astro::exchange {
namespace {

TEST(Units, TravelAsTheShortestDecimalText) {
    EXPECT_EQ(to_text(Price{142'350'000}), "142.35");
    EXPECT_EQ(to_text(Price{-1}), "-0.000001");
    EXPECT_EQ(to_text(Base{7 * kBaseUnit}), "7");
    EXPECT_EQ(to_text(Quote{0}), "0");
    EXPECT_EQ(to_text(Base{std::numeric_limits<std::int64_t>::min()}), "-9223372036.854775808");
}

TEST(Units, ReadOnlyPlainNumbersThatFit) {
    Price price;
    EXPECT_TRUE(from_text("0.000001", price));
    EXPECT_EQ(price, Price{1});
    EXPECT_TRUE(from_text("-12.5", price));
    EXPECT_EQ(price, Price{-12'500'000});
    EXPECT_TRUE(from_text("1.10", price));
    EXPECT_TRUE(from_text("9223372036854.775807", price));
    for (const char* bad : {"", "-", ".", ".5", "5.", "01", "1.0000001", "1e3", "+1", " 1", "1 ",
                            "0x1", "9223372036854.775808", "1.-5", "--1", "99999999999999999999"})
        EXPECT_FALSE(from_text(bad, price)) << bad;
    EXPECT_EQ(price, Price{1'100'000 + 9'223'372'036'853'675'807})
        << "a refused text changes nothing";
}

RC_GTEST_PROP(UnitsProperty, EveryValueComesBackFromItsText, (std::int64_t value)) {
    Base base;
    RC_ASSERT(from_text(to_text(Base{value}), base));
    RC_ASSERT(base == Base{value});
}

}  // namespace
}  // namespace astro::exchange
