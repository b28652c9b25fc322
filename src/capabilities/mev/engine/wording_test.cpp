#include "capabilities/mev/engine/wording.hpp"

#include <gtest/gtest.h>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

TEST(Wording, DecimalsAreExactWithoutTrailingZeros) {
    EXPECT_EQ(decimal_text(1'234'567, 6), "1.234567");
    EXPECT_EQ(decimal_text(1'230'000, 6), "1.23");
    EXPECT_EQ(decimal_text(-5, 9), "-0.000000005");
    EXPECT_EQ(decimal_text(0, 9), "0");
    EXPECT_EQ(decimal_text(7, 0), "7");
    EXPECT_EQ(decimal_text(INT64_MIN, 0), "-9223372036854775808");
}

TEST(Wording, Money) {
    EXPECT_EQ(sol_text(Lamports{1'500'000'000}), "1.5 SOL");
    EXPECT_EQ(lamports_text(Lamports{22'624}), "22,624 lamports");
    EXPECT_EQ(lamports_text(Lamports{-1'234'567}), "-1,234,567 lamports");
    EXPECT_EQ(lamports_text(Lamports{999}), "999 lamports");
    EXPECT_EQ(lamports_text(Lamports{1}), "1 lamport");
    EXPECT_EQ(usd_text(MicroUsd{-2'500'000}), "-$2.5");
}

TEST(Wording, TokensByNameOrShortKey) {
    const std::vector<solana::MintInfo> mints{{testing::key("A"), 2, false}};
    const Wording say(mints);
    EXPECT_EQ(say.token(wsol_mint()), "SOL");
    EXPECT_EQ(say.amount(usdc_mint(), std::uint64_t{2'500'000}), "2.5 USDC");
    EXPECT_EQ(say.amount(testing::key("A"), std::int64_t{-150}),
              "-1.5 " + short_key(testing::key("A")));
    EXPECT_EQ(say.amount(testing::key("B"), std::uint64_t{150}),
              "150 raw " + short_key(testing::key("B")));
    EXPECT_EQ(short_key(usdc_mint()), "EPjF…Dt1v");
}

}  // namespace
}  // namespace astro::mev
