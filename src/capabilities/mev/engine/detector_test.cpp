#include "capabilities/mev/engine/detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

using testing::block_of;
using ::testing::SizeIs;
using testing::TransactionBuilder;

solana::TransactionActivity cycle(Slot slot, std::uint32_t index) {
    return TransactionBuilder(slot, index, "searcher")
        .swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "SOL", 1'030'000})
        .fee(5'000)
        .build();
}

/// Buys before a victim, sells after it: front, victim and back in one pool.
std::vector<solana::TransactionActivity> sandwich(Slot slot) {
    const auto swap = [&](std::uint32_t index, const std::string& wallet,
                          const testing::SwapSpec& spec) {
        return TransactionBuilder(slot, index, wallet).swap(spec).fee(5'000).build();
    };
    return {swap(1, "attacker", {"pool 3", "SOL", 10'000'000'000, "B", 9'000'000'000}),
            swap(2, "victim", {"pool 3", "SOL", 5'000'000'000, "B", 3'600'000'000}),
            swap(3, "attacker", {"pool 3", "B", 9'000'000'000, "SOL", 11'000'000'000})};
}

std::size_t count(const BlockFindings& out, FindingKind kind) {
    return static_cast<std::size_t>(std::ranges::count(out.findings, kind, &Finding::kind));
}

TEST(Detector, EveryKindThatHappenedComesOutOfOneBlock) {
    const Slot slot{100};
    auto transactions = sandwich(slot);
    transactions.push_back(cycle(slot, 4));
    TransactionBuilder liquidation(slot, 5, "keeper");
    solana::LiquidationCall call;
    call.at = {slot, 5, 0, -1};
    call.liquidator = testing::key("keeper");
    call.obligation = testing::key("obligation");
    call.repay_mint = wsol_mint();
    call.seized_mint = testing::key("B");
    call.repaid = call.seized = 1'000'000;
    liquidation.raw().liquidations = {call};
    liquidation.move("SOL", -1'000'000).move("B", 1'000'000).fee(5'000);
    transactions.push_back(liquidation.build());
    Detector detector;
    const auto out = detector.on_block(block_of(slot, transactions));
    EXPECT_EQ(count(out, FindingKind::arbitrage), 1U);
    EXPECT_EQ(count(out, FindingKind::sandwich), 1U);
    EXPECT_EQ(count(out, FindingKind::liquidation), 1U);
}

TEST(Detector, ASlotThatWasDroppedMayBeSeenAgain) {
    Detector detector;
    const auto block = block_of(Slot{100}, {cycle(Slot{100}, 1)});
    EXPECT_THAT(detector.on_block(block).findings, SizeIs(1));
    detector.drop_slot(Slot{100});
    EXPECT_THAT(detector.on_block(block).findings, SizeIs(1));
}

TEST(Detector, TheSameBlocksGiveTheSameIds) {
    const auto ids = [] {
        Detector detector;
        std::vector<std::string> all;
        for (std::uint64_t slot = 100; slot < 130; ++slot) {
            auto transactions = sandwich(Slot{slot});
            transactions.push_back(cycle(Slot{slot}, 4));
            for (const auto& f : detector.on_block(block_of(Slot{slot}, transactions)).findings)
                all.push_back(f.id);
        }
        return all;
    };
    const auto once = ids();
    EXPECT_GT(once.size(), 30U);
    EXPECT_EQ(once, ids());
}

TEST(Detector, SlotsGoingBackwardsAreLookedAt) {
    Detector detector;
    EXPECT_THAT(detector.on_block(block_of(Slot{500}, {cycle(Slot{500}, 1)})).findings, SizeIs(1));
    EXPECT_THAT(detector.on_block(block_of(Slot{100}, {cycle(Slot{100}, 1)})).findings, SizeIs(1));
}

}  // namespace
}  // namespace astro::mev
