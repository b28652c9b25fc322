#include "foundation/net/circuit_breaker.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::net {
namespace {

using State = CircuitBreaker::State;

TimestampNs at(std::int64_t s) {
    return from_unix_seconds(s);
}

TEST(CircuitBreaker, OpensAfterFailuresInARowOnly) {
    CircuitBreaker breaker(3, seconds(10));
    for (int i = 0; i < 5; ++i) {
        breaker.failed(at(0));
        breaker.failed(at(0));
        breaker.succeeded();
    }
    EXPECT_EQ(breaker.state(at(0)), State::closed);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(breaker.try_acquire(at(1)));
        breaker.failed(at(1));
    }
    EXPECT_EQ(breaker.state(at(1)), State::open);
    EXPECT_FALSE(breaker.try_acquire(at(10)));
    EXPECT_EQ(breaker.available_at(at(2)), at(11));
}

TEST(CircuitBreaker, OneTrialDecides) {
    CircuitBreaker breaker(1, seconds(10));
    breaker.failed(at(0));
    EXPECT_EQ(breaker.state(at(10)), State::half_open);
    EXPECT_TRUE(breaker.try_acquire(at(10)));
    EXPECT_FALSE(breaker.try_acquire(at(10))) << "the trial is running";
    breaker.failed(at(12));
    EXPECT_EQ(breaker.state(at(21)), State::open);
    EXPECT_TRUE(breaker.try_acquire(at(22)));
    breaker.succeeded();
    EXPECT_EQ(breaker.state(at(22)), State::closed);
    EXPECT_TRUE(breaker.try_acquire(at(22)));
    EXPECT_TRUE(breaker.try_acquire(at(22)));
}

TEST(CircuitBreaker, AnAbandonedTrialLeavesItToTheNext) {
    CircuitBreaker breaker(1, seconds(10));
    breaker.failed(at(0));
    EXPECT_TRUE(breaker.try_acquire(at(10)));
    breaker.abandoned();
    EXPECT_TRUE(breaker.try_acquire(at(10)));
}

TEST(CircuitBreaker, ThePeersOwnWishIsKept) {
    CircuitBreaker breaker(5, seconds(10));
    breaker.open_until(at(30));
    EXPECT_EQ(breaker.state(at(29)), State::open);
    EXPECT_EQ(breaker.state(at(30)), State::half_open);
}

RC_GTEST_PROP(CircuitBreaker, IsNeverOpenForLongerThanAsked, ()) {
    const int failures_max = *rc::gen::inRange(1, 6);
    CircuitBreaker breaker(failures_max, seconds(10));
    std::int64_t now = 0, failures = 0;
    for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40))) {
        now += step % 7;
        if (!breaker.try_acquire(at(now))) continue;
        if (step % 3 == 0) {
            breaker.succeeded();
            failures = 0;
        } else {
            breaker.failed(at(now));
            ++failures;
        }
        RC_ASSERT((breaker.state(at(now)) == State::closed) == (failures < failures_max));
        RC_ASSERT(breaker.available_at(at(now)) <= at(now + 10));
    }
}

}  // namespace
}  // namespace astro::net
