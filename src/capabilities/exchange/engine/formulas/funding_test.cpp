#include "capabilities/exchange/engine/formulas/funding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <vector>

namespace astro::exchange::formulas {
namespace {

constexpr Rate kBp{100 * kRatePerPpm};

TEST(Funding, TermsAreThoseOfTheirTime) {
    const std::array versions{PremiumTermsVersion{100, {kBp, kBp, 1}},
                              PremiumTermsVersion{200, {kBp, kBp, 8}}};
    EXPECT_EQ(terms_at(versions, 0).divisor, 1) << "before the first: the first";
    EXPECT_EQ(terms_at(versions, 199).divisor, 1);
    EXPECT_EQ(terms_at(versions, 200).divisor, 8);
    EXPECT_EQ(terms_at(versions, kInt64Max).divisor, 8);
}

TEST(Funding, BinanceWeighsLateSamplesMore) {
    EXPECT_EQ(binance_average_premium({}), Rate{0});
    const std::array samples{Rate{60}, Rate{0}, Rate{120}};
    EXPECT_EQ(binance_average_premium(samples), Rate{(60 + 3 * 120) / 6});
    const std::vector<Rate> many(86'400, kPremiumMax);
    EXPECT_EQ(binance_average_premium(many), kPremiumMax);
}

TEST(Funding, BinanceDrawsToInterest) {
    const Rate clamp{5 * kBp.value()};
    EXPECT_EQ(to_text(binance_funding(Rate{0}, kBp, clamp, 8)), "0.0001");
    EXPECT_EQ(to_text(binance_funding(Rate{10 * kBp.value()}, kBp, clamp, 8)), "0.0005");
    EXPECT_EQ(to_text(binance_funding(Rate{10 * kBp.value()}, kBp, clamp, 4)), "0.00025");
    EXPECT_EQ(binance_funding(Rate{12}, Rate{0}, Rate{0}, 4), Rate{6}) << "multiplied first";
    EXPECT_EQ(to_text(binance_funding(Rate{-10 * kBp.value()}, kBp, clamp, 1)), "-0.0000625");
}

TEST(Funding, Caps) {
    EXPECT_EQ(cap_rate(Rate{5}, Rate{3}), Rate{3});
    EXPECT_EQ(cap_rate(Rate{-5}, Rate{3}), Rate{-3});
    EXPECT_EQ(cap_rate(Rate{-2}, Rate{3}), Rate{-2});
    EXPECT_EQ(dydx_funding_ppm(900, 100, 500), 500);
    EXPECT_EQ(dydx_funding_ppm(-900, 100, 500), -500);
    EXPECT_EQ(dydx_funding_ppm(200, 100, 500), 300);
    EXPECT_EQ(dydx_funding_ppm(kInt64Max, kInt64Max, 500), 500);
}

TEST(Funding, DydxIndexRefusesOnlyWhatCannotBeHeld) {
    EXPECT_FALSE(dydx_index_delta({~std::uint64_t{0}, 20, 10}, kInt64Max, kInt64Max));
    EXPECT_FALSE(dydx_index_delta({1, 100, 0}, 1, 1));
    EXPECT_EQ(dydx_index_delta({~std::uint64_t{0}, -20, -10}, 1'000'000, 28'800), 18);
    EXPECT_EQ(dydx_index_delta({1, 0, 0}, 1, 28'800), 1'000'000);
    EXPECT_EQ(dydx_index_delta({1, 0, -6}, -1, 28'799), 0) << "to zero, not down";
}

TEST(Funding, DriftTakesTheDifferenceOfAveragesWithItsOffset) {
    const Price twap{49'000'000};
    // (0.10 + 0.0098) / 24 of a dollar.
    EXPECT_EQ(to_text(drift_funding(twap + Price{100'000}, twap, ContractTier::a, 3'600)),
              "0.004575");
    EXPECT_EQ(to_text(drift_funding(Price{60'000'000}, twap, ContractTier::b, 3'600)),
              "0.061868666")
        << "clamped to 1.484848";
    EXPECT_EQ(to_text(drift_funding(Price{40'000'000}, twap, ContractTier::c, 3'600)),
              "-0.102083333");
    EXPECT_EQ(to_text(drift_funding(Price{40'000'000}, twap, ContractTier::isolated, 3'600)),
              "-0.204166666");
    EXPECT_EQ(to_text(drift_funding(Price{60'000'000}, twap, ContractTier::b, 28'800)),
              "0.494949333");
    EXPECT_EQ(drift_funding(kPriceMax, kPriceMax, ContractTier::a, 86'400).value(),
              2'000'000'000'000);
}

TEST(Funding, APositionPaysRoundedAgainstIt) {
    const auto hour = funding_per_base(Rate{12'500'000}, Price{100 * kQuoteUnit});
    EXPECT_EQ(to_text(hour), "0.00125");
    EXPECT_EQ(funding_payment(Base{kBaseUnit}, hour.value()), Quote{-1'250});
    EXPECT_EQ(funding_payment(Base{-kBaseUnit}, hour.value()), Quote{1'250});
    EXPECT_EQ(funding_payment(Base{1}, hour.value()), Quote{-1});
    EXPECT_EQ(funding_payment(Base{-1}, hour.value()), Quote{0});
    EXPECT_EQ(funding_payment(Base{0}, hour.value()), Quote{0});
    EXPECT_EQ(funding_per_base(kPremiumMax, kPriceMax).value(), 100'000'000'000'000'000);
    EXPECT_FALSE(funding_payment(Base{kInt64Min}, kInt128Max));
    EXPECT_FALSE(funding_payment(Base{kInt64Max}, static_cast<Int128>(1) << 70));
    EXPECT_FALSE(funding_payment(Base{kInt64Min}, -(static_cast<Int128>(1) << 40)));
}

RC_GTEST_PROP(FundingProperty, PaymentsSumToLittleMoreThanNothingInTheVenuesFavour,
              (const std::vector<std::int32_t>& sizes, std::int64_t change)) {
    // Sizes of a market sum to zero, so what is not paid on is a remainder of less than one unit
    // an account.
    std::int64_t sum = 0, rest = 0;
    for (const auto size : sizes) {
        rest += size;
        sum += funding_payment(Base{size}, change)->value();
    }
    sum += funding_payment(Base{-rest}, change)->value();
    RC_ASSERT(sum <= 0);
    RC_ASSERT(sum > -static_cast<std::int64_t>(sizes.size()) - 1);
}

RC_GTEST_PROP(FundingProperty, TheClampNeverLeavesTheLineBetweenPremiumAndInterest,
              (std::int32_t premium, std::uint16_t clamp_bps)) {
    const Rate p{premium * 1'000LL}, clamp{clamp_bps * kBp.value()};
    const Rate rate = hyperliquid_funding(p, {kBp, clamp, 1});
    RC_ASSERT(rate >= std::min(p, kBp));
    RC_ASSERT(rate <= std::max(p, kBp));
    RC_ASSERT(rate == binance_funding(p, kBp, clamp, 8));
}

}  // namespace
}  // namespace astro::exchange::formulas
