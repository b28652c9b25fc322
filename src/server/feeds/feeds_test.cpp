#include <gtest/gtest.h>

#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

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
    bool wait(seconds deadline, const std::function<bool()>& condition) {
        std::unique_lock lock(mutex_);
        return wake_.wait_for(lock, deadline, condition);
    }
    bool wait_blocks(std::size_t count, seconds deadline = seconds(60)) {
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
                << renumbered_copy(*original.json, original.slot, place).value() << "}";
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

}  // namespace
}  // namespace astro::feeds
