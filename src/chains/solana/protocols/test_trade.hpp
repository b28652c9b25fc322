#pragma once

#include <gtest/gtest.h>

#include "chains/solana/events.hpp"
#include "chains/solana/protocols/protocol.hpp"
#include "chains/solana/test_transaction.hpp"

/// One trade between a trader and a pool, for the protocols' tests.
namespace astro::solana::test {

inline Pubkey program_of(Protocol protocol) {
    for (const auto& row : protocol_registry())
        if (row.protocol == protocol) return row.program;
    ADD_FAILURE() << "not registered: " << enum_name(protocol);
    return {};
}

/// A trader with tokens of A and B, and a pool with a vault of each.
inline TransactionBuilder trade() {
    TransactionBuilder tx({"trader"});
    tx.account("user_a", "A", "trader", 50'000).account("user_b", "B", "trader", 50'000);
    tx.account("vault_a", "A", "authority", 1'000'000);
    tx.account("vault_b", "B", "authority", 2'000'000);
    return tx;
}

/// trader gives 1,000 A, gets 1,900 B.
inline void move_both(TransactionBuilder& tx, std::uint8_t height = 2) {
    tx.transfer(height, "user_a", "vault_a", "trader", 1'000);
    tx.transfer(height, "vault_b", "user_b", "authority", 1'900);
}

inline void expect_a_to_b(const Swap& s, Protocol protocol) {
    EXPECT_EQ(s.protocol, protocol) << enum_name(s.protocol);
    EXPECT_EQ(s.pool, named("pool"));
    EXPECT_EQ(s.mint_in, named("A"));
    EXPECT_EQ(s.amount_in, 1'000u);
    EXPECT_EQ(s.mint_out, named("B"));
    EXPECT_EQ(s.amount_out, 1'900u);
    EXPECT_EQ(s.trader, named("trader"));
    EXPECT_EQ(s.user_source, named("user_a"));
    EXPECT_EQ(s.user_destination, named("user_b"));
    EXPECT_EQ(s.vault_in, named("vault_a"));
    EXPECT_EQ(s.vault_out, named("vault_b"));
    EXPECT_TRUE(s.verified);
    EXPECT_TRUE(s.wrapper.is_zero());
    EXPECT_FALSE(s.via_aggregator);
}

inline Bytes anchor(std::uint64_t name) {
    return Data(name).zeros(40).get();
}

inline Bytes self_call(const Data& event) {
    return Data(kEventCallPrefix).bytes(event.get()).get();
}

}  // namespace astro::solana::test
