#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// Pools reached through routes, known and unknown, and the check against Jupiter's events.
namespace astro::solana {
namespace {

using namespace test;

TEST(Saber, TheAdminFeeIsNotTheOutput) {
    TransactionBuilder tx = trade();
    tx.account("admin", "B", "saber admin", 0);
    tx.call(1, program_of(Protocol::saber),
            filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}), Data().u8(1).zeros(16).get());
    move_both(tx);
    tx.transfer(2, "vault_b", "admin", "authority", 2);
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].amount_out, 1'900u);
    EXPECT_TRUE(activity.swaps[0].verified) << "the fee paid out of the vault is accounted for";
}

TEST(UnknownAmm, OnlyWhenAnAggregatorCallsIt) {
    const Pubkey stranger = named("stranger program");
    for (const bool routed : {true, false}) {
        TransactionBuilder tx = trade();
        tx.call(1, routed ? programs::kJupiterV6 : named("some bot"), {"trader"}, {});
        tx.call(2, stranger, {"authority", "vault_a", "vault_b"}, {});
        move_both(tx, 3);
        const auto activity = tx.decode();
        ASSERT_EQ(activity.swaps.size(), routed ? 1u : 0u);
        if (!routed) continue;
        EXPECT_EQ(activity.swaps[0].protocol, Protocol::unknown_amm);
        EXPECT_EQ(activity.swaps[0].program, stranger);
        EXPECT_EQ(activity.swaps[0].pool, named("authority"));
        EXPECT_EQ(activity.swaps[0].wrapper, programs::kJupiterV6);
        EXPECT_TRUE(activity.swaps[0].via_aggregator);
    }
}

TEST(UnknownAmm, DirectionComesFromTheSignerNotTheOrder) {
    TransactionBuilder tx = trade();
    tx.call(1, programs::kJupiterV6, {"trader"}, {});
    tx.call(2, named("stranger program"), {"authority"}, {});
    tx.transfer(3, "vault_b", "user_b", "authority", 1'900);  // pays before it takes
    tx.transfer(3, "user_a", "vault_a", "trader", 1'000);
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].mint_in, named("A"));
    EXPECT_TRUE(activity.swaps[0].verified);
}

TEST(UnknownAmm, TwoTransfersTheSameWayAreNoSwap) {
    TransactionBuilder tx = trade();
    tx.call(1, programs::kJupiterV6, {"trader"}, {});
    tx.call(2, named("stranger program"), {"authority"}, {});
    tx.transfer(3, "user_a", "vault_a", "trader", 1'000);
    tx.transfer(3, "user_b", "vault_b", "trader", 1'000);
    EXPECT_TRUE(tx.decode().swaps.empty());
}

TEST(Jupiter, HopsAreCheckedAndUnknownEventsCounted) {
    const auto hop = [](std::uint64_t in, std::uint64_t out) {
        return self_call(Data(events::kSwapEvent)
                             .key(named("amm"))
                             .key(named("A"))
                             .u64(in)
                             .key(named("B"))
                             .u64(out));
    };
    TransactionBuilder tx = trade();
    tx.call(1, programs::kJupiterV6, {"trader"}, anchor(discriminator("e517cb977ae3ad2a")));
    tx.call(2, program_of(Protocol::saber),
            filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}), Data().u8(1).zeros(16).get());
    move_both(tx, 3);
    tx.call(2, programs::kJupiterV6, {"event authority"}, hop(1'000, 1'900));
    tx.call(2, programs::kJupiterV6, {"event authority"}, hop(5, 6));
    tx.call(2, programs::kJupiterV6, {"event authority"},
            self_call(Data(events::kSwapsEvent)
                          .u32(1)
                          .key(named("A"))
                          .u64(1'000)
                          .key(named("B"))
                          .u64(1'900)));
    tx.call(2, programs::kJupiterV6, {"event authority"},
            self_call(Data(discriminator("ffffffffffffffff"))));
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 1u);
    EXPECT_EQ(activity.swaps[0].protocol, Protocol::saber);
    EXPECT_EQ(tx.counters.aggregator_hops_unmatched, 1u);
    EXPECT_EQ(tx.counters.unknown_events, 1u);
}

}  // namespace
}  // namespace astro::solana
