#include "capabilities/market/engine/time_average.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "capabilities/market/engine/market_test_support.hpp"

namespace astro::market {
namespace {

using test::at;
using test::dollars;

TEST(TimeAverage, WeighsEachPriceByItsTime) {
    TimeAverage average(seconds(10));
    EXPECT_EQ(average.value(at(0)), std::nullopt);
    average.set(dollars("100"), at(0));
    EXPECT_EQ(average.value(at(0)), dollars("100"));
    average.set(dollars("200"), at(3'000));
    EXPECT_EQ(average.value(at(4'000)), dollars("125"));
    EXPECT_EQ(average.value(at(10'000)), dollars("170"));
    EXPECT_EQ(average.value(at(12'000)), dollars("190"));  // the first two seconds are out
    EXPECT_EQ(average.value(at(60'000)), dollars("200"));
}

TEST(TimeAverage, DoesNotCountTimeWithoutAPrice) {
    TimeAverage average(seconds(10));
    average.set(dollars("100"), at(0));
    average.set(std::nullopt, at(1'000));
    average.set(dollars("300"), at(9'000));
    EXPECT_EQ(average.value(at(10'000)), dollars("200"));
    average.set(std::nullopt, at(10'000));
    EXPECT_EQ(average.value(at(10'500)), dollars("233.333333"));
    EXPECT_EQ(average.value(at(30'000)), std::nullopt);
}

TEST(TimeAverage, TakesATimeThatGoesBackAsTheNewest) {
    TimeAverage average(seconds(10));
    average.set(dollars("100"), at(5'000));
    average.set(dollars("200"), at(4'000));
    EXPECT_EQ(average.value(at(4'000)), dollars("200"));
}

TEST(TimeAverage, HasALimit) {
    TimeAverage average(seconds(300));
    for (int i = 0; i < 20'000; ++i) average.set(Price{i + 1}, at(i));
    EXPECT_LE(average.steps(), 8'192U);
}

/// The reference: each millisecond of the window, one by one.
std::optional<Price> slow_average(const std::map<std::int64_t, std::optional<Price>>& steps,
                                  std::int64_t now, std::int64_t window) {
    Int128 sum = 0;
    std::int64_t covered = 0;
    for (std::int64_t ms = now - window; ms < now; ++ms) {
        auto step = steps.upper_bound(ms);
        if (step == steps.begin()) continue;
        if (const auto price = std::prev(step)->second) {
            sum += price->value();
            ++covered;
        }
    }
    if (covered > 0) return Price{static_cast<std::int64_t>(sum / covered)};
    return steps.empty() ? std::nullopt : steps.rbegin()->second;
}

RC_GTEST_PROP(TimeAverage, EqualsAddingUpEveryMillisecond, ()) {
    TimeAverage average(milliseconds(200));
    std::map<std::int64_t, std::optional<Price>> steps;
    std::int64_t now = 0;
    const auto count = *rc::gen::inRange(1, 60);
    for (int i = 0; i < count; ++i) {
        now += *rc::gen::inRange(0, 40);
        const auto price = *rc::gen::inRange<std::int64_t>(-3, 10);
        const auto value = price > 0 ? std::optional(Price{price * 1'000'003}) : std::nullopt;
        average.set(value, at(now));
        steps[now] = value;
        const auto later = now + *rc::gen::inRange(0, 60);
        RC_ASSERT(average.value(at(later)) == slow_average(steps, later, 200));
    }
}

}  // namespace
}  // namespace astro::market
