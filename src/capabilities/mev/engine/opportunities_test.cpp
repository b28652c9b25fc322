#include "capabilities/mev/engine/opportunities.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

using testing::block_of;
using testing::key;
using testing::TransactionBuilder;

struct PoolSpec {
    std::string name, mint_a, mint_b;
    std::uint64_t reserve_a = 0, reserve_b = 0;
    std::uint32_t fee_ppm = 2'500;
};

/// A transaction whose dust swap shows each pool's reserves.
solana::TransactionActivity showing(const std::vector<PoolSpec>& pools, Slot slot = Slot{100},
                                    std::uint32_t index = 1) {
    TransactionBuilder tx(slot, index, "someone");
    for (const auto& p : pools) {
        tx.swap({p.name, p.mint_a, 0, p.mint_b, 0});
        auto& s = tx.raw().swaps.back();
        s.state.curve = solana::Curve::constant_product;
        s.state.reserve_in = p.reserve_a;
        s.state.reserve_out = p.reserve_b;
        s.state.fee_ppm = p.fee_ppm;
        s.state.fee_known = true;
        s.state.exact = true;
    }
    return tx.build();
}

constexpr std::uint64_t kSol = 1'000'000'000;

std::vector<Finding> gaps(const std::vector<PoolSpec>& pools, OpportunityConfig config = {}) {
    OpportunityFinder finder(config);
    const auto block = block_of(Slot{100}, {showing(pools)});
    PriceTable prices;
    prices.on_block(block);
    return finder.on_block(block, prices);
}

TEST(Opportunities, TwoPoolsThatDisagree) {
    const auto found = gaps(
        {{"p1", "SOL", "A", 100 * kSol, 100'000'000}, {"p2", "SOL", "A", 110 * kSol, 100'000'000}});
    ASSERT_EQ(found.size(), 1U);
    const auto& f = found[0];
    EXPECT_EQ(f.kind, FindingKind::price_gap);
    EXPECT_EQ(f.status, FindingStatus::open);
    EXPECT_EQ(f.start_mint, wsol_mint());
    ASSERT_EQ(f.legs.size(), 2U);
    EXPECT_EQ(f.legs[0].pool, key("p1"));  // A is cheaper there
    EXPECT_EQ(f.legs[0].amount_out, f.legs[1].amount_in);
    EXPECT_EQ(f.profit_raw.value(), static_cast<std::int64_t>(f.legs[1].amount_out.value()) -
                                        static_cast<std::int64_t>(f.legs[0].amount_in.value()));
    EXPECT_EQ(*f.net_lamports, Lamports{f.profit_raw.value() - 15'000});
    EXPECT_TRUE(f.signatures.empty());
}

TEST(Opportunities, ADisagreementWithinTheFeesIsNone) {
    EXPECT_TRUE(gaps({{"p1", "SOL", "A", 1'000 * kSol, 100'000'000},
                      {"p2", "SOL", "A", 1'004 * kSol, 100'000'000}})
                    .empty());
}

TEST(Opportunities, ThreeAndFourHops) {
    const std::vector<PoolSpec> triangle{{"p1", "SOL", "A", 100 * kSol, 100 * kSol},
                                         {"p2", "A", "B", 100 * kSol, 100 * kSol},
                                         {"p3", "B", "SOL", 100 * kSol, 110 * kSol}};
    auto found = gaps(triangle);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].legs.size(), 3U);
    auto square = triangle;
    square[2] = {"p3", "B", "C", 100 * kSol, 100 * kSol};
    square.push_back({"p4", "C", "SOL", 100 * kSol, 110 * kSol});
    found = gaps(square);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].legs.size(), 4U);
    OpportunityConfig three;
    three.hops_max = 3;
    EXPECT_TRUE(gaps(square, three).empty());
}

TEST(Opportunities, ACycleWithoutABaseTokenIsNone) {
    EXPECT_TRUE(
        gaps({{"p1", "X", "A", 100 * kSol, 100'000'000}, {"p2", "X", "A", 120 * kSol, 100'000'000}})
            .empty());
}

TEST(Opportunities, ToldOnceUntilItGrowsOrTimePasses) {
    OpportunityFinder finder;
    PriceTable prices;
    const auto at = [&](std::uint64_t slot, std::uint64_t sol) {
        return finder
            .on_block(block_of(Slot{slot}, {showing({{"p1", "SOL", "A", 100 * kSol, 100'000'000},
                                                     {"p2", "SOL", "A", sol * kSol, 100'000'000}},
                                                    Slot{slot})}),
                      prices)
            .size();
    };
    EXPECT_EQ(at(100, 110), 1U);
    EXPECT_EQ(at(101, 110), 0U);
    EXPECT_EQ(at(102, 120), 1U);
    EXPECT_EQ(at(103, 110), 0U);
    EXPECT_EQ(at(400, 110), 1U);
}

TEST(Opportunities, StaleAndOrphanedPoolsAreNotUsed) {
    OpportunityFinder finder;
    PriceTable prices;
    const auto show = [&](std::uint64_t slot, const PoolSpec& pool) {
        return finder.on_block(block_of(Slot{slot}, {showing({pool}, Slot{slot})}), prices).size();
    };
    const PoolSpec cheap{"p1", "SOL", "A", 100 * kSol, 100'000'000};
    const PoolSpec dear{"p2", "SOL", "A", 110 * kSol, 100'000'000};
    EXPECT_EQ(show(100, cheap), 0U);
    EXPECT_EQ(show(165, dear), 0U);  // the first is 65 slots old
    EXPECT_EQ(show(166, cheap), 1U);
    finder.drop_slot(Slot{166});
    EXPECT_EQ(show(167, {"p2", "SOL", "A", 150 * kSol, 100'000'000}), 0U);
}

TEST(Opportunities, ConcentratedPoolsAreTradedOnlyNearTheirPrice) {
    // L = 1e12, price 1: virtual reserves 1e12 each.
    auto tx = showing(
        {{"p1", "SOL", "A", 100 * kSol, 100 * kSol}, {"p2", "SOL", "A", 1'000 * kSol, 950 * kSol}});
    auto& state = tx.swaps[0].state;
    state.curve = solana::Curve::concentrated;
    state.liquidity = static_cast<UInt128>(1'000) * kSol;
    state.sqrt_price_x64_after = static_cast<UInt128>(1) << 64;
    state.zero_for_one = true;
    OpportunityFinder finder;
    PriceTable prices;
    const auto found = finder.on_block(block_of(Slot{100}, {tx}), prices);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].legs[0].pool, key("p1"));
    // At the cap, less what rounding lets one save at the same output.
    EXPECT_LE(found[0].legs[0].amount_in, RawAmount{1'000 * kSol / 400});
    EXPECT_GE(found[0].legs[0].amount_in, RawAmount{1'000 * kSol / 400 - 8});
}

TEST(Opportunities, APoolWithoutAKnownFeeOrWithTransferFeesIsLeftOut) {
    auto tx = showing({{"p1", "SOL", "A", 100 * kSol, 100 * kSol}});
    EXPECT_TRUE(venue_after(tx.swaps[0]).has_value());
    auto unknown_fee = tx.swaps[0];
    unknown_fee.state.fee_known = false;
    EXPECT_FALSE(venue_after(unknown_fee).has_value());
    auto transfer_fee = tx.swaps[0];
    transfer_fee.transfer_fee_out = 1;
    EXPECT_FALSE(venue_after(transfer_fee).has_value());
    auto drained = tx.swaps[0];
    drained.amount_out = drained.state.reserve_out;
    EXPECT_FALSE(venue_after(drained).has_value());
}

TEST(Opportunities, TheGraphIsBounded) {
    GraphConfig config;
    config.pools_max = 10;
    PoolGraph graph(config);
    for (std::uint64_t i = 0; i < 200; ++i) {
        (void)graph.on_block(block_of(
            Slot{100 + i}, {showing({{"p" + std::to_string(i), "SOL", "A", 100 * kSol, 100 * kSol}},
                                    Slot{100 + i})}));
        EXPECT_LE(graph.size(), 12U);
    }
    EXPECT_LE(graph.steps_from(wsol_mint()).size(), 12U);
}

/// Two to four pools with small reserves in a ring.
std::pair<PoolGraph, std::vector<Step>> small_ring() {
    const auto hops = *rc::gen::inRange<std::size_t>(2, 5);
    std::vector<PoolSpec> pools;
    for (std::size_t i = 0; i < hops; ++i)
        pools.push_back({"p" + std::to_string(i), "t" + std::to_string(i),
                         "t" + std::to_string((i + 1) % hops),
                         *rc::gen::inRange<std::uint64_t>(500, 20'000),
                         *rc::gen::inRange<std::uint64_t>(500, 20'000),
                         *rc::gen::inRange<std::uint32_t>(0, 10'000)});
    PoolGraph graph;
    (void)graph.on_block(block_of(Slot{100}, {showing(pools)}));
    std::vector<Step> cycle;
    for (std::uint32_t i = 0; i < hops; ++i) cycle.push_back({i, 0});
    return {std::move(graph), cycle};
}

RC_GTEST_PROP(Opportunities, SizeIsTheBestOfAllSizes, ()) {
    const auto [graph, cycle] = small_ring();
    std::int64_t best = 0;
    for (std::uint64_t in = 1; in < 60'000; in += 1) {
        const auto tried = replay(graph, cycle, in);
        if (tried) best = std::max(best, tried->gain());
    }
    const auto sized = best_size(graph, cycle);
    const auto got = sized ? sized->gain() : 0;
    RC_ASSERT(got <= best);
    // Each hop's rounding hides up to a unit of what a neighbour size would bring; in the last
    // token's units that is at most a few times the price ratio of a hop.
    std::int64_t unit = 1;
    for (const auto& step : cycle) {
        const auto& v = graph.venue(step.venue);
        unit = unit * static_cast<std::int64_t>(v.reserve[1]) /
                   static_cast<std::int64_t>(v.reserve[0]) +
               2;
    }
    RC_ASSERT(best - got <= 2 * unit + best / 100);
    if (sized) RC_ASSERT(replay(graph, cycle, sized->amount_in)->outs == sized->outs);
}

RC_GTEST_PROP(Opportunities, QuoteNeverBreaksThePoolsInvariant, ()) {
    const auto [graph, cycle] = small_ring();
    const auto& v = graph.venue(0);
    const auto in = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    const auto out = quote_out(v, 0, in);
    RC_ASSERT(out < v.reserve[1]);
    RC_ASSERT((static_cast<UInt128>(v.reserve[0]) + in) * (v.reserve[1] - out) >=
              static_cast<UInt128>(v.reserve[0]) * v.reserve[1]);
}

}  // namespace
}  // namespace astro::mev
