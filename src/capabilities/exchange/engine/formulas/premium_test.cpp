#include "capabilities/exchange/engine/formulas/premium.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <vector>

namespace astro::exchange::formulas {
namespace {

Price dollars(std::int64_t value) {
    return Price{value * kQuoteUnit};
}

TEST(Premium, ImpactPriceIsTheAverageOverTheLevels) {
    const std::array bids{Level{dollars(100), Base{2 * kBaseUnit}},
                          Level{dollars(99), Base{5 * kBaseUnit}}};
    EXPECT_EQ(impact_price(bids, Quote{100 * kQuoteUnit}, Side::sell), dollars(100));
    EXPECT_EQ(impact_price(bids, Quote{200 * kQuoteUnit}, Side::sell), dollars(100));
    // 200 at 100 and 99 at 99: 299 for three.
    EXPECT_EQ(impact_price(bids, Quote{299 * kQuoteUnit}, Side::sell), Price{99'666'666});
    EXPECT_EQ(impact_price(bids, Quote{299 * kQuoteUnit}, Side::buy), Price{99'666'667});
    EXPECT_EQ(impact_price(bids, Quote{695 * kQuoteUnit}, Side::sell), Price{99'285'714});
    EXPECT_FALSE(impact_price(bids, Quote{695 * kQuoteUnit + 1}, Side::sell));
    EXPECT_FALSE(impact_price({}, Quote{1}, Side::buy));
}

TEST(Premium, CountsOnlyWhatIsBeyondTheIndex) {
    const auto text = [](std::optional<Price> bid, std::optional<Price> ask) {
        return to_text(premium(bid, ask, dollars(100)));
    };
    EXPECT_EQ(text(dollars(101), dollars(102)), "0.01");
    EXPECT_EQ(text(dollars(98), dollars(99)), "-0.01");
    EXPECT_EQ(text(dollars(99), dollars(101)), "0");
    EXPECT_EQ(text(dollars(102), dollars(98)), "0") << "a crossed book says nothing";
    EXPECT_EQ(text({}, {}), "0");
    EXPECT_EQ(text({}, dollars(97)), "-0.03");
    EXPECT_EQ(text(dollars(103), {}), "0.03");
    EXPECT_EQ(premium(kPriceMax, {}, Price{1}), kPremiumMax);
    EXPECT_EQ(premium({}, Price{1}, kPriceMax), Rate{-999'999'999'999}) << "never below -1";
}

TEST(Premium, TheLargestBookStaysInBounds) {
    const std::array levels{Level{kPriceMax, Base{kInt64Max}}};
    EXPECT_EQ(impact_price(levels, kNotionalMax, Side::buy), kPriceMax);
    const std::array cheap{Level{Price{1}, Base{kInt64Max}}, Level{kPriceMax, Base{kInt64Max}}};
    EXPECT_LE(*impact_price(cheap, kNotionalMax, Side::buy), kPriceMax);
}

RC_GTEST_PROP(PremiumProperty, ImpactLiesBetweenTheLevelsAndWorsensWithSize,
              (const std::vector<std::uint16_t>& steps, std::uint32_t first,
               std::uint32_t second)) {
    RC_PRE(!steps.empty());
    std::vector<Level> asks;
    std::int64_t price = 50'000'000;
    for (const auto step : steps) {
        price += step + 1;
        asks.push_back({Price{price}, Base{(step % 7 + 1) * kBaseUnit / 10}});
    }
    const auto [small, large] = std::minmax(first, second);
    const auto near = impact_price(asks, Quote{small + 1LL}, Side::buy);
    const auto far = impact_price(asks, Quote{large + 1LL}, Side::buy);
    RC_ASSERT(!far || near);
    if (near) RC_ASSERT(*near >= asks.front().price && *near <= asks.back().price);
    if (far) RC_ASSERT(*near <= *far);
}

}  // namespace
}  // namespace astro::exchange::formulas
