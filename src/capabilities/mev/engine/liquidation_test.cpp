#include "capabilities/mev/engine/liquidation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

using testing::block_of;
using testing::key;
using testing::TransactionBuilder;

constexpr Slot kSlot{100};

solana::TransactionActivity priced_market() {
    TransactionBuilder user(kSlot, 0, "user");  // 1 SOL = 100 USDC
    user.swap({"pool 9", "SOL", 1'000'000'000, "USDC", 100'000'000});
    return user.build();
}

solana::LiquidationCall call_of(solana::LendingProtocol protocol, std::uint64_t repaid,
                                std::uint64_t seized) {
    return {.at = {kSlot, 1, 2, -1},
            .protocol = protocol,
            .instruction = "liquidate",
            .program = key("lending program"),
            .market = key("market"),
            .liquidator = key("keeper"),
            .obligation = key("obligation"),
            .repay_mint = usdc_mint(),
            .seized_mint = wsol_mint(),
            .repaid = repaid,
            .seized = seized,
            .bonus_bps = 500};
}

/// Repays 100 USDC, seizes `seized` lamports of SOL.
TransactionBuilder save_liquidation(std::uint64_t seized) {
    TransactionBuilder tx(kSlot, 1, "keeper");
    tx.raw().liquidations = {call_of(solana::LendingProtocol::save, 100'000'000, seized)};
    tx.move("USDC", -100'000'000).move("SOL", static_cast<std::int64_t>(seized)).fee(5'000);
    return tx;
}

std::vector<Finding> find_in(std::vector<solana::TransactionActivity> transactions) {
    const auto block = block_of(kSlot, std::move(transactions));
    PriceTable prices;
    prices.on_block(block);
    return find_liquidations(block, prices);
}

TEST(Liquidation, GainIsSeizedLessRepaidLessCosts) {
    const auto found = find_in({priced_market(), save_liquidation(1'050'000'000).build()});
    ASSERT_EQ(found.size(), 1U);
    const auto& f = found[0];
    EXPECT_TRUE(f.profitable);
    EXPECT_EQ(f.net_lamports, Lamports{50'000'000 - 5'000});
    EXPECT_EQ(f.start_mint, usdc_mint());
    EXPECT_EQ(f.profit_raw, RawDelta{5'000'000});
    EXPECT_EQ(f.protocol, "save");
    EXPECT_EQ(f.actor, key("keeper"));
    ASSERT_EQ(f.legs.size(), 2U);
    EXPECT_EQ(f.legs[0].role, LegRole::repay);
    EXPECT_EQ(f.legs[1].role, LegRole::seize);
}

TEST(Liquidation, ALosingOneIsAttempted) {
    const auto found = find_in({priced_market(), save_liquidation(999'000'000).build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].profitable);
    EXPECT_EQ(found[0].net_lamports, Lamports{-1'005'000});
}

TEST(Liquidation, SwapBackInTheSameTransactionIsInTheGain) {
    auto tx = save_liquidation(1'050'000'000);
    tx.swap({"pool 8", "SOL", 1'050'000'000, "USDC", 104'000'000});
    const auto found = find_in({priced_market(), tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].profitable);
    // Priced by the larger of the two swaps: 104 USDC for 1.05 SOL.
    EXPECT_EQ(found[0].profit_raw, RawDelta{4'000'000});
    EXPECT_EQ(found[0].legs.size(), 3U);
    EXPECT_EQ(found[0].pools.size(), 2U);
}

TEST(Liquidation, NothingRepaidOrFailedIsNone) {
    auto nothing = save_liquidation(0);
    nothing.raw().liquidations[0].repaid = 0;
    auto failed = save_liquidation(1'050'000'000).build();
    failed.failed = true;
    EXPECT_TRUE(find_in({nothing.build(), failed}).empty());
}

TEST(Liquidation, WithoutAPriceTheGainIsUnknownAndNotCalledProfitable) {
    const auto found = find_in({save_liquidation(1'050'000'000).build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].profitable);
    EXPECT_EQ(found[0].net_lamports, std::nullopt);
}

TEST(Liquidation, RebookingProtocolsAreValuedByTheirBooks) {
    TransactionBuilder tx(kSlot, 1, "keeper");
    tx.raw().liquidations = {
        call_of(solana::LendingProtocol::marginfi, 100'000'000, 1'025'000'000)};
    tx.fee(5'000);
    const auto found = find_in({priced_market(), tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].net_lamports, Lamports{25'000'000 - 5'000});
    EXPECT_FALSE(found[0].legs[0].verified);
}

TEST(Liquidation, SeveralPositionsInOneTransactionAreOneFinding) {
    auto tx = save_liquidation(1'050'000'000);
    auto second = call_of(solana::LendingProtocol::save, 50'000'000, 520'000'000);
    second.at.ix_index = 3;
    second.obligation = key("another obligation");
    tx.raw().liquidations.push_back(second);
    tx.move("USDC", -50'000'000).move("SOL", 520'000'000);
    const auto found = find_in({priced_market(), tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].legs.size(), 4U);
    EXPECT_EQ(found[0].net_lamports, Lamports{70'000'000 - 5'000});
}

RC_GTEST_PROP(Liquidation, ProfitableExactlyWhenWorthMoreThanItCost, ()) {
    const auto seized = *rc::gen::inRange<std::uint64_t>(900'000'000, 1'100'000'000);
    const auto found = find_in({priced_market(), save_liquidation(seized).build()});
    RC_ASSERT(found.size() == 1U);
    RC_ASSERT(found[0].profitable == (seized > 1'000'005'000));
}

}  // namespace
}  // namespace astro::mev
