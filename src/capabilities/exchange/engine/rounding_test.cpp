#include "capabilities/exchange/engine/rounding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange {
namespace {

template <std::uint32_t D>
void check(Int128 n) {
    Int128 down = n / Int128{D};
    if (n % Int128{D} < 0) --down;
    RC_ASSERT(divide_down<D>(n) == down);
    RC_ASSERT(divide_up<D>(n) == down + (n % Int128{D} != 0 ? 1 : 0));
}

RC_GTEST_PROP(RoundingProperty, IsTheCompilersDivision,
              (std::int64_t a, std::int64_t b, std::int64_t c)) {
    const Int128 n = Int128{a} * b + c;
    check<1'000'000'000>(n);
    check<10'000>(n);
    check<1>(n);
    check<0xFFFF'FFFF>(n);
}

TEST(Rounding, TheEdges) {
    EXPECT_EQ(static_cast<int>(divide_down<10>(-1)), -1);
    EXPECT_EQ(static_cast<int>(divide_up<10>(-1)), 0);
    EXPECT_EQ(static_cast<int>(divide_up<10>(1)), 1);
    EXPECT_EQ(static_cast<int>(divide_down<10>(-10)), -1);
}

}  // namespace
}  // namespace astro::exchange
