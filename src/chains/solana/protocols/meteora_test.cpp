#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// Meteora's pools: shared vaults, events by call.
namespace astro::solana {
namespace {

using namespace test;

TEST(MeteoraPools, TheFeeThatGoesElsewhereFirstIsNoLeg) {
    TransactionBuilder tx = trade();
    tx.account("fee", "A", "protocol", 0);
    tx.call(1, program_of(Protocol::meteora_pools),
            filled(15, {{0, "pool"}, {5, "vault_a"}, {6, "vault_b"}}),
            anchor(discriminator("f8c69e91e17587c8")));
    tx.transfer(2, "user_a", "fee", "trader", 5);
    const auto vault_program = key_constant("24Uqj9JCLxUeoC3hGfh5W3s9FM9uCHDS2SG3LYwBpyTi");
    tx.call(2, vault_program, {}, {});
    tx.transfer(3, "user_a", "vault_a", "trader", 1'000);
    tx.call(2, vault_program, {}, {});
    tx.transfer(3, "vault_b", "user_b", "authority", 1'900);
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    expect_a_to_b(activity.swaps[0], Protocol::meteora_pools);
}

TEST(MeteoraDlmm, EventIsReadAndAnUnknownOneCounted) {
    const auto program = program_of(Protocol::meteora_dlmm);
    const auto accounts = filled(15, {{0, "pool"}, {2, "vault_a"}, {3, "vault_b"}});
    TransactionBuilder tx = trade();
    tx.call(1, program, accounts, anchor(discriminator("f8c69e91e17587c8")));
    move_both(tx);
    tx.call(2, program, {"event authority"},
            self_call(Data(events::kDlmmSwap)
                          .key(named("pool"))
                          .key(named("trader"))
                          .i32(5)
                          .i32(6)
                          .u64(1'000)
                          .u64(1'900)
                          .u8(1)
                          .u64(2)
                          .u64(0)
                          .zeros(24)));
    tx.call(2, program, {"event authority"},
            self_call(Data(discriminator("0102030405060708")).zeros(8)));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].state.fee_ppm, 2'000u);
    EXPECT_TRUE(activity.swaps[0].state.zero_for_one);
    EXPECT_EQ(tx.counters.unknown_events, 1u);
}

TEST(MeteoraDamm, BothEventVersionsGiveThePriceAfter) {
    for (const bool second : {false, true}) {
        Data event(second ? events::kEvtSwap2 : events::kEvtSwap);
        event.key(named("pool")).u8(0);
        if (second) {
            event.zeros(2 + 17).u64(1'000).zeros(16).u64(1'900).u128(4242).zeros(80);
        } else {
            event.zeros(17).u64(1'900).u128(4242).zeros(32).u64(1'000).zeros(8);
        }
        const auto program = program_of(Protocol::meteora_damm_v2);
        TransactionBuilder tx = trade();
        tx.call(1, program, filled(14, {{1, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
                anchor(discriminator("414b3f4ceb5b5b88")));
        move_both(tx);
        tx.call(2, program, {"event authority"}, self_call(event));
        const auto activity = tx.decode();
        ASSERT_EQ(activity.swaps.size(), 1u);
        ASSERT_TRUE(activity.swaps[0].state.sqrt_price_x64_after);
        EXPECT_TRUE(*activity.swaps[0].state.sqrt_price_x64_after == 4242);
        EXPECT_TRUE(activity.swaps[0].state.zero_for_one);
    }
}

}  // namespace
}  // namespace astro::solana
