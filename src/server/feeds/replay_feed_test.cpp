#include "server/feeds/feeds_test_support.hpp"

namespace astro::feeds {
namespace {

TEST(ReplayFeed, PlaysRecordedBlocksInOrder) {
    Collector collector;
    const FeedStatus status = play(run_of_slots(1000, 60, 7), {}, collector);
    EXPECT_EQ(status.mode, "replay");
    EXPECT_EQ(status.label, FeedLabel::synthetic) << "copies say what they are";
    EXPECT_GT(status.first_by_websocket, 0U) << "which is first of the two depends on the machine";
    std::set<std::uint64_t> empty;
    for (std::uint64_t slot = 1000; slot < collector.chain_.back(); ++slot)
        if (slot % 7 == 0) empty.insert(slot);
    EXPECT_EQ(collector.skipped_, empty);
}

TEST(ReplayFeed, PollsWhereBlockSubscribeIsNotOffered) {
    ReplayNodeOptions node;
    node.faults.block_subscribe = false;
    Collector collector;
    const FeedStatus status = play(run_of_slots(1000, 60, 5), node, collector);
    EXPECT_EQ(status.first_by_websocket, 0U);
    EXPECT_GT(status.first_by_polling, 0U);
}

TEST(ReplayFeed, FillsWhatDroppedNotificationsLeaveOut) {
    ReplayNodeOptions node;
    node.faults.drop_percent = 50;
    Collector collector;
    const FeedStatus status = play(run_of_slots(1000, 100, 9), node, collector);
    EXPECT_GT(status.first_by_websocket, 0U);
    EXPECT_GT(status.gaps_filled, 0U);
}

TEST(ReplayFeed, SurvivesDuplicatesDelaysAndReordering) {
    ReplayNodeOptions node;
    node.faults.duplicate_percent = 50;
    node.faults.delay_max = milliseconds(40);
    Collector collector;
    EXPECT_GT(play(run_of_slots(1000, 100, 9), node, collector).duplicates, 0U);
}

TEST(ReplayFeed, SurvivesRateLimitsServerErrorsAndCutBodies) {
    ReplayNodeOptions node;
    node.faults.rate_limited_percent = 15;
    node.faults.server_error_percent = 15;
    node.faults.truncated_percent = 15;
    node.faults.drop_percent = 60;
    Collector collector;
    play(run_of_slots(1000, 60), node, collector);
}

TEST(ReplayFeed, ConnectsASilentSocketAnew) {
    ReplayNodeOptions node;
    node.faults.silent = true;
    Collector collector;
    LiveOptions live = quick();
    live.silence = milliseconds(50);
    const FeedStatus status = play(run_of_slots(1000, 80), node, collector, live);
    EXPECT_GT(status.reconnects, 0U);
    EXPECT_EQ(status.first_by_websocket, 0U);
}

TEST(ReplayFeed, FollowsForksToTheChain) {
    ReplayNodeOptions node;
    node.faults.fork_percent = 20;
    auto slots = run_of_slots(1000, 80, 11);
    Collector collector;
    const FeedStatus status = play(slots, node, collector);
    EXPECT_GT(status.forks, 0U);
    EXPECT_EQ(collector.orphaned_, status.forks);
}

TEST(ReplayFeed, WaitsForBlocksThatAreAnnouncedBeforeTheyCanBeFetched) {
    ReplayNodeOptions node;
    node.faults.block_subscribe = false;
    node.rpc_delay = milliseconds(60);
    Collector collector;
    play(run_of_slots(1000, 40), node, collector);
}

std::unique_ptr<Feed> replay(const std::string& directory, Clock& clock, ReplayOptions options = {},
                             ReplayNodeOptions node = {}, LiveOptions live = quick()) {
    options.directory = directory;
    auto feed = make_replay_feed_with(options, node, live, clock);
    EXPECT_TRUE(feed) << (feed ? "" : feed.error().text());
    return std::move(feed).value();
}

TEST(ReplayFeed, ARestartResumesAtTheCursorWithoutGapOrDouble) {
    SystemClock clock;
    const auto slots = run_of_slots(1000, 60, 7);
    const Recording recording(slots);
    MemoryCursors cursors;
    Collector collector;
    for (std::size_t part = 1; part <= 3; ++part) {
        ReplayOptions options;
        options.slot_ms = 3;
        const auto feed = replay(recording.directory, clock, options);
        ASSERT_TRUE(feed->start(collector, cursors));
        ASSERT_TRUE(collector.wait_blocks(part * 20)) << feed->status().detail;
        feed->stop();
        EXPECT_EQ(feed->status().state, "stopped");
    }
    EXPECT_EQ(collector.chain(), slots);
    EXPECT_EQ(collector.faults(), std::vector<std::string>());
}

TEST(ReplayFeed, ASlowConsumerLosesNothingAndHoldsTheReplayBack) {
    SystemClock clock;
    const auto slots = run_of_slots(1000, 200);
    const Recording recording(slots);
    ReplayOptions options;
    options.slot_ms = 0;
    ReplayNodeOptions node;
    node.ahead_max = 64;  // more than queue and window hold together
    LiveOptions live = quick();
    live.queue_blocks = 2;
    live.window_blocks = 4;
    MemoryCursors cursors;
    Collector collector;
    collector.hold(true);
    const auto feed = replay(recording.directory, clock, options, node, live);
    ASSERT_TRUE(feed->start(collector, cursors));
    // The tip runs as far ahead as it may while the consumer stands still.
    ASSERT_TRUE(collector.wait(seconds(30), [&] { return feed->status().tip_slot >= Slot{1063}; }));
    EXPECT_EQ(feed->status().tip_slot, Slot{1063});
    collector.hold(false);
    ASSERT_TRUE(collector.wait_blocks(slots.size())) << feed->status().detail;
    feed->stop();
    EXPECT_EQ(collector.chain(), slots);
    EXPECT_EQ(collector.faults(), std::vector<std::string>());
}

TEST(ReplayFeed, RealBlocksAcrossThirtyMillionSlotsCostAFewCalls) {
    SystemClock clock;
    MemoryCursors cursors;
    Collector collector;
    ReplayOptions options;
    options.slot_ms = 10;
    const auto feed = replay(kBlocks, clock, options);
    ASSERT_TRUE(feed->start(collector, cursors));
    ASSERT_TRUE(collector.wait_blocks(5)) << feed->status().detail;
    collector.wait(seconds(10), [&] { return feed->status().state == "finished"; });
    const FeedStatus status = feed->status();
    feed->stop();
    EXPECT_EQ(collector.chain(), (std::vector<std::uint64_t>{100'000'000, 241'043'141, 254'170'887,
                                                             270'893'658, 285'000'037}));
    EXPECT_EQ(collector.labels_, std::vector<FeedLabel>(5, FeedLabel::replay));
    EXPECT_EQ(status.state, "finished");
    EXPECT_EQ(status.label, FeedLabel::replay);
    EXPECT_EQ(status.slots_lost, 0U);
    EXPECT_EQ(status.skipped_slots, 0U);
    ASSERT_EQ(status.endpoints.size(), 1U);
    EXPECT_LT(status.endpoints[0].calls, 200U);
    EXPECT_GT(collector.bytes_, 5'500'000U);
}

TEST(ReplayFeed, TheDemoGoesOnWithSyntheticBlocksAndResumesThere) {
    SystemClock clock;
    MemoryCursors cursors;
    Collector collector;
    ReplayOptions options;
    options.demo = true;
    options.slot_ms = 10;
    for (const std::size_t until : {9U, 14U}) {
        const auto feed = replay(kBlocks, clock, options);
        ASSERT_TRUE(feed->start(collector, cursors));
        ASSERT_TRUE(collector.wait_blocks(until)) << feed->status().detail;
        const FeedStatus status = feed->status();
        EXPECT_EQ(status.mode, "demo");
        EXPECT_EQ(status.label, FeedLabel::synthetic);
        feed->stop();
    }
    const auto chain = collector.chain();
    for (std::size_t i = 5; i < chain.size(); ++i) {
        EXPECT_EQ(chain[i], 285'000'037 + i - 4);
        EXPECT_EQ(collector.labels_[i], FeedLabel::synthetic);
    }
    EXPECT_EQ(collector.faults(), std::vector<std::string>());
}

TEST(ReplayFeed, ALoopPlaysRenumberedCopiesThatSaySo) {
    SystemClock clock;
    const Recording recording(run_of_slots(1000, 5));
    MemoryCursors cursors;
    Collector collector;
    ReplayOptions options;
    options.loop = true;
    options.slot_ms = 2;
    const auto feed = replay(recording.directory, clock, options);
    ASSERT_TRUE(feed->start(collector, cursors));
    ASSERT_TRUE(collector.wait_blocks(30)) << feed->status().detail;
    feed->stop();
    auto chain = collector.chain();
    chain.resize(30);
    EXPECT_EQ(chain, run_of_slots(1000, 30));
    EXPECT_EQ(collector.labels_[29], FeedLabel::synthetic);
}

TEST(ReplayFeed, SaysWhatIsWrongWithTheDirectory) {
    SystemClock clock;
    ReplayOptions options;
    EXPECT_EQ(make_replay_feed(options, clock).error().code, "no_directory");
    options.directory = "/nonexistent";
    EXPECT_EQ(make_replay_feed(options, clock).error().code, "bad_directory");
    const Recording recording({1000});
    std::filesystem::remove(recording.directory + "/1000.json");
    std::ofstream(recording.directory + "/broken.json") << R"({"parentSlot":7,"block)";
    options.directory = recording.directory;
    const auto broken = make_replay_feed(options, clock);
    EXPECT_EQ(broken.error().code, "no_blocks");
    EXPECT_NE(broken.error().message.find("broken.json"), std::string::npos);
}

}  // namespace
}  // namespace astro::feeds
