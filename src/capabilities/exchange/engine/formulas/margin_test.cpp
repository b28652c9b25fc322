#include "capabilities/exchange/engine/formulas/margin.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/exchange/engine/market_settings.hpp"

namespace astro::exchange::formulas {
namespace {

constexpr MarginTerms kSol{500, 300, 500};

TEST(Margin, GrowsWithTheRootOfTheSize) {
    EXPECT_EQ(margin_ratio_bps(kSol, Base{1 * kBaseUnit}, MarginKind::initial), 500);
    EXPECT_EQ(margin_ratio_bps(kSol, Base{1 * kBaseUnit}, MarginKind::maintenance), 300);
    EXPECT_EQ(margin_ratio_bps(kSol, Base{1 * kBaseUnit}, MarginKind::fill), 400);
    // 0.8 * 5 % + 0.0005 * sqrt(40,000) = 14 %; the root is of the magnitude.
    EXPECT_EQ(margin_ratio_bps(kSol, Base{40'000 * kBaseUnit}, MarginKind::initial), 1'400);
    EXPECT_EQ(margin_ratio_bps(kSol, Base{-40'000 * kBaseUnit}, MarginKind::maintenance), 1'240);
    EXPECT_EQ(margin_ratio_bps(kSol, Base{1 * kBaseUnit}, MarginKind::initial, 2'000), 2'000);
    EXPECT_EQ(margin_ratio_bps(kSol, Base{1 * kBaseUnit}, MarginKind::initial, 100), 500);
    EXPECT_EQ(margin_ratio_bps(kSol, Base{1 * kBaseUnit}, MarginKind::maintenance, 2'000), 300)
        << "an account's own leverage never liquidates it";
}

TEST(Margin, RequirementIsRoundedUp) {
    EXPECT_EQ(margin_requirement(Price{100 * kQuoteUnit}, Base{kBaseUnit}, 500),
              Quote{5 * kQuoteUnit});
    EXPECT_EQ(margin_requirement(Price{1}, Base{1}, 1), Quote{1});
    EXPECT_EQ(margin_requirement(Price{1}, Base{-1}, 1), Quote{1});
    EXPECT_EQ(margin_requirement(Price{1}, Base{0}, 500), Quote{0});
}

TEST(Margin, TheLargestPositionsStayInBounds) {
    for (const Base size : {Base{kInt64Max}, Base{kInt64Min}}) {
        EXPECT_EQ(margin_ratio_bps({10'000, 9'999, 1'000'000}, size, MarginKind::initial),
                  kMarginRatioMaxBps);
        EXPECT_LE(drift_size_premium(size, 1'000'000, 1'000'000, 1'000'000), 97'000'000'000);
        EXPECT_EQ(drift_size_discount(size, 1'000'000, 10'000), 0);
    }
    // A notional of ten billion: by price and by size.
    const Base large{kNotionalMax.value() / kPriceMax.value() * kBaseUnit};
    EXPECT_EQ(margin_requirement(kPriceMax, large, kMarginRatioMaxBps),
              Quote{kNotionalMax.value() * 100});
    EXPECT_EQ(margin_requirement(Price{kQuoteUnit}, Base{kInt64Max}, kMarginRatioMaxBps),
              Quote{922'337'203'685'477'581});
}

RC_GTEST_PROP(MarginProperty, MoreSizeNeverNeedsLess,
              (std::uint32_t a, std::uint32_t b, std::uint16_t imf)) {
    const auto [less, more] = std::minmax(a, b);
    for (const auto kind : {MarginKind::initial, MarginKind::maintenance, MarginKind::fill}) {
        const MarginTerms terms{1'000, 600, imf};
        const Base small{less * 1'000'000LL}, large{more * 1'000'000LL};
        RC_ASSERT(margin_ratio_bps(terms, small, kind) <= margin_ratio_bps(terms, large, kind));
        RC_ASSERT(drift_size_discount(small, imf, 9'000) >= drift_size_discount(large, imf, 9'000));
    }
}

RC_GTEST_PROP(MarginProperty, OpenInterestOnlyEverRaisesIt, (std::uint32_t a, std::uint32_t b)) {
    const OpenInterestTier tier{50'000, 600'000, Quote{1'000'000'000}, Quote{3'000'000'000}};
    const auto [less, more] = std::minmax(a, b);
    const Quote position{kNotionalMax};
    const Quote low = dydx_initial_margin(tier, Quote{less}, position);
    const Quote high = dydx_initial_margin(tier, Quote{more}, position);
    RC_ASSERT(low <= high);
    RC_ASSERT(low >= Quote{kNotionalMax.value() / 20});
    RC_ASSERT(high <= kNotionalMax);
}

TEST(Margin, DydxMaintenanceIsAFraction) {
    EXPECT_EQ(dydx_maintenance_ppm(50'000, 600'000), 30'000);
    EXPECT_EQ(dydx_maintenance_ppm(745'345, 564'947), 421'080);
}

}  // namespace
}  // namespace astro::exchange::formulas
