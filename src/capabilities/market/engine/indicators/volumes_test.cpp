#include "capabilities/market/engine/indicators/volumes.hpp"

#include <gtest/gtest.h>

#include "capabilities/market/engine/indicators/indicators_test_support.hpp"

namespace astro::market {
namespace {

/// A bar that stands in one bin.
Bar block(double price, double volume) {
    return {.open = price, .high = price, .low = price, .close = price, .volume = volume};
}

TEST(VolumeProfile, SpreadsABarEvenly) {
    VolumeProfile profile(10, 1, 5);
    profile.add({.open = 11, .high = 13.5, .low = 10.5, .close = 12, .volume = 30});
    EXPECT_EQ(profile.bins(), (std::vector<double>{5, 10, 10, 5, 0}));
    profile.add(block(99, 7));
    profile.add(block(1, 3));
    EXPECT_EQ(profile.bins().back(), 7) << "beyond the bins: into the nearest";
    EXPECT_EQ(profile.bins().front(), 8);
}

TEST(VolumeProfile, TheValueAreaGrowsByTwoBinsToTheGreaterSide) {
    VolumeProfile profile(0, 1, 9);
    const double volumes[] = {1, 2, 5, 9, 20, 8, 7, 1, 1};  // 54
    for (int i = 0; i < 9; ++i) profile.add(block(i + 0.5, volumes[i]));
    const auto figures = profile.figures(0.7);  // 37.8: 20, then 15 above, then 14 below
    EXPECT_EQ(figures.control, 4.5);
    EXPECT_EQ(figures.value_low, 2);
    EXPECT_EQ(figures.value_high, 7);
    EXPECT_DOUBLE_EQ(figures.share, 49.0 / 54);
    EXPECT_DOUBLE_EQ(figures.volume, 54);
}

TEST(VolumeProfile, EqualSidesGoUpAndAnEdgeIsTheEnd) {
    VolumeProfile profile(0, 1, 4);
    for (int i = 0; i < 4; ++i) profile.add(block(i + 0.5, 1));
    const auto half = profile.figures(0.5);
    EXPECT_EQ(half.control, 0.5) << "the lowest of equals";
    EXPECT_EQ(half.value_high, 3);
    EXPECT_EQ(profile.figures(1).value_high, 4);
}

TEST(VolumeProfile, OfNothingSaysNothing) {
    EXPECT_TRUE(std::isnan(profile_of({}, 48).figures().control));
    const std::vector<Bar> one{block(5, 0)};
    EXPECT_TRUE(std::isnan(profile_of(one, 48).figures().control));
    const std::vector<Bar> flat{block(5, 2), block(5, 3)};
    EXPECT_EQ(profile_of(flat, 48).figures().volume, 5);
}

TEST(VolumeProfile, KeepsTheVolumeOfAllBars) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto bars = test::random_bars(400, seed);
        const auto profile = profile_of(bars, 48);
        double expected = 0, sum = 0;
        for (const auto& bar : bars) expected += bar.volume;
        for (const double bin : profile.bins()) sum += bin;
        EXPECT_NEAR(sum, expected, 1e-9 * expected);
        const auto figures = profile.figures();
        EXPECT_GE(figures.share, 0.7);
        EXPECT_LE(figures.value_low, figures.control);
        EXPECT_GE(figures.value_high, figures.control);
    }
}

}  // namespace
}  // namespace astro::market
