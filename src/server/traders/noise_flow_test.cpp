#include "server/traders/noise_flow.hpp"

#include <gtest/gtest.h>

namespace astro::traders {
namespace {

constexpr TimestampNs kStart = from_unix_seconds(1'800'000'000);
constexpr Price kPrice{100'000'000};

struct Tally {
    int buys = 0, sells = 0, markets = 0, limits = 0, cancels = 0;
    std::int64_t seconds = 0;
    double usd = 0;
};

/// An hour of one trader's doing; the price moves by `drift` a second.
Tally hour(NoiseSettings settings, std::int64_t drift = 0, Base position = {}) {
    NoiseTrader trader(settings);
    Tally out;
    for (std::int64_t second = 0; second < 3'600; ++second) {
        const TimestampNs now = kStart + seconds(second);
        trader.see(Price{kPrice.value() + drift * (second % 600)}, now);
        const auto action = trader.act(now, position, 1);
        if (!action) continue;
        EXPECT_GT(action->size, Base{0});
        out.usd += static_cast<double>(action->size.value()) / 1e9 * 100;
        (action->side == Side::buy ? out.buys : out.sells) += 1;
        using Kind = NoiseAction::Kind;
        out.markets += action->kind == Kind::market ? 1 : 0;
        out.limits += action->kind == Kind::limit ? 1 : 0;
        out.cancels += action->kind == Kind::cancel ? 1 : 0;
        if (action->kind == Kind::limit) {
            const std::int64_t away = (action->price - kPrice).value();
            EXPECT_TRUE(drift != 0 || (away <= 0) == (action->side == Side::buy) || away == 0);
            EXPECT_LE(std::abs(away), 200'000 + std::abs(drift) * 600);
        }
    }
    return out;
}

TEST(NoiseTrader, ActsByAPoissonClockInItsMix) {
    const auto tally = hour({.seed = 7, .per_minute = 12});
    const int all = tally.markets + tally.limits + tally.cancels;
    // Whole seconds of looking make it a little rarer than 720.
    EXPECT_NEAR(all, 660, 80);
    EXPECT_NEAR(tally.markets, 0.6 * all, 0.08 * all);
    EXPECT_NEAR(tally.cancels, 0.1 * all, 0.05 * all);
    EXPECT_NEAR(tally.buys, 0.5 * all, 0.08 * all);
    EXPECT_NEAR(tally.usd / all, 200, 40);
}

TEST(NoiseTrader, TheSameSeedDoesTheSame) {
    NoiseTrader a({.seed = 3}), b({.seed = 3}), c({.seed = 4});
    bool differs = false;
    for (std::int64_t second = 0; second < 600; ++second) {
        const TimestampNs now = kStart + seconds(second);
        for (auto* trader : {&a, &b, &c}) trader->see(kPrice, now);
        const auto first = a.act(now, {}, 0), same = b.act(now, {}, 0), other = c.act(now, {}, 0);
        ASSERT_EQ(first.has_value(), same.has_value());
        if (first) {
            ASSERT_EQ(first->size, same->size);
            ASSERT_EQ(first->side, same->side);
        }
        differs = differs || first.has_value() != other.has_value();
    }
    EXPECT_TRUE(differs);
}

TEST(NoiseTrader, FollowsOrOpposesTheTrend) {
    constexpr std::int64_t kRise = 10'000;  // 0.3 % in half a minute
    const auto momentum = hour({.style = NoiseStyle::momentum, .per_minute = 12}, kRise);
    EXPECT_GT(momentum.buys, 3 * momentum.sells);
    const auto reverting = hour({.style = NoiseStyle::reverting, .per_minute = 12}, kRise);
    EXPECT_GT(reverting.sells, 3 * reverting.buys);
}

TEST(NoiseTrader, SellsWhenItHoldsMuch) {
    const auto full = hour({.per_minute = 12}, 0, Base{50'000'000'000});
    EXPECT_EQ(full.buys, 0);
    const auto shorted = hour({.per_minute = 12}, 0, Base{-50'000'000'000});
    EXPECT_EQ(shorted.sells, 0);
}

TEST(NoiseTrader, HoldsStillWithoutAPrice) {
    NoiseTrader trader({.per_minute = 600});
    for (std::int64_t second = 0; second < 60; ++second)
        EXPECT_FALSE(trader.act(kStart + seconds(second), {}, 0));
}

}  // namespace
}  // namespace astro::traders
