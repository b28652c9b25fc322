#include "capabilities/exchange/engine/formulas/drift_spot.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange::formulas {
namespace {

const SpotLeg kUsdc{6, Price{kQuoteUnit}, drift_asset_multiplier_ppm(10'000), 10'000};
const SpotLeg kSol{9, Price{100 * kQuoteUnit}, drift_liability_multiplier_ppm(10'000), 11'000};

// The published examples are in drift_vectors_test.cpp; here are the edges beside them.
TEST(DriftSpot, ATransferThatFreesNothingHasNoBound) {
    SpotLeg safe = kUsdc;
    safe.weight_bps = 11'000;
    EXPECT_FALSE(drift_liability_to_cover(Quote{kQuoteUnit}, safe, kSol, 0));
    EXPECT_FALSE(drift_liability_to_cover(Quote{kQuoteUnit}, kUsdc, kSol, 100'000));
    EXPECT_TRUE(drift_liability_to_cover(Quote{kQuoteUnit}, kUsdc, kSol, 0));
}

TEST(DriftSpot, TheLargestAmountsAreExactOrRefused) {
    SpotLeg fine = kSol;
    fine.decimals = 18;
    const auto whole = drift_liability_to_cover(kNotionalMax, kUsdc, fine, 0);
    ASSERT_TRUE(whole);
    EXPECT_GT(*whole, static_cast<Int128>(kInt64Max)) << "10^8 tokens of 10^18 units";
    EXPECT_FALSE(drift_liability_for_asset(kInt128Max, kUsdc, fine));
    EXPECT_TRUE(drift_asset_for_liability(*whole, 0, kUsdc, fine));
    EXPECT_EQ(drift_spot_insurance_fee_ppm(kNotionalMax, 1, kUsdc, fine, 1'000), 0);
    EXPECT_EQ(drift_spot_insurance_fee_ppm(Quote{0}, 0, kUsdc, fine, 1'000), 0);
}

TEST(DriftSpot, LeavesNoDustOfTheAsset) {
    const Int128 sol = kBaseUnit;
    const Int128 paid = *drift_asset_for_liability(sol, 0, kUsdc, kSol);
    EXPECT_EQ(paid, 102'020'202);
    EXPECT_EQ(drift_asset_for_liability(sol, paid + 999'999, kUsdc, kSol), paid + 999'999);
    EXPECT_EQ(drift_asset_for_liability(sol, paid + 1'000'000, kUsdc, kSol), paid);
}

RC_GTEST_PROP(DriftSpotProperty, WhatIsRepaidIsWorthWhatIsTaken, (std::uint32_t asset)) {
    const Int128 taken = asset + Int128{2'000'000};
    const Int128 repaid = *drift_liability_for_asset(taken, kUsdc, kSol);
    const Int128 back = *drift_asset_for_liability(repaid, 0, kUsdc, kSol);
    RC_ASSERT(back >= taken);
    RC_ASSERT(back <= taken + 1);
}

}  // namespace
}  // namespace astro::exchange::formulas
