#include "capabilities/market/engine/volatility.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace astro::market {
namespace {

TEST(RealisedVolatility, IsThatOfTheWholeWindowAtEachValue) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> change(0, 0.001);
    std::vector<double> prices{100};
    for (int i = 0; i < 20'000; ++i) prices.push_back(prices.back() * std::exp(change(random)));
    constexpr std::size_t kChanges = 60;
    RealisedVolatility incremental(kChanges, 60'000);
    for (std::size_t i = 0; i < prices.size(); ++i) {
        incremental.add(prices[i]);
        if (i < kChanges) {
            EXPECT_FALSE(incremental.value());
            continue;
        }
        double sum = 0;
        for (std::size_t k = i - kChanges + 1; k <= i; ++k)
            sum += std::pow(std::log(prices[k] / prices[k - 1]), 2);
        const double whole = std::sqrt(sum / kChanges * 525'600);
        ASSERT_NEAR(*incremental.value(), whole, 1e-12 * whole);
    }
    EXPECT_NEAR(*incremental.value(), 0.001 * std::sqrt(525'600), 0.2);
}

TEST(RealisedVolatility, APriceThatDoesNotMoveHasNone) {
    RealisedVolatility flat(3, 1'000);
    for (const double price : {5.0, 9.0, 5.0, 5.0, 5.0, 5.0}) flat.add(price);
    EXPECT_EQ(flat.value(), 0.0);
}

TEST(RealisedVolatility, BeginsAnewAfterWhatIsNoPrice) {
    RealisedVolatility volatility(2, 1'000);
    for (const double price : {5.0, 6.0, 7.0}) volatility.add(price);
    EXPECT_TRUE(volatility.value());
    volatility.add(0);
    EXPECT_FALSE(volatility.value());
    for (const double price : {5.0, 5.0}) volatility.add(price);
    EXPECT_FALSE(volatility.value());
}

}  // namespace
}  // namespace astro::market
