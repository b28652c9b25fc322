#include "capabilities/mev/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capabilities/mev/engine/test_support.hpp"

namespace astro::mev {
namespace {

using testing::block_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::TransactionBuilder;

TEST(Commands, AFindingIsOneLineWithAmountsAsText) {
    Finding f;
    f.kind = FindingKind::sandwich;
    f.profit_raw = RawDelta{-5};
    f.reasons = {"two\nlines"};
    const auto text = finding_json(f);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_THAT(text, HasSubstr("\"kind\":\"sandwich\""));
    EXPECT_THAT(text, HasSubstr("\"profit_raw\":\"-5\""));
    EXPECT_THAT(text, HasSubstr("\"net_lamports\":null"));
}

TEST(Commands, ATableRowHasACellForEachColumn) {
    EXPECT_EQ(finding_cells(Finding{}).size(), finding_columns().size());
}

solana::TransactionActivity cycle(Slot slot, std::uint32_t index) {
    return TransactionBuilder(slot, index, "searcher")
        .swap({"pool 1", "SOL", 1'000'000, "A", 500'000})
        .swap({"pool 2", "A", 500'000, "SOL", 1'030'000})
        .fee(5'000)
        .build();
}

std::vector<std::uint64_t> slots_scanned(const std::vector<std::uint64_t>& order,
                                         ScanOptions options = {}) {
    std::vector<std::uint64_t> slots;
    Scan scan(options, [&](const Finding& f) { slots.push_back(f.slot.value()); });
    for (const auto slot : order) scan.add(block_of(Slot{slot}, {cycle(Slot{slot}, 1)}));
    scan.finish();
    return slots;
}

TEST(Scan, BlocksComeOutInSlotOrder) {
    EXPECT_THAT(slots_scanned({300, 100, 200}), ElementsAre(100, 200, 300));
}

TEST(Scan, WithLittleRoomLateBlocksAreStillLookedAt) {
    ScanOptions options;
    options.held_blocks_max = 1;
    EXPECT_THAT(slots_scanned({300, 400, 100, 200}, options), SizeIs(4));
}

TEST(Scan, TheSameTransactionTwiceCountsOnce) {
    std::vector<std::string> ids;
    Scan scan({}, [&](const Finding& f) { ids.push_back(f.id); });
    scan.add(block_of(Slot{100}, {cycle(Slot{100}, 1)}));
    scan.add(block_of(Slot{100}, {cycle(Slot{100}, 1)}));
    scan.finish();
    EXPECT_THAT(ids, SizeIs(1));
    EXPECT_EQ(scan.repeated_transactions(), 1U);
}

TEST(Scan, SingleTransactionsOfASlotAreOneBlock) {
    auto block = block_of(Slot{100}, {cycle(Slot{100}, 0)});
    auto more = block_of(Slot{100}, {cycle(Slot{100}, 0)});
    more.transactions[0].signature = testing::signature(77);
    EXPECT_EQ(merge_block(block, more), 0U);
    ASSERT_THAT(block.transactions, SizeIs(2));
    EXPECT_EQ(block.transactions[1].index, 1U);
    EXPECT_EQ(block.transactions[1].swaps[1].at.tx_index, 1U);
}

TEST(Scan, PartsOfABlockKeepTheirPlaces) {
    auto second = block_of(Slot{100}, {cycle(Slot{100}, 40), cycle(Slot{100}, 50)});
    auto first = block_of(Slot{100}, {cycle(Slot{100}, 10), cycle(Slot{100}, 20)});
    merge_block(second, first);
    std::vector<std::uint32_t> indexes;
    for (const auto& tx : second.transactions) indexes.push_back(tx.index);
    EXPECT_THAT(indexes, ElementsAre(10, 20, 40, 50));
}

}  // namespace
}  // namespace astro::mev
