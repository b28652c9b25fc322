#include "capabilities/mev/engine/arbitrage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

using testing::block_of;
using testing::key;
using testing::TransactionBuilder;

constexpr Slot kSlot{100};

/// SOL → A → B → SOL, gaining `gain` lamports.
TransactionBuilder triangle(std::int64_t gain, std::uint32_t index = 1,
                            const std::string& wallet = "searcher") {
    TransactionBuilder tx(kSlot, index, wallet);
    tx.swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "B", 70'000})
        .swap({"pool 3", "B", 70'000, "SOL", static_cast<std::uint64_t>(1'000'000 + gain)});
    return tx;
}

std::vector<Finding> find_in(std::vector<solana::TransactionActivity> transactions) {
    const auto block = block_of(kSlot, std::move(transactions));
    PriceTable prices;
    prices.on_block(block);
    return find_arbitrages(block, prices);
}

bool says(const Finding& f, const std::string& part) {
    return std::ranges::any_of(f.reasons,
                               [&](const auto& r) { return r.find(part) != std::string::npos; });
}

TEST(Arbitrage, GainAfterFeeAndTip) {
    const auto found = find_in({triangle(30'000).fee(5'000).tip(10'000).build()});
    ASSERT_EQ(found.size(), 1U);
    const auto& f = found[0];
    EXPECT_TRUE(f.profitable);
    EXPECT_EQ(f.status, FindingStatus::realised);
    EXPECT_EQ(f.profit_raw, RawDelta{30'000});
    EXPECT_EQ(f.fee_lamports, Lamports{5'000});
    EXPECT_EQ(f.tip_lamports, Lamports{10'000});
    EXPECT_EQ(f.net_lamports, Lamports{15'000});
    EXPECT_EQ(f.start_mint, wsol_mint());
    EXPECT_EQ(f.actor, key("searcher"));
    EXPECT_EQ(f.pools.size(), 3U);
    EXPECT_EQ(f.legs.size(), 3U);
    EXPECT_FALSE(f.backrun);
    EXPECT_TRUE(says(f, "closed cycle of 3 hops"));
    EXPECT_TRUE(says(f, "exactly what the legs say"));
}

TEST(Arbitrage, ALossIsAttempted) {
    for (const auto gain : {-1, 0, 4'999}) {
        const auto found = find_in({triangle(gain).fee(5'000).build()});
        ASSERT_EQ(found.size(), 1U);
        EXPECT_FALSE(found[0].profitable) << gain;
        EXPECT_EQ(found[0].status, FindingStatus::attempted);
        EXPECT_EQ(found[0].profit_raw, RawDelta{gain});
    }
}

TEST(Arbitrage, ASingleTradeAndARouteThatEndsElsewhereAreNone) {
    TransactionBuilder route(kSlot, 1, "user");
    route.swap({"pool 1", "SOL", 1'000, "A", 500}).swap({"pool 2", "A", 500, "B", 70});
    TransactionBuilder single(kSlot, 2, "user");
    single.swap({"pool 1", "SOL", 1'000, "A", 500});
    EXPECT_TRUE(find_in({route.build(), single.build()}).empty());
}

TEST(Arbitrage, AFailedTransactionIsNone) {
    auto tx = triangle(30'000).build();
    tx.failed = true;
    EXPECT_TRUE(find_in({tx}).empty());
}

TEST(Arbitrage, SplitLegsAreSummedAHop) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "SOL", 600'000, "A", 300'000})
        .swap({"pool 2", "SOL", 400'000, "A", 200'000})
        .swap({"pool 3", "A", 500'000, "SOL", 1'020'000})
        .fee(5'000);
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{20'000});
    EXPECT_TRUE(says(found[0], "closed cycle of 2 hops in 3 legs"));
}

TEST(Arbitrage, HopsMustAgreeWithinOnePerCent) {
    const auto with_gap = [](std::uint64_t sold) {
        TransactionBuilder tx(kSlot, 1, "searcher");
        tx.swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
            .swap({"pool 2", "A", sold, "SOL", 1'030'000});
        return find_in({tx.build()});
    };
    EXPECT_EQ(with_gap(495'000).size(), 1U);
    EXPECT_EQ(with_gap(494'000).size(), 0U);
    EXPECT_EQ(with_gap(506'000).size(), 0U);
}

TEST(Arbitrage, SellingFromStockIsNoGain) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 504'000, "SOL", 1'007'000});  // 0.8 % of A came from stock
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{7'000});
    EXPECT_EQ(found[0].net_lamports, Lamports{-1'000});
    EXPECT_FALSE(found[0].profitable);
    EXPECT_TRUE(says(found[0], "added from stock"));
}

TEST(Arbitrage, Token2022FeeBelongsToTheHop) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 450'000, "SOL", 1'030'000});
    // The pool sent 500,000, the wallet got 475,000; it sent them all and the pool got 450,000.
    tx.raw().swaps[0].transfer_fee_out = 25'000;
    tx.raw().swaps[1].transfer_fee_in = 25'000;
    tx.move("A", -50'000);
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].profitable);
    EXPECT_EQ(found[0].profit_raw, RawDelta{30'000});
}

TEST(Arbitrage, GainPaidAsNativeLamportsAndRentAddedBack) {
    auto tx = triangle(30'000).fee(5'000);
    tx.move("SOL", -30'000).move("", 30'000);  // unwrapped
    tx.move("", -2'039'280);                   // an account was opened
    tx.raw().rent_paid_lamports = 2'039'280;
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{30'000});
    EXPECT_EQ(found[0].net_lamports, Lamports{25'000});
}

TEST(Arbitrage, FeesOutsideThePoolsAreCosts) {
    auto tx = triangle(30'000).fee(5'000);
    tx.move("", -40'000);  // a platform takes its share
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].net_lamports, Lamports{-15'000});
    EXPECT_FALSE(found[0].profitable);
}

TEST(Arbitrage, MoneyFromElsewhereIsNoGain) {
    auto tx = triangle(-500);
    tx.move("SOL", 1'000'000);
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].profitable);
}

TEST(Arbitrage, StartInAnotherTokenPricedByTheBlock) {
    TransactionBuilder user(kSlot, 0, "user");
    user.swap({"pool 9", "SOL", 1'000'000'000, "USDC", 150'000'000});
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "USDC", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "USDC", 1'003'000})
        .fee(5'000);
    const auto found = find_in({user.build(), tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{3'000});
    EXPECT_EQ(found[0].net_lamports, Lamports{20'000 - 5'000});
    EXPECT_EQ(found[0].net_usd_micros, MicroUsd{2'250});
}

TEST(Arbitrage, WithoutAPriceTheNetIsUnknownAndGrossDecides) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "X", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "X", 1'003'000})
        .fee(5'000);
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].net_lamports, std::nullopt);
    EXPECT_TRUE(found[0].profitable);
    EXPECT_TRUE(says(found[0], "no price of"));
}

TEST(Arbitrage, OtherSwapsOfTheTransactionAreTakenOut) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 9", "Z", 77, "SOL", 5'000'000})  // a sale, not part of the cycle
        .swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "SOL", 1'030'000});
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{30'000});
    EXPECT_EQ(found[0].legs.size(), 2U);
}

TEST(Arbitrage, TwoCyclesShareOneFee) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "SOL", 1'030'000})
        .swap({"pool 3", "USDC", 1'000'000, "B", 500'000})
        .swap({"pool 4", "B", 500'000, "USDC", 1'030'000})
        .fee(5'000);
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].fee_lamports + found[1].fee_lamports, Lamports{5'000});
    EXPECT_EQ(found[0].profit_raw, RawDelta{30'000});
    EXPECT_EQ(found[1].profit_raw, RawDelta{30'000});
    EXPECT_NE(found[0].id, found[1].id);
}

TEST(Arbitrage, TwoWalletsTradingAgainstEachOtherAreNoCycle) {
    TransactionBuilder tx(kSlot, 1, "bot");
    tx.swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 1", "A", 500'000, "SOL", 990'000});
    tx.raw().swaps[1].trader = key("bot 2");
    EXPECT_TRUE(find_in({tx.build()}).empty());
}

TEST(Arbitrage, BackrunNamesTheSwapThatMovedThePool) {
    TransactionBuilder user(kSlot, 3, "user");
    user.swap({"pool 1", "A", 9'000'000, "SOL", 17'000'000});
    const auto found = find_in({user.build(), triangle(30'000, 4).build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].backrun);
    EXPECT_EQ(found[0].backrun_of, user.build().signature);
    EXPECT_TRUE(says(found[0], "1 transaction earlier"));

    TransactionBuilder same_way(kSlot, 3, "user");
    same_way.swap({"pool 1", "SOL", 9'000'000, "A", 4'000'000});
    EXPECT_FALSE(find_in({same_way.build(), triangle(30'000, 4).build()})[0].backrun);
    EXPECT_FALSE(
        find_in({triangle(1, 3, "searcher").build(), triangle(30'000, 4).build()})[0].backrun);
}

TEST(Arbitrage, AStepThatIsNoPoolIsClosedByBalances) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    tx.swap({"pool 1", "SOL", 1'000'000, "mSOL", 900'000})
        .swap({"pool 2", "jitoSOL", 910'000, "SOL", 1'030'000});
    EXPECT_TRUE(find_in({tx.build()}).empty());          // it sold its own jitoSOL
    tx.move("mSOL", -900'000).move("jitoSOL", 910'000);  // a router of stake pools turned one
    const auto found = find_in({tx.build()});            // into the other
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{30'000});
    EXPECT_TRUE(found[0].profitable);
    EXPECT_TRUE(says(found[0], "no pool that can be read"));
    EXPECT_LT(found[0].confidence, 0.85);
}

TEST(Arbitrage, APlatformPaidInNativeSolIsACostNotALoweredGain) {
    auto tx = triangle(100'000).fee(5'000);
    tx.move("", -30'000);
    const auto found = find_in({tx.build()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].profit_raw, RawDelta{100'000});
    EXPECT_EQ(found[0].net_lamports, Lamports{65'000});
}

TEST(Arbitrage, ManySwapsAreBounded) {
    TransactionBuilder tx(kSlot, 1, "searcher");
    for (int i = 0; i < 400; ++i) tx.swap({"pool 1", "SOL", 1'000, "A", 500});
    EXPECT_TRUE(find_in({tx.build()}).empty());
}

RC_GTEST_PROP(Arbitrage, RotatingTheHopsKeepsTheCycleAndItsPools, ()) {
    const auto n = *rc::gen::inRange<std::size_t>(2, 7);
    const auto turn = *rc::gen::inRange<std::size_t>(0, n);
    std::vector<testing::SwapSpec> hops;
    std::uint64_t amount = *rc::gen::inRange<std::uint64_t>(1'000'000, 1'000'000'000);
    const auto first = amount;
    for (std::size_t i = 0; i < n; ++i) {
        const auto next = i + 1 == n ? first + first / 500 : amount / 2 + 1'000;
        hops.push_back({"pool " + std::to_string(i), "token " + std::to_string(i), amount,
                        "token " + std::to_string((i + 1) % n), next});
        amount = next;
    }
    std::ranges::rotate(hops, hops.begin() + static_cast<std::ptrdiff_t>(turn));
    TransactionBuilder tx(kSlot, 1, "searcher");
    for (const auto& hop : hops) tx.swap(hop);
    const auto cycles = find_cycles(tx.build().swaps);
    RC_ASSERT(cycles.size() == 1U);
    RC_ASSERT(cycles[0].swaps.size() == n);
    RC_ASSERT(cycles[0].mints.size() == n);
}

RC_GTEST_PROP(Arbitrage, ProfitableExactlyWhenTheWalletIsRicherAfterCosts, ()) {
    const auto gain = *rc::gen::inRange<std::int64_t>(-50'000, 50'000);
    const auto fee = *rc::gen::inRange<std::uint64_t>(0, 20'000);
    const auto tip = *rc::gen::inRange<std::uint64_t>(0, 20'000);
    const auto found = find_in({triangle(gain).fee(fee).tip(tip).build()});
    RC_ASSERT(found.size() == 1U);
    const auto net = gain - static_cast<std::int64_t>(fee + tip);
    RC_ASSERT(found[0].net_lamports == Lamports{net});
    RC_ASSERT(found[0].profitable == (net > 0));
}

RC_GTEST_PROP(Arbitrage, EachSwapIsInAtMostOneCycle, ()) {
    const auto n = *rc::gen::inRange<std::uint64_t>(2, 20);
    TransactionBuilder tx(kSlot, 1, "searcher");
    for (std::uint64_t i = 0; i < n; ++i) {
        const auto a = *rc::gen::inRange(0, 4);
        const auto b = (a + *rc::gen::inRange(1, 4)) % 4;
        tx.swap({"pool " + std::to_string(i % 3), "token " + std::to_string(a), 1'000,
                 "token " + std::to_string(b), 1'000});
    }
    std::vector<int> used(n, 0);
    for (const auto& cycle : find_cycles(tx.build().swaps))
        for (const auto i : cycle.swaps) RC_ASSERT(++used[i] == 1);
}

}  // namespace
}  // namespace astro::mev
