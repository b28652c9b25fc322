#include "capabilities/identity/tier_book.hpp"

#include <thread>

#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

struct TierBookTest : ServiceTest {
    TierBookTest() { EXPECT_TRUE(tiers.load()); }
    static Tier desk() { return {"desk", 600, 100'000, 10, 100, 90}; }
    std::string names() const {
        std::string out;
        for (const auto& tier : *tiers.all()) out += (out.empty() ? "" : " ") + tier.name;
        return out;
    }
    TierBook tiers{*core};
};

TEST_F(TierBookTest, BeginsWithTheServersOwn) {
    EXPECT_EQ(names(), "free pro institution");
    EXPECT_EQ(tiers.of("pro").requests_per_minute, 1'200);
    EXPECT_EQ(tiers.of("gone").name, "free") << "who has a tier that is not there has the least";
}

TEST_F(TierBookTest, AChangeCountsAtOnceAndAfterARestartAndIsTold) {
    Tier free = tiers.of("free");
    free.requests_per_minute = 7;
    ASSERT_TRUE(tiers.put("root", free));
    EXPECT_EQ(last_audit(), "admin.tier_changed ok");
    ASSERT_TRUE(tiers.put("root", desk()));
    EXPECT_EQ(names(), "free pro institution desk") << "a default keeps its place";
    EXPECT_EQ(tiers.of("free").requests_per_minute, 7);
    TierBook again(*core);
    ASSERT_TRUE(again.load());
    EXPECT_EQ(again.of("free").requests_per_minute, 7);
    EXPECT_EQ(again.of("desk").history_days, 90);
    EXPECT_EQ(again.of("pro").requests_per_minute, 1'200);
}

TEST_F(TierBookTest, WrongNumbersAndNamesChangeNothing) {
    Tier bad = desk();
    bad.requests_per_day = 1;
    EXPECT_EQ(tiers.put("root", bad).error().where, "requests_per_day");
    for (const char* name :
         {"", "Desk", "1st", "a b", "a'--", "a/b", "abcdefghijklmnopqrstuvwxyzabcdefg"}) {
        bad = desk();
        bad.name = name;
        EXPECT_EQ(code(tiers.put("root", bad)), "bad_tier") << name;
    }
    EXPECT_EQ(names(), "free pro institution");
    EXPECT_EQ(count("identity_tiers"), 0);
}

TEST_F(TierBookTest, OnlyWhatNobodyHasIsRemoved) {
    const UserId ada = make_user("ada@example.org");
    EXPECT_EQ(code(accounts.set_tier("root", ada, "desk")), "tier_unknown");
    ASSERT_TRUE(tiers.put("root", desk()));
    ASSERT_TRUE(accounts.set_tier("root", ada, "desk"));
    EXPECT_EQ(roles.principal_of(ada)->tier, "desk");
    EXPECT_EQ(code(tiers.remove("root", "desk")), "tier_in_use");
    EXPECT_EQ(last_audit(), "admin.tier_removed tier_in_use");
    ASSERT_TRUE(accounts.set_tier("root", ada, "free"));
    ASSERT_TRUE(tiers.remove("root", "desk"));
    EXPECT_EQ(last_audit(), "admin.tier_removed ok");
    EXPECT_EQ(names(), "free pro institution");
    EXPECT_EQ(code(tiers.remove("root", "desk")), "tier_unknown");
    EXPECT_EQ(code(accounts.set_tier("root", ada, "desk")), "tier_unknown");
    ASSERT_TRUE(tiers.put("root", tiers.of("pro")));
    EXPECT_EQ(code(tiers.remove("root", "pro")), "tier_builtin") << "changed or not";
}

TEST_F(TierBookTest, ThereIsAnEndToThem) {
    for (std::size_t i = 0; i < TierBook::kTiersMax; ++i) {
        Tier tier = desk();
        tier.name += std::to_string(i);
        ASSERT_TRUE(tiers.put("root", tier));
    }
    EXPECT_EQ(code(tiers.put("root", desk())), "too_many_tiers");
    Tier known = desk();
    known.name += "0";
    EXPECT_TRUE(tiers.put("root", known)) << "a change makes no more of them";
}

TEST_F(TierBookTest, ReadersSeeTheOldOrTheNewAndNothingBetween) {
    Tier tier = desk();
    ASSERT_TRUE(tiers.put("root", tier));
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0}, read{0};
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&] {
            while (!done) {
                const Tier seen = tiers.of("desk");
                wrong += seen.requests_per_day != seen.requests_per_minute * 10 + 94'000;
                ++read;
            }
        });
    for (std::int64_t n = 600; n < 650 || read < 100; ++n) {
        tier.requests_per_minute = n;
        tier.requests_per_day = n * 10 + 94'000;
        ASSERT_TRUE(tiers.put("root", tier));
    }
    done = true;
    readers.clear();
    EXPECT_EQ(wrong, 0);
}

TEST_F(TierBookTest, WhatWasNotWrittenIsNotTaken) {
    ASSERT_TRUE(database->write([](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("INSERT INTO identity_tiers VALUES ('desk', 0, 0, 0, 0, 0)"));
        return {};
    }));
    EXPECT_EQ(code(tiers.load()), "store_corrupt");
    EXPECT_EQ(names(), "free pro institution");
}

}  // namespace
}  // namespace astro::identity
