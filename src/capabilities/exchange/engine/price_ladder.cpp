#include "capabilities/exchange/engine/price_ladder.hpp"

#include <algorithm>

namespace astro::exchange {

PriceLadder::PriceLadder()
    : levels_(std::make_unique<PriceLevel[]>(kLevels)),
      far_memory_(std::make_unique<std::pmr::unsynchronized_pool_resource>()),
      far_(far_memory_.get()) {}

/// Called for a group outside the window. True when the window now covers it; false when it belongs
/// in the tree.
bool PriceLadder::make_room(std::int64_t group) {
    if (summary_ == 0 && !far_.empty()) refill();
    if (empty() || group > top_group_) {
        move_top_to(group + kHeadroom);
        return true;
    }
    // Worse than the window: worth moving down only when the touch has left much room above it.
    const std::int64_t wanted_top = std::max(best_group(), group) + kHeadroom;
    if (top_group_ - wanted_top >= kHeadroom) move_top_to(wanted_top);
    return group <= top_group_ && group > top_group_ - kGroups;
}

/// Shifts the window; levels that fall off its bottom go to the tree, those of the tree that it now
/// covers come in. Nothing may fall off its top.
void PriceLadder::move_top_to(std::int64_t top_group) {
    const std::int64_t old_top = top_group_;
    const std::int64_t bottom = top_group - kGroups + 1;
    for (std::int64_t group = old_top - kGroups + 1; group <= old_top && group < bottom; ++group) {
        std::uint64_t& word = words_[ring(group)];
        for (; word != 0; word &= word - 1) {
            const std::int64_t key = group * kGroupKeys + std::countr_zero(word);
            PriceLevel& level = levels_[static_cast<std::size_t>(key) & (kLevels - 1)];
            far_.emplace(key, level);
            level = {};
        }
        summary_ &= ~(1ULL << ring(group));
    }
    top_group_ = top_group;
    for (auto it = far_.lower_bound(bottom * kGroupKeys); it != far_.end(); it = far_.erase(it)) {
        const std::int64_t group = it->first >> kGroupShift;
        words_[ring(group)] |= 1ULL << (it->first & (kGroupKeys - 1));
        summary_ |= 1ULL << ring(group);
        levels_[static_cast<std::size_t>(it->first) & (kLevels - 1)] = it->second;
    }
}

void PriceLadder::refill() {
    ASTRO_ASSERT(!far_.empty());
    move_top_to((far_.rbegin()->first >> kGroupShift) + kHeadroom);
}

}  // namespace astro::exchange
