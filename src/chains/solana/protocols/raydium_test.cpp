#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// What Raydium's logs and events say about the price before a swap.
namespace astro::solana {
namespace {

using namespace test;

TEST(RaydiumAmm, RayLogGivesTheReservesInSwapDirection) {
    const Bytes log = Data()
                          .u8(3)
                          .u64(1'000)
                          .u64(0)
                          .u64(2)
                          .u64(50'000)
                          .u64(900'000)
                          .u64(1'800'000)
                          .u64(1'900)
                          .get();
    const std::string program = to_text(program_of(Protocol::raydium_amm_v4));
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_amm_v4),
            filled(17, {{1, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
            Data().u8(9).zeros(16).get());
    move_both(tx);
    tx.log("Program " + program + " invoke [1]").log("Program log: ray_log: " + to_base64(log));
    const auto forth = tx.decode();
    ASSERT_EQ(forth.swaps.size(), 1u);
    EXPECT_EQ(forth.swaps[0].state.reserve_in, 900'000u);
    EXPECT_EQ(forth.swaps[0].state.reserve_out, 1'800'000u);
    EXPECT_TRUE(forth.swaps[0].state.exact);
    EXPECT_EQ(forth.swaps[0].state.fee_ppm, 2500u);
}

TEST(RaydiumAmm, WithoutALogTheVaultsPriceAndEarlierSwapsCount) {
    TransactionBuilder tx = trade();
    const auto accounts = filled(17, {{1, "pool"}, {4, "vault_a"}, {5, "vault_b"}});
    for (int i = 0; i < 2; ++i) {
        tx.call(1, program_of(Protocol::raydium_amm_v4), accounts, Data().u8(9).zeros(16).get());
        move_both(tx);
    }
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 2u);
    EXPECT_EQ(activity.swaps[0].state.reserve_in, 1'000'000u);
    EXPECT_EQ(activity.swaps[1].state.reserve_in, 1'001'000u);
    EXPECT_EQ(activity.swaps[1].state.reserve_out, 1'998'100u);
    EXPECT_FALSE(activity.swaps[1].state.exact);
    EXPECT_TRUE(activity.swaps[0].verified && activity.swaps[1].verified);
}

TEST(RaydiumAmm, AnUnreadableRayLogIsCounted) {
    const std::string program = to_text(program_of(Protocol::raydium_amm_v4));
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_amm_v4),
            filled(17, {{1, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
            Data().u8(9).zeros(16).get());
    move_both(tx);
    tx.log("Program " + program + " invoke [1]").log("Program log: ray_log: AwAB");
    EXPECT_EQ(tx.decode().swaps.size(), 1u);
    EXPECT_EQ(tx.counters.unknown_events, 1u);
}

TEST(RaydiumCpmm, EventGivesReservesAndTheFeeFollowsFromThem) {
    // 100,000 in, 1 % fee: 99,000 * 2,000,000 / 1,099,000 = 180,163.
    const Bytes event = Data(events::kSwapEvent)
                            .key(named("pool"))
                            .u64(1'000'000)
                            .u64(2'000'000)
                            .u64(100'000)
                            .u64(180'000)
                            .u64(0)
                            .u64(0)
                            .u8(1)
                            .get();
    const std::string program = to_text(program_of(Protocol::raydium_cpmm));
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_cpmm),
            filled(13, {{3, "pool"}, {6, "vault_a"}, {7, "vault_b"}}),
            anchor(discriminator("8fbe5adac41e33de")));
    tx.account("user_a", "A", "trader", 500'000);
    tx.transfer(2, "user_a", "vault_a", "trader", 100'000);
    tx.transfer(2, "vault_b", "user_b", "authority", 180'163);
    tx.log("Program " + program + " invoke [1]").log("Program data: " + to_base64(event));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    const PoolState& state = activity.swaps[0].state;
    EXPECT_EQ(state.reserve_in, 1'000'000u);
    EXPECT_TRUE(state.exact);
    EXPECT_TRUE(state.fee_known);
    EXPECT_EQ(state.fee_ppm, 10'000u);
}

TEST(LaunchLab, VirtualReservesPriceTheCurve) {
    const auto program = program_of(Protocol::raydium_launchlab);
    TransactionBuilder tx = trade();
    tx.call(1, program, filled(15, {{4, "pool"}, {7, "vault_b"}, {8, "vault_a"}}),
            anchor(discriminator("faea0d7bd59c13ec")));
    move_both(tx);
    tx.call(2, program, {"event authority"},
            self_call(Data(events::kTradeEvent)
                          .key(named("pool"))
                          .u64(0)
                          .u64(10'000)
                          .u64(300)
                          .u64(4'000)
                          .u64(50)
                          .zeros(16)
                          .u64(1'000)
                          .u64(1'900)
                          .zeros(40)));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].state.reserve_in, 350u);
    EXPECT_EQ(activity.swaps[0].state.reserve_out, 6'000u);
    EXPECT_TRUE(activity.swaps[0].state.exact);
}

}  // namespace
}  // namespace astro::solana
