#include "capabilities/exchange/key_memory.hpp"

namespace astro::exchange {

crypto::Sha256 hash_of(const CommandBody& body) {
    return crypto::sha256(to_binary(body));
}

Result<KeyMemory::Look> KeyMemory::begin(const std::string& key, const crypto::Sha256& body,
                                         OutcomeDone& done) {
    const std::lock_guard hold(mutex_);
    const auto [at, is_new] = entries_.try_emplace(key, Entry{.body = body});
    if (is_new) return Look{};
    Entry& entry = at->second;
    if (entry.body != body)
        return conflict("idempotency_key_reused",
                        "this key came with another command before; a new command needs a new key",
                        "Idempotency-Key");
    if (!entry.done) {
        if (done) entry.waiting.push_back(std::move(done));
        return Look{.kind = Look::Kind::waits};
    }
    auto events = parse_binary<Events>(entry.events);
    ASTRO_ASSERT(events.has_value());
    return Look{.kind = Look::Kind::repeated,
                .outcome = {entry.sequence, entry.time,
                            std::make_shared<const Events>(std::move(*events)), true}};
}

std::vector<OutcomeDone> KeyMemory::finish(const std::string& key, const crypto::Sha256& body,
                                           const Outcome& outcome) {
    Bytes events = to_binary(*outcome.events);
    const std::lock_guard hold(mutex_);
    Entry& entry = entries_.try_emplace(key, Entry{.body = body}).first->second;
    entry.sequence = outcome.sequence;
    entry.time = outcome.time;
    entry.events = std::move(events);
    if (!std::exchange(entry.done, true)) remember(key);
    return std::exchange(entry.waiting, {});
}

std::vector<OutcomeDone> KeyMemory::fail(const std::string& key) {
    const std::lock_guard hold(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end() || at->second.done) return {};
    auto waiting = std::move(at->second.waiting);
    entries_.erase(at);
    return waiting;
}

void KeyMemory::remember(const std::string& key) {
    done_.push_back(key);
    while (done_.size() > keys_max_) {
        entries_.erase(done_.front());
        done_.pop_front();
    }
}

std::vector<KeyMemory::Remembered> KeyMemory::all() const {
    const std::lock_guard hold(mutex_);
    std::vector<Remembered> out;
    out.reserve(done_.size());
    for (const auto& key : done_) {
        const Entry& entry = entries_.at(key);
        out.push_back({key, entry.body, entry.sequence, entry.time, entry.events});
    }
    return out;
}

void KeyMemory::restore(std::vector<Remembered> keys) {
    const std::lock_guard hold(mutex_);
    for (auto& key : keys) {
        entries_[key.key] = {.body = key.body,
                             .done = true,
                             .sequence = key.sequence,
                             .time = key.time,
                             .events = std::move(key.events)};
        remember(key.key);
    }
}

std::size_t KeyMemory::size() const {
    const std::lock_guard hold(mutex_);
    return done_.size();
}

}  // namespace astro::exchange
