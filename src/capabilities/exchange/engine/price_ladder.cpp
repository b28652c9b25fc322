#include "capabilities/exchange/engine/price_ladder.hpp"

namespace astro::exchange {

/// nullptr when there is no such page.
PriceLadder::Page* PriceLadder::find(std::uint64_t page) const {
    if (root_ == nullptr || page >> (kFanOutBits * height_) != prefix_) return nullptr;
    Node* node = root_;
    for (unsigned height = height_; height > 0 && node != nullptr; --height)
        node = static_cast<Fork*>(node)->children[child_of(page, height)];
    return static_cast<Page*>(node);
}

/// The page must not be there; the caller puts a level into it.
PriceLadder::Page* PriceLadder::add_page(std::uint64_t number) {
    Page* page = pages_.take();
    recent_[number & 1] = {number, page};
    if (root_ == nullptr) {
        root_ = page;
        prefix_ = number;
        return page;
    }
    while (number >> (kFanOutBits * height_) != prefix_) grow();
    auto* fork = static_cast<Fork*>(root_);
    for (unsigned height = height_;; --height) {
        const unsigned slot = child_of(number, height);
        Node*& child = fork->children[slot];
        fork->used |= bit(slot);
        if (height == 1) {
            child = page;
            return page;
        }
        if (child == nullptr) child = forks_.take();
        fork = static_cast<Fork*>(child);
    }
}

/// Takes an empty page out, and the forks that only led to it.
void PriceLadder::drop_page(std::uint64_t number) {
    std::array<Fork*, kHeightMax + 1> forks{};  // by height
    Node* node = root_;
    for (unsigned height = height_; height > 0; --height) {
        forks[height] = static_cast<Fork*>(node);
        node = forks[height]->children[child_of(number, height)];
    }
    recent_[number & 1] = {};
    pages_.give(static_cast<Page*>(node));
    for (unsigned height = 1; height <= height_; ++height) {
        Fork* fork = forks[height];
        const unsigned slot = child_of(number, height);
        fork->children[slot] = nullptr;
        fork->used &= ~bit(slot);
        if (fork->used != 0) {
            shrink();
            if (number == number_of(best_)) best_ = best_place();
            return;
        }
        forks_.give(fork);
    }
    root_ = nullptr;
    height_ = 0;
    best_ = 0;
}

/// Puts a fork above the root.
void PriceLadder::grow() {
    Fork* fork = forks_.take();
    const unsigned slot = slot_of(prefix_);
    fork->children[slot] = root_;
    fork->used = bit(slot);
    root_ = fork;
    prefix_ >>= kFanOutBits;
    ++height_;
}

/// Takes forks with a single child off the top.
void PriceLadder::shrink() {
    while (height_ > kHeightKept && std::has_single_bit(root_->used)) {
        auto* fork = static_cast<Fork*>(root_);
        const unsigned slot = highest(fork->used);
        root_ = fork->children[slot];
        prefix_ = prefix_ * kFanOut + slot;
        --height_;
        fork->children[slot] = nullptr;
        fork->used = 0;
        forks_.give(fork);
    }
}

std::uint64_t PriceLadder::best_place() const {
    const Node* node = root_;
    std::uint64_t number = prefix_;
    for (unsigned height = height_; height > 0; --height) {
        const unsigned slot = highest(node->used);
        number = number * kFanOut + slot;
        node = static_cast<const Fork*>(node)->children[slot];
    }
    return number * kFanOut + highest(node->used);
}

}  // namespace astro::exchange
