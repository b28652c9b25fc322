#include "capabilities/mev/engine/liquidation_health.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

using testing::block_of;
using testing::key;
using testing::TransactionBuilder;

constexpr std::uint64_t kSol = 1'000'000'000;

PriceTable hundred_dollars_a_sol() {
    TransactionBuilder tx(Slot{100}, 0, "user");
    tx.swap({"pool", "SOL", kSol, "USDC", 100'000'000});
    PriceTable prices;
    prices.on_block(block_of(Slot{100}, {tx.build()}));
    return prices;
}

/// Deposits SOL at a threshold of 80 %, owes USDC.
Position position(std::uint64_t lamports, std::uint64_t usdc, const std::string& name = "p") {
    return {solana::LendingProtocol::save,
            key(name),
            key("owner"),
            key("market"),
            {{wsol_mint(), RawAmount{lamports}, 8'000}},
            {{usdc_mint(), RawAmount{usdc}, 10'000}}};
}

TEST(LiquidationHealth, LimitOverDebt) {
    const auto prices = hundred_dollars_a_sol();
    const auto h = health_of(position(10 * kSol, 800'000'000), prices);
    ASSERT_TRUE(h);
    EXPECT_EQ(h->limit, Lamports{8'000'000'000});
    EXPECT_EQ(h->debt, Lamports{8'000'000'000});
    EXPECT_EQ(h->ratio_bps, 10'000U);
}

TEST(LiquidationHealth, UnknownDebtIsUnknownUnknownDepositIsNothing) {
    const auto prices = hundred_dollars_a_sol();
    auto p = position(10 * kSol, 800'000'000);
    p.deposits.push_back({key("unpriced"), RawAmount{1'000'000'000}, 10'000});
    EXPECT_EQ(health_of(p, prices)->ratio_bps, 10'000U);
    p.borrows.push_back({key("unpriced"), RawAmount{1}, 10'000});
    EXPECT_FALSE(health_of(p, prices));
    EXPECT_FALSE(health_of(position(kSol, 0), prices));
}

TEST(LiquidationHealth, TheLeastHealthyFirstAndTheHealthyNot) {
    const auto prices = hundred_dollars_a_sol();
    const std::vector<Position> all{position(11 * kSol, 800'000'000, "healthy"),
                                    position(10 * kSol, 790'000'000, "near"),
                                    position(10 * kSol, 900'000'000, "under water")};
    const auto found = near_liquidations(all, prices, Slot{100}, {});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].kind, FindingKind::near_liquidation);
    EXPECT_EQ(found[0].status, FindingStatus::open);
    EXPECT_NE(found[0].id.find(to_text(key("under water")).substr(0, 32)), std::string::npos);
    EXPECT_NE(found[0].reasons[0].find("liquidatable"), std::string::npos);
    EXPECT_NE(found[1].id.find(to_text(key("near")).substr(0, 32)), std::string::npos);
}

RC_GTEST_PROP(LiquidationHealth, MoreDebtIsNeverHealthier, ()) {
    const auto prices = hundred_dollars_a_sol();
    const auto deposit = *rc::gen::inRange<std::uint64_t>(1, UINT64_MAX);
    const auto a = *rc::gen::inRange<std::uint64_t>(1'000, UINT64_MAX / 20);
    const auto b = *rc::gen::inRange<std::uint64_t>(1'000, UINT64_MAX / 20);
    const auto less = health_of(position(deposit, std::min(a, b)), prices);
    const auto more = health_of(position(deposit, std::max(a, b)), prices);
    if (less && more) RC_ASSERT(more->ratio_bps <= less->ratio_bps);
}

}  // namespace
}  // namespace astro::mev
