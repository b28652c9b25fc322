#include "capabilities/exchange/engine/formulas/interest.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange::formulas {
namespace {

constexpr BorrowCurve kCurve{800'000, 50'000, 1'050'000, 2'000};

TEST(Interest, RiseInTheStepsOfTheSource) {
    const auto rate = [](std::int64_t used) { return borrow_rate_ppm(kCurve, used); };
    EXPECT_EQ(rate(0), 2'000) << "the least";
    EXPECT_EQ(rate(400'000), 25'000);
    EXPECT_EQ(rate(800'000), 50'000);
    // 5, 10, 15, 20, 25 and 25 % of 100 per cent points.
    EXPECT_EQ(rate(825'000), 75'000);
    EXPECT_EQ(rate(850'000), 100'000);
    EXPECT_EQ(rate(900'000), 200'000);
    EXPECT_EQ(rate(950'000), 350'000);
    EXPECT_EQ(rate(990'000), 550'000);
    EXPECT_EQ(rate(995'000), 800'000);
    EXPECT_EQ(rate(997'500), 925'000);
    EXPECT_EQ(rate(1'000'000), 1'050'000);
    EXPECT_EQ(borrow_rate_ppm({850'000, 50'000, 1'050'000, 0}, 850'000), 49'999)
        << "the slope is cut, too";
    EXPECT_EQ(borrow_rate_ppm({850'000, 50'000, 1'050'000, 0}, 850'001), 100'002);
}

TEST(Interest, DepositorsShareWhatBorrowersPay) {
    EXPECT_EQ(deposit_rate_ppm(100'000, 500'000, 100'000), 45'000);
    EXPECT_EQ(deposit_rate_ppm(10'000'000, 1'000'000, 0), 10'000'000);
    EXPECT_EQ(utilization_ppm(0, 0), 0);
    EXPECT_EQ(utilization_ppm(0, 1), 1'000'000);
    EXPECT_EQ(utilization_ppm(3, 1), 333'333);
    EXPECT_EQ(utilization_ppm(3, 4), 1'000'000);
    EXPECT_EQ(utilization_ppm(kInt128Max, kInt128Max - 1), 999'999);
}

TEST(Interest, RoundsAgainstTheAccount) {
    constexpr std::int64_t kYear = 31'536'000;
    EXPECT_EQ(interest(1'000'000, 100'000, kYear, Rounding::ceil), 100'000);
    EXPECT_EQ(interest(1'000'000, 100'000, 1, Rounding::ceil), 1);
    EXPECT_EQ(interest(1'000'000, 100'000, 1, Rounding::floor), 0);
    EXPECT_EQ(interest(power_of_ten(24), 10'000'000, kYear, Rounding::ceil), power_of_ten(25));
}

TEST(Interest, CurvesAreChecked) {
    EXPECT_TRUE(check_borrow_curve(kCurve));
    const auto where = [](BorrowCurve curve) {
        const auto result = check_borrow_curve(curve);
        if (result) return std::string("accepted");
        EXPECT_EQ(result.error().code, "bad_borrow_curve");
        return result.error().where;
    };
    EXPECT_EQ(where({0, 1, 2, 0}), "optimal_utilization_ppm");
    EXPECT_EQ(where({850'001, 1, 2, 0}), "optimal_utilization_ppm");
    EXPECT_EQ(where({800'000, 3, 2, 0}), "optimal_rate_ppm");
    EXPECT_EQ(where({800'000, 1, 10'000'001, 0}), "max_rate_ppm");
    EXPECT_EQ(where({800'000, 1, 2, 3}), "min_rate_ppm");
    EXPECT_EQ(where({800'000, -1, 2, 0}), "optimal_rate_ppm");
}

RC_GTEST_PROP(InterestProperty, RatesRiseWithUseAndDepositsNeverEarnMoreThanIsPaid,
              (std::uint32_t a, std::uint32_t b, std::uint32_t optimal, std::uint32_t share)) {
    const BorrowCurve curve{optimal % 850'000 + 1, 50'000, 3'000'000, 0};
    RC_ASSERT(check_borrow_curve(curve).has_value());
    const auto [less, more] = std::minmax({a % 1'000'001, b % 1'000'001});
    const auto low = borrow_rate_ppm(curve, less), high = borrow_rate_ppm(curve, more);
    RC_ASSERT(low <= high);
    RC_ASSERT(high <= curve.max_rate_ppm);
    // On a deposit of one million with `more` of it lent out.
    const Int128 earned = deposit_rate_ppm(high, more, share % 1'000'001);
    RC_ASSERT(earned * 1'000'000 <= static_cast<Int128>(high) * more);
}

}  // namespace
}  // namespace astro::exchange::formulas
