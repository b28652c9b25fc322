#include "foundation/base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace astro {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return refusal("odd", "needs an even number", "n");
    return n / 2;
}

Result<int> quarter(int n) {
    ASTRO_TRY(const int h, half(n));
    ASTRO_TRY(const int q, half(h));
    return q;
}

Result<void> check(int n) {
    ASTRO_CHECK(n > 0 ? Result<void>{} : Result<void>(not_found("none", "nothing there")));
    return {};
}

TEST(Result, TryHandsTheFirstErrorUp) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().code, "odd");
    EXPECT_EQ(quarter(6).error().text(), "needs an even number (n)");
    EXPECT_EQ(quarter(7).error().kind, ErrorKind::refusal);
    EXPECT_EQ(half(3).value_or(-1), -1);
}

TEST(Result, CheckPassesVoidErrorsUp) {
    EXPECT_TRUE(check(1));
    EXPECT_EQ(check(0).error().kind, ErrorKind::not_found);
}

TEST(Result, CarriesMoveOnlyValues) {
    Result<std::unique_ptr<int>> r = std::make_unique<int>(3);
    const std::unique_ptr<int> taken = std::move(r).value();
    EXPECT_EQ(*taken, 3);
}

TEST(ResultDeathTest, ReadingTheWrongSideIsABug) {
    EXPECT_DEATH((void)half(3).value(), "assertion failed");
    EXPECT_DEATH((void)half(2).error(), "assertion failed");
}

}  // namespace
}  // namespace astro
