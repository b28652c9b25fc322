#include <gtest/gtest.h>

#include "chains/solana/protocols/test_trade.hpp"

/// Every swap instruction we know, in both directions, and what is no swap.
namespace astro::solana {
namespace {

using namespace test;

/// Where a protocol's swap instruction keeps pool and vaults, and what it is called.
struct Shape {
    Protocol protocol;
    Bytes data;
    std::size_t accounts, pool, vault_a, vault_b;
};

std::vector<Shape> shapes() {
    using enum Protocol;
    const auto swap = discriminator("f8c69e91e17587c8");
    const Bytes token_swap_data = Data().u8(1).zeros(16).get();
    return {
        {raydium_amm_v4, Data().u8(9).zeros(16).get(), 17, 1, 4, 5},
        {raydium_amm_v4, Data().u8(9).zeros(16).get(), 18, 1, 5, 6},
        {raydium_amm_v4, Data().u8(11).zeros(16).get(), 17, 1, 4, 5},
        {raydium_amm_v4, Data().u8(16).zeros(16).get(), 8, 1, 3, 4},
        {raydium_amm_v4, Data().u8(17).zeros(16).get(), 8, 1, 3, 4},
        {raydium_cpmm, anchor(discriminator("8fbe5adac41e33de")), 13, 3, 6, 7},
        {raydium_cpmm, anchor(discriminator("37d96256a34ab4ad")), 13, 3, 6, 7},
        {raydium_clmm, anchor(swap), 10, 2, 5, 6},
        {raydium_clmm, anchor(discriminator("2b04ed0b1ac91e62")), 13, 2, 5, 6},
        {raydium_launchlab, anchor(discriminator("faea0d7bd59c13ec")), 15, 4, 7, 8},
        {raydium_launchlab, anchor(discriminator("18d3742869039938")), 15, 4, 7, 8},
        {raydium_launchlab, anchor(discriminator("9527de9bd37c981a")), 15, 4, 7, 8},
        {raydium_launchlab, anchor(discriminator("5fc8472208090ba6")), 15, 4, 7, 8},
        {orca_whirlpool, anchor(swap), 11, 2, 4, 6},
        {orca_whirlpool, anchor(discriminator("2b04ed0b1ac91e62")), 15, 4, 8, 10},
        {orca_v2, token_swap_data, 10, 0, 4, 5},
        {fluxbeam, token_swap_data, 14, 0, 4, 5},
        {token_swap, token_swap_data, 10, 0, 4, 5},
        {saber, token_swap_data, 9, 0, 4, 5},
        {serum_v3, Data().u8(0).u32(13).zeros(41).get(), 12, 0, 8, 9},
        {openbook_v1, Data().u8(0).u32(13).zeros(41).get(), 12, 0, 8, 9},
        {openbook_v2, anchor(discriminator("032c47031ac7cb55")), 15, 2, 6, 7},
        {openbook_v2, anchor(discriminator("032c47031ac7cb55")), 14, 1, 5, 6},
        {phoenix, Data().u8(0).zeros(30).get(), 9, 2, 6, 7},
        {phoenix, Data().u8(1).zeros(30).get(), 9, 2, 6, 7},
        {meteora_dlmm, anchor(swap), 15, 0, 2, 3},
        {meteora_dlmm, anchor(discriminator("414b3f4ceb5b5b88")), 16, 0, 2, 3},
        {meteora_dlmm, anchor(discriminator("fa49652126cf4bb8")), 15, 0, 2, 3},
        {meteora_dlmm, anchor(discriminator("2bd7f784893cf351")), 16, 0, 2, 3},
        {meteora_dlmm, anchor(discriminator("38ade6d0ade49ccd")), 15, 0, 2, 3},
        {meteora_dlmm, anchor(discriminator("4a62c0d6b1334b33")), 16, 0, 2, 3},
        {meteora_pools, anchor(swap), 15, 0, 5, 6},
        {meteora_damm_v2, anchor(swap), 14, 1, 4, 5},
        {meteora_damm_v2, anchor(discriminator("414b3f4ceb5b5b88")), 14, 1, 4, 5},
        {meteora_dbc, anchor(swap), 15, 2, 5, 6},
        {meteora_dbc, anchor(discriminator("414b3f4ceb5b5b88")), 15, 2, 5, 6},
        {pumpswap, anchor(discriminator("66063d1201daebea")), 19, 0, 7, 8},
        {pumpswap, anchor(discriminator("33e685a4017f83ad")), 19, 0, 7, 8},
        {pumpswap, anchor(discriminator("c62e1552b4d9e870")), 19, 0, 7, 8},
        {invariant, anchor(swap), 10, 1, 5, 6},
        {lifinity_v2, anchor(swap), 13, 1, 5, 6},
        {solfi, Data().u8(7).zeros(17).get(), 8, 1, 2, 3},
        {humidifi, Data().zeros(25).get(), 9, 1, 2, 3},
        {zerofi, Data().u8(6).zeros(16).get(), 10, 0, 2, 4},
        {tessera, Data().u8(16).zeros(17).get(), 12, 1, 3, 4},
        {goonfi, Data().u8(2).zeros(18).get(), 9, 1, 4, 5},
    };
}

TEST(Protocols, EachSwapInstructionInBothDirections) {
    for (const Shape& shape : shapes()) {
        SCOPED_TRACE(std::string(enum_name(shape.protocol)) + " " + to_hex(shape.data));
        const auto accounts =
            filled(shape.accounts,
                   {{shape.pool, "pool"}, {shape.vault_a, "vault_a"}, {shape.vault_b, "vault_b"}});
        TransactionBuilder forth = trade();
        forth.call(1, program_of(shape.protocol), accounts, shape.data);
        move_both(forth);
        const auto activity = forth.decode();
        ASSERT_EQ(activity.swaps.size(), 1u);
        expect_a_to_b(activity.swaps[0], shape.protocol);

        TransactionBuilder back = trade();
        back.call(1, program_of(shape.protocol), accounts, shape.data);
        back.transfer(2, "user_b", "vault_b", "trader", 700);
        back.transfer(2, "vault_a", "user_a", "authority", 300);
        const auto reverse = back.decode();
        ASSERT_EQ(reverse.swaps.size(), 1u);
        EXPECT_EQ(reverse.swaps[0].mint_in, named("B"));
        EXPECT_EQ(reverse.swaps[0].amount_in, 700u);
        EXPECT_EQ(reverse.swaps[0].amount_out, 300u);
        EXPECT_EQ(reverse.swaps[0].pool, named("pool"));
        EXPECT_TRUE(reverse.swaps[0].verified);
    }
}

TEST(Protocols, EveryRegisteredProgramIsFoundAndOnlyOnce) {
    for (std::size_t i = 0; i < protocol_registry().size(); ++i) {
        const auto info = find_program(protocol_registry()[i].program);
        EXPECT_EQ(info.role, ProgramRole::amm);
        EXPECT_EQ(info.row, i);
    }
}

TEST(Protocols, ASwapInstructionThatMovedNothingIsCounted) {
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_amm_v4),
            filled(17, {{1, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
            Data().u8(9).zeros(16).get());
    tx.transfer(2, "user_a", "vault_a", "trader", 1'000);  // no way back
    EXPECT_TRUE(tx.decode().swaps.empty());
    EXPECT_EQ(tx.counters.dex_instructions_without_swap, 1u);
    EXPECT_EQ(tx.counters.swaps, 0u);
}

TEST(Protocols, OtherInstructionsOfAPoolAreNotSwaps) {
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_amm_v4),
            filled(17, {{1, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
            Data().u8(3).zeros(24).get());  // deposit
    tx.transfer(2, "user_a", "vault_a", "trader", 1'000);
    tx.transfer(2, "user_b", "vault_b", "trader", 1'000);
    EXPECT_TRUE(tx.decode().swaps.empty());
    EXPECT_EQ(tx.counters.dex_instructions_without_swap, 0u);
}

TEST(Protocols, AnUnknownInstructionThatExchangesTokensIsCountedNotGuessed) {
    const auto accounts = filled(10, {{2, "pool"}, {5, "vault_a"}, {6, "vault_b"}});
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::raydium_clmm), accounts,
            anchor(solana::discriminator("0102030405060708")));
    move_both(tx);
    EXPECT_TRUE(tx.decode().swaps.empty());
    EXPECT_EQ(tx.counters.unknown_events, 1u);

    TransactionBuilder deposit = trade();
    deposit.call(1, program_of(Protocol::raydium_clmm), accounts,
                 anchor(solana::discriminator("0102030405060708")));
    deposit.transfer(2, "user_a", "vault_a", "trader", 5);
    deposit.transfer(2, "user_b", "vault_b", "trader", 5);
    EXPECT_TRUE(deposit.decode().swaps.empty());
    EXPECT_EQ(deposit.counters.unknown_events, 0u);
}

TEST(Protocols, ShortAccountListsAreNoSwap) {
    for (const Shape& shape : shapes()) {
        TransactionBuilder tx = trade();
        tx.call(1, program_of(shape.protocol), {}, shape.data);
        move_both(tx);
        const auto activity = tx.decode();
        // Pools known by transfers alone need no account list; the others refuse.
        for (const auto& s : activity.swaps) EXPECT_EQ(s.amount_in, 1'000u);
    }
}

}  // namespace
}  // namespace astro::solana
