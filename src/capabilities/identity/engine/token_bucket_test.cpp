#include "capabilities/identity/engine/token_bucket.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/identity/engine/tiers.hpp"

namespace astro::identity {
namespace {

TEST(TokenBucket, HoldsItsCapacityAndThenRefuses) {
    const BucketRule rule{3, 60, 60'000};  // a token a second
    Bucket bucket = full_bucket(rule, 1000);
    for (std::int64_t left = 2; left >= 0; --left) {
        const auto answer = take(bucket, rule, 1, 1000);
        EXPECT_TRUE(answer.allowed);
        EXPECT_EQ(answer.remaining, left);
    }
    const auto refused = take(bucket, rule, 1, 1000);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.retry_after_ms, 1000);
    EXPECT_EQ(refused.reset_ms, 3000);
    EXPECT_FALSE(take(bucket, rule, 1, 1999).allowed);
    EXPECT_TRUE(take(bucket, rule, 1, 2000).allowed);
}

TEST(TokenBucket, WeightsTakeMoreAndARefusalTakesNothing) {
    const BucketRule rule{10, 1, 1000};
    Bucket bucket = full_bucket(rule, 0);
    EXPECT_TRUE(take(bucket, rule, 7, 0).allowed);
    EXPECT_FALSE(take(bucket, rule, 7, 0).allowed);
    EXPECT_EQ(take(bucket, rule, 3, 0).remaining, 0);
    EXPECT_EQ(take(bucket, rule, 100, 0).retry_after_ms, 10'000) << "more than all is all";
}

TEST(TokenBucket, TimeThatGoesBackOrFarAheadDoesNoHarm) {
    const BucketRule rule{5, 5, 1000};
    Bucket bucket = full_bucket(rule, 10'000);
    (void)take(bucket, rule, 5, 10'000);
    EXPECT_FALSE(take(bucket, rule, 1, 0).allowed);
    EXPECT_FALSE(take(bucket, rule, 1, 10'000).allowed) << "going back earned nothing";
    EXPECT_EQ(take(bucket, rule, 1, INT64_MAX / 2).remaining, 4);
}

TEST(TokenBucket, HeadersRoundSecondsUp) {
    const BucketRule rule{2, 1, 1500};
    Bucket bucket = full_bucket(rule, 0);
    (void)take(bucket, rule, 2, 0);
    const auto headers = rate_limit_headers(take(bucket, rule, 1, 0));
    EXPECT_EQ(headers,
              (std::vector<std::pair<std::string, std::string>>{{"RateLimit-Limit", "2"},
                                                                {"RateLimit-Remaining", "0"},
                                                                {"RateLimit-Reset", "3"},
                                                                {"Retry-After", "2"}}));
    EXPECT_EQ(rate_limit_headers(take(bucket, rule, 1, 9000)).size(), 3U);
}

TEST(TokenBucket, RulesOutOfRangeAreRefused) {
    EXPECT_TRUE(check_rule({1, 1, 1}));
    EXPECT_TRUE(check_rule({1'000'000, 1'000'000, 86'400'000}));
    for (const BucketRule& bad : {BucketRule{0, 1, 1}, BucketRule{1, 0, 1}, BucketRule{1, 1, 0},
                                  BucketRule{1'000'001, 1, 1}, BucketRule{1, 1, 86'400'001}})
        EXPECT_EQ(check_rule(bad).error().code, "bad_bucket_rule");
}

/// Any sequence of requests: never more than capacity + what the time has earned, and what is
/// refused is allowed exactly retry_after later.
RC_GTEST_PROP(TokenBucketProperty, GrantsNoMoreThanEarnedAndRetryAfterIsExact, ()) {
    const BucketRule rule{*rc::gen::inRange<std::int64_t>(1, 50),
                          *rc::gen::inRange<std::int64_t>(1, 50),
                          *rc::gen::inRange<std::int64_t>(1, 5000)};
    Bucket bucket = full_bucket(rule, 0);
    std::int64_t now = 0, granted = 0;
    for (const auto step :
         *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 500))) {
        now += step;
        const std::int64_t weight = step % 7 + 1;
        const auto answer = take(bucket, rule, weight, now);
        if (answer.allowed) {
            granted += std::min(weight, rule.capacity);
        } else {
            Bucket early = bucket, due = bucket;
            RC_ASSERT(!take(early, rule, weight, now + answer.retry_after_ms - 1).allowed);
            RC_ASSERT(take(due, rule, weight, now + answer.retry_after_ms).allowed);
        }
        RC_ASSERT(granted * rule.period_ms <= rule.capacity * rule.period_ms + now * rule.refill);
    }
}

TEST(BucketTable, KeepsNamesApartAndStaysBounded) {
    const BucketRule rule{1, 1, 1000};
    BucketTable table(3);
    EXPECT_TRUE(table.take("a", rule, 1, 0).allowed);
    EXPECT_FALSE(table.take("a", rule, 1, 10).allowed);
    EXPECT_TRUE(table.take("b", rule, 1, 10).allowed);
    EXPECT_TRUE(table.take("c", rule, 1, 20).allowed);
    EXPECT_FALSE(table.take("a", rule, 1, 25).allowed);
    EXPECT_TRUE(table.take("d", rule, 1, 30).allowed);
    EXPECT_EQ(table.size(), 3U);
    EXPECT_FALSE(table.take("a", rule, 1, 40).allowed) << "one that is in use stays";
    EXPECT_FALSE(table.take("c", rule, 1, 40).allowed);
    EXPECT_TRUE(table.take("b", rule, 1, 40).allowed) << "the one that was not asked longest went";
}

TEST(Tiers, DefaultsAreValidAndGrow) {
    const auto& tiers = default_tiers();
    for (std::size_t i = 0; i < tiers.size(); ++i) {
        EXPECT_TRUE(check_tier(tiers[i]));
        if (i > 0) {
            EXPECT_GT(tiers[i].requests_per_minute, tiers[i - 1].requests_per_minute);
        }
    }
    Tier bad = tiers[0];
    bad.requests_per_day = 1;
    EXPECT_EQ(check_tier(bad).error().where, "requests_per_day");
}

}  // namespace
}  // namespace astro::identity
