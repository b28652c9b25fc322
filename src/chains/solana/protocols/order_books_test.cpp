#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// Order books: a swap is what an order got within the transaction.
namespace astro::solana {
namespace {

using namespace test;

/// place order locks 1,000 A; settling returns 100 A and pays 1,500 B.
TransactionBuilder serum_order(bool settles) {
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::openbook_v1),
            filled(12, {{0, "pool"}, {1, "orders"}, {6, "user_a"}, {8, "vault_a"}, {9, "vault_b"}}),
            Data().u8(0).u32(10).zeros(41).get());
    tx.transfer(2, "user_a", "vault_a", "trader", 1'000);
    if (!settles) return tx;
    tx.call(1, program_of(Protocol::openbook_v1),
            filled(9, {{0, "pool"}, {1, "orders"}, {3, "vault_a"}, {4, "vault_b"}}),
            Data().u8(0).u32(5).get());
    tx.transfer(2, "vault_a", "user_a", "authority", 100);
    tx.transfer(2, "vault_b", "user_b", "authority", 1'500);
    return tx;
}

TEST(Serum, AnOrderIsASwapOnceSettledInTheSameTransaction) {
    auto tx = serum_order(true);
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].amount_in, 900u);
    EXPECT_EQ(activity.swaps[0].amount_out, 1'500u);
    EXPECT_EQ(activity.swaps[0].at.ix_index, 0);
    EXPECT_TRUE(activity.swaps[0].verified);
}

TEST(Serum, ARestingOrderIsNoSwapAndNothingIsMissing) {
    auto tx = serum_order(false);
    EXPECT_TRUE(tx.decode().swaps.empty());
    EXPECT_EQ(tx.counters.dex_instructions_without_swap, 0u);
}

Bytes phoenix_log(bool fills) {
    Data d;
    d.u8(15).u8(1).u8(0).zeros(24).key(named("pool")).zeros(32).u16(fills ? 2 : 1);
    if (fills) d.u8(2).zeros(66);
    d.u8(6).u16(0).zeros(16).u64(fills ? 5 : 0).u64(fills ? 9 : 0).u64(0);
    return d.get();
}

TEST(Phoenix, FreeFundsThatFilledAreCountedUnfilledOnesAreNot) {
    for (const bool fills : {true, false}) {
        TransactionBuilder tx = trade();
        const auto program = program_of(Protocol::phoenix);
        tx.call(1, program, filled(9, {{2, "pool"}}), Data().u8(1).zeros(30).get());
        tx.call(2, program, {"log authority"}, phoenix_log(fills));
        EXPECT_TRUE(tx.decode().swaps.empty());
        EXPECT_EQ(tx.counters.dex_instructions_without_swap, fills ? 1u : 0u);
        EXPECT_EQ(tx.counters.unknown_events, 0u);
    }
}

}  // namespace
}  // namespace astro::solana
