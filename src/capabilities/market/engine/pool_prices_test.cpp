#include "capabilities/market/engine/pool_prices.hpp"

#include <gtest/gtest.h>

#include "capabilities/market/engine/market_test_support.hpp"
#include "chains/solana/programs.hpp"

namespace astro::market {
namespace {

using test::dollars;

constexpr std::uint64_t kSol = 1'000'000'000, kDollar = 1'000'000;

solana::Pubkey pool(std::uint8_t number) {
    solana::Pubkey out;
    out.bytes[0] = number;
    return out;
}

/// Buys `sol` for `paid` dollars at a pool that holds `reserve` dollars.
solana::Swap buy(std::uint8_t at, std::uint64_t sol, std::uint64_t paid, std::uint64_t reserve) {
    solana::Swap swap;
    swap.pool = pool(at);
    swap.mint_in = solana::kUsdcMint;
    swap.amount_in = paid * kDollar;
    swap.mint_out = solana::kWrappedSolMint;
    swap.amount_out = sol * kSol;
    swap.verified = true;
    swap.state.reserve_in = reserve * kDollar;
    return swap;
}

struct PoolPricesTest : testing::Test {
    PoolPrices pools{{.asset = "SOL", .mint = solana::kWrappedSolMint, .decimals = 9}};

    std::string after(std::uint64_t slot, std::vector<solana::Swap> swaps) {
        solana::BlockActivity block;
        block.slot = Slot{slot};
        block.transactions.emplace_back();
        for (auto& swap : swaps) swap.at.slot = block.slot;
        block.transactions.back().swaps = std::move(swaps);
        const auto quote = pools.on_block(block);
        if (!quote) return "nothing";
        return to_text(quote->price) + " +- " + to_text(quote->confidence) + " of " +
               std::to_string(quote->pools);
    }
};

TEST_F(PoolPricesTest, WeighsPoolsByTheDollarsInThem) {
    EXPECT_EQ(after(1, {buy(1, 1, 150, 1'000'000), buy(2, 1, 200, 1'000), buy(3, 1, 210, 1'000)}),
              "150 +- 50 of 3");
    auto sale = buy(1, 2, 302, 0);
    std::swap(sale.mint_in, sale.mint_out);
    std::swap(sale.amount_in, sale.amount_out);
    sale.state.reserve_out = 1'000'000 * kDollar;
    EXPECT_EQ(after(2, {sale}), "151 +- 49 of 3");
}

TEST_F(PoolPricesTest, TakesTheNewestSwapOfAPoolAndForgetsOldOnes) {
    EXPECT_EQ(after(1, {buy(1, 1, 150, 500), buy(1, 1, 151, 500)}), "151 +- 0 of 1");
    EXPECT_EQ(after(151, {buy(2, 1, 160, 100)}), "151 +- 4.5 of 2");
    EXPECT_EQ(after(152, {buy(2, 1, 161, 100)}), "161 +- 0 of 1");
    // The chain went another way: what is ahead of it is forgotten.
    EXPECT_EQ(after(140, {buy(3, 1, 149, 100)}), "149 +- 0 of 1");
}

TEST_F(PoolPricesTest, PassesOverWhatSaysNothingOfThePrice) {
    auto unverified = buy(1, 1, 150, 500);
    unverified.verified = false;
    auto other = buy(1, 1, 150, 500);
    other.mint_out = pool(9);
    auto dust = buy(1, 1, 9, 500);
    auto none = buy(1, 0, 150, 500);
    EXPECT_EQ(after(1, {unverified, other, dust, none}), "nothing");
    EXPECT_EQ(after(2, {}), "nothing");
}

TEST_F(PoolPricesTest, KeepsTheDeepestPools) {
    std::vector<solana::Swap> swaps;
    for (std::uint8_t i = 0; i < 200; ++i) swaps.push_back(buy(i, 1, 150, i + 1'000U));
    EXPECT_EQ(after(1, swaps), "150 +- 0 of 32");
}

}  // namespace
}  // namespace astro::market
