#include <gtest/gtest.h>

#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "foundation/base/json.hpp"
#include "server/feeds/cursor.hpp"
#include "server/feeds/renumber.hpp"
#include "server/feeds/replay_feed.hpp"

namespace astro::feeds {
namespace {

using std::chrono::seconds;

const std::string kBlocks = std::string(ASTRO_SOURCE_DIR) + "/share/solana/blocks";
const std::string kSmallBlock = kBlocks + "/chainstorage_block_241043141_v2.json";

class MemoryCursors final : public CursorStore {
  public:
    Result<std::string> load(std::string_view feed) override {
        const std::lock_guard lock(mutex_);
        return cursors_[std::string(feed)];
    }
    Result<void> save(std::string_view feed, std::string_view cursor) override {
        const std::lock_guard lock(mutex_);
        cursors_[std::string(feed)] = cursor;
        return {};
    }

  private:
    std::mutex mutex_;
    std::map<std::string, std::string> cursors_;
};

/// Keeps what a consumer would hold, and everything that breaks the contract.
class Collector final : public BlockSink {
  public:
    void on_block(BlockObservation block) override {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return !held_; });
        if (!chain_.empty() && chain_.back() >= block.slot.value())
            faults_.push_back("block " + std::to_string(block.slot.value()) + " after " +
                              std::to_string(chain_.back()));
        chain_.push_back(block.slot.value());
        bytes_ += block.json.size();
        labels_.push_back(block.label);
        delays_.push_back(SystemClock().monotonic() - block.received);
        wake_.notify_all();
    }
    void on_skipped(Slot slot) override {
        const std::lock_guard lock(mutex_);
        if (!skipped_.insert(slot.value()).second)
            faults_.push_back("skipped twice: " + std::to_string(slot.value()));
    }
    void on_orphaned(Slot slot) override {
        const std::lock_guard lock(mutex_);
        if (chain_.empty() || chain_.back() != slot.value())
            faults_.push_back("orphaned but not last: " + std::to_string(slot.value()));
        else
            chain_.pop_back();
        ++orphaned_;
    }

    void hold(bool on) {
        const std::lock_guard lock(mutex_);
        held_ = on;
        wake_.notify_all();
    }
    /// Conditions may look at things that do not wake us, hence the short turns.
    bool wait(seconds deadline, const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + deadline;
        std::unique_lock lock(mutex_);
        while (!condition() && std::chrono::steady_clock::now() < end)
            wake_.wait_for(lock, std::chrono::milliseconds(2));
        return condition();
    }
    bool wait_blocks(std::size_t count, seconds deadline = seconds(10)) {
        return wait(deadline, [&] { return chain_.size() >= count; });
    }
    template <class F>
    auto with(F f) {
        const std::lock_guard lock(mutex_);
        return f(*this);
    }
    std::vector<std::uint64_t> chain() {
        return with([](Collector& c) { return c.chain_; });
    }
    std::vector<std::string> faults() {
        return with([](Collector& c) { return c.faults_; });
    }

    std::vector<std::uint64_t> chain_;
    std::vector<std::string> faults_;
    std::set<std::uint64_t> skipped_;
    std::vector<FeedLabel> labels_;
    std::vector<DurationNs> delays_;
    std::size_t bytes_ = 0, orphaned_ = 0;
    bool held_ = false;

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
};

/// A directory of small blocks made from a real one, linked into a chain over the given slots.
class Recording {
  public:
    explicit Recording(const std::vector<std::uint64_t>& slots) {
        char name[] = "/tmp/astrolabe-feeds-XXXXXX";
        directory = ::mkdtemp(name);
        const auto original = load_block_file(kSmallBlock).value();
        std::uint64_t parent = slots.front() - 1;
        for (const std::uint64_t slot : slots) {
            const NewPlace place{Slot{slot}, Slot{parent}, made_hash(slot, 1), made_hash(parent, 1),
                                 0,          slot};
            std::ofstream(directory + "/" + std::to_string(slot) + ".json")
                << R"({"slot":)" << slot << R"(,"block":)"
                << renumbered_copy(*original.json, Slot{slots.front()}, place).value() << "}";
            parent = slot;
        }
    }
    ~Recording() { std::filesystem::remove_all(directory); }
    std::string directory;
};

std::vector<std::uint64_t> run_of_slots(std::uint64_t first, std::size_t count,
                                        std::uint64_t skip_every = 0) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t slot = first; out.size() < count; ++slot)
        if (skip_every == 0 || slot % skip_every != 0) out.push_back(slot);
    return out;
}

LiveOptions quick() {
    LiveOptions live;
    live.poll_interval = milliseconds(20);
    live.poll_interval_quiet = milliseconds(100);
    live.hedge = milliseconds(10);
    live.silence = milliseconds(300);
    return live;
}

/// Plays `slots` through the whole live path with faults, and expects each once, in order.
FeedStatus play(const std::vector<std::uint64_t>& slots, ReplayNodeOptions node,
                Collector& collector, LiveOptions live = quick()) {
    SystemClock clock;
    const Recording recording(slots);
    MemoryCursors cursors;
    ReplayOptions options;
    options.directory = recording.directory;
    options.slot_ms = 5;
    auto feed = make_replay_feed_with(options, node, live, clock);
    EXPECT_TRUE(feed) << feed.error().text();
    const auto started = (*feed)->start(collector, cursors);
    EXPECT_TRUE(started) << (started ? "" : started.error().text());
    collector.wait(seconds(60), [&] {
        return !collector.chain_.empty() && collector.chain_.back() == slots.back() &&
               collector.chain_.size() >= slots.size();
    });
    const FeedStatus status = (*feed)->status();
    (*feed)->stop();
    EXPECT_EQ(collector.chain(), slots) << status.detail;
    EXPECT_EQ(collector.faults(), std::vector<std::string>());
    EXPECT_EQ(status.slots_lost, 0U) << status.detail;
    return status;
}

TEST(ReplayFeed, PlaysRecordedBlocksInOrder) {
    Collector collector;
    const FeedStatus status = play(run_of_slots(1000, 60, 7), {}, collector);
    EXPECT_EQ(status.mode, "replay");
    EXPECT_EQ(status.label, FeedLabel::synthetic) << "copies say what they are";
    EXPECT_GT(status.first_by_websocket, 30U);
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

// ---- the live feed against a node that comes and goes
// --------------------------------------------

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
