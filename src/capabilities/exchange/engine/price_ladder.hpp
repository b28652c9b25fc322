#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <memory_resource>

#include "capabilities/exchange/engine/order_pool.hpp"

/// One side of a book: price levels, best first.
///
/// Prices near the touch live in a ring of 4,096 levels with a bitmap over it; worse ones in a
/// tree. Both sides use one order by working on keys, where higher is better: key = price for bids,
/// −price for asks.
///
///     key   …  far (tree)  │ bottom ……… window: 64 groups of 64 keys ……… top │
///                          │   ▲ level = key mod 4096                 best ▲  │
///
/// One word of bitmap is one group, one summary word has a bit a group, so the best level is found
/// by two count-leading-zeros whatever the gaps. Everything in the tree is worse than everything in
/// the window. The window moves with the touch: up when a better key than its top arrives, down
/// when the touch has fallen and new keys would go to the tree. A flat array over all prices would
/// be simpler and collapses when prices swing; a tree alone costs a cache miss a node at the touch.
namespace astro::exchange {

struct PriceLevel {
    OrderSlot head = kNoOrder;  ///< first in time
    OrderSlot tail = kNoOrder;
    std::uint64_t quantity = 0;  ///< sum over its orders
};
static_assert(sizeof(PriceLevel) == 16);

class PriceLadder {
  public:
    PriceLadder();

    [[nodiscard]] bool empty() const { return summary_ == 0 && far_.empty(); }

    /// The best key; the ladder must not be empty. Moves the window there when it has run dry.
    [[nodiscard]] std::int64_t best_key() {
        if (summary_ == 0) refill();
        const std::int64_t group = best_group();
        const std::uint64_t word = words_[ring(group)];
        return group * kGroupKeys + (63 - std::countl_zero(word));
    }

    /// The level of `key`, made empty when it was not there. Valid until the next insertion.
    [[nodiscard]] PriceLevel& insert(std::int64_t key) {
        const std::int64_t group = key >> kGroupShift;
        if (group > top_group_ || group <= top_group_ - kGroups) [[unlikely]] {
            if (!make_room(group)) return far_[key];
        }
        words_[ring(group)] |= 1ULL << (key & (kGroupKeys - 1));
        summary_ |= 1ULL << ring(group);
        return levels_[static_cast<std::size_t>(key) & (kLevels - 1)];
    }

    /// The level of `key`, which must be there.
    [[nodiscard]] PriceLevel& at(std::int64_t key) {
        if (in_window(key)) [[likely]]
            return levels_[static_cast<std::size_t>(key) & (kLevels - 1)];
        const auto it = far_.find(key);
        ASTRO_ASSERT(it != far_.end());
        return it->second;
    }

    /// Lots at `key`; 0 when there is no such level.
    [[nodiscard]] std::uint64_t quantity_at(std::int64_t key) const {
        if (in_window(key)) return levels_[static_cast<std::size_t>(key) & (kLevels - 1)].quantity;
        const auto it = far_.find(key);
        return it == far_.end() ? 0 : it->second.quantity;
    }

    /// Where the level of `key` is when it is in the window, whether or not it holds anything.
    [[nodiscard]] const PriceLevel* peek(std::int64_t key) const {
        return in_window(key) ? &levels_[static_cast<std::size_t>(key) & (kLevels - 1)] : nullptr;
    }
    /// The best level of the window when it is `worst` or better.
    [[nodiscard]] const PriceLevel* peek_best(std::int64_t worst) const {
        if (summary_ == 0) return nullptr;
        const std::int64_t group = best_group();
        const std::int64_t key = group * kGroupKeys + (63 - std::countl_zero(words_[ring(group)]));
        return key < worst ? nullptr : &levels_[static_cast<std::size_t>(key) & (kLevels - 1)];
    }

    /// Takes an empty level out.
    void erase(std::int64_t key) {
        if (!in_window(key)) [[unlikely]] {
            far_.erase(key);
            return;
        }
        levels_[static_cast<std::size_t>(key) & (kLevels - 1)] = {};
        std::uint64_t& word = words_[ring(key >> kGroupShift)];
        word &= ~(1ULL << (key & (kGroupKeys - 1)));
        if (word == 0) summary_ &= ~(1ULL << ring(key >> kGroupShift));
    }

    /// Calls f(key, level) from best to worst until f returns false.
    template <class F>
    void for_each(F&& f) const;

  private:
    static constexpr int kGroupShift = 6;
    static constexpr std::int64_t kGroupKeys = 64;
    static constexpr std::int64_t kGroups = 64;
    static constexpr std::size_t kLevels = 4096;
    /// Groups kept free above the best key when the window moves, so that it does not move again at
    /// once.
    static constexpr std::int64_t kHeadroom = 16;

    [[nodiscard]] static unsigned ring(std::int64_t group) {
        return static_cast<unsigned>(group & (kGroups - 1));
    }
    [[nodiscard]] bool in_window(std::int64_t key) const {
        const std::int64_t group = key >> kGroupShift;
        return group <= top_group_ && group > top_group_ - kGroups;
    }
    /// The highest group in the window with a level; summary_ must not be 0.
    [[nodiscard]] std::int64_t best_group() const {
        // Rotated so that the top group's bit comes first.
        const std::uint64_t from_top = std::rotr(summary_, static_cast<int>(ring(top_group_ + 1)));
        return top_group_ - std::countl_zero(from_top);
    }
    bool make_room(std::int64_t group);
    void move_top_to(std::int64_t top_group);
    void refill();

    std::int64_t top_group_ = 0;
    std::uint64_t summary_ = 0;
    std::array<std::uint64_t, kGroups> words_{};
    std::unique_ptr<PriceLevel[]> levels_;
    /// Nodes come from a pool that keeps what is freed, so a steady state does not allocate.
    std::unique_ptr<std::pmr::unsynchronized_pool_resource> far_memory_;
    std::pmr::map<std::int64_t, PriceLevel> far_;
};

template <class F>
void PriceLadder::for_each(F&& f) const {
    // Only the groups that hold something, the top one first.
    std::uint64_t groups = std::rotr(summary_, static_cast<int>(ring(top_group_ + 1)));
    while (groups != 0) {
        const int below_top = std::countl_zero(groups);
        groups &= ~(1ULL << (63 - below_top));
        const std::int64_t group = top_group_ - below_top;
        for (std::uint64_t word = words_[ring(group)]; word != 0;) {
            const int bit = 63 - std::countl_zero(word);
            word &= ~(1ULL << bit);
            const std::int64_t key = group * kGroupKeys + bit;
            if (!f(key, levels_[static_cast<std::size_t>(key) & (kLevels - 1)])) return;
        }
    }
    for (auto it = far_.rbegin(); it != far_.rend(); ++it)
        if (!f(it->first, it->second)) return;
}

}  // namespace astro::exchange
