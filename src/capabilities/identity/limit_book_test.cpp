#include "capabilities/identity/limit_book.hpp"

#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

struct LimitBookTest : ServiceTest {
    LimitNumbers configured{.stranger_per_minute = 300,
                            .stranger_per_day = 5'000,
                            .sign_in_per_minute = 7,
                            .wrong_per_minute = 9};
    LimitBook limits{*core, configured};
};

TEST_F(LimitBookTest, TheConfigurationHoldsUntilNumbersAreStored) {
    ASSERT_TRUE(limits.load());
    EXPECT_EQ(limits.now()->sign_in_per_minute, 7);
    ASSERT_TRUE(limits.put("root", {.stranger_per_minute = 1,
                                    .stranger_per_day = 1'000'000,
                                    .sign_in_per_minute = 3,
                                    .wrong_per_minute = 4}));
    EXPECT_EQ(last_audit(), "admin.limits_changed ok");
    EXPECT_EQ(limits.now()->sign_in_per_minute, 3);
    LimitBook again(*core, configured);
    ASSERT_TRUE(again.load());
    EXPECT_EQ(again.now()->stranger_per_minute, 1);
    EXPECT_EQ(again.now()->stranger_per_day, 1'000'000);
    EXPECT_EQ(again.now()->sign_in_per_minute, 3);
    EXPECT_EQ(again.now()->wrong_per_minute, 4);
}

TEST_F(LimitBookTest, NumbersOutOfRangeChangeNothingAndAreNamed) {
    for (const auto& [member, name] :
         {std::pair{&LimitNumbers::stranger_per_minute, "stranger_per_minute"},
          std::pair{&LimitNumbers::stranger_per_day, "stranger_per_day"},
          std::pair{&LimitNumbers::sign_in_per_minute, "sign_in_per_minute"},
          std::pair{&LimitNumbers::wrong_per_minute, "wrong_per_minute"}})
        for (const std::int64_t value : {std::int64_t{-1}, std::int64_t{0}, kLimitMax + 1}) {
            LimitNumbers bad;
            bad.*member = value;
            const auto done = limits.put("root", bad);
            ASSERT_EQ(code(done), "bad_limits");
            EXPECT_EQ(done.error().where, name);
        }
    EXPECT_EQ(limits.now()->stranger_per_minute, 300);
    EXPECT_EQ(count("identity_limits"), 0);
}

}  // namespace
}  // namespace astro::identity
