#pragma once

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

/// A consumer, recordings and cursors for the tests that play a whole feed.
namespace astro::feeds {
using std::chrono::seconds;

inline const std::string kBlocks = std::string(ASTRO_SOURCE_DIR) + "/share/solana/blocks";
inline const std::string kSmallBlock = kBlocks + "/chainstorage_block_241043141_v2.json";

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

inline std::vector<std::uint64_t> run_of_slots(std::uint64_t first, std::size_t count,
                                               std::uint64_t skip_every = 0) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t slot = first; out.size() < count; ++slot)
        if (skip_every == 0 || slot % skip_every != 0) out.push_back(slot);
    return out;
}

inline LiveOptions quick() {
    LiveOptions live;
    live.poll_interval = milliseconds(20);
    live.poll_interval_quiet = milliseconds(100);
    live.hedge = milliseconds(10);
    live.silence = milliseconds(300);
    return live;
}

/// Plays `slots` through the whole live path with faults, and expects each once, in order.
inline FeedStatus play(const std::vector<std::uint64_t>& slots, ReplayNodeOptions node,
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

}  // namespace astro::feeds
