#include "chains/stellar/xdr/decimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace astro::stellar::xdr {
namespace {

constexpr std::uint64_t kOnes = ~std::uint64_t{0}, kTop = std::uint64_t{1} << 63;

TEST(Decimal, TheEndsOfTheRangesAreExact) {
    const std::array<std::uint64_t, 2> least{0, kTop}, most{kOnes, kTop - 1}, ones{kOnes, kOnes};
    EXPECT_EQ(to_decimal(least, true), "-170141183460469231731687303715884105728");
    EXPECT_EQ(to_decimal(most, true), "170141183460469231731687303715884105727");
    EXPECT_EQ(to_decimal(ones, true), "-1");
    EXPECT_EQ(to_decimal(ones, false), "340282366920938463463374607431768211455");
}

TEST(Decimal, WhatDoesNotFitIsRefused) {
    std::array<std::uint64_t, 2> limbs{};
    EXPECT_FALSE(parse_decimal("170141183460469231731687303715884105728", limbs, true));
    EXPECT_FALSE(parse_decimal("-170141183460469231731687303715884105729", limbs, true));
    EXPECT_FALSE(parse_decimal("340282366920938463463374607431768211456", limbs, false));
    EXPECT_TRUE(parse_decimal("-170141183460469231731687303715884105728", limbs, true));
    EXPECT_TRUE(parse_decimal("340282366920938463463374607431768211455", limbs, false));
}

TEST(Decimal, OnlyTheShortestFormIsANumber) {
    std::array<std::uint64_t, 4> limbs{};
    for (const auto* text :
         {"", "-", "00", "01", "-0", "-01", "+1", " 1", "1 ", "1.0", "1e3", "0x1"})
        EXPECT_FALSE(parse_decimal(text, limbs, true)) << text;
    EXPECT_FALSE(parse_decimal("-1", limbs, false));
    EXPECT_TRUE(parse_decimal("0", limbs, true));
}

RC_GTEST_PROP(DecimalProperty, EveryNumberIsReadBack,
              (std::array<std::uint64_t, 4> limbs, bool is_signed)) {
    std::array<std::uint64_t, 4> back{};
    RC_ASSERT(parse_decimal(to_decimal(limbs, is_signed), back, is_signed));
    RC_ASSERT(back == limbs);
}

}  // namespace
}  // namespace astro::stellar::xdr
