#include "capabilities/exchange/engine/owner.hpp"

#include <gtest/gtest.h>

namespace astro::exchange {
namespace {

TEST(VolumeDays, CountsThirtyWholeDaysBeforeToday) {
    VolumeDays days;
    for (std::int64_t day = 20'000; day < 20'060; ++day) days.add(day, Quote{day - 19'999});
    // Days 20,030 to 20,059 hold 31 to 60.
    EXPECT_EQ(days.before(20'060), Quote{(31 + 60) * 30 / 2});
    EXPECT_EQ(days.before(20'061), Quote{(31 + 60) * 30 / 2 - 31});
    EXPECT_EQ(days.before(20'059), Quote{(30 + 59) * 30 / 2});
    EXPECT_EQ(days.before(20'089), Quote{60});
    EXPECT_EQ(days.before(20'090), Quote{0});
}

TEST(VolumeDays, DaysWithoutTradesCountNothing) {
    VolumeDays days;
    days.add(100, Quote{5});
    days.add(125, Quote{7});
    EXPECT_EQ(days.before(126), Quote{12});
    EXPECT_EQ(days.before(130), Quote{12});
    EXPECT_EQ(days.before(131), Quote{7});
    days.add(400, Quote{1});
    EXPECT_EQ(days.before(401), Quote{1});
    days.add(400 - 30, Quote{3});  // of another account, counted late
    EXPECT_EQ(days.before(400), Quote{3});
    EXPECT_EQ(days.before(401), Quote{1});
}

TEST(FeeRates, TheHighestTierThatIsReachedHolds) {
    VenueSettings venue;
    venue.fee_tiers = {{Quote{100}, 100'000, 10}, {Quote{1'000}, 200'000, 20}};
    venue.stake_tiers = {{governance::Power{50}, 500'000}};
    Owner owner;
    const auto rates = [&] { return fee_rates(venue, owner, 10); };
    EXPECT_EQ(rates().taker_keep_ppm, 1'000'000);
    owner.volume.add(9, Quote{99});
    EXPECT_EQ(rates().taker_keep_ppm, 1'000'000);
    owner.volume.add(9, Quote{1});
    EXPECT_EQ(rates().taker_keep_ppm, 900'000);
    EXPECT_EQ(rates().maker_less_ppm, 10);
    owner.volume.add(5, Quote{900});
    owner.staked = governance::Power{50};
    EXPECT_EQ(rates().taker_keep_ppm, 400'000);
    EXPECT_EQ(rates().maker_less_ppm, 20);
    EXPECT_EQ(taker_rate_ppm(451, rates()), 181);  // 180.4, rounded up
}

}  // namespace
}  // namespace astro::exchange
