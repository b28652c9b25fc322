#include "capabilities/exchange/engine/formulas/brackets.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace astro::exchange::formulas {
namespace {

constexpr std::int64_t kDollar = kQuoteUnit;

MarginBracket bracket(std::int64_t from, std::int64_t to, std::int64_t ppm, std::int64_t leverage,
                      std::int64_t cum) {
    return {Quote{from * kDollar}, Quote{to * kDollar}, ppm, leverage, Quote{cum * kDollar}};
}

/// Binance USD-M, BTCUSDT, as its public API gave them in 2024.
std::vector<MarginBracket> btc() {
    return {bracket(0, 50'000, 4'000, 125, 0),
            bracket(50'000, 600'000, 5'000, 100, 50),
            bracket(600'000, 3'000'000, 6'500, 75, 950),
            bracket(3'000'000, 12'000'000, 10'000, 50, 11'450),
            bracket(12'000'000, 70'000'000, 20'000, 25, 131'450),
            bracket(70'000'000, 100'000'000, 25'000, 20, 481'450),
            bracket(100'000'000, 230'000'000, 50'000, 10, 2'981'450)};
}

std::string refused(std::vector<MarginBracket> brackets) {
    const auto result = check_brackets(brackets);
    if (result) return "accepted";
    EXPECT_EQ(result.error().code, "bad_brackets");
    return result.error().message;
}

TEST(Brackets, PublishedOnesAreContinuous) {
    EXPECT_EQ(refused(btc()), "accepted");
    EXPECT_EQ(bracket_maintenance(btc(), Quote{50'000 * kDollar}), Quote{200 * kDollar});
    EXPECT_EQ(bracket_maintenance(btc(), Quote{1'000'000 * kDollar}), Quote{5'550 * kDollar});
    EXPECT_EQ(bracket_maintenance(btc(), Quote{0}), Quote{0});
    EXPECT_EQ(bracket_maintenance(btc(), Quote{1}), Quote{1}) << "rounded up";
    EXPECT_EQ(bracket_of(btc(), Quote{600'000 * kDollar}).leverage_max, 75);
    EXPECT_EQ(bracket_of(btc(), kNotionalMax).leverage_max, 10) << "the last has no end";
    EXPECT_EQ(bracket_initial(btc(), Quote{1'000'000 * kDollar}, 125), Quote{13'333'333'334})
        << "75 at most, rounded up";
    EXPECT_EQ(bracket_initial(btc(), Quote{1'000 * kDollar}, 0), Quote{1'000 * kDollar});
}

TEST(Brackets, WhatCannotBeIsNamed) {
    const auto with = [](std::size_t index, auto change) {
        auto brackets = btc();
        change(brackets[index]);
        return refused(std::move(brackets));
    };
    EXPECT_EQ(refused({}), "at least one bracket is needed");
    EXPECT_EQ(with(0, [](MarginBracket& b) { b.cum = Quote{1}; }),
              "bracket 1 begins at 0 with cum 0");
    EXPECT_EQ(with(2, [](MarginBracket& b) { b.cum += Quote{1}; }),
              "bracket 3 has cum 950, so that the requirement does not jump");
    EXPECT_EQ(with(2, [](MarginBracket& b) { b.from += Quote{1}; }),
              "bracket 3 begins where the one before ends, at 600000");
    const auto odd = [](MarginBracket& b, Quote MarginBracket::* end) {
        b.*end = Quote{1'000'001};
    };
    auto brackets = btc();
    odd(brackets[0], &MarginBracket::to);
    odd(brackets[1], &MarginBracket::from);
    brackets[1].cum = Quote{1'000};
    EXPECT_EQ(refused(brackets),
              "bracket 2 begins at a notional for which cum is a whole number of 0.000001");
    EXPECT_EQ(with(1, [](MarginBracket& b) { b.to = b.from; }),
              "bracket 2 ends above where it begins");
    EXPECT_EQ(with(1, [](MarginBracket& b) { b.maintenance_ppm = 4'000; }),
              "bracket 2 has a higher maintenance rate than the one before");
    EXPECT_EQ(with(1, [](MarginBracket& b) { b.maintenance_ppm = 0; }),
              "bracket 2 has a maintenance rate from 1 to 1000000 ppm");
    EXPECT_EQ(with(1, [](MarginBracket& b) { b.leverage_max = 0; }),
              "bracket 2 has a leverage from 1 to 1000");
    EXPECT_EQ(with(1, [](MarginBracket& b) { b.leverage_max = 126; }),
              "bracket 2 has no higher leverage than the one before");
    EXPECT_EQ(with(6,
                   [](MarginBracket& b) {
                       b.leverage_max = 20;
                       b.maintenance_ppm = 50'001;
                   }),
              "bracket 7 has an initial margin (1 / leverage) of at least the maintenance rate");
}

RC_GTEST_PROP(BracketsProperty, EqualThePiecewiseSum, (std::uint64_t random)) {
    const auto brackets = btc();
    const auto dollars = static_cast<std::int64_t>(random % 400'000'000);
    // Each part of the notional at the rate of its own bracket.
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < brackets.size(); ++i) {
        const std::int64_t to =
            i + 1 < brackets.size() ? brackets[i].to.value() / kDollar : 400'000'000;
        const std::int64_t part = std::min(dollars, to) - brackets[i].from.value() / kDollar;
        if (part > 0) sum += part * brackets[i].maintenance_ppm;
    }
    RC_ASSERT(bracket_maintenance(brackets, Quote{dollars * kDollar}) == Quote{sum});
}

}  // namespace
}  // namespace astro::exchange::formulas
