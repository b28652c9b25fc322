#include "capabilities/mev/engine/prices.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::mev {
namespace {

Pubkey key(std::uint8_t n) {
    Pubkey k;
    k.bytes.fill(n);
    return k;
}

solana::BlockActivity block_with(std::uint64_t slot, std::vector<solana::Swap> swaps) {
    solana::BlockActivity block;
    block.slot = Slot{slot};
    block.transactions.resize(1);
    block.transactions[0].swaps = std::move(swaps);
    return block;
}

solana::Swap swap_of(Pubkey in, std::uint64_t amount_in, Pubkey out, std::uint64_t amount_out) {
    solana::Swap s;
    s.mint_in = in;
    s.amount_in = amount_in;
    s.mint_out = out;
    s.amount_out = amount_out;
    return s;
}

TEST(Prices, SolIsItself) {
    const PriceTable prices;
    EXPECT_EQ(prices.to_lamports(wsol_mint(), RawDelta{-7}), Lamports{-7});
    EXPECT_EQ(prices.to_lamports(Pubkey{}, RawAmount{7}), Lamports{7});
    EXPECT_EQ(prices.to_lamports(key(1), RawAmount{7}), std::nullopt);
    EXPECT_EQ(prices.to_micro_usd(Lamports{1}), std::nullopt);
}

TEST(Prices, DirectAndBridgedAndDollars) {
    PriceTable prices;
    // 1 SOL = 150 USDC; token 1 = 2 lamports a unit; token 2 = 3 USDC units a unit.
    prices.on_block(block_with(10, {swap_of(wsol_mint(), 1'000'000'000, usdc_mint(), 150'000'000),
                                    swap_of(key(1), 500'000, wsol_mint(), 1'000'000),
                                    swap_of(usdc_mint(), 3'000'000, key(2), 1'000'000)}));
    EXPECT_EQ(prices.to_lamports(key(1), RawDelta{10}), Lamports{20});
    EXPECT_EQ(prices.to_lamports(key(2), RawDelta{100}), Lamports{2'000});
    EXPECT_TRUE(prices.price_of(key(2))->bridged);
    EXPECT_EQ(prices.to_micro_usd(Lamports{1'000'000'000}), MicroUsd{150'000'000});
    EXPECT_EQ(prices.to_micro_usd(Lamports{-1}), MicroUsd{-1});  // rounded down
}

TEST(Prices, AWildTradeDoesNotMoveTheMedian) {
    PriceTable prices;
    std::vector<solana::Swap> swaps(9, swap_of(wsol_mint(), 1'000'000, key(1), 1'000'000));
    swaps.push_back(swap_of(wsol_mint(), 2'000'000, key(1), 1'000));
    prices.on_block(block_with(10, swaps));
    EXPECT_EQ(prices.to_lamports(key(1), RawDelta{5'000}), Lamports{5'000});
}

TEST(Prices, DustSaysNothing) {
    PriceTable prices;
    prices.on_block(block_with(
        10, {swap_of(wsol_mint(), 999, key(1), 1'000), swap_of(wsol_mint(), 10'000, key(1), 99)}));
    EXPECT_EQ(prices.price_of(key(1)), std::nullopt);
}

TEST(Prices, OldAndOrphanedObservationsAreForgotten) {
    PriceTable prices;
    prices.on_block(block_with(10, {swap_of(wsol_mint(), 1'000'000, key(1), 1'000'000)}));
    prices.on_block(block_with(11, {swap_of(wsol_mint(), 8'000'000, key(1), 1'000'000)}));
    EXPECT_EQ(prices.to_lamports(key(1), RawDelta{1'000}), Lamports{8'000});
    prices.drop_slot(Slot{11});
    EXPECT_EQ(prices.to_lamports(key(1), RawDelta{1'000}), Lamports{1'000});
    prices.on_block(block_with(10 + 1'501, {}));
    EXPECT_EQ(prices.price_of(key(1)), std::nullopt);
    for (std::uint64_t slot = 2'000; slot < 2'200; ++slot) prices.on_block(block_with(slot, {}));
    EXPECT_EQ(prices.mints(), 0U);
}

TEST(Prices, RecentTradesWeighMore) {
    PriceTable prices;
    prices.on_block(block_with(10, {swap_of(wsol_mint(), 3'000'000, key(1), 3'000'000)}));
    prices.on_block(block_with(10 + 450, {swap_of(wsol_mint(), 2'000'000, key(1), 1'000'000)}));
    EXPECT_EQ(prices.to_lamports(key(1), RawDelta{1'000}), Lamports{2'000});
}

TEST(Prices, MemoryIsBounded) {
    PriceTable prices(PriceConfig{.mints_max = 3});
    for (std::uint8_t n = 1; n < 50; ++n)
        prices.on_block(block_with(10, {swap_of(wsol_mint(), 1'000'000, key(n), 1'000'000)}));
    EXPECT_EQ(prices.mints(), 3U);
}

RC_GTEST_PROP(Prices, MedianLiesBetweenTheObservations, ()) {
    PriceTable prices;
    std::vector<solana::Swap> swaps;
    const auto n = *rc::gen::inRange<std::size_t>(1, 40);
    std::uint64_t low = UINT64_MAX, high = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const auto unit_price = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
        const auto raw = *rc::gen::inRange<std::uint64_t>(1'000, 1'000'000'000);
        if (i + 24 >= n) {  // only the newest are kept
            low = std::min(low, unit_price);
            high = std::max(high, unit_price);
        }
        swaps.push_back(swap_of(wsol_mint(), unit_price * raw, key(1), raw));
    }
    prices.on_block(block_with(10, swaps));
    const auto value = prices.to_lamports(key(1), RawDelta{1'000});
    RC_ASSERT(value.has_value());
    RC_ASSERT(value->value() >= static_cast<std::int64_t>(low * 1'000));
    RC_ASSERT(value->value() <= static_cast<std::int64_t>(high * 1'000));
}

RC_GTEST_PROP(Prices, NeverOverflowsIntoAWrongSign, ()) {
    PriceTable prices;
    const auto quote = *rc::gen::arbitrary<std::uint64_t>();
    const auto raw = *rc::gen::arbitrary<std::uint64_t>();
    const auto amount = *rc::gen::arbitrary<std::int64_t>();
    prices.on_block(block_with(10, {swap_of(wsol_mint(), quote, usdc_mint(), raw),
                                    swap_of(usdc_mint(), quote, key(1), raw)}));
    for (const auto& mint : {usdc_mint(), key(1)}) {
        const auto value = prices.to_lamports(mint, RawDelta{amount});
        if (value && amount >= 0) RC_ASSERT(value->value() >= 0);
        if (value && amount < 0) RC_ASSERT(value->value() <= 0);
    }
}

}  // namespace
}  // namespace astro::mev
