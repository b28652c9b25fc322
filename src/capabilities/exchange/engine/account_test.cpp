#include "capabilities/exchange/engine/account.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange {
namespace {

constexpr std::int64_t kSol = kBaseUnit, kUsd = kQuoteUnit;

TEST(ApplyTrade, OpensAddsReducesAndTurns) {
    Position p;
    EXPECT_EQ(apply_trade(p, Side::buy, Base{2 * kSol}, Quote{200 * kUsd}), Quote{0});
    EXPECT_EQ(apply_trade(p, Side::buy, Base{2 * kSol}, Quote{240 * kUsd}), Quote{0});
    EXPECT_EQ(p.entry_quote, Quote{-440 * kUsd}) << "110 on average";
    EXPECT_EQ(apply_trade(p, Side::sell, Base{kSol}, Quote{130 * kUsd}), Quote{20 * kUsd});
    EXPECT_EQ(p.entry_quote, Quote{-330 * kUsd});
    EXPECT_EQ(apply_trade(p, Side::sell, Base{5 * kSol}, Quote{500 * kUsd}), Quote{-30 * kUsd});
    EXPECT_EQ(p.size, Base{-2 * kSol});
    EXPECT_EQ(p.entry_quote, Quote{200 * kUsd}) << "two sold at 100 are left";
    EXPECT_EQ(apply_trade(p, Side::buy, Base{2 * kSol}, Quote{180 * kUsd}), Quote{20 * kUsd});
    EXPECT_EQ(p.entry_quote, Quote{0});
    EXPECT_TRUE(p.is_idle());
}

/// Whatever is traded: what was realised and what is still in the position is what was paid.
RC_GTEST_PROP(ApplyTradeProperty, NothingIsLostByRounding, ()) {
    Position p;
    Int128 paid = 0, realized = 0, size = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<std::int64_t, std::int64_t>>>(
        rc::gen::pair(rc::gen::inRange<std::int64_t>(-1'000, 1'000),
                      rc::gen::inRange<std::int64_t>(0, 1'000'000)));
    for (const auto& [signed_size, money] : steps) {
        if (signed_size == 0) continue;
        const Side side = signed_size > 0 ? Side::buy : Side::sell;
        realized += apply_trade(p, side, Base{std::abs(signed_size)}, Quote{money}).value();
        paid += sign_of(side) * money;
        size += signed_size;
        RC_ASSERT(Int128{p.entry_quote.value()} + realized == -paid);
        RC_ASSERT(p.size.value() == size);
        if (size == 0) RC_ASSERT(p.entry_quote == Quote{0});
    }
}

}  // namespace
}  // namespace astro::exchange
