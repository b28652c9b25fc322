#include "capabilities/exchange/engine/formulas/liquidation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange::formulas {
namespace {

constexpr Price kMark{100 * kQuoteUnit};

Quote dollars(std::int64_t value) {
    return Quote{value * kQuoteUnit};
}

// The published examples of the dYdX formulas are in dydx_vectors_test.cpp.
TEST(Liquidation, FillablePriceStaysBetweenOracleAndTheFullSpread) {
    const Base ten{10 * kBaseUnit};
    const auto at = [&](std::int64_t equity, Base size) {
        return dydx_fillable_price(size, kMark, dollars(100), {dollars(equity), dollars(100)}, {})
            ->value();
    };
    EXPECT_EQ(at(100, ten), 100'000'000);
    EXPECT_EQ(at(500, ten), 100'000'000) << "a sound account sells at the oracle";
    EXPECT_EQ(at(0, ten), 99'000'000) << "10 % of the margin of 10 a base";
    EXPECT_EQ(at(-500, ten), 99'000'000);
    EXPECT_EQ(at(0, Base{} - ten), 101'000'000);
    EXPECT_EQ(
        dydx_fillable_price(Base{3 * kBaseUnit}, kMark, dollars(10), {dollars(0), dollars(10)}, {}),
        Price{99'666'667})
        << "a third of a dollar, and the price up";
    EXPECT_TRUE(dydx_fillable_price(Base{kInt64Max}, kPriceMax, Quote{kInt64Max},
                                    {Quote{kInt64Min}, Quote{kInt64Max}}, {1'000'000, 1'000'000}));
}

TEST(Liquidation, BankruptcyPriceLeavesNothing) {
    const AccountMargin alone{dollars(30), dollars(12)};
    const Base four{4 * kBaseUnit};
    EXPECT_EQ(bankruptcy_price(four, kMark, dollars(12), alone), Price{92'500'000});
    EXPECT_EQ(bankruptcy_price(Base{} - four, kMark, dollars(12), alone), Price{107'500'000});
    EXPECT_EQ(bankruptcy_price(four, kMark, dollars(4), alone), Price{97'500'000})
        << "a third of the requirement has a third of the equity";
    EXPECT_EQ(bankruptcy_price(four, kMark, dollars(12), {dollars(-30), dollars(12)}),
              Price{107'500'000});
    EXPECT_FALSE(bankruptcy_price(four, kMark, dollars(12), {dollars(400), dollars(12)}))
        << "not even at zero";
    EXPECT_FALSE(bankruptcy_price(four, kMark, dollars(12), {dollars(400), dollars(0)}));
}

RC_GTEST_PROP(LiquidationProperty, ClosingAtTheBankruptcyPriceNeverLeavesLess,
              (std::uint32_t size, std::uint32_t equity, bool is_long)) {
    const Base held{is_long ? size + 1LL : -(size + 1LL)};
    const AccountMargin account{Quote{equity}, Quote{1'000}};
    const auto price = bankruptcy_price(held, kMark, Quote{1'000}, account);
    if (!price) return;
    // equity + (price - mark) * size, exact.
    const auto after = [&](Price p) {
        return static_cast<Int128>(equity) * kBaseUnit +
               static_cast<Int128>((p - kMark).value()) * held.value();
    };
    RC_ASSERT(after(*price) >= 0);
    RC_ASSERT(after(*price - Price{is_long ? 1 : -1}) < 0);
}

TEST(Liquidation, LiquidationPriceIsWhereEquityMeetsMaintenance) {
    const Base one{kBaseUnit};
    // Long at 100 with 10 of equity and 3 %: 92.783505 * 0.97 = 90, which is what was borrowed.
    EXPECT_EQ(liquidation_price(one, kMark, 300, {dollars(10), dollars(3)}), Price{92'783'506});
    EXPECT_EQ(liquidation_price(Base{} - one, kMark, 300, {dollars(10), dollars(3)}),
              Price{106'796'116});
    EXPECT_EQ(liquidation_price(one, kMark, 300, {dollars(3), dollars(3)}), kMark);
    EXPECT_FALSE(liquidation_price(one, kMark, 300, {dollars(110), dollars(3)}));
    EXPECT_FALSE(liquidation_price(one, kMark, 10'000, {dollars(10), dollars(3)}));
}

CloseTerms close_terms(std::int64_t equity, std::int64_t bases) {
    CloseTerms t;
    t.equity = dollars(equity);
    t.size = Base{bases * kBaseUnit};
    t.lot = Base{kBaseUnit / 100};
    t.mark = t.exit = kMark;
    t.margin = {500, 300, 0};
    t.buffer_bps = 200;
    return t;
}

TEST(Liquidation, ClosesAsLittleAsRestoresTheMargin) {
    // 100 bases need 300 and a buffer of 6; with 150 half of it may stay: 49.01 of 100.
    auto t = close_terms(150, 100);
    EXPECT_EQ(size_to_close(t).size, Base{50'990'000'000});
    EXPECT_TRUE(size_to_close(t).restores);
    t.size = Base{} - t.size;
    EXPECT_EQ(size_to_close(t).size, Base{50'990'000'000}) << "a short alike";
    EXPECT_EQ(size_to_close(close_terms(306, 100)).size, Base{0});
    EXPECT_EQ(size_to_close(close_terms(305, 100)).size, Base{330'000'000});
    t = close_terms(0, 100);
    EXPECT_EQ(size_to_close(t).size, Base{100 * kBaseUnit});
    EXPECT_TRUE(size_to_close(t).restores) << "nothing is owed and nothing needed";
    t.equity = Quote{-1};
    EXPECT_EQ(size_to_close(t).size, Base{100 * kBaseUnit});
    EXPECT_FALSE(size_to_close(t).restores);
}

TEST(Liquidation, ACostAboveTheBaseMarginMayStillHelp) {
    auto t = close_terms(150, 100);
    t.fee_ppm = 30'600;  // 3 % and its buffer
    EXPECT_EQ(size_to_close(t).size, Base{100 * kBaseUnit});
    t.fee_ppm = 0;
    t.exit = Price{96'940'000};
    EXPECT_EQ(size_to_close(t).size, Base{100 * kBaseUnit});
    EXPECT_FALSE(size_to_close(t).restores) << "306 lost of 150";
    // A large position has 11.4 % of margin, and there 5 % of cost still helps: after 3.8 bases
    // the account has 1,101 of 1,100.95 (96.2 bases at 11.22 % and the buffer).
    t = close_terms(1'120, 100);
    t.margin.imf_ppm = 9'000;
    t.fee_ppm = 50'000;
    EXPECT_EQ(size_to_close(t).size, Base{3'800'000'000});
    EXPECT_TRUE(size_to_close(t).restores);
}

TEST(Liquidation, CloseSizeAtTheEdges) {
    CloseTerms t = close_terms(0, 1);
    t.equity = Quote{kInt64Max};
    t.other_maintenance = Quote{kInt64Max / 2};
    t.mark = t.exit = kPriceMax;
    t.size = Base{kNotionalMax.value() / kPriceMax.value() * kBaseUnit};
    t.margin = {10'000, 9'999, 1'000'000};
    t.buffer_bps = 5'000;
    EXPECT_EQ(size_to_close(t).size, Base{0});
    t.equity = Quote{kInt64Min};
    EXPECT_FALSE(size_to_close(t).restores);
    // A size of 64 bits at the price that its notional allows.
    t.mark = t.exit = Price{kQuoteUnit};
    t.size = t.lot = Base{kInt64Max};
    EXPECT_EQ(size_to_close(t).size, t.size);
}

RC_GTEST_PROP(LiquidationProperty, CloseSizeIsWhatTryingEachLotFinds,
              (std::uint16_t lots, std::int32_t equity, std::uint16_t others, std::uint16_t imf,
               std::uint8_t fee, std::uint8_t slip, bool is_long)) {
    CloseTerms t;
    t.lot = Base{kBaseUnit / 10};
    const std::int64_t count = lots % 600 + 1;
    t.size = Base{(is_long ? 1 : -1) * count * t.lot.value()};
    t.mark = kMark;
    t.exit = kMark + Price{(is_long ? -1 : 1) * slip * 5'000LL};  // up to 1.3 %
    t.margin = {500, 300, imf * 10LL};
    t.fee_ppm = fee * 200LL;  // up to 5.1 %, more than the margin of a small position
    t.buffer_bps = 200;
    t.equity = Quote{equity % 1'000'000'000};
    t.other_maintenance = Quote{others * 1'000LL};
    const auto restores = [&](std::int64_t n) {
        return close_restores(t, Base{n * t.lot.value()});
    };
    std::int64_t least = 0;
    while (least < count && !(restores(least) && (least == 0 || restores(count)))) ++least;
    const auto found = size_to_close(t);
    RC_ASSERT(found.size == Base{least * t.lot.value()});
    RC_ASSERT(found.restores == close_restores(t, found.size));
}

RC_GTEST_PROP(LiquidationProperty, CloseRestoresIsTheRoundedTestUpToItsRounding,
              (std::uint16_t lots, std::uint16_t part, std::int32_t equity, std::uint16_t imf)) {
    // The same by the rounded requirements that accounts are shown: where these hold with the
    // units that two roundings can take to spare, the exact test holds, and the other way round.
    CloseTerms t = close_terms(0, 1);
    t.size = Base{(lots + 1LL) * t.lot.value()};
    t.margin.imf_ppm = imf;
    t.exit = kMark - Price{2 * kQuoteUnit};
    t.equity = Quote{equity % 100'000'000};
    const Base closed{part % (lots + 1LL) * t.lot.value()};
    const Base rest = t.size - closed;
    const auto ratio = margin_ratio_bps(t.margin, rest, MarginKind::maintenance);
    const Quote needed = margin_requirement(t.mark, rest, ratio);
    const std::int64_t wanted = needed.value() + needed.value() * t.buffer_bps / kBpsOne;
    const std::int64_t left = t.equity.value() - 2 * closed.value() * kQuoteUnit / kBaseUnit;
    if (left >= wanted + 2) RC_ASSERT(close_restores(t, closed));
    if (left < wanted - 3) RC_ASSERT(!close_restores(t, closed));
}

}  // namespace
}  // namespace astro::exchange::formulas
