#include "capabilities/market/engine/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace astro::market {
namespace {

TEST(Comparison, RebasesAndCorrelatesWithTheFirst) {
    std::vector<double> first{50}, twice{8}, against{200};
    for (const double step : {0.01, -0.02, 0.005, 0.03}) {
        first.push_back(first.back() * std::exp(step));
        twice.push_back(twice.back() * std::exp(2 * step));
        against.push_back(against.back() * std::exp(-step));
    }
    const std::vector<std::vector<double>> series{first, twice, against};
    const auto moves = compare(series);
    EXPECT_EQ(moves[0].rebased[0], 100);
    EXPECT_NEAR(moves[0].change, std::exp(0.025) - 1, 1e-12);
    EXPECT_NEAR(*moves[0].correlation, 1, 1e-12);
    EXPECT_NEAR(*moves[1].correlation, 1, 1e-12);
    EXPECT_NEAR(*moves[1].beta, 2, 1e-12);
    EXPECT_NEAR(*moves[2].correlation, -1, 1e-12);
    EXPECT_NEAR(*moves[2].beta, -1, 1e-12);
    EXPECT_NEAR(*moves[1].deviation, 2 * *moves[0].deviation, 1e-12);
    // By hand: changes 1, -2, 0.5, 3 % have the mean 0.625 % and squares of 12.6875.
    EXPECT_NEAR(*moves[0].deviation, std::sqrt(12.6875 / 3) / 100, 1e-12);
}

TEST(Comparison, WhatDoesNotMoveHasNoCorrelation) {
    const std::vector<std::vector<double>> series{{1, 2, 3}, {5, 5, 5}};
    const auto moves = compare(series);
    EXPECT_FALSE(moves[1].correlation || moves[1].beta);
    EXPECT_EQ(moves[1].deviation, 0);
    const std::vector<std::vector<double>> one{{7}, {8}};
    EXPECT_FALSE(compare(one)[1].deviation);
}

}  // namespace
}  // namespace astro::market
