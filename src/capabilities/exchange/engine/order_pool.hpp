#pragma once

#include <cstdint>
#include <vector>

#include "foundation/base/assert.hpp"

namespace astro::exchange {

enum class Side : std::uint8_t { buy, sell };

[[nodiscard]] constexpr Side opposite(Side side) {
    return side == Side::buy ? Side::sell : Side::buy;
}

/// Index of a resting order in its pool; reused after the order left the book.
using OrderSlot = std::uint32_t;
inline constexpr OrderSlot kNoOrder = 0xFFFF'FFFF;

/// A resting order as matching needs it; everything else about it lives in arrays of the same
/// index, which matching never touches.
struct alignas(32) RestingOrder {
    OrderSlot next = kNoOrder;  ///< behind it in time priority; in a free slot: the next free one
    OrderSlot previous = kNoOrder;
    std::int64_t price = 0;       ///< ticks
    std::uint64_t quantity = 0;   ///< lots still open, > 0 while resting
    std::uint32_t owner = 0;      ///< account index
    std::uint32_t book_side = 0;  ///< book index * 2 + side
};
static_assert(sizeof(RestingOrder) == 32,
              "two orders a cache line: at many books all is cache misses");

/// All resting orders of all books. Grows by doubling and never shrinks, so a steady state does not
/// allocate. Not thread-safe.
class OrderPool {
  public:
    void reserve(std::size_t orders) { orders_.reserve(orders); }

    [[nodiscard]] OrderSlot allocate() {
        ++live_;
        if (free_ != kNoOrder) {
            const OrderSlot slot = free_;
            free_ = orders_[slot].next;
            return slot;
        }
        ASTRO_ASSERT(orders_.size() < kNoOrder);
        orders_.emplace_back();
        return static_cast<OrderSlot>(orders_.size() - 1);
    }
    /// Takes back the last allocation; `grew`: it made the pool larger.
    void forget(OrderSlot slot, bool grew) {
        release(slot);
        if (!grew) return;
        free_ = orders_[slot].next;
        orders_.pop_back();
    }
    void release(OrderSlot slot) {
        --live_;
        orders_[slot].next = free_;
        orders_[slot].quantity = 0;
        free_ = slot;
    }

    [[nodiscard]] RestingOrder& operator[](OrderSlot slot) { return orders_[slot]; }
    [[nodiscard]] const RestingOrder& operator[](OrderSlot slot) const { return orders_[slot]; }
    [[nodiscard]] std::size_t live() const { return live_; }
    /// Live or free.
    [[nodiscard]] std::size_t slots() const { return orders_.size(); }
    /// Those that allocate() gives out, in this order, before new ones.
    [[nodiscard]] std::vector<OrderSlot> free_slots() const {
        std::vector<OrderSlot> out;
        out.reserve(orders_.size() - live_);
        for (OrderSlot slot = free_; slot != kNoOrder; slot = orders_[slot].next)
            out.push_back(slot);
        return out;
    }
    /// In an empty pool: `slots` of them, all live but the free ones, which are distinct and below.
    void restore(std::size_t slots, const std::vector<OrderSlot>& free) {
        ASTRO_ASSERT(orders_.empty() && free.size() <= slots);
        orders_.resize(slots);
        live_ = slots;
        for (auto slot = free.rbegin(); slot != free.rend(); ++slot) release(*slot);
    }

  private:
    std::vector<RestingOrder> orders_;
    OrderSlot free_ = kNoOrder;
    std::size_t live_ = 0;
};

}  // namespace astro::exchange
