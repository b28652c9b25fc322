#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// Pump.fun's curve, whose SOL side is lamports, and PumpSwap.
namespace astro::solana {
namespace {

using namespace test;

TEST(PumpSwap, EventReservesFollowTheDirectionAndFeesAreSideTransfers) {
    const auto program = program_of(Protocol::pumpswap);
    TransactionBuilder tx = trade();
    tx.account("protocol_fee", "B", "pump", 0);
    tx.call(1, program, filled(19, {{0, "pool"}, {7, "vault_a"}, {8, "vault_b"}}),
            anchor(discriminator("33e685a4017f83ad")));  // sell base A for quote B
    move_both(tx);
    tx.transfer(2, "vault_b", "protocol_fee", "authority", 7);
    tx.call(2, program, {"event authority"},
            self_call(Data(events::kSellEvent)
                          .u64(0)
                          .u64(1'000)
                          .zeros(24)
                          .u64(111)
                          .u64(222)
                          .u64(1'907)
                          .u64(20)
                          .u64(0)
                          .u64(5)
                          .zeros(24)
                          .key(named("pool"))
                          .zeros(90)));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].amount_out, 1'900u);
    EXPECT_EQ(activity.swaps[0].state.reserve_in, 111u);
    EXPECT_EQ(activity.swaps[0].state.reserve_out, 222u);
    EXPECT_EQ(activity.swaps[0].state.fee_ppm, 2'500u);
    EXPECT_FALSE(activity.swaps[0].state.fee_known);
    EXPECT_TRUE(activity.swaps[0].verified);
}

TransactionBuilder pump(bool buys, bool with_event) {
    TransactionBuilder tx({"trader"});
    tx.account("user", "T", "trader", 10'000).account("curve_tokens", "T", "curve", 900'000);
    const auto program = program_of(Protocol::pumpfun);
    tx.call(1, program,
            filled(12, {{2, "T"}, {3, "curve"}, {4, "curve_tokens"}, {5, "user"}, {6, "trader"}}),
            anchor(buys ? discriminator("66063d1201daebea") : discriminator("33e685a4017f83ad")));
    if (buys) {
        tx.pay(2, "trader", "fee", 10);
        tx.pay(2, "trader", "curve", 990);
        tx.transfer(2, "curve_tokens", "user", "curve", 5'000);
    } else {
        tx.transfer(2, "user", "curve_tokens", "trader", 5'000);
        tx.change_lamports("curve", -990).change_lamports("trader", 980);
    }
    if (with_event)
        tx.call(2, program, {"event authority"},
                self_call(Data(events::kTradeEvent)
                              .key(named("T"))
                              .u64(990)
                              .u64(5'000)
                              .u8(buys)
                              .key(named("trader"))
                              .u64(0)
                              .u64(30'000)
                              .u64(700'000)
                              .zeros(120)));
    return tx;
}

TEST(PumpFun, BuyAndSaleWithAndWithoutTheEvent) {
    for (const bool buys : {true, false})
        for (const bool with_event : {true, false}) {
            auto tx = pump(buys, with_event);
            const auto activity = tx.decode();
            ASSERT_EQ(activity.swaps.size(), 1u) << buys << with_event;
            const Swap& s = activity.swaps[0];
            EXPECT_EQ(s.pool, named("curve"));
            EXPECT_EQ(buys ? s.mint_in : s.mint_out, kWrappedSolMint);
            EXPECT_EQ(buys ? s.amount_in : s.amount_out, 990u);
            EXPECT_EQ(buys ? s.amount_out : s.amount_in, 5'000u);
            EXPECT_TRUE(s.verified);
            EXPECT_EQ(s.state.exact, with_event);
            if (!with_event) continue;
            EXPECT_EQ(s.state.reserve_in, buys ? 30'000u - 990 : 700'000u - 5'000);
            EXPECT_EQ(s.state.reserve_out, buys ? 700'000u + 5'000 : 30'000u + 990);
        }
}

}  // namespace
}  // namespace astro::solana
