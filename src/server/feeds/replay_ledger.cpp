#include "server/feeds/replay_ledger.hpp"

namespace astro::feeds {

ReplayLedger::ReplayLedger(std::size_t kept_blocks, DurationNs rpc_delay, Clock& clock)
    : kept_blocks_(kept_blocks), rpc_delay_(rpc_delay), clock_(clock) {}

void ReplayLedger::publish(RecordedBlock block) {
    const std::lock_guard lock(mutex_);
    while (!entries_.empty() && std::prev(entries_.end())->second.block.orphan)
        entries_.erase(std::prev(entries_.end()));
    const Slot slot = block.slot;
    entries_.insert_or_assign(slot, Entry{std::move(block), clock_.monotonic() + rpc_delay_});
    forget_old();
}

void ReplayLedger::forget_old() {
    std::size_t kept = 0;
    for (auto at = entries_.rbegin(); at != entries_.rend() && at->second.block.json; ++at) {
        if (++kept <= kept_blocks_) continue;
        at->second.block.json = nullptr;
        if (at->second.block.path.empty()) {
            // Nothing older can be had in one piece any more.
            const Slot gone = at->first;
            first_available_ = Slot{gone.value() + 1};
            entries_.erase(entries_.begin(), entries_.upper_bound(gone));
            return;
        }
    }
}

ReplayLedger::Answer ReplayLedger::find(Slot slot) const {
    RecordedBlock found;
    {
        const std::lock_guard lock(mutex_);
        if (slot < first_available_) return {Presence::gone, std::nullopt};
        if (entries_.empty() || slot > std::prev(entries_.end())->first)
            return {Presence::not_yet, std::nullopt};
        const auto at = entries_.find(slot);
        if (at == entries_.end()) return {Presence::skipped, std::nullopt};
        if (at->second.fetchable > clock_.monotonic()) return {Presence::not_yet, std::nullopt};
        found = at->second.block;
    }
    if (!found.json) {
        Result<RecordedBlock> again = load_block_file(found.path);
        if (!again) return {Presence::gone, std::nullopt};
        found.json = again->json;
    }
    return {Presence::here, std::move(found)};
}

std::optional<Slot> ReplayLedger::tip() const {
    const std::lock_guard lock(mutex_);
    if (entries_.empty()) return std::nullopt;
    return std::prev(entries_.end())->first;
}

Slot ReplayLedger::first_available() const {
    const std::lock_guard lock(mutex_);
    return first_available_;
}

std::vector<Slot> ReplayLedger::list(Slot first, Slot last, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    std::vector<Slot> out;
    for (auto at = entries_.lower_bound(first);
         at != entries_.end() && at->first <= last && out.size() < limit; ++at)
        out.push_back(at->first);
    return out;
}

std::size_t ReplayLedger::count_above(Slot slot) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::distance(entries_.upper_bound(slot), entries_.end()));
}

}  // namespace astro::feeds
