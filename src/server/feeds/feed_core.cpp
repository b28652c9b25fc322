#include "server/feeds/feed_core.hpp"

#include <algorithm>
#include <chrono>

namespace astro::feeds {
namespace {

/// Answers of no use for one slot before it is given up; with the sequencer's waits, a minute.
constexpr int kBadAnswersMax = 20;

SequencerOptions sequencer_options(const LiveOptions& options) {
    SequencerOptions out;
    out.window_blocks = options.window_blocks;
    out.backfill_slots_max = options.backfill_slots_max;
    out.absent_answers = options.absent_answers;
    return out;
}

std::chrono::nanoseconds wait_of(DurationNs d) {
    return std::chrono::nanoseconds(d.value());
}

std::string slots_text(const Step& step) {
    if (step.first == step.last) return "slot " + std::to_string(step.first.value());
    return "slots " + std::to_string(step.first.value()) + " to " +
           std::to_string(step.last.value());
}

}  // namespace

FeedCore::FeedCore(const LiveOptions& options, Clock& clock)
    : options_(options),
      clock_(clock),
      sequencer_(sequencer_options(options)),
      last_block_(clock.monotonic()) {
    status_.mode = options.mode;
    status_.state = "connecting";
}

void FeedCore::start_at(Slot first) {
    const std::lock_guard lock(mutex_);
    sequencer_.start_at(first);
}

void FeedCore::resume_after(Slot slot, std::string hash) {
    const std::lock_guard lock(mutex_);
    sequencer_.resume_after(slot, std::move(hash));
    status_.slot = slot;
}

// ---- arrivals -----------------------------------------------------------------------------------

void FeedCore::offer(Slot slot, const solana::BlockHeader& header, std::string json,
                     BlockSource source, TimestampNs received) {
    const std::lock_guard lock(mutex_);
    BlockObservation block{slot, std::move(json), received, source, FeedLabel::live};
    if (!header.synthetic.empty())
        block.label = FeedLabel::synthetic;
    else if (options_.recorded)
        block.label = FeedLabel::replay;
    if (source == BlockSource::websocket) last_websocket_block_ = received;
    bad_answers_.erase(slot.value());
    const Verdict verdict =
        sequencer_.accept({slot, header.parent_slot, header.blockhash, header.previous_blockhash},
                          std::move(block), now());
    if (verdict == Verdict::malformed) ++status_.bad_messages;
    drain();
}

void FeedCore::saw_tip(Slot slot) {
    const std::lock_guard lock(mutex_);
    status_.tip_slot = std::max(status_.tip_slot, slot);
}

void FeedCore::announce(Slot tip) {
    const std::lock_guard lock(mutex_);
    const bool hedge = websocket_is_recent();
    sequencer_.announce(tip, now(), hedge ? options_.hedge : DurationNs{0});
    drain();
}

void FeedCore::answer_absent(Slot slot) {
    const std::lock_guard lock(mutex_);
    sequencer_.answer_absent(slot, now());
    drain();
}

void FeedCore::answer_not_yet(Slot slot) {
    const std::lock_guard lock(mutex_);
    sequencer_.answer_not_yet(slot, now());
    drain();
}

void FeedCore::answer_withheld(Slot slot) {
    const std::lock_guard lock(mutex_);
    // Without a later block in hand it may simply not be there yet.
    if (sequencer_.held_back())
        no_use(slot);
    else
        sequencer_.answer_not_yet(slot, now());
    drain();
}

void FeedCore::answer_gone(Slot slot, Slot first_available) {
    const std::lock_guard lock(mutex_);
    sequencer_.answer_not_yet(slot, now());
    sequencer_.answer_gone(std::max(first_available, Slot{slot.value() + 1}));
    drain();
}

void FeedCore::answer_list(const ListRequest& request, const std::vector<Slot>& slots) {
    const std::lock_guard lock(mutex_);
    sequencer_.answer_list(request, slots, now());
    drain();
}

void FeedCore::answer_list_failed() {
    const std::lock_guard lock(mutex_);
    sequencer_.answer_list_failed(now());
    drain();
}

void FeedCore::answer_bad(Slot slot, const std::string& why) {
    const std::lock_guard lock(mutex_);
    ++status_.bad_messages;
    troubles_[static_cast<std::size_t>(Trouble::rpc)] =
        "the answer for block " + std::to_string(slot.value()) + " is of no use: " + why;
    no_use(slot);
    drain();
}

void FeedCore::no_use(Slot slot) {
    if (++bad_answers_[slot.value()] >= kBadAnswersMax)
        sequencer_.answer_absent(slot, now());
    else
        sequencer_.answer_not_yet(slot, now());
}

void FeedCore::count_unknown_message() {
    const std::lock_guard lock(mutex_);
    ++status_.unknown_messages;
}

void FeedCore::count_bad_message() {
    const std::lock_guard lock(mutex_);
    ++status_.bad_messages;
}

// ---- steps --------------------------------------------------------------------------------------

void FeedCore::drain() {
    const std::size_t room =
        options_.queue_blocks - std::min(options_.queue_blocks, queued_blocks_);
    for (Step& step : sequencer_.advance(room)) {
        if (step.kind == Step::Kind::deliver) ++queued_blocks_;
        queue_.push_back(std::move(step));
    }
    if (!queue_.empty()) steps_.notify_one();
    work_.notify_all();
}

std::optional<Step> FeedCore::wait_step() {
    std::unique_lock lock(mutex_);
    steps_.wait(lock, [&] { return stopped_ || !queue_.empty(); });
    if (stopped_) return std::nullopt;
    Step step = std::move(queue_.front());
    queue_.pop_front();
    account(step);
    return step;
}

void FeedCore::delivered() {
    const std::lock_guard lock(mutex_);
    --queued_blocks_;
    ++status_.blocks;
    status_.slot = delivering_;
    drain();
}

void FeedCore::account(const Step& step) {
    std::string& trouble = troubles_[static_cast<std::size_t>(Trouble::chain)];
    switch (step.kind) {
        case Step::Kind::deliver:
            delivering_ = step.first;
            if (step.block.source == BlockSource::websocket) ++status_.first_by_websocket;
            if (step.block.source == BlockSource::polling) ++status_.first_by_polling;
            last_is_synthetic_ = step.block.label == FeedLabel::synthetic;
            last_block_ = now();
            break;
        case Step::Kind::skipped:
            ++status_.skipped_slots;
            break;
        case Step::Kind::orphaned:
            break;
        case Step::Kind::lost:
            status_.slots_lost += step.last.value() - step.first.value() + 1;
            trouble = slots_text(step) + " are lost: older than what the node keeps or than the " +
                      std::to_string(options_.backfill_slots_max) + " slots filled at most";
            break;
        case Step::Kind::broken:
            if (options_.recorded) break;
            ++status_.slots_lost;
            trouble = "block " + std::to_string(step.last.value()) +
                      " is lost: the chain names it, no node has it";
            break;
    }
}

// ---- work ---------------------------------------------------------------------------------------

std::optional<FeedCore::Work> FeedCore::next_work(TimestampNs at) {
    if (const auto list = sequencer_.next_list(at)) return *list;
    if (const auto fetch = sequencer_.next_fetch(at)) return *fetch;
    return std::nullopt;
}

std::optional<FeedCore::Work> FeedCore::wait_work() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        const TimestampNs at = now();
        if (auto work = next_work(at)) return work;
        // What is due but was not offered waits for room, and room wakes us.
        const auto due = sequencer_.next_due();
        if (due && *due > at)
            work_.wait_for(lock, wait_of(*due - at));
        else
            work_.wait(lock);
    }
    return std::nullopt;
}

bool FeedCore::websocket_is_recent() const {
    return now() - last_websocket_block_ <
           DurationNs{2 * options_.poll_interval_quiet.value() + options_.hedge.value()};
}

bool FeedCore::websocket_brings_blocks() const {
    const std::lock_guard lock(mutex_);
    return websocket_is_recent();
}

bool FeedCore::wait_poll(DurationNs at_least, DurationNs d) {
    std::unique_lock lock(mutex_);
    poll_.wait_for(lock, wait_of(at_least), [&] { return stopped_; });
    if (d > at_least)
        poll_.wait_for(lock, wait_of(d - at_least), [&] { return stopped_ || poked_; });
    poked_ = false;
    return !stopped_;
}

void FeedCore::poke() {
    const std::lock_guard lock(mutex_);
    poked_ = true;
    poll_.notify_all();
}

bool FeedCore::pause(DurationNs d) {
    std::unique_lock lock(mutex_);
    return !poll_.wait_for(lock, wait_of(d), [&] { return stopped_; });
}

// ---- what is told -------------------------------------------------------------------------------

void FeedCore::set_state(std::string state) {
    const std::lock_guard lock(mutex_);
    if (!stopped_) status_.state = std::move(state);
}

void FeedCore::set_trouble(Trouble kind, std::string sentence) {
    const std::lock_guard lock(mutex_);
    troubles_[static_cast<std::size_t>(kind)] = std::move(sentence);
}

void FeedCore::count_reconnect() {
    const std::lock_guard lock(mutex_);
    ++status_.reconnects;
}

void FeedCore::stop(std::string state) {
    const std::lock_guard lock(mutex_);
    if (!stopped_) status_.state = std::move(state);
    stopped_ = true;
    work_.notify_all();
    steps_.notify_all();
    poll_.notify_all();
}

bool FeedCore::stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
}

FeedStatus FeedCore::status() const {
    const std::lock_guard lock(mutex_);
    FeedStatus out = status_;
    const SequencerCounts& counts = sequencer_.counts();
    out.tip_slot = std::max(out.tip_slot, sequencer_.tip());
    out.duplicates = counts.duplicates;
    out.forks = counts.forks;
    out.gaps_found = counts.gaps_found;
    out.gaps_filled = counts.gaps_filled;
    const DurationNs quiet = now() - last_block_;
    out.label = last_is_synthetic_  ? FeedLabel::synthetic
                : options_.recorded ? FeedLabel::replay
                                    : FeedLabel::live;
    if (out.blocks == 0 || quiet > options_.stale_after) out.label = FeedLabel::stale;
    for (const std::string& trouble : troubles_)
        if (!trouble.empty()) out.detail += (out.detail.empty() ? "" : "; ") + trouble;
    if (quiet > options_.stale_after && out.detail.empty() && !stopped_)
        out.detail = "no block for " + std::to_string(quiet.value() / 1'000'000'000) + " s";
    return out;
}

}  // namespace astro::feeds
