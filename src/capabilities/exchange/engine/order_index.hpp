#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "capabilities/exchange/engine/order_pool.hpp"
#include "foundation/base/prefetch.hpp"

namespace astro::exchange {

/// Order id (any 64-bit number) → slot: an open-addressing table, linear probing, at most half
/// full, deletion by shifting back, so that no tombstones pile up over a day of cancels.
class OrderIndex {
  public:
    OrderIndex() : entries_(kFirstCapacity), mask_(kFirstCapacity - 1) {}

    /// Fetches what put(id) or take(id) will look at, for a caller with other work to do first.
    void prefetch(std::uint64_t id) const { prefetch_line(&entries_[home(id)]); }

    /// The id must not be there already.
    void put(std::uint64_t id, OrderSlot slot) {
        if (++size_ * 2 > entries_.size()) grow();
        std::size_t at = home(id);
        while (entries_[at].slot != kNoOrder) at = (at + 1) & mask_;
        entries_[at] = {id, slot};
    }

    [[nodiscard]] OrderSlot find(std::uint64_t id) const {
        for (std::size_t at = home(id); entries_[at].slot != kNoOrder; at = (at + 1) & mask_)
            if (entries_[at].id == id) return entries_[at].slot;
        return kNoOrder;
    }

    /// Removes the id and returns its slot; kNoOrder when it was not there.
    OrderSlot take(std::uint64_t id) {
        std::size_t at = home(id);
        while (entries_[at].slot != kNoOrder && entries_[at].id != id) at = (at + 1) & mask_;
        const OrderSlot slot = entries_[at].slot;
        if (slot != kNoOrder) remove(at);
        return slot;
    }

    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Entry {
        std::uint64_t id = 0;
        OrderSlot slot = kNoOrder;
    };
    static constexpr std::size_t kFirstCapacity = 1U << 16;

    [[nodiscard]] std::size_t home(std::uint64_t id) const {
        return static_cast<std::size_t>((id * 0x9E3779B97F4A7C15ULL) >> 32) & mask_;
    }

    void remove(std::size_t hole) {
        --size_;
        for (std::size_t at = (hole + 1) & mask_; entries_[at].slot != kNoOrder;
             at = (at + 1) & mask_) {
            // Whoever may live in the hole without passing its home moves there.
            if (((at - home(entries_[at].id)) & mask_) >= ((at - hole) & mask_)) {
                entries_[hole] = entries_[at];
                hole = at;
            }
        }
        entries_[hole] = {};
    }

    void grow() {
        std::vector<Entry> old(entries_.size() * 2);
        old.swap(entries_);
        mask_ = entries_.size() - 1;
        for (const Entry& entry : old) {
            if (entry.slot == kNoOrder) continue;
            std::size_t at = home(entry.id);
            while (entries_[at].slot != kNoOrder) at = (at + 1) & mask_;
            entries_[at] = entry;
        }
    }

    std::vector<Entry> entries_;
    std::size_t mask_;
    std::size_t size_ = 0;
};

}  // namespace astro::exchange
