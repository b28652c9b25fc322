#include "server/feeds/feed_core.hpp"

#include <gtest/gtest.h>

namespace astro::feeds {
namespace {

class Core : public ::testing::Test {
  protected:
    void SetUp() override { core.start_at(Slot{10}); }
    void offer(std::uint64_t slot, std::uint64_t parent) {
        solana::BlockHeader header;
        header.parent_slot = Slot{parent};
        header.blockhash = "h" + std::to_string(slot);
        header.previous_blockhash = "h" + std::to_string(parent);
        core.offer(Slot{slot}, header, "{}", BlockSource::polling, clock.monotonic());
    }

    /// So many answers "not yet", longer apart than the feed would ask.
    void withhold(std::uint64_t slot, int answers) {
        for (int i = 0; i < answers; ++i) {
            clock.advance(seconds(6));
            core.answer_withheld(Slot{slot});
        }
    }

    VirtualClock clock{TimestampNs{seconds(1'000).value()}};
    FeedCore core{LiveOptions{}, clock};
};

TEST_F(Core, ABlockThatIsNeverThereYetIsGivenUpOnceLaterOnesAreHere) {
    offer(10, 9);
    offer(12, 11);
    withhold(11, 22);
    EXPECT_EQ(core.wait_step()->first, Slot{10});
    EXPECT_EQ(core.wait_step()->kind, Step::Kind::broken);
    EXPECT_EQ(core.wait_step()->first, Slot{12});
    EXPECT_EQ(core.status().slots_lost, 1U);
}

TEST_F(Core, ABlockThatComesLateIsStillTaken) {
    offer(10, 9);
    offer(12, 11);
    withhold(11, 21);
    offer(11, 10);
    for (const std::uint64_t slot : {10U, 11U, 12U}) {
        const auto step = core.wait_step();
        EXPECT_EQ(step->kind, Step::Kind::deliver);
        EXPECT_EQ(step->first, Slot{slot});
    }
}

TEST_F(Core, ATipThatIsNotThereYetIsNeverGivenUp) {
    offer(10, 9);
    core.announce(Slot{11});
    withhold(11, 1'000);
    offer(11, 10);
    EXPECT_EQ(core.wait_step()->first, Slot{10});
    const auto next = core.wait_step();
    EXPECT_EQ(next->kind, Step::Kind::deliver);
    EXPECT_EQ(next->first, Slot{11});
    EXPECT_EQ(core.status().slots_lost, 0U);
}

}  // namespace
}  // namespace astro::feeds
