#include "capabilities/mev/engine/amm.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::mev::amm {
namespace {

constexpr UInt128 kOne = UInt128{1} << 64;

// Block 285000037, transaction 12: the numbers of its ray_log.
TEST(ConstantProduct, ReplaysARealRaydiumSwap) {
    EXPECT_EQ(constant_product_out({300'268'752'860, 125'571'248'960'545}, 27'143'346, 2'500),
              11'321'844'654U);
}

TEST(ConstantProduct, KnownValues) {
    EXPECT_EQ(constant_product_out({1'000'000, 1'000'000}, 10'000, 0), 9'900U);
    EXPECT_EQ(constant_product_out({1'000'000, 1'000'000}, 10'000, 2'500), 9'876U);  // 9975 net
    EXPECT_EQ(constant_product_out({0, 1}, 1, 0), std::nullopt);
    EXPECT_EQ(constant_product_out({1, 1}, 1, 1'000'001), std::nullopt);
    EXPECT_EQ(constant_product_in({100, 100}, 100, 0), std::nullopt);
}

RC_GTEST_PROP(ConstantProduct, NeverPaysOutMoreThanTheInvariantAllows, ()) {
    const auto x = *rc::gen::inRange<std::uint64_t>(1, 1ULL << 62);
    const auto y = *rc::gen::inRange<std::uint64_t>(1, 1ULL << 62);
    const auto dx = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 62);
    const auto fee = *rc::gen::inRange<std::uint32_t>(0, 100'000);
    const auto dy = constant_product_out({x, y}, dx, fee);
    RC_ASSERT(dy.has_value());
    RC_ASSERT(*dy < y || y == 0);
    RC_ASSERT(static_cast<UInt128>(x + dx) * (y - *dy) >= static_cast<UInt128>(x) * y);
}

RC_GTEST_PROP(ConstantProduct, InputForAnOutputIsEnoughAndNearlyTight, ()) {
    const auto x = *rc::gen::inRange<std::uint64_t>(1'000, 1ULL << 50);
    const auto y = *rc::gen::inRange<std::uint64_t>(1'000, 1ULL << 50);
    const auto dy = *rc::gen::inRange<std::uint64_t>(1, y);
    const auto fee = *rc::gen::inRange<std::uint32_t>(0, 50'000);
    const auto dx = constant_product_in({x, y}, dy, fee);
    if (!dx) return;
    RC_ASSERT(constant_product_out({x, y}, *dx, fee).value() >= dy);
    if (*dx > 2) RC_ASSERT(constant_product_out({x, y}, *dx - 2, fee).value() < dy + 2 + y / x);
}

RC_GTEST_PROP(Concentrated, GoingThereAndBackNeverGains, ()) {
    const auto s =
        (static_cast<UInt128>(*rc::gen::inRange<std::uint64_t>(1, 1ULL << 40)) << 44) + 7;
    const auto liquidity =
        static_cast<UInt128>(*rc::gen::inRange<std::uint64_t>(1'000, 1ULL << 60));
    const auto dx = *rc::gen::inRange<std::uint64_t>(1, 1ULL << 50);
    const bool direction = *rc::gen::arbitrary<bool>();
    const auto there = concentrated_out(s, liquidity, dx, direction);
    if (!there || there->other == 0) return;
    RC_ASSERT((direction ? there->sqrt_price <= s : there->sqrt_price >= s));
    const auto back = concentrated_out(there->sqrt_price, liquidity, there->other, !direction);
    if (!back) return;
    RC_ASSERT(back->other <= dx);
    const auto ceiling = out_at_price(s, dx, direction);
    if (ceiling) RC_ASSERT(there->other <= *ceiling + 1);
}

TEST(Concentrated, AtPriceOneWithDeepLiquidityIsNearlyOneToOne) {
    const auto step = concentrated_out(kOne, UInt128{1'000'000'000'000}, 1'000'000, true);
    ASSERT_TRUE(step);
    EXPECT_EQ(step->other, 999'999U);  // 1e6 · 1e12 / (1e12 + 1e6) = 999 999.0
    EXPECT_EQ(out_at_price(kOne * 2, 1'000, true), 4'000U);
    EXPECT_EQ(out_at_price(kOne * 2, 1'000, false), 250U);
}

TEST(MulDiv, WideProducts) {
    const UInt128 big = ~UInt128{0};
    EXPECT_TRUE(mul_div_floor(big, big, big) == big);
    EXPECT_FALSE(mul_div_floor(big, 2, 1).has_value());
    EXPECT_FALSE(mul_div_floor(1, 1, 0).has_value());
    EXPECT_TRUE(mul_div_ceil(10, 10, 3) == UInt128{34});
    EXPECT_TRUE(mul_div_floor(10, 10, 3) == UInt128{33});
    EXPECT_TRUE(mul_div_floor(big, 1'000'003, 1'000'007) < std::optional{big});
}

}  // namespace
}  // namespace astro::mev::amm
