#include "server/feeds/replay_feed.hpp"

#include <filesystem>
#include <mutex>

#include "server/feeds/cursor.hpp"
#include "server/feeds/shared_data.hpp"
#include "server/feeds/synthetic_supply.hpp"

namespace astro::feeds {
namespace {

/// Tells the node how far the consumer is, so that an endless replay waits for it.
class ProgressSink final : public BlockSink {
  public:
    ProgressSink(BlockSink& sink, ReplayNode& node) : sink_(sink), node_(node) {}
    void on_block(BlockObservation block) override {
        const Slot slot = block.slot;
        sink_.on_block(std::move(block));
        node_.taken(slot);
    }
    void on_skipped(Slot slot) override { sink_.on_skipped(slot); }
    void on_orphaned(Slot slot) override { sink_.on_orphaned(slot); }

  private:
    BlockSink& sink_;
    ReplayNode& node_;
};

class ReplayFeed final : public Feed {
  public:
    ReplayFeed(ReplayOptions options, ReplayNodeOptions node, LiveOptions live, RecordedFiles files,
               Clock& clock)
        : options_(std::move(options)),
          node_options_(std::move(node)),
          live_(std::move(live)),
          files_(std::move(files)),
          clock_(clock) {
        last_.mode = live_.mode;
        last_.state = "connecting";
    }
    ~ReplayFeed() override { ReplayFeed::stop(); }

    Result<void> start(BlockSink& sink, CursorStore& cursors) override;
    void stop() override;
    [[nodiscard]] FeedStatus status() const override;

  private:
    [[nodiscard]] std::unique_ptr<BlockSupply> make_supply(const std::optional<Cursor>& cursor);
    [[nodiscard]] std::vector<RecordedBlock> history(const std::optional<Cursor>& cursor) const;

    const ReplayOptions options_;
    ReplayNodeOptions node_options_;
    LiveOptions live_;
    const RecordedFiles files_;
    Clock& clock_;
    std::unique_ptr<ReplayNode> node_;
    std::unique_ptr<ProgressSink> sink_;
    mutable std::mutex mutex_;  ///< node_, feed_ and last_: status() may be asked at any time
    std::unique_ptr<Feed> feed_;
    FeedStatus last_;  ///< once feed_ is gone
};

/// What was delivered before the restart; the node still answers for it.
std::vector<RecordedBlock> ReplayFeed::history(const std::optional<Cursor>& cursor) const {
    std::vector<RecordedBlock> out;
    for (const RecordedBlock& block : files_.blocks)
        if (cursor && block.slot <= cursor->slot) out.push_back(block);
    return out;
}

std::unique_ptr<BlockSupply> ReplayFeed::make_supply(const std::optional<Cursor>& cursor) {
    std::optional<Slot> after;
    if (cursor) after = cursor->slot;
    auto recorded = make_file_supply(files_.blocks, after);
    if (!options_.demo && !options_.loop) return recorded;
    const RecordedBlock& newest = files_.blocks.back();
    const bool beyond = cursor && cursor->slot > newest.slot;
    return make_chained_supply(
        std::move(recorded), beyond ? cursor->slot : newest.slot,
        beyond ? cursor->blockhash : newest.blockhash,
        [files = files_.blocks, seed = options_.seed, loop = options_.loop](
            Slot last, std::string hash) -> Result<std::unique_ptr<BlockSupply>> {
            if (loop) return make_loop_supply(files, last, std::move(hash), seed);
            return make_synthetic_supply(files, last, std::move(hash), seed);
        });
}

Result<void> ReplayFeed::start(BlockSink& sink, CursorStore& cursors) {
    if (node_) return refusal("already_started", "the feed was started before");
    std::optional<Cursor> cursor;
    ASTRO_TRY(const std::string text, cursors.load(live_.cursor_name));
    if (!text.empty()) {
        ASTRO_TRY(cursor, parse_cursor(text));
    }
    ASTRO_TRY(auto node,
              ReplayNode::start(node_options_, history(cursor), make_supply(cursor), clock_));
    {
        const std::lock_guard lock(mutex_);
        node_ = std::move(node);
    }
    if (cursor) node_->taken(cursor->slot);
    live_.rpc_urls = {node_->url()};
    live_.websocket_url = node_->websocket_url();
    if (!cursor) live_.start_slot = files_.blocks.front().slot;
    sink_ = std::make_unique<ProgressSink>(sink, *node_);
    ASTRO_TRY(auto feed, make_live_feed(live_, clock_));
    ASTRO_CHECK(feed->start(*sink_, cursors));
    const std::lock_guard lock(mutex_);
    feed_ = std::move(feed);
    return {};
}

void ReplayFeed::stop() {
    std::unique_ptr<Feed> feed;
    {
        const std::lock_guard lock(mutex_);
        if (feed_) last_ = feed_->status();
        feed = std::move(feed_);
    }
    if (feed) {
        feed->stop();
        const std::lock_guard lock(mutex_);
        last_ = feed->status();
    }
    feed.reset();  // closes its connections, for which the node would wait
    if (node_) node_->stop();
}

FeedStatus ReplayFeed::status() const {
    const std::lock_guard lock(mutex_);
    FeedStatus out = feed_ ? feed_->status() : last_;
    const auto tip = node_ ? node_->tip() : std::nullopt;
    if (out.state == "running" && node_->finished() && (!tip || out.slot >= *tip)) {
        out.state = "finished";
        out.label = FeedLabel::replay;
        out.detail = "every recorded block was played";
    }
    if (node_ && !node_->problem().empty()) out.detail = "the replay ended: " + node_->problem();
    if (!files_.problems.empty())
        out.detail +=
            (out.detail.empty() ? "" : "; ") + std::string("left out: ") + files_.problems.front();
    return out;
}

std::string cursor_name_of(const ReplayOptions& options) {
    if (options.demo) return "demo";
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(options.directory, error);
    return "replay:" + (error ? options.directory : path.string());
}

}  // namespace

Result<std::unique_ptr<Feed>> make_replay_feed_with(ReplayOptions options, ReplayNodeOptions node,
                                                    LiveOptions live, Clock& clock) {
    if (options.directory.empty() && options.demo) options.directory = find_shared("solana/blocks");
    if (options.directory.empty())
        return refusal("no_directory", "a replay needs a directory of block files", "directory");
    if (options.slot_ms < 0)
        return refusal("bad_option", "the pace must not be negative", "slot_ms");
    ASTRO_TRY(RecordedFiles files, scan_block_directory(options.directory));
    node.slot_ms = options.slot_ms;
    node.seed = options.seed;
    live.mode = options.demo ? "demo" : "replay";
    live.seed = options.seed;
    live.recorded = true;
    live.absent_answers = 1;  // what a recording lacks does not come later
    live.backfill_slots_max = 400'000;
    live.expected_genesis_hash =
        live.expected_genesis_hash.empty() ? node.genesis_hash : live.expected_genesis_hash;
    live.stale_after = std::max(live.stale_after, milliseconds(5LL * options.slot_ms));
    if (live.cursor_name.empty()) live.cursor_name = cursor_name_of(options);
    std::unique_ptr<Feed> feed = std::make_unique<ReplayFeed>(
        std::move(options), std::move(node), std::move(live), std::move(files), clock);
    return feed;
}

Result<std::unique_ptr<Feed>> make_replay_feed(ReplayOptions options, Clock& clock) {
    return make_replay_feed_with(std::move(options), {}, {}, clock);
}

}  // namespace astro::feeds
