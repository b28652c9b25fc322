#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// Instructions that swap at several pools, and concentrated pools' events.
namespace astro::solana {
namespace {

using namespace test;

TEST(RaydiumClmm, EventGivesPriceAndLiquidity) {
    const Bytes event = Data(events::kSwapEvent)
                            .key(named("pool"))
                            .zeros(96)
                            .u64(1'000)
                            .u64(0)
                            .u64(1'900)
                            .u64(0)
                            .u8(1)
                            .u128(UInt128{5} << 64)
                            .u128(77)
                            .i32(-3)
                            .get();
    const std::string program = to_text(program_of(Protocol::raydium_clmm));
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_clmm),
            filled(10, {{2, "pool"}, {5, "vault_a"}, {6, "vault_b"}}),
            anchor(discriminator("f8c69e91e17587c8")));
    move_both(tx);
    tx.log("Program " + program + " invoke [1]").log("Program data: " + to_base64(event));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    const PoolState& state = activity.swaps[0].state;
    EXPECT_EQ(state.curve, Curve::concentrated);
    ASSERT_TRUE(state.sqrt_price_x64_after && state.liquidity);
    EXPECT_TRUE(*state.sqrt_price_x64_after == UInt128{5} << 64);
    EXPECT_TRUE(*state.liquidity == 77);
    EXPECT_TRUE(state.zero_for_one);
    EXPECT_EQ(state.reserve_in, 0u) << "vaults do not price concentrated liquidity";
}

/// A → B at the first pool, B → C at the second.
TransactionBuilder two_pools() {
    TransactionBuilder tx = trade();
    tx.account("user_c", "C", "trader", 0);
    tx.account("vault_2b", "B", "authority_2", 500'000);
    tx.account("vault_2c", "C", "authority_2", 600'000);
    return tx;
}

void expect_two_hops(const TransactionActivity& activity) {
    ASSERT_EQ(activity.swaps.size(), 2u);
    EXPECT_EQ(activity.swaps[0].pool, named("pool"));
    EXPECT_EQ(activity.swaps[0].amount_in, 1'000u);
    EXPECT_EQ(activity.swaps[0].amount_out, 1'900u);
    EXPECT_EQ(activity.swaps[1].pool, named("pool_2"));
    EXPECT_EQ(activity.swaps[1].mint_in, named("B"));
    EXPECT_EQ(activity.swaps[1].amount_in, 1'900u);
    EXPECT_EQ(activity.swaps[1].mint_out, named("C"));
    EXPECT_EQ(activity.swaps[1].amount_out, 2'500u);
    EXPECT_TRUE(activity.swaps[0].verified && activity.swaps[1].verified);
}

TEST(RaydiumClmm, RouterHopsWithAnyNumberOfTickArrays) {
    TransactionBuilder tx = two_pools();
    const std::vector<std::string> accounts = {
        "trader",      "user_a",   "A",      "token",        "token_2022", "memo",
        "config",      "pool",     "user_b", "vault_a",      "vault_b",    "B",
        "observation", "tick",     "tick2",  "config2",      "pool_2",     "user_c",
        "vault_2b",    "vault_2c", "C",      "observation2", "tick3"};
    tx.call(1, program_of(Protocol::raydium_clmm), accounts,
            anchor(discriminator("457d73daf5baf2c4")));
    move_both(tx);
    tx.transfer(2, "user_b", "vault_2b", "trader", 1'900);
    tx.transfer(2, "vault_2c", "user_c", "authority_2", 2'500);
    expect_two_hops(tx.decode());
}

TEST(Whirlpool, TwoHopFirstLayout) {
    TransactionBuilder tx = two_pools();
    tx.call(1, program_of(Protocol::orca_whirlpool),
            filled(20, {{2, "pool"},
                        {3, "pool_2"},
                        {5, "vault_a"},
                        {7, "vault_b"},
                        {9, "vault_2b"},
                        {11, "vault_2c"}}),
            Data(discriminator("c360ed6c44a2dbe6")).zeros(17).u8(1).u8(0).zeros(32).get());
    move_both(tx);
    tx.transfer(2, "user_b", "vault_2b", "trader", 1'900);
    tx.transfer(2, "vault_2c", "user_c", "authority_2", 2'500);
    const auto activity = tx.decode();
    expect_two_hops(activity);
    EXPECT_TRUE(activity.swaps[0].state.zero_for_one);
    EXPECT_FALSE(activity.swaps[1].state.zero_for_one);
}

TEST(Whirlpool, TwoHopSecondLayoutSharesTheMiddleTransfer) {
    TransactionBuilder tx = two_pools();
    tx.call(1, program_of(Protocol::orca_whirlpool),
            filled(24, {{0, "pool"},
                        {1, "pool_2"},
                        {9, "vault_a"},
                        {10, "vault_b"},
                        {11, "vault_2b"},
                        {12, "vault_2c"}}),
            Data(discriminator("ba8fd11dfe02c275")).zeros(17).u8(1).u8(1).zeros(32).get());
    tx.transfer(2, "user_a", "vault_a", "trader", 1'000);
    tx.transfer(2, "vault_b", "vault_2b", "authority", 1'900);
    tx.transfer(2, "vault_2c", "user_c", "authority_2", 2'500);
    expect_two_hops(tx.decode());
}

TEST(Whirlpool, TradedGivesThePriceBeforeAndAfter) {
    const Bytes event = Data(events::kTraded)
                            .key(named("pool"))
                            .u8(1)
                            .u128(1000)
                            .u128(900)
                            .u64(1'000)
                            .u64(1'900)
                            .u64(0)
                            .u64(0)
                            .u64(3)
                            .u64(1)
                            .u64(12345)
                            .get();
    const std::string program = to_text(program_of(Protocol::orca_whirlpool));
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::orca_whirlpool),
            filled(11, {{2, "pool"}, {4, "vault_a"}, {6, "vault_b"}}),
            anchor(discriminator("f8c69e91e17587c8")));
    move_both(tx);
    tx.log("Program " + program + " invoke [1]").log("Program data: " + to_base64(event));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    const PoolState& state = activity.swaps[0].state;
    ASSERT_TRUE(state.sqrt_price_x64_before && state.sqrt_price_x64_after);
    EXPECT_TRUE(*state.sqrt_price_x64_before == 1000 && *state.sqrt_price_x64_after == 900);
    EXPECT_TRUE(state.zero_for_one && state.exact);
}

}  // namespace
}  // namespace astro::solana
