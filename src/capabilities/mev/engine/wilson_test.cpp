#include "capabilities/mev/engine/wilson.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::mev {
namespace {

// Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
TEST(Wilson, PublishedValues) {
    const auto check = [](std::uint64_t r, std::uint64_t n, double low, double high) {
        const auto i = wilson_interval(r, n);
        EXPECT_NEAR(i.low, low, 5e-5);
        EXPECT_NEAR(i.high, high, 5e-5);
    };
    check(81, 263, 0.2553, 0.3662);
    check(15, 148, 0.0624, 0.1605);
    check(0, 20, 0.0000, 0.1611);
    check(1, 29, 0.0061, 0.1718);
}

TEST(Wilson, NothingMeasuredIsNothingKnown) {
    EXPECT_EQ(wilson_interval(0, 0).low, 0);
    EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

RC_GTEST_PROP(Wilson, ContainsTheShareAndNarrowsWithMoreTrials, ()) {
    const auto n = *rc::gen::inRange<std::uint64_t>(1, 10'000);
    const auto r = *rc::gen::inRange<std::uint64_t>(0, n + 1);
    const auto i = wilson_interval(r, n), more = wilson_interval(r * 4, n * 4);
    const auto p = static_cast<double>(r) / static_cast<double>(n);
    RC_ASSERT(i.low <= p);
    RC_ASSERT(i.high >= p);
    RC_ASSERT(more.high - more.low <= i.high - i.low);
}

}  // namespace
}  // namespace astro::mev
