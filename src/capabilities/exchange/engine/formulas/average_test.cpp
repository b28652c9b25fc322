#include "capabilities/exchange/engine/formulas/average.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace astro::exchange::formulas {
namespace {

TEST(Average, Median) {
    const auto of = [](std::vector<std::int64_t> values) {
        std::vector<Price> prices;
        for (const auto v : values) prices.emplace_back(v);
        return median(prices).value();
    };
    EXPECT_EQ(of({5}), 5);
    EXPECT_EQ(of({9, 1, 5}), 5);
    EXPECT_EQ(of({1, 2}), 1) << "rounded down";
    EXPECT_EQ(of({-1, -2}), -2) << "down, not to zero";
    EXPECT_EQ(of({kInt64Max, kInt64Max}), kInt64Max);
    EXPECT_EQ(of({4, 1, 3, 2}), 2);
}

TEST(Average, WeightedMedian) {
    const std::array venues{WeightedPrice{Price{100}, 3}, WeightedPrice{Price{103}, 2},
                            WeightedPrice{Price{90}, 2}, WeightedPrice{Price{200}, 1}};
    EXPECT_EQ(weighted_median(venues), Price{100});
    const std::array tie{WeightedPrice{Price{10}, 1}, WeightedPrice{Price{21}, 1}};
    EXPECT_EQ(weighted_median(tie), Price{15});
    const std::array one{WeightedPrice{Price{7}, 1'000'000}};
    EXPECT_EQ(weighted_median(one), Price{7});
}

TEST(Average, BinanceIndexLeavesOutOneWhoIsOff) {
    const auto index = [](std::int64_t a, std::int64_t b, std::int64_t c) {
        return binance_index(std::array{WeightedPrice{Price{a}, 2}, WeightedPrice{Price{b}, 1},
                                        WeightedPrice{Price{c}, 1}})
            .value();
    };
    EXPECT_EQ(index(1'000, 1'010, 1'030), 1'010);
    EXPECT_EQ(index(1'000, 1'010, 2'000), 1'003) << "the third counts for nothing";
    EXPECT_EQ(index(1'000, 1'050, 1'050), 1'025) << "5 % is still good";
    EXPECT_EQ(index(500, 1'000, 2'000), 1'000) << "two are off: the median";
}

TEST(Average, DriftTwapMovesByTimeAndByAtLeastAUnit) {
    EXPECT_EQ(drift_weighted_average(100, 200, 1, 0), 100);
    EXPECT_EQ(drift_weighted_average(100, 200, 0, 1), 200);
    EXPECT_EQ(drift_weighted_average(100, 200, 1, 1), 150) << "no bias below a weight of 2";
    EXPECT_EQ(drift_weighted_average(100, 200, 1, 3), 176);
    EXPECT_EQ(drift_weighted_average(600, 100, 1, 3), 224);
    EXPECT_EQ(drift_weighted_average(0, -1, 1, 3), 0);
    EXPECT_EQ(drift_weighted_average(kInt64Max - 1, kInt64Max - 1, kInt64Max / 2, 2),
              kInt64Max - 2);
    const Price old{1'000'000};
    EXPECT_EQ(drift_twap(Price{2'000'000}, 100, old, 100, 3'600), old);
    EXPECT_EQ(drift_twap(Price{2'000'000}, 90, old, 100, 3'600), old) << "time never runs back";
    EXPECT_EQ(drift_twap(Price{2'000'000}, 1'900, old, 100, 3'600), Price{1'500'000 - 1});
    EXPECT_EQ(drift_twap(Price{2'000'000}, 9'999, old, 100, 3'600), Price{1'999'898});
}

TEST(Average, DriftClipsByTier) {
    const Price twap{1'000}, far{5'000}, low{1};
    EXPECT_EQ(drift_clip_to_twap(far, twap, ContractTier::a), Price{1'100});
    EXPECT_EQ(drift_clip_to_twap(low, twap, ContractTier::b), Price{800});
    EXPECT_EQ(drift_clip_to_twap(far, twap, ContractTier::c), Price{1'500});
    EXPECT_EQ(drift_clip_to_twap(low, twap, ContractTier::isolated), Price{667});
    EXPECT_EQ(drift_clip_to_twap(far, Price{0}, ContractTier::a), far);
    EXPECT_EQ(drift_clip_to_twap(Price{1'001}, twap, ContractTier::a), Price{1'001});
}

TEST(Average, EmaApproachesAndForgets) {
    Ema ema = Ema::of(Price{0});
    for (int i = 0; i < 30; ++i) ema = ema_update(ema, Price{1'000'000}, 1'000, 30'000);
    // After tau the exact exponential is 1 - 1/e = 0.632; steps of a thirtieth give 0.62607.
    EXPECT_EQ(ema.value(), Price{626'072});
    for (int i = 0; i < 3'000; ++i) ema = ema_update(ema, Price{1'000'000}, 1'000, 30'000);
    EXPECT_GE(ema.value(), Price{999'999});
    EXPECT_EQ(ema_update(ema, Price{5}, 0, 30'000).scaled, ema.scaled);
    const Ema edge = ema_update(Ema::of(kPriceMax), Price{-kPriceMax.value()}, kInt64Max, 1);
    EXPECT_EQ(edge.scaled, -kPriceMax.value() * 65'536 + 1) << "never past the sample";
}

RC_GTEST_PROP(AverageProperty, EmaNeverLeavesItsInputs,
              (const std::vector<std::pair<std::int32_t, std::uint16_t>>& steps)) {
    Ema ema;
    std::int64_t low = 0, high = 0;
    for (const auto& [price, elapsed] : steps) {
        low = std::min<std::int64_t>(low, price);
        high = std::max<std::int64_t>(high, price);
        ema = ema_update(ema, Price{price}, elapsed, 150'000);
        RC_ASSERT(ema.value() >= Price{low} && ema.value() <= Price{high});
    }
}

RC_GTEST_PROP(AverageProperty, EqualWeightsGiveTheMedianAndOrderHasNoEffect,
              (std::vector<std::int32_t> values)) {
    RC_PRE(!values.empty() && values.size() <= kMedianMax);
    std::vector<Price> prices;
    std::vector<WeightedPrice> weighted;
    for (const auto v : values) {
        prices.emplace_back(v);
        weighted.push_back({Price{v}, 7});
    }
    const Price middle = median(prices);
    RC_ASSERT(weighted_median(weighted) == middle);
    std::ranges::reverse(prices);
    RC_ASSERT(median(prices) == middle);
    const auto below = std::ranges::count_if(prices, [&](Price p) { return p <= middle; });
    RC_ASSERT(static_cast<std::size_t>(below) * 2 >= prices.size());
}

}  // namespace
}  // namespace astro::exchange::formulas
