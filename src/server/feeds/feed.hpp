#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

/// Where observations come from. A feed brings every block of the chain to its sink once, in slot
/// order as far as the source allows, and keeps a cursor so that a restart continues without gap
/// or double.
namespace astro::feeds {

/// What the data is, said plainly wherever it is shown.
enum class FeedLabel : std::uint8_t { live, replay, synthetic, stale };
BOOST_DESCRIBE_ENUM(FeedLabel, live, replay, synthetic, stale)

struct EndpointStatus {
    std::string url, state, last_error;
    std::uint64_t calls = 0, failures = 0, rate_limited = 0;
    double latency_ms = 0;
};
BOOST_DESCRIBE_STRUCT(EndpointStatus, (),
                      (url, state, last_error, calls, failures, rate_limited, latency_ms))

struct FeedStatus {
    std::string mode;  ///< "demo", "replay", "live"
    FeedLabel label = FeedLabel::stale;
    std::string state;   ///< "connecting", "running", "reconnecting", "finished", "stopped"
    std::string detail;  ///< a sentence when something is wrong
    Slot slot;           ///< last one delivered
    Slot tip_slot;       ///< newest one the source announced
    std::uint64_t blocks = 0, skipped_slots = 0, forks = 0, duplicates = 0;
    std::uint64_t gaps_found = 0, gaps_filled = 0, slots_lost = 0;
    std::uint64_t first_by_websocket = 0, first_by_polling = 0;
    std::uint64_t reconnects = 0;
    std::uint64_t unknown_messages = 0;  ///< notifications of kinds nobody asked for
    std::uint64_t bad_messages = 0;      ///< answers and notifications that could not be read
    std::vector<EndpointStatus> endpoints;
};
BOOST_DESCRIBE_STRUCT(FeedStatus, (),
                      (mode, label, state, detail, slot, tip_slot, blocks, skipped_slots, forks,
                       duplicates, gaps_found, gaps_filled, slots_lost, first_by_websocket,
                       first_by_polling, reconnects, unknown_messages, bad_messages, endpoints))

enum class BlockSource : std::uint8_t { websocket, polling, backfill };
BOOST_DESCRIBE_ENUM(BlockSource, websocket, polling, backfill)

/// A block's bytes as they arrived, not yet read.
struct BlockObservation {
    Slot slot;
    std::string json;
    TimestampNs received;  ///< monotonic clock, when the last byte was here
    BlockSource source = BlockSource::polling;
    FeedLabel label = FeedLabel::live;  ///< live, replay, or synthetic when the block says so
};

/// Receives on the feed's delivery thread, one call at a time. Taking long slows the feed (its
/// queue is bounded), it never loses a block.
class BlockSink {
  public:
    virtual ~BlockSink() = default;
    virtual void on_block(BlockObservation block) = 0;
    virtual void on_skipped(Slot slot) = 0;   ///< the leader made no block
    virtual void on_orphaned(Slot slot) = 0;  ///< delivered before, but the chain went another way
};

/// The cursor's home; the node keeps it in the store.
class CursorStore {
  public:
    virtual ~CursorStore() = default;
    virtual Result<std::string> load(std::string_view feed) = 0;  ///< empty when none
    virtual Result<void> save(std::string_view feed, std::string_view cursor) = 0;
};

class Feed {
  public:
    virtual ~Feed() = default;
    virtual Result<void> start(BlockSink& sink, CursorStore& cursors) = 0;
    virtual void stop() = 0;  ///< joins; idempotent
    [[nodiscard]] virtual FeedStatus status() const = 0;
};

struct LiveOptions {
    std::vector<std::string> rpc_urls;  ///< http(s)
    std::string websocket_url;          ///< ws(s); empty = derived from the first rpc url
    std::string expected_genesis_hash;  ///< empty = any; a mismatch refuses to start
    std::string commitment = "confirmed";
    Slot start_slot{0};  ///< 0 = at the cursor, or the tip when there is none
    std::uint64_t backfill_slots_max = 10'000;  ///< an older gap is reported lost, not filled
    std::string mode = "live";
    std::uint64_t seed = 1;

    std::string cursor_name;  ///< under which the cursor is kept; empty = the mode
    /// Transactions that name this account tell, at the commitment asked for, that a slot has a
    /// block. The default is called about once a leader, so its logs cost next to nothing; empty =
    /// no logsSubscribe.
    std::string logs_account = "T1pyyaTNZsKv2WcRAB8oVnk93mLReJVSMNjaFMhMMeZ";
    DurationNs poll_interval = milliseconds(200);  ///< of getSlot while blocks come by polling …
    DurationNs poll_interval_quiet = seconds(1);   ///< … and while the WebSocket brings them
    DurationNs hedge = milliseconds(100);  ///< the WebSocket's time to bring a block that exists
    DurationNs silence = seconds(10);      ///< a WebSocket without messages is connected anew
    DurationNs stale_after = seconds(15);  ///< without a block the label says stale
    std::size_t queue_blocks = 8;          ///< in order, waiting for the sink
    std::size_t window_blocks = 32;        ///< out of order, waiting for their parents
    unsigned fetch_threads = 4;
    int absent_answers = 3;  ///< "no such block" for a block that the chain names, before giving up
    bool recorded = false;   ///< the source is a recording: what it lacks is not lost by us
};
[[nodiscard]] Result<std::unique_ptr<Feed>> make_live_feed(LiveOptions options, Clock& clock);

struct ReplayOptions {
    std::string directory;  ///< of block files; played in slot order
    bool demo = false;      ///< the built-in real blocks, then synthetic ones without end
    int slot_ms = 400;      ///< pace; 0 = as fast as the consumer takes them
    bool loop = false;      ///< begin again with renumbered, plainly labelled copies
    std::uint64_t seed = 1;
};
/// A loopback server that speaks the node's RPC and WebSocket over recorded blocks, and a live feed
/// pointed at it: the demo runs the very path that production runs.
[[nodiscard]] Result<std::unique_ptr<Feed>> make_replay_feed(ReplayOptions options, Clock& clock);

}  // namespace astro::feeds
