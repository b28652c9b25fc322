#include "capabilities/exchange/engine/formulas/drift_liquidation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange::formulas {
namespace {

DriftPerpTerms terms(std::int64_t ratio, std::int64_t fee, std::int64_t insurance,
                     std::int64_t price) {
    return {ratio, fee, insurance, Price{price}, Price{kQuoteUnit}};
}

// The published examples are in drift_vectors_test.cpp; here are the edges beside them.
TEST(DriftLiquidation, IsWithoutBoundWhenATransferFreesNothing) {
    const Quote shortage{10 * kQuoteUnit};
    EXPECT_EQ(drift_base_to_cover(shortage, terms(500, 50'000, 0, 1'000'000)), kUnlimitedBase);
    EXPECT_EQ(drift_base_to_cover(shortage, terms(500, 20'000, 30'000, 1'000'000)), kUnlimitedBase);
    EXPECT_EQ(drift_base_to_cover(shortage, terms(500, 0, 0, 0)), kUnlimitedBase);
    EXPECT_EQ(drift_base_to_cover(kNotionalMax, terms(1, 0, 0, 1)), kUnlimitedBase);
    EXPECT_EQ(drift_base_to_cover(kNotionalMax, terms(10'000, 0, 0, kPriceMax.value())),
              Base{1'000 * kBaseUnit});
    EXPECT_EQ(drift_base_to_cover(Quote{0}, terms(500, 0, 0, 1'000'000)), Base{0});
}

TEST(DriftLiquidation, InsuranceFeeNeverTakesWhatIsNotThere) {
    EXPECT_EQ(drift_perp_insurance_fee_ppm(Quote{0}, Base{-kBaseUnit},
                                           terms(500, 10'000, 50'000, 1'000'000)),
              38'000);
    EXPECT_EQ(drift_perp_insurance_fee_ppm(kNotionalMax, Base{1}, terms(500, 1, 50'000, 1)), 0);
    EXPECT_EQ(drift_perp_insurance_fee_ppm(Quote{1}, Base{1}, terms(500, 1, 50'000, 0)), 0);
}

TEST(DriftLiquidation, PaceOpensWithTime) {
    const auto pace = [](std::int64_t shortage, std::int64_t freed, std::int64_t elapsed,
                         std::int64_t duration) {
        return drift_liquidation_pace_bps(Quote{shortage * kQuoteUnit}, Quote{freed * kQuoteUnit},
                                          {elapsed, duration, 1'000});
    };
    EXPECT_EQ(pace(49, 0, 0, 150), 10'000) << "small ones go at once";
    EXPECT_EQ(pace(50, 0, 0, 150), 1'000);
    EXPECT_EQ(pace(1'000, 0, 15, 150), 2'000);
    EXPECT_EQ(pace(1'000, 0, 150, 150), 10'000);
    EXPECT_EQ(pace(1'000, 0, 0, 0), 10'000);
    // 20 % of 1,000 altogether, 100 of it is done: 100 of the 900 that are left.
    EXPECT_EQ(pace(900, 100, 15, 150), 1'111);
    EXPECT_EQ(pace(900, 300, 15, 150), 0) << "more is done than is due";
    EXPECT_EQ(
        drift_liquidation_pace_bps(Quote{kInt64Max}, Quote{kInt64Max}, {kInt64Max, 1, 10'000}),
        10'000);
}

TEST(DriftLiquidation, FeeGrowsAfterTheGrace) {
    EXPECT_EQ(drift_liquidation_fee_ppm(10'000, 30'000, 1'499), 10'000);
    EXPECT_EQ(drift_liquidation_fee_ppm(10'000, 30'000, 1'500), 11'500);
    EXPECT_EQ(drift_liquidation_fee_ppm(10'000, 30'000, 20'000), 30'000);
    EXPECT_EQ(drift_liquidation_fee_ppm(10'000, 30'000, kInt64Max), 30'000);
}

RC_GTEST_PROP(DriftLiquidationProperty, SocializedLossIsCoveredByTheOpenInterest,
              (std::uint32_t loss, std::uint32_t open_long, std::uint32_t open_short)) {
    const Base longs{open_long}, shorts{-static_cast<std::int64_t>(open_short)};
    const auto delta =
        drift_socialized_loss(Quote{-static_cast<std::int64_t>(loss)}, longs, shorts);
    RC_ASSERT(delta.has_value() == (open_long != 0 || open_short != 0));
    if (!delta) return;
    // delta is 1e-9 quote a base: what all pay is at least the loss, at most a unit a base more.
    const Int128 open = static_cast<Int128>(open_long) + open_short;
    const Int128 paid = *delta / 1'000 * open;
    RC_ASSERT(paid >= static_cast<Int128>(loss) * kBaseUnit);
    RC_ASSERT(paid < static_cast<Int128>(loss) * kBaseUnit + open);
}

}  // namespace
}  // namespace astro::exchange::formulas
