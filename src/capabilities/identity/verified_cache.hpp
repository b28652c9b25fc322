#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace astro::identity {

/// What was verified and need not be asked of the store again, by what proves it. An entry counts
/// in the generation of rights in which it was verified (Core::rights_generation()), and in no
/// later one. Forgets all when there are too many. Thread-safe.
template <class Key, class Value>
class VerifiedCache {
  public:
    explicit VerifiedCache(std::size_t entries_max) : entries_max_(entries_max) {}

    [[nodiscard]] std::shared_ptr<const Value> find(const Key& key, std::uint64_t generation) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end() || found->second.generation != generation) return nullptr;
        return found->second.value;
    }
    /// `generation` was read before the store was asked: a change that came between is not missed.
    void remember(const Key& key, std::shared_ptr<const Value> value, std::uint64_t generation) {
        const std::lock_guard lock(mutex_);
        if (entries_.size() >= entries_max_) entries_.clear();
        entries_.insert_or_assign(key, Entry{std::move(value), generation});
    }

  private:
    struct Entry {
        std::shared_ptr<const Value> value;
        std::uint64_t generation;
    };
    const std::size_t entries_max_;
    std::mutex mutex_;
    std::unordered_map<Key, Entry> entries_;
};

}  // namespace astro::identity
