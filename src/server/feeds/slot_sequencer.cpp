#include "server/feeds/slot_sequencer.hpp"

#include <algorithm>

namespace astro::feeds {
namespace {

/// Above this many failures the wait no longer grows; also keeps the shift in range.
constexpr int kDoublingsMax = 16;
/// Announcements wider than this are a gap, not news: their slots get no grace.
constexpr std::uint64_t kGraceSlotsMax = 64;
/// Unanswered lists after which a gap that may be filled at all is asked slot by slot.
constexpr int kListFailuresMax = 3;

bool same_or_unknown(const std::string& a, const std::string& b) {
    return a.empty() || b.empty() || a == b;
}

}  // namespace

SlotSequencer::SlotSequencer(SequencerOptions options) : options_(options) {
    options_.window_blocks = std::max<std::size_t>(options_.window_blocks, 2);
    options_.absent_answers = std::max(options_.absent_answers, 1);
    history_.push_back({});
}

void SlotSequencer::start_at(Slot first) {
    history_.assign(1, Anchor{first.value(), {}, false});
}

void SlotSequencer::resume_after(Slot slot, std::string hash) {
    // The unknown place before it lets a fork take back the cursor's own block.
    history_.assign(1, Anchor{slot.value(), {}, false});
    history_.push_back({slot.value() + 1, std::move(hash), true});
    tip_ = std::max(tip_, slot.value());
}

// ---- what is known ------------------------------------------------------------------------------

bool SlotSequencer::fits_last(const BlockLink& link) const {
    const Anchor& last = history_.back();
    const std::uint64_t parent_next = link.parent.value() + 1;
    if (last.known) return parent_next == last.next && same_or_unknown(link.parent_hash, last.hash);
    const bool after_previous =
        history_.size() < 2 || parent_next >= history_[history_.size() - 2].next;
    return parent_next <= last.next && after_previous;
}

bool SlotSequencer::contradicts_last(const BlockLink& link) const {
    const Anchor& last = history_.back();
    const std::uint64_t parent_next = link.parent.value() + 1;
    if (last.known)
        return parent_next < last.next ||
               (parent_next == last.next && !same_or_unknown(link.parent_hash, last.hash));
    return history_.size() >= 2 && parent_next < history_[history_.size() - 2].next;
}

bool SlotSequencer::needed(std::uint64_t slot) const {
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [&](const auto& entry) { return entry.second.link.parent.value() == slot; });
}

bool SlotSequencer::named_by_child(const BlockLink& link) const {
    return std::any_of(blocks_.begin(), blocks_.end(), [&](const auto& entry) {
        const BlockLink& child = entry.second.link;
        return child.parent == link.slot && child.parent_hash == link.hash;
    });
}

bool SlotSequencer::listed(std::uint64_t slot) const {
    return slot >= listed_from_ && slot <= listed_to_;
}

int SlotSequencer::absent_count(std::uint64_t slot) const {
    const auto attempt = attempts_.find(slot);
    const int answers = attempt == attempts_.end() ? 0 : attempt->second.absent;
    return answers + (listed(slot) && !exists_.contains(slot) ? 1 : 0);
}

bool SlotSequencer::may_exist(std::uint64_t slot) const {
    if (slot < gone_next_) return false;
    if (needed(slot)) return absent_count(slot) < options_.absent_answers;
    if (absent_count(slot) > 0) return false;
    // A held block whose parent is before the slot says that its chain has nothing there.
    const auto above = blocks_.upper_bound(slot);
    return above == blocks_.end() || above->second.link.parent.value() > slot;
}

std::optional<std::uint64_t> SlotSequencer::next_missing(std::uint64_t from,
                                                         std::uint64_t to) const {
    std::uint64_t slot = from;
    while (slot <= to) {
        if (listed(slot) && !exists_.contains(slot) && !needed(slot)) {
            const auto existing = exists_.lower_bound(slot);
            std::uint64_t jump = existing == exists_.end() ? listed_to_ + 1 : *existing;
            for (const auto& [held, entry] : blocks_)
                if (const auto parent = entry.link.parent.value(); parent > slot)
                    jump = std::min(jump, parent);
            slot = jump;
            continue;
        }
        if (!blocks_.contains(slot) && may_exist(slot)) return slot;
        ++slot;
    }
    return std::nullopt;
}

bool SlotSequencer::window_full() const {
    return blocks_.size() >= options_.window_blocks || held_bytes_ >= options_.window_bytes;
}

std::uint64_t SlotSequencer::unlisted_from() const {
    const std::uint64_t next = history_.back().next;
    return listed(next) ? listed_to_ + 1 : next;
}

bool SlotSequencer::unlisted_gap() const {
    const std::uint64_t from = unlisted_from();
    if (tip_ < from || tip_ - from < options_.listing_gap) return false;
    return listing_failures_ < kListFailuresMax || tip_ - from >= options_.backfill_slots_max;
}

// ---- what arrived -------------------------------------------------------------------------------

void SlotSequencer::back_off(Attempt& attempt, int times, TimestampNs now) {
    const std::int64_t wait = options_.retry_first.value() << std::min(times, kDoublingsMax);
    attempt.due = now + DurationNs{std::min(wait, options_.retry_max.value())};
    if (attempt.in_flight) --in_flight_;
    attempt.in_flight = false;
}

void SlotSequencer::answer_absent(Slot slot, TimestampNs now) {
    if (slot < next()) return;
    Attempt& attempt = attempts_[slot.value()];
    back_off(attempt, attempt.absent++, now);
}

void SlotSequencer::answer_not_yet(Slot slot, TimestampNs now) {
    if (slot < next()) return;
    Attempt& attempt = attempts_[slot.value()];
    back_off(attempt, attempt.failures++, now);
}

void SlotSequencer::answer_gone(Slot first_available) {
    gone_next_ = std::max(gone_next_, first_available.value());
}

void SlotSequencer::announce(Slot tip, TimestampNs now, DurationNs grace) {
    if (tip.value() <= tip_) return;
    const std::uint64_t from = std::max(tip_ + 1, history_.back().next);
    tip_ = tip.value();
    if (from > tip_ || tip_ - from >= kGraceSlotsMax) return;
    for (std::uint64_t slot = from; slot <= tip_; ++slot)
        attempts_.try_emplace(slot, Attempt{false, 0, 0, now + grace});
}

void SlotSequencer::answer_list_failed(TimestampNs now) {
    listing_in_flight_ = false;
    Attempt pace;
    back_off(pace, listing_failures_++, now);
    listing_due_ = pace.due;
}

void SlotSequencer::answer_list(const ListRequest& request, const std::vector<Slot>& slots,
                                TimestampNs now) {
    std::set<std::uint64_t> fresh;
    for (const Slot slot : slots)
        if (slot >= request.first && (request.limit > 0 || slot <= request.last))
            fresh.insert(slot.value());
    if (fresh.empty()) return answer_list_failed(now);
    listing_in_flight_ = false;
    listing_failures_ = 0;
    if (request.limit > options_.backfill_slots_max && fresh.size() >= request.limit) {
        gone_next_ = std::max(gone_next_, tip_ + 1 - options_.backfill_slots_max);
        return;
    }
    const bool continues = listed(history_.back().next) && listed_to_ + 1 == request.first.value();
    if (!continues) {
        exists_.clear();
        listed_from_ = request.first.value();
    }
    listed_to_ = *fresh.rbegin();  // what comes after may merely not have reached this node
    exists_.merge(fresh);
}

Verdict SlotSequencer::judge(const BlockLink& link, TimestampNs now) {
    const std::uint64_t slot = link.slot.value();
    if (link.parent >= link.slot && slot > 0) return Verdict::malformed;
    if (link.slot < next()) {
        const bool same = std::any_of(history_.begin(), history_.end(), [&](const Anchor& a) {
            return a.known && a.next == slot + 1 && same_or_unknown(a.hash, link.hash);
        });
        return same ? Verdict::duplicate : Verdict::late;
    }
    if (const auto held = blocks_.find(slot); held != blocks_.end()) {
        if (held->second.link.hash == link.hash || !named_by_child(link)) return Verdict::duplicate;
        drop(held);
    }
    if (orphans_.contains({slot, link.hash}) && !named_by_child(link)) {
        answer_absent(link.slot, now);
        return Verdict::orphaned_before;
    }
    if (!make_room(slot)) return Verdict::beyond_window;
    return Verdict::kept;
}

Verdict SlotSequencer::accept(BlockLink link, BlockObservation block, TimestampNs now) {
    tip_ = std::max(tip_, link.slot.value());
    if (const auto at = attempts_.find(link.slot.value());
        at != attempts_.end() && at->second.in_flight && block.source != BlockSource::websocket) {
        at->second.in_flight = false;
        --in_flight_;
    }
    const Verdict verdict = judge(link, now);
    switch (verdict) {
        case Verdict::kept:
            hold(std::move(link), std::move(block), now);
            break;
        case Verdict::duplicate:
            ++counts_.duplicates;
            break;
        case Verdict::malformed:
            answer_not_yet(link.slot, now);
            ++counts_.malformed;
            break;
        default:
            ++counts_.late;
    }
    return verdict;
}

bool SlotSequencer::make_room(std::uint64_t slot) {
    while (window_full()) {
        const auto last = std::prev(blocks_.end());
        if (last->first < slot) return false;
        drop(last);
    }
    return true;
}

void SlotSequencer::hold(BlockLink link, BlockObservation block, TimestampNs now) {
    const auto parent = attempts_.find(link.parent.value());
    if (parent != attempts_.end() && parent->second.failures == 0 && parent->second.absent == 0)
        parent->second.due = now;
    held_bytes_ += block.json.size();
    blocks_.emplace(link.slot.value(), Held{std::move(link), std::move(block)});
}

SlotSequencer::Blocks::iterator SlotSequencer::drop(Blocks::iterator at) {
    held_bytes_ -= at->second.block.json.size();
    return blocks_.erase(at);
}

// ---- what to do ---------------------------------------------------------------------------------

void SlotSequencer::note_gap(std::uint64_t slot) {
    if (gap_until_ && slot <= *gap_until_) return;
    ++counts_.gaps_found;
    const auto above = blocks_.upper_bound(slot);
    gap_until_ = above == blocks_.end() ? tip_ : above->first - 1;
}

std::optional<FetchRequest> SlotSequencer::next_fetch(TimestampNs now) {
    const std::uint64_t to = unlisted_gap() ? unlisted_from() - 1 : tip_;
    std::uint64_t from = history_.back().next;
    while (const auto slot = next_missing(from, to)) {
        const bool room = blocks_.size() + in_flight_ < options_.window_blocks &&
                          held_bytes_ < options_.window_bytes;
        // A block below a held one may come in a full window: it displaces the highest.
        if (!room && (blocks_.empty() || *slot > blocks_.rbegin()->first)) return std::nullopt;
        from = *slot + 1;
        Attempt& attempt = attempts_.try_emplace(*slot).first->second;
        if (attempt.in_flight || attempt.due > now) continue;
        const bool below_held = !blocks_.empty() && blocks_.rbegin()->first > *slot;
        const bool backfill = (below_held && attempt.failures == 0) || listed(*slot) ||
                              tip_ - *slot >= options_.listing_gap;
        if (backfill) note_gap(*slot);
        attempt.in_flight = true;
        ++in_flight_;
        return FetchRequest{Slot{*slot}, backfill ? BlockSource::backfill : BlockSource::polling};
    }
    return std::nullopt;
}

std::optional<ListRequest> SlotSequencer::next_list(TimestampNs now) {
    if (listing_in_flight_ || listing_due_ > now || !unlisted_gap()) return std::nullopt;
    const std::uint64_t from = unlisted_from();
    if (window_full() && from > blocks_.rbegin()->first) return std::nullopt;
    listing_in_flight_ = true;
    if (tip_ - from < options_.backfill_slots_max) return ListRequest{Slot{from}, Slot{tip_}, 0};
    return ListRequest{Slot{from}, Slot{0}, options_.backfill_slots_max + 1};
}

std::optional<TimestampNs> SlotSequencer::next_due() const {
    std::optional<TimestampNs> due;
    const auto consider = [&](TimestampNs at) { due = due ? std::min(*due, at) : at; };
    const bool gap = unlisted_gap();
    if (gap && !listing_in_flight_) consider(listing_due_);
    const std::uint64_t to = gap ? unlisted_from() - 1 : tip_;
    for (const auto& [slot, attempt] : attempts_) {
        if (slot > to) break;
        if (!attempt.in_flight && !blocks_.contains(slot) && may_exist(slot)) consider(attempt.due);
    }
    return due;
}

std::vector<Step> SlotSequencer::advance(std::size_t room) {
    std::vector<Step> steps;
    std::size_t delivered = 0;
    while (delivered < room) {
        if (step_child(steps)) {
            ++delivered;
            continue;
        }
        if (!step_fork(steps) && !step_lost(steps) && !step_broken(steps)) break;
    }
    return steps;
}

bool SlotSequencer::step_child(std::vector<Step>& steps) {
    const auto child = std::find_if(blocks_.begin(), blocks_.end(), [&](const auto& entry) {
        return fits_last(entry.second.link);
    });
    if (child == blocks_.end()) return false;
    report_skipped(history_.back().next, child->first, steps);
    Held held = std::move(child->second);
    held_bytes_ -= held.block.json.size();
    blocks_.erase(child);
    const Slot slot = held.link.slot;
    steps.push_back({Step::Kind::deliver, slot, slot, std::move(held.block), held.link.hash});
    history_.push_back({slot.value() + 1, std::move(held.link.hash), true});
    pass(slot.value() + 1);
    return true;
}

bool SlotSequencer::step_fork(std::vector<Step>& steps) {
    const auto rival = std::find_if(blocks_.begin(), blocks_.end(), [&](const auto& entry) {
        return contradicts_last(entry.second.link);
    });
    if (rival == blocks_.end()) return false;
    if (history_cut_ && rival->second.link.parent.value() + 1 < history_.front().next) {
        ++counts_.malformed;  // would take back more than any cluster ever did
        drop(rival);
        return true;
    }
    const Anchor taken_back = std::move(history_.back());
    history_.pop_back();
    if (history_.empty()) history_.push_back({taken_back.next - 1, {}, false});
    listed_from_ = std::max(listed_from_, taken_back.next);
    if (!taken_back.known) return true;
    const std::uint64_t slot = taken_back.next - 1;
    ++counts_.forks;
    orphans_.emplace(slot, taken_back.hash);
    steps.push_back({Step::Kind::orphaned, Slot{slot}, Slot{slot}, {}, {}});
    return true;
}

bool SlotSequencer::step_lost(std::vector<Step>& steps) {
    if (gone_next_ <= history_.back().next) return false;
    std::uint64_t next = gone_next_;
    if (!blocks_.empty() && blocks_.begin()->first < gone_next_)
        next = blocks_.begin()->second.link.parent.value() + 1;
    begin_anew(Step::Kind::lost, next, steps);
    return true;
}

bool SlotSequencer::step_broken(std::vector<Step>& steps) {
    if (blocks_.empty() || unlisted_gap()) return false;
    const std::uint64_t parent = blocks_.begin()->second.link.parent.value();
    if (absent_count(parent) < options_.absent_answers) return false;
    if (next_missing(history_.back().next, blocks_.begin()->first - 1)) return false;
    begin_anew(Step::Kind::broken, parent + 1, steps);
    return true;
}

void SlotSequencer::report_skipped(std::uint64_t from, std::uint64_t to, std::vector<Step>& steps) {
    if (to - from > options_.skip_report_max) return;
    for (std::uint64_t slot = from; slot < to; ++slot) {
        const auto orphan = orphans_.lower_bound({slot, std::string()});
        const bool was_block = orphan != orphans_.end() && orphan->first == slot;
        if (was_block || !skips_reported_.insert(slot).second) continue;
        steps.push_back({Step::Kind::skipped, Slot{slot}, Slot{slot}, {}, {}});
    }
}

void SlotSequencer::begin_anew(Step::Kind kind, std::uint64_t next, std::vector<Step>& steps) {
    steps.push_back({kind, Slot{history_.back().next}, Slot{next - 1}, {}, {}});
    history_.push_back({next, {}, false});
    gap_until_.reset();
    pass(next);
}

/// Forgets what lies before `next`.
void SlotSequencer::pass(std::uint64_t next) {
    while (!blocks_.empty() && blocks_.begin()->first < next) drop(blocks_.begin());
    while (!attempts_.empty() && attempts_.begin()->first < next) {
        if (attempts_.begin()->second.in_flight) --in_flight_;
        attempts_.erase(attempts_.begin());
    }
    exists_.erase(exists_.begin(), exists_.lower_bound(next));
    if (gap_until_ && next > *gap_until_) {
        ++counts_.gaps_filled;
        gap_until_.reset();
    }
    while (history_.size() > options_.history) {
        history_.pop_front();
        history_cut_ = true;
    }
    const std::uint64_t oldest = history_.front().next;
    while (!orphans_.empty() && orphans_.begin()->first + 1 < oldest)
        orphans_.erase(orphans_.begin());
    skips_reported_.erase(skips_reported_.begin(), skips_reported_.lower_bound(oldest));
}

}  // namespace astro::feeds
