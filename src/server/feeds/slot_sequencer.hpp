#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/feeds/feed.hpp"

/// Decides what a feed delivers, asks for, and gives up: no I/O, no threads, time as an argument.
///
/// The chain itself is the only truth. A block names its parent, so a block is delivered exactly
/// when its parent was the last one delivered; the slots between the two are thereby known to be
/// empty. What nodes say about slots (skipped, not yet, cleaned up) only decides what is asked for
/// next, never what is delivered:
///
///     delivered … 7 ── 8          8 ◀─ 9              deliver 9
///                      │          8 ◀───── 11         report 9, 10 skipped, deliver 11
///                      └ last          10 ◀─ 11       ask for 10, hold 11
///                             7 ◀─────── 9            orphan 8, deliver 9
///
/// Blocks may arrive in any order, twice, from anywhere. A gap wider than `listing_gap` is asked
/// for as a list of existing slots first, so that thirty million empty slots cost one call. A
/// parent that the source cannot produce breaks the chain after `absent_answers` answers: the
/// break is reported and the chain continues behind it, so that a feed never stands still for ever.
namespace astro::feeds {

/// Where a block stands: its slot and its parent's, with both hashes (empty = not known).
struct BlockLink {
    Slot slot, parent;
    std::string hash, parent_hash;
};

struct SequencerOptions {
    std::size_t window_blocks = 32;         ///< held while their parents are awaited
    std::size_t window_bytes = 256U << 20;  ///< likewise
    std::size_t history = 512;              ///< delivered blocks that a fork may take back
    std::uint64_t backfill_slots_max = 10'000;
    std::uint64_t listing_gap = 16;         ///< slots; narrower gaps are asked slot by slot
    std::uint64_t skip_report_max = 1'000;  ///< slots; a wider empty range is not reported singly
    int absent_answers = 3;
    DurationNs retry_first = milliseconds(100);  ///< doubles up to retry_max
    DurationNs retry_max = seconds(5);
};

/// What became of an arrived block.
enum class Verdict : std::uint8_t {
    kept,
    duplicate,
    late,             ///< the chain has passed that slot
    orphaned_before,  ///< this very block was taken back, and nothing builds on it
    beyond_window,    ///< too far ahead to be held; it will be asked for again
    malformed,        ///< names a parent that is not before it
};

struct Step {
    enum class Kind : std::uint8_t {
        deliver,   ///< `block`
        skipped,   ///< slot `first`: no block on the chain
        orphaned,  ///< slot `first`: delivered before, no longer on the chain
        lost,      ///< slots first … last: too old to be filled, or cleaned up by the node
        broken,    ///< slots first … last: the chain names a block that the source does not have
    };
    Kind kind;
    Slot first, last;
    BlockObservation block;
    std::string hash;  ///< of the delivered block
};

struct FetchRequest {
    Slot slot;
    BlockSource source;  ///< polling at the tip, backfill inside a gap
};

/// "Which slots from `first` have blocks?" up to `last`, or `limit` of them when `last` is zero.
struct ListRequest {
    Slot first, last;
    std::uint64_t limit = 0;
};

struct SequencerCounts {
    std::uint64_t gaps_found = 0, gaps_filled = 0;
    std::uint64_t duplicates = 0, late = 0, forks = 0, malformed = 0;
};

/// Not thread-safe.
class SlotSequencer {
  public:
    explicit SlotSequencer(SequencerOptions options);

    /// Begin with the first block at or after `first`. One of these two is called once, first.
    void start_at(Slot first);
    /// Begin behind a block that an earlier run delivered.
    void resume_after(Slot slot, std::string hash);

    // What arrived.
    Verdict accept(BlockLink link, BlockObservation block, TimestampNs now);
    /// Blocks exist up to `tip`. New ones are asked for after `grace`, which gives the other source
    /// its chance to bring them unasked.
    void announce(Slot tip, TimestampNs now, DurationNs grace);
    void answer_absent(Slot slot, TimestampNs now);   ///< "skipped, or missing"
    void answer_not_yet(Slot slot, TimestampNs now);  ///< also any failure: asked again later
    /// The source keeps nothing before `first_available`.
    void answer_gone(Slot first_available);
    void answer_list(const ListRequest& request, const std::vector<Slot>& slots, TimestampNs now);
    void answer_list_failed(TimestampNs now);

    // What to do.
    /// Marks it as asked; an answer or accept() of that slot must follow.
    std::optional<FetchRequest> next_fetch(TimestampNs now);
    std::optional<ListRequest> next_list(TimestampNs now);
    /// When next_fetch or next_list may have something without anything arriving before.
    [[nodiscard]] std::optional<TimestampNs> next_due() const;
    /// The steps that are certain now, at most `room` deliveries.
    std::vector<Step> advance(std::size_t room);

    [[nodiscard]] Slot tip() const { return Slot{tip_}; }
    [[nodiscard]] Slot next() const { return Slot{history_.back().next}; }
    [[nodiscard]] bool held_back() const { return !blocks_.empty(); }
    [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }
    [[nodiscard]] std::size_t held_blocks() const { return blocks_.size(); }
    [[nodiscard]] const SequencerCounts& counts() const { return counts_; }

  private:
    /// A delivered block, or (not `known`) a place where the chain begins anew.
    struct Anchor {
        std::uint64_t next = 0;  ///< its slot + 1
        std::string hash;
        bool known = false;
    };
    struct Held {
        BlockLink link;
        BlockObservation block;
    };
    struct Attempt {
        bool in_flight = false;
        int absent = 0, failures = 0;
        TimestampNs due;
    };
    using Blocks = std::map<std::uint64_t, Held>;

    [[nodiscard]] bool fits_last(const BlockLink& link) const;
    [[nodiscard]] bool contradicts_last(const BlockLink& link) const;
    [[nodiscard]] bool needed(std::uint64_t slot) const;
    [[nodiscard]] bool named_by_child(const BlockLink& link) const;
    [[nodiscard]] bool listed(std::uint64_t slot) const;
    [[nodiscard]] int absent_count(std::uint64_t slot) const;
    /// The next slot at or after `from` and at most `to` whose block may exist and is not here.
    [[nodiscard]] std::optional<std::uint64_t> next_missing(std::uint64_t from,
                                                            std::uint64_t to) const;
    [[nodiscard]] bool may_exist(std::uint64_t slot) const;
    [[nodiscard]] bool window_full() const;
    [[nodiscard]] bool unlisted_gap() const;
    [[nodiscard]] std::uint64_t unlisted_from() const;

    Verdict judge(const BlockLink& link, TimestampNs now);
    bool make_room(std::uint64_t slot);
    void hold(BlockLink link, BlockObservation block, TimestampNs now);
    Blocks::iterator drop(Blocks::iterator at);
    void note_gap(std::uint64_t slot);
    void pass(std::uint64_t next);
    void back_off(Attempt& attempt, int times, TimestampNs now);

    bool step_child(std::vector<Step>& steps);
    bool step_fork(std::vector<Step>& steps);
    bool step_lost(std::vector<Step>& steps);
    bool step_broken(std::vector<Step>& steps);
    void report_skipped(std::uint64_t from, std::uint64_t to, std::vector<Step>& steps);
    void begin_anew(Step::Kind kind, std::uint64_t next, std::vector<Step>& steps);

    SequencerOptions options_;
    std::deque<Anchor> history_;  ///< oldest first, never empty after start
    bool history_cut_ = false;    ///< older ones were forgotten
    Blocks blocks_;               ///< by slot, all at or after history_.back().next
    std::size_t held_bytes_ = 0;
    std::map<std::uint64_t, Attempt> attempts_;
    std::size_t in_flight_ = 0;
    std::uint64_t tip_ = 0;
    std::uint64_t gone_next_ = 0;  ///< nothing before it can be had

    std::set<std::uint64_t> exists_;                 ///< of the listed range
    std::uint64_t listed_from_ = 1, listed_to_ = 0;  ///< inclusive; empty at first
    bool listing_in_flight_ = false;
    int listing_failures_ = 0;
    TimestampNs listing_due_;

    std::set<std::pair<std::uint64_t, std::string>> orphans_;
    std::set<std::uint64_t> skips_reported_;
    std::optional<std::uint64_t> gap_until_;
    SequencerCounts counts_;
};

}  // namespace astro::feeds
