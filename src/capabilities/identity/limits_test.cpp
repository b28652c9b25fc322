#include "capabilities/identity/limits.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <thread>

#include "capabilities/identity/redis_test_support.hpp"

namespace astro::identity {
namespace {

const std::vector<BucketRule> kRules = {{3, 60, 60'000},
                                        {10, 1, 1000},
                                        {1, 1, 1},
                                        {1'000'000, 1'000'000, 86'400'000},
                                        {7, 3, 86'400'000}};

bool operator==(const BucketAnswer& a, const BucketAnswer& b) {
    return a.allowed == b.allowed && a.limit == b.limit && a.remaining == b.remaining &&
           a.reset_ms == b.reset_ms && a.retry_after_ms == b.retry_after_ms;
}

/// Redis' script and the engine are one function: whatever is asked, in whatever order.
TEST(Limits, RedisAndMemoryGiveTheSameAnswers) {
    const RedisProcess redis;
    const auto shared = make_redis_limits(redis.server(), 1000).value();
    const auto alone = make_memory_limits(1000);
    std::mt19937_64 random(7);
    // Redis forgets by its own clock, so the times asked for are near the present.
    std::int64_t now = 1'760'000'000'000;
    for (int i = 0; i < 3000; ++i) {
        now += static_cast<std::int64_t>(random() % 2000) - 200;
        std::vector<Charge> charges;
        for (std::size_t k = 0; k <= random() % 3; ++k) {
            const auto rule = random() % kRules.size();
            charges.push_back({std::to_string(rule) + " " + std::to_string(random() % 3) + " \xff",
                               kRules[rule]});
        }
        const auto weight = static_cast<std::int64_t>(random() % 5);
        const auto a = shared->take(charges, weight, now), b = alone->take(charges, weight, now);
        ASSERT_EQ(shared->trouble(), "");
        ASSERT_EQ(a.size(), b.size()) << i;
        for (std::size_t k = 0; k < a.size(); ++k) ASSERT_TRUE(a[k] == b[k]) << i << " " << k;
    }
    EXPECT_TRUE(shared->blocks());
    EXPECT_FALSE(alone->blocks());
}

TEST(Limits, TwoProgramsShareABudgetThroughRedis) {
    const RedisProcess redis;
    const auto one = make_redis_limits(redis.server(), 10).value();
    const auto two = make_redis_limits(redis.server(), 10).value();
    const std::vector<Charge> charges{{"minute ada", {2, 1, 60'000}}};
    EXPECT_TRUE(one->take(charges, 1, 0).at(0).allowed);
    EXPECT_TRUE(two->take(charges, 1, 0).at(0).allowed);
    EXPECT_FALSE(one->take(charges, 1, 0).at(0).allowed);
    EXPECT_FALSE(two->take(charges, 1, 0).at(0).allowed);
}

TEST(Limits, WithoutRedisEachProgramLimitsByItself) {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
    RedisProcess redis;
    const auto limits = make_redis_limits(redis.server(), 10).value();
    const std::vector<Charge> charges{{"minute ada", {1, 1, 60'000}}};
    EXPECT_TRUE(limits->take(charges, 1, 0).at(0).allowed);
    redis.stop();
    EXPECT_TRUE(limits->take(charges, 1, 0).at(0).allowed) << "its own memory knows nothing yet";
    EXPECT_FALSE(limits->take(charges, 1, 0).at(0).allowed);
    EXPECT_NE(limits->trouble().find("not shared"), std::string::npos);
    redis.start();
    for (int i = 0; i < 3000 && !limits->trouble().empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        (void)limits->take({{"other", {1'000'000, 1, 1}}}, 1, 0);
    }
    EXPECT_EQ(limits->trouble(), "") << "asked again after a second";
    EXPECT_TRUE(limits->take(charges, 1, 0).at(0).allowed) << "the new Redis begins anew";
    EXPECT_FALSE(limits->take(charges, 1, 0).at(0).allowed);
}

TEST(Limits, WhatIsWrongWithRedisIsSaid) {
    const RedisProcess redis;
    auto server = redis.server();
    server.password = "wrong";
    const auto limits = make_redis_limits(server, 10).value();
    EXPECT_TRUE(limits->take({{"a", {1, 1, 1000}}}, 1, 0).at(0).allowed);
    EXPECT_NE(limits->trouble().find("password"), std::string::npos) << limits->trouble();
    const auto code = [](const std::string& url) {
        const auto made = make_redis_limits({url, ""}, 10);
        return made ? "ok" : std::string(made.error().code);
    };
    EXPECT_EQ(code("redis://127.0.0.1"), "ok");
    EXPECT_EQ(code("redis://[::1]:6380"), "ok");
    EXPECT_EQ(code("http://127.0.0.1"), "bad_redis_url");
    EXPECT_EQ(code("redis://127.0.0.1/3"), "bad_redis_url");
    EXPECT_EQ(code("redis://127.0.0.1:99999"), "bad_redis_url");
    EXPECT_EQ(code("unix://relative"), "bad_redis_url");
}

TEST(Limits, ARefusalStopsTheCharging) {
    const auto limits = make_memory_limits(10);
    const std::vector<Charge> charges{{"a", {1, 1, 60'000}}, {"b", {5, 1, 60'000}}};
    EXPECT_EQ(limits->take(charges, 1, 0).size(), 2U);
    EXPECT_EQ(limits->take(charges, 1, 0).size(), 1U);
    EXPECT_EQ(limits->take({charges[1]}, 1, 0).at(0).remaining, 3) << "b was charged once";
}

}  // namespace
}  // namespace astro::identity
