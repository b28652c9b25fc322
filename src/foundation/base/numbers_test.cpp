#include "foundation/base/numbers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <concepts>
#include <limits>

namespace astro {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };

static_assert(Addable<Lamports, Lamports>);
static_assert(!Addable<Slot, Slot>, "an identifier is not a quantity");
static_assert(!Addable<Lamports, RawAmount>, "two dimensions do not mix");
static_assert(!std::convertible_to<std::uint64_t, Slot>, "construction is explicit");
static_assert(!std::convertible_to<Slot, std::uint64_t>, "and so is the way out");

TEST(Numbers, CheckedArithmeticSaysWhenItDoesNotFit) {
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(checked_add<std::uint64_t>(kMax, 1), std::nullopt);
    EXPECT_EQ(checked_sub<std::uint64_t>(0, 1), std::nullopt);
    EXPECT_EQ(checked_mul<std::int64_t>(std::numeric_limits<std::int64_t>::min(), -1),
              std::nullopt);
    EXPECT_EQ(checked_add<std::int64_t>(-1, 1), 0);
    EXPECT_EQ(mul_div(kMax, kMax, kMax), kMax);
    EXPECT_EQ(mul_div(kMax, 2, 1), std::nullopt);
    EXPECT_EQ(mul_div(1, 1, 0), std::nullopt);
}

RC_GTEST_PROP(NumbersProperties, MulDivIsTheFloor,
              (std::uint32_t a, std::uint32_t b, std::uint32_t c)) {
    RC_PRE(c != 0U);
    RC_ASSERT(mul_div(a, b, c) == std::uint64_t{a} * b / c);
}

}  // namespace
}  // namespace astro
