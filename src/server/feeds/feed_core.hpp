#pragma once

#include <condition_variable>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <variant>

#include "chains/solana/block_header.hpp"
#include "server/feeds/feed.hpp"
#include "server/feeds/slot_sequencer.hpp"

namespace astro::feeds {

/// What the threads of a live feed share: the sequencer under a lock, the queue between it and the
/// delivery thread, the work it asks for, and what is told of all that. Thread-safe.
class FeedCore {
  public:
    using Work = std::variant<FetchRequest, ListRequest>;
    enum class Trouble : std::uint8_t { websocket, rpc, chain, cursor, kCount };

    FeedCore(const LiveOptions& options, Clock& clock);

    void start_at(Slot first);
    void resume_after(Slot slot, std::string hash);

    // From the WebSocket and the fetchers.
    void offer(Slot slot, const solana::BlockHeader& header, std::string json, BlockSource source,
               TimestampNs received);
    void saw_tip(Slot slot);  ///< processed, not yet at our commitment
    void announce(Slot tip);
    void answer_absent(Slot slot);
    void answer_not_yet(Slot slot);  ///< or no answer at all
    /// A node says "not yet". After many while later blocks are here it counts as "no such block".
    void answer_withheld(Slot slot);
    void answer_gone(Slot slot, Slot first_available);
    void answer_list(const ListRequest& request, const std::vector<Slot>& slots);
    void answer_list_failed();
    /// An answer for the slot that makes no sense. After many it counts as "no such block".
    void answer_bad(Slot slot, const std::string& why);
    void count_unknown_message();
    void count_bad_message();

    /// Blocks until there is something to ask a node for; nothing after stop().
    std::optional<Work> wait_work();
    /// Blocks until a step is due; nothing after stop(). A delivered block is followed by
    /// delivered(), which makes room for the next.
    std::optional<Step> wait_step();
    void delivered();

    /// Whether the WebSocket brought a block lately, so that polling may rest.
    [[nodiscard]] bool websocket_brings_blocks() const;
    /// Waits for `d`, a poke() or stop(), but at least for `at_least` unless stopped; false after
    /// stop().
    bool wait_poll(DurationNs at_least, DurationNs d);
    void poke();
    /// Waits for `d` or stop(); false after stop().
    bool pause(DurationNs d);

    void set_state(std::string state);
    void set_trouble(Trouble kind, std::string sentence);  ///< empty = over
    void count_reconnect();
    void stop(std::string state);
    [[nodiscard]] bool stopped() const;
    [[nodiscard]] FeedStatus status() const;

  private:
    void drain();            ///< moves certain steps to the queue; the lock is held
    void no_use(Slot slot);  ///< an answer that brought nothing; likewise
    void account(const Step& step);
    [[nodiscard]] TimestampNs now() const { return clock_.monotonic(); }
    [[nodiscard]] bool websocket_is_recent() const;
    [[nodiscard]] std::optional<Work> next_work(TimestampNs at);

    const LiveOptions options_;
    Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable work_, steps_, poll_;
    bool stopped_ = false, poked_ = false;

    SlotSequencer sequencer_;
    std::deque<Step> queue_;
    std::size_t queued_blocks_ = 0;  ///< in the queue or with the sink
    Slot delivering_;                ///< with the sink; delivered when it returns
    std::map<std::uint64_t, int> bad_answers_;

    FeedStatus status_;
    std::string troubles_[static_cast<std::size_t>(Trouble::kCount)];
    bool last_is_synthetic_ = false;
    TimestampNs last_block_, last_websocket_block_{std::numeric_limits<std::int64_t>::min() / 2};
};

}  // namespace astro::feeds
