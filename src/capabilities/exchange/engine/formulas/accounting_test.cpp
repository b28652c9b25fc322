#include "capabilities/exchange/engine/formulas/accounting.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace astro::exchange::formulas {
namespace {

constexpr Price kHundred{100 * kQuoteUnit};

PositionState bought(std::int64_t bases, Price price) {
    return apply_fill({}, Base{bases * kBaseUnit}, price)->after;
}

TEST(Accounting, GrowsReducesClosesAndFlips) {
    auto position = bought(2, kHundred);
    EXPECT_EQ(position, (PositionState{Base{2 * kBaseUnit}, Quote{-200 * kQuoteUnit}}));
    const auto grown = *apply_fill(position, Base{2 * kBaseUnit}, Price{110 * kQuoteUnit});
    EXPECT_EQ(grown.after.quote, Quote{-420 * kQuoteUnit});
    EXPECT_EQ(grown.realized, Quote{0});
    EXPECT_EQ(entry_price(grown.after, Rounding::floor), Price{105 * kQuoteUnit});

    const auto reduced = *apply_fill(grown.after, Base{-kBaseUnit}, Price{125 * kQuoteUnit});
    EXPECT_EQ(reduced.after, (PositionState{Base{3 * kBaseUnit}, Quote{-315 * kQuoteUnit}}));
    EXPECT_EQ(reduced.realized, Quote{20 * kQuoteUnit});
    EXPECT_EQ(reduced.closed, Base{kBaseUnit});

    const auto closed = *apply_fill(reduced.after, Base{-3 * kBaseUnit}, kHundred);
    EXPECT_EQ(closed.after, PositionState{});
    EXPECT_EQ(closed.realized, Quote{-15 * kQuoteUnit});

    const auto flipped = *apply_fill(reduced.after, Base{-5 * kBaseUnit}, kHundred);
    EXPECT_EQ(flipped.after, (PositionState{Base{-2 * kBaseUnit}, Quote{200 * kQuoteUnit}}));
    EXPECT_EQ(flipped.realized, Quote{-15 * kQuoteUnit});
    EXPECT_EQ(flipped.closed, Base{3 * kBaseUnit});
    EXPECT_EQ(unrealized_profit(flipped.after, Price{90 * kQuoteUnit}), Quote{20 * kQuoteUnit});
}

TEST(Accounting, NothingMovesForAnEmptyFill) {
    const auto position = bought(2, kHundred);
    const auto same = *apply_fill(position, Base{0}, Price{1});
    EXPECT_EQ(same.after, position);
    EXPECT_EQ(same.realized, Quote{0});
    EXPECT_FALSE(entry_price({}, Rounding::floor));
}

TEST(Accounting, RoundsAgainstTheAccount) {
    EXPECT_EQ(apply_fill({}, Base{1}, Price{1})->after.quote, Quote{-1}) << "a buyer pays";
    EXPECT_EQ(apply_fill({}, Base{-1}, Price{1})->after.quote, Quote{0}) << "a seller gets";
    // A third of -100 is -34 to the balance; the two units stay and come out at the end.
    const PositionState odd{Base{3 * kBaseUnit}, Quote{-100}};
    const auto third = *apply_fill(odd, Base{-kBaseUnit}, Price{40});
    EXPECT_EQ(third.realized, Quote{6});
    EXPECT_EQ(third.after.quote, Quote{-66});
    EXPECT_EQ(unrealized_profit({Base{-1}, Quote{0}}, Price{1}), Quote{-1});
}

TEST(Accounting, RefusesWhatDoesNotFit) {
    EXPECT_FALSE(apply_fill({Base{kInt64Max}, Quote{0}}, Base{1}, Price{1}));
    EXPECT_FALSE(apply_fill({}, Base{kInt64Max}, kPriceMax));
    EXPECT_FALSE(apply_fill({Base{kInt64Min}, Quote{0}}, Base{kInt64Max}, kPriceMax));
    EXPECT_FALSE(unrealized_profit({Base{kInt64Max}, Quote{0}}, kPriceMax));
    // The largest position that check_market() allows opens, flips and closes.
    const Base large{kNotionalMax.value() / kPriceMax.value() * kBaseUnit};
    const auto open = apply_fill({}, large, kPriceMax);
    ASSERT_TRUE(open);
    const auto flip = apply_fill(open->after, Base{-2 * large.value()}, Price{1});
    ASSERT_TRUE(flip);
    EXPECT_EQ(flip->realized, Quote{-kNotionalMax.value() + large.value() / kBaseUnit});
}

RC_GTEST_PROP(AccountingProperty, NoUnitIsMadeOrLost,
              (const std::vector<std::pair<std::int32_t, std::uint32_t>>& fills)) {
    PositionState position;
    Int128 balance = 0, cash = 0;
    Price price{};
    for (const auto& [size, level] : fills) {
        price = Price{level + 1LL};
        const Base delta{size * 1'000LL};
        const auto outcome = apply_fill(position, delta, price);
        RC_ASSERT(outcome.has_value());
        balance += outcome->realized.value();
        const Int128 exact = -static_cast<Int128>(delta.value()) * price.value();
        cash += div_round(exact, kBaseUnit, Rounding::floor);
        RC_ASSERT(outcome->after.size == position.size + delta);
        position = outcome->after;
        RC_ASSERT(balance + position.quote.value() == cash);
        if (position.size == Base{0}) RC_ASSERT(position.quote == Quote{0});
    }
    // Closed at last, all of it is in the balance.
    const auto last = apply_fill(position, Base{} - position.size, price);
    RC_ASSERT(last->after == PositionState{});
}

RC_GTEST_PROP(AccountingProperty, OneFillIsTheSumOfItsLots,
              (std::int8_t start, std::int8_t change, std::uint8_t level)) {
    // With whole notionals the way a fill is cut has no effect on size and quote; a reduction in
    // parts may leave units of rounding in the position until it is closed.
    const Price price{(level + 1) * kQuoteUnit};
    const PositionState held = bought(start, kHundred);
    const auto at_once = *apply_fill(held, Base{change * kBaseUnit}, price);
    PositionState position = held;
    Quote realized;
    for (int i = 0; i < std::abs(change); ++i) {
        const auto one = *apply_fill(position, Base{(change < 0 ? -1 : 1) * kBaseUnit}, price);
        position = one.after;
        realized += one.realized;
    }
    RC_ASSERT(position == at_once.after);
    RC_ASSERT(realized == at_once.realized);
}

}  // namespace
}  // namespace astro::exchange::formulas
