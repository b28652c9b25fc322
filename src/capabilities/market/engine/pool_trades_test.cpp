#include "capabilities/market/engine/pool_trades.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "capabilities/market/engine/token_registry.hpp"
#include "chains/solana/programs.hpp"

namespace astro::market {
namespace {

using exchange::Side;

const solana::Pubkey kOther = solana::key_constant("5snaYowgJDfuM1LPbTNUYHbgkKHtVVnzHiiLDWUV2hh8");
const solana::Pubkey kPool = solana::key_constant("STK75uPSyBnEhGTTzb1nwmP3n427XoXmfRhXxxhyady");

solana::Swap swap(const solana::Pubkey& in, std::uint64_t amount_in, const solana::Pubkey& out,
                  std::uint64_t amount_out) {
    solana::Swap made;
    made.pool = kPool;
    made.protocol = solana::Protocol::orca_whirlpool;
    made.mint_in = in;
    made.amount_in = amount_in;
    made.mint_out = out;
    made.amount_out = amount_out;
    made.verified = true;
    return made;
}

solana::BlockActivity block(std::vector<solana::Swap> swaps) {
    solana::BlockActivity out;
    out.slot = Slot{285'000'037};
    out.mints = {{kOther, 4, false}};
    out.transactions.resize(1);
    out.transactions[0].swaps = std::move(swaps);
    return out;
}

std::uint64_t aside(const BlockTrades& made, SwapAside why) {
    return made.aside[static_cast<std::size_t>(why)];
}

TEST(PoolTrades, TellsThePriceInDollarsWhicheverWayItGoes) {
    const auto made = pool_trades(
        block({swap(solana::kWrappedSolMint, 2'000'000'000, solana::kUsdcMint, 300'500'000),
               swap(solana::kUsdcMint, 150'300'000, solana::kWrappedSolMint, 1'000'000'000),
               swap(solana::kUsdtMint, 1'000'100, solana::kUsdcMint, 1'000'000)}),
        TimeMs{5});
    ASSERT_EQ(made.trades.size(), 3U);
    const auto& sold = made.trades[0];
    EXPECT_EQ(sold.base, solana::kWrappedSolMint);
    EXPECT_EQ(sold.quote, solana::kUsdcMint);
    EXPECT_EQ(sold.trade.price, Price{150'250'000});
    EXPECT_EQ(sold.trade.size, Base{2'000'000'000});
    EXPECT_EQ(sold.trade.value, Quote{300'500'000});
    EXPECT_EQ(sold.side, Side::sell);
    EXPECT_EQ(made.trades[1].trade.price, Price{150'300'000});
    EXPECT_EQ(made.trades[1].side, Side::buy);
    EXPECT_EQ(made.trades[2].base, solana::kUsdtMint) << "USDC is the first of the quotes";
    EXPECT_EQ(made.trades[2].trade.price, Price{999'900});
}

TEST(PoolTrades, NumbersThemBySlotAndPlaceSoThatABlockReadTwiceHasTheSame) {
    auto two = block({swap(solana::kWrappedSolMint, 5, kOther, 5),
                      swap(solana::kUsdcMint, 100'000'000, kOther, 20'000)});
    two.transactions.push_back(two.transactions[0]);
    const auto made = pool_trades(two, TimeMs{7});
    ASSERT_EQ(made.trades.size(), 2U);
    EXPECT_EQ(made.trades[0].trade.seq, TradeSeq{(285'000'037ULL << 24) + 2})
        << "what is set aside has a number too";
    EXPECT_EQ(made.trades[1].trade.seq, TradeSeq{(285'000'037ULL << 24) + 4});
    EXPECT_EQ(made.trades[1].trade.time, TimeMs{7});
    EXPECT_EQ(made.trades[0].trade.price, Price{50'000'000}) << "two of four decimals";
    const auto range = trades_of_slot(Slot{285'000'037});
    for (const auto& trade : made.trades) {
        EXPECT_GT(trade.trade.seq, range.first);
        EXPECT_LE(trade.trade.seq, range.last);
    }
    EXPECT_LT(range.last, trades_of_slot(Slot{285'000'038}).first);
}

TEST(PoolTrades, SetsAsideAndCountsWhatIsNoTrade) {
    auto unverified = swap(solana::kUsdcMint, 1'000'000, solana::kWrappedSolMint, 1'000'000);
    unverified.verified = false;
    const auto made =
        pool_trades(block({unverified, swap(kOther, 1'000'000, kPool, 1'000'000),
                           swap(kPool, 1'000'000, solana::kUsdcMint, 1'000'000),
                           swap(solana::kUsdcMint, 999, solana::kWrappedSolMint, 1'000'000),
                           swap(solana::kUsdcMint, 1'000'000, kOther, 99'999'999'999'999)}),
                    TimeMs{1});
    EXPECT_TRUE(made.trades.empty());
    EXPECT_EQ(aside(made, SwapAside::unverified), 1U);
    EXPECT_EQ(aside(made, SwapAside::not_quoted), 1U);
    EXPECT_EQ(aside(made, SwapAside::unknown_decimals), 1U);
    EXPECT_EQ(aside(made, SwapAside::too_small), 1U);
    EXPECT_EQ(aside(made, SwapAside::too_fine), 1U);
}

TEST(PoolTrades, TakesTheLiquidityOfTheQuotesSide) {
    auto deep = swap(solana::kWrappedSolMint, 1'000'000'000, solana::kUsdcMint, 150'000'000);
    deep.state.reserve_in = 7;
    deep.state.reserve_out = 1'000'000'000'000;
    EXPECT_EQ(pool_trades(block({deep}), TimeMs{1}).trades[0].liquidity, Quote{2'000'000'000'000});
    deep.state.reserve_out = UINT64_MAX;
    EXPECT_GT(pool_trades(block({deep}), TimeMs{1}).trades[0].liquidity, Quote{0});
    deep.state.reserve_out = 0;
    EXPECT_EQ(pool_trades(block({deep}), TimeMs{1}).trades[0].liquidity, Quote{0}) << "not known";
}

TEST(TokenRegistry, HasEachTokenOnce) {
    const auto all = known_solana_tokens();
    for (const auto& token : all) {
        EXPECT_EQ(find_token(token.mint), &token);
        EXPECT_EQ(std::ranges::count(all, token.asset, &KnownToken::asset), 1) << token.asset;
        EXPECT_TRUE(token.quote_rank == 0 ||
                    std::ranges::count(all, token.quote_rank, &KnownToken::quote_rank) == 1);
    }
    EXPECT_EQ(find_token(kOther), nullptr);
}

}  // namespace
}  // namespace astro::market
