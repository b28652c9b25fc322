#include "server/feeds/feeds_test_support.hpp"

namespace astro::feeds {
namespace {

struct NodeAt {
    std::unique_ptr<ReplayNode> node;
    NodeAt(const Recording& recording, std::size_t history, std::uint16_t port, Clock& clock,
           ReplayNodeOptions options = {}) {
        auto files = scan_block_directory(recording.directory).value().blocks;
        std::vector<RecordedBlock> before(files.begin(),
                                          files.begin() + static_cast<std::ptrdiff_t>(history));
        options.port = port;
        options.slot_ms = 3;
        options.ahead_max = 1'000'000;
        const auto after = history == 0 ? std::nullopt : std::optional(before.back().slot);
        auto started = ReplayNode::start(options, before, make_file_supply(files, after), clock);
        EXPECT_TRUE(started) << (started ? "" : started.error().text());
        node = std::move(started).value();
    }
};

LiveOptions towards(const ReplayNode& node) {
    LiveOptions live = quick();
    live.rpc_urls = {node.url()};
    live.start_slot = Slot{1000};
    return live;
}

TEST(LiveFeed, ANodeKilledAndRestartedCostsNothing) {
    SystemClock clock;
    const auto slots = run_of_slots(1000, 120, 7);
    const Recording recording(slots);
    MemoryCursors cursors;
    Collector collector;
    auto first = std::make_unique<NodeAt>(recording, 0, 0, clock);
    const std::uint16_t port = first->node->port();
    auto feed = make_live_feed(towards(*first->node), clock).value();
    ASSERT_TRUE(feed->start(collector, cursors));
    ASSERT_TRUE(collector.wait_blocks(40)) << to_json(feed->status()) << collector.chain().size();
    first.reset();
    ASSERT_TRUE(collector.wait(seconds(30), [&] { return feed->status().reconnects > 0; }));
    // It comes back some blocks later, all of them there at once.
    const NodeAt second(recording, 90, port, clock);
    ASSERT_TRUE(collector.wait_blocks(slots.size())) << feed->status().detail;
    const FeedStatus status = feed->status();
    feed->stop();
    EXPECT_EQ(collector.chain(), slots);
    EXPECT_EQ(collector.faults(), std::vector<std::string>());
    EXPECT_EQ(status.slots_lost, 0U);
    EXPECT_GT(status.gaps_filled, 0U);
}

TEST(LiveFeed, RefusesTheWrongCluster) {
    SystemClock clock;
    const Recording recording({1000, 1001});
    const NodeAt at(recording, 0, 0, clock);
    LiveOptions live = towards(*at.node);
    live.expected_genesis_hash = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";
    MemoryCursors cursors;
    Collector collector;
    const auto started = make_live_feed(live, clock).value()->start(collector, cursors);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "wrong_genesis");
    EXPECT_NE(started.error().message.find("EtWTRABZ"), std::string::npos);
    EXPECT_NE(started.error().message.find("5eykt4Us"), std::string::npos);

    // The same when only the cursor knows the cluster.
    live.expected_genesis_hash.clear();
    ASSERT_TRUE(cursors.save("live", to_text({Slot{7}, "h", "EtWTRABZ"})));
    EXPECT_EQ(make_live_feed(live, clock).value()->start(collector, cursors).error().code,
              "wrong_genesis");
}

TEST(LiveFeed, AWrongClusterFoundLaterStopsItBeforeAnythingIsDelivered) {
    SystemClock clock;
    const Recording recording({1000, 1001});
    auto probe = std::make_unique<NodeAt>(recording, 0, 0, clock);
    const std::uint16_t port = probe->node->port();
    LiveOptions live = towards(*probe->node);
    live.expected_genesis_hash = "another";
    probe.reset();
    MemoryCursors cursors;
    Collector collector;
    auto feed = make_live_feed(live, clock).value();
    ASSERT_TRUE(feed->start(collector, cursors)) << "nobody there: it waits";
    EXPECT_EQ(feed->status().state, "connecting");
    const NodeAt at(recording, 0, port, clock);
    ASSERT_TRUE(collector.wait(seconds(30), [&] { return feed->status().state == "stopped"; }));
    EXPECT_NE(feed->status().detail.find("another"), std::string::npos);
    feed->stop();
    EXPECT_TRUE(collector.chain().empty());
}

TEST(LiveFeed, BeginsAtTheTipWithoutACursor) {
    SystemClock clock;
    const auto slots = run_of_slots(1000, 60);
    const Recording recording(slots);
    const NodeAt at(recording, 30, 0, clock);
    LiveOptions live = towards(*at.node);
    live.start_slot = Slot{0};
    MemoryCursors cursors;
    Collector collector;
    auto feed = make_live_feed(live, clock).value();
    ASSERT_TRUE(feed->start(collector, cursors));
    ASSERT_TRUE(collector.wait(seconds(30), [&] {
        return !collector.chain_.empty() && collector.chain_.back() == slots.back();
    }));
    feed->stop();
    EXPECT_GE(collector.chain().front(), 1029U);
    EXPECT_EQ(cursors.load("live").value(),
              to_text({Slot{1059}, made_hash(1059, 1), std::string(kMainnetGenesis)}));
}

TEST(LiveFeed, AGapBeyondTheLimitIsReportedLost) {
    SystemClock clock;
    const auto slots = run_of_slots(1000, 200);
    const Recording recording(slots);
    const NodeAt at(recording, 200, 0, clock);
    LiveOptions live = towards(*at.node);
    live.start_slot = Slot{0};
    live.backfill_slots_max = 50;
    MemoryCursors cursors;
    ASSERT_TRUE(cursors.save("live", to_text({Slot{1009}, made_hash(1009, 1), ""})));
    Collector collector;
    auto feed = make_live_feed(live, clock).value();
    ASSERT_TRUE(feed->start(collector, cursors));
    ASSERT_TRUE(collector.wait_blocks(50)) << feed->status().detail;
    const FeedStatus status = feed->status();
    feed->stop();
    EXPECT_EQ(collector.chain(), run_of_slots(1150, 50));
    EXPECT_EQ(status.slots_lost, 140U);
    EXPECT_NE(status.detail.find("slots 1010 to 1149 are lost"), std::string::npos);
}

TEST(LiveFeed, ABlockThatNobodyHasIsReportedLostAndTheRestGoesOn) {
    SystemClock clock;
    auto slots = run_of_slots(1000, 60);
    const Recording recording(slots);
    std::filesystem::remove(recording.directory + "/1020.json");
    const NodeAt at(recording, 0, 0, clock);
    MemoryCursors cursors;
    Collector collector;
    auto feed = make_live_feed(towards(*at.node), clock).value();
    ASSERT_TRUE(feed->start(collector, cursors));
    ASSERT_TRUE(collector.wait_blocks(59)) << feed->status().detail;
    const FeedStatus status = feed->status();
    feed->stop();
    slots.erase(slots.begin() + 20);
    EXPECT_EQ(collector.chain(), slots);
    EXPECT_EQ(collector.faults(), std::vector<std::string>());
    EXPECT_EQ(status.slots_lost, 1U);
    EXPECT_NE(status.detail.find("block 1020 is lost"), std::string::npos) << status.detail;
}

TEST(LiveFeed, AnUnreadableCursorIsARefusal) {
    SystemClock clock;
    const Recording recording({1000, 1001});
    const NodeAt at(recording, 0, 0, clock);
    MemoryCursors cursors;
    ASSERT_TRUE(cursors.save("live", R"({"slot":"x"})"));
    Collector collector;
    EXPECT_EQ(
        make_live_feed(towards(*at.node), clock).value()->start(collector, cursors).error().code,
        "bad_cursor");
}

TEST(LiveFeed, NeedsAUrl) {
    SystemClock clock;
    EXPECT_EQ(make_live_feed({}, clock).error().code, "no_rpc_url");
    LiveOptions live;
    live.rpc_urls = {"ftp://x"};
    EXPECT_FALSE(make_live_feed(live, clock));
}

}  // namespace
}  // namespace astro::feeds
