#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "capabilities/exchange/engine/order_pool.hpp"

/// One side of a book: price levels, best first.
///
/// A trie with 64 children a node, as high as the prices in the book are far apart: 64 neighbouring
/// levels are one page, 64 pages hang under a fork, 64 of those under the next. Both sides use one
/// order by working on keys, where higher is better: key = price for bids, −price for asks.
///
///                      root: height 2, all keys with one prefix
///                ┌──────────────┴──────────────┐
///             fork                           fork          each node: a bit for every child in use
///         ┌─────┴────┐                 ┌───────┴──────┐
///       page       page              page           page    64 levels a page
///                                                      ▲ best
///
/// The best key is kept; when its level goes, the next is found by one count-leading-zeros a node.
/// The two pages used last, one even and one odd, are kept too: trading near the touch never walks
/// the trie. Nothing ever moves when prices do, however wide they swing: a flat array over all
/// prices collapses then, and so does a window that has to follow the touch; a tree of levels costs
/// a cache miss a node at the touch.
namespace astro::exchange {

struct PriceLevel {
    OrderSlot head = kNoOrder;  ///< first in time
    OrderSlot tail = kNoOrder;
    std::uint64_t quantity = 0;  ///< sum over its orders
};
static_assert(sizeof(PriceLevel) == 16);

class PriceLadder {
  public:
    [[nodiscard]] bool empty() const { return root_ == nullptr; }

    /// The best key; the ladder must not be empty.
    [[nodiscard]] std::int64_t best_key() const { return key_at(best_); }

    /// The level of `key`, made empty when it was not there: the caller puts an order into it.
    /// Valid until it is erased.
    [[nodiscard]] PriceLevel& insert(std::int64_t key) {
        const std::uint64_t place = place_of(key);
        Page* page = page_at(place);
        if (page == nullptr) [[unlikely]]
            page = add_page(number_of(place));
        PriceLevel& level = page->levels[slot_of(place)];
        if (level.head == kNoOrder) {
            page->used |= bit(slot_of(place));
            best_ = std::max(best_, place);
        }
        return level;
    }

    /// The level of `key`, which must be there.
    [[nodiscard]] PriceLevel& at(std::int64_t key) {
        const std::uint64_t place = place_of(key);
        Page* page = page_at(place);
        ASTRO_ASSERT(page != nullptr);
        return page->levels[slot_of(place)];
    }

    /// Lots at `key`; 0 when there is no such level.
    [[nodiscard]] std::uint64_t quantity_at(std::int64_t key) const {
        const std::uint64_t place = place_of(key);
        const Page* page = find(number_of(place));
        return page == nullptr ? 0 : page->levels[slot_of(place)].quantity;
    }

    /// Where the level of `key` is, whether or not it holds anything; nullptr when there is no page
    /// for it. For prefetching.
    [[nodiscard]] const PriceLevel* peek(std::int64_t key) const { return level_at(place_of(key)); }
    /// The best level when it is `worst` or better.
    [[nodiscard]] const PriceLevel* peek_best(std::int64_t worst) const {
        return empty() || best_ < place_of(worst) ? nullptr : level_at(best_);
    }

    /// The next worse level of the same page.
    [[nodiscard]] const PriceLevel* peek_worse(std::int64_t key) const {
        const std::uint64_t place = place_of(key);
        const Page* page = peek_page(number_of(place));
        if (page == nullptr) return nullptr;
        const std::uint64_t worse = page->used & (bit(slot_of(place)) - 1);
        return worse == 0 ? nullptr : &page->levels[highest(worse)];
    }

    /// Takes an empty level out.
    void erase(std::int64_t key) {
        const std::uint64_t place = place_of(key);
        Page* page = page_at(place);
        ASTRO_ASSERT(page != nullptr);
        page->levels[slot_of(place)] = {};
        page->used &= ~bit(slot_of(place));
        if (page->used == 0) [[unlikely]]
            drop_page(number_of(place));
        else if (place == best_)
            best_ = number_of(place) * kFanOut + highest(page->used);
    }

    /// Calls f(key, level) from best to worst until f returns false.
    template <class F>
    void for_each(F&& f) const {
        if (root_ != nullptr) visit(*root_, height_, prefix_, f);
    }

  private:
    static constexpr unsigned kFanOutBits = 6;
    static constexpr std::uint64_t kFanOut = 64;
    /// Keys are above −kZero and below kZero. A place is a key counted from −kZero.
    static constexpr std::uint64_t kZero = 1ULL << 61;
    /// Forks above a page when the prices are as far apart as can be: 6 bits each, of 62 - 6.
    static constexpr unsigned kHeightMax = 10;
    /// A root of this height, of 16 million prices, stays until the ladder is empty: a few orders
    /// far apart would build and tear it down all the time.
    static constexpr unsigned kHeightKept = 3;

    /// Every node is either a Page, at height 0, or a Fork.
    struct Node {
        std::uint64_t used = 0;  ///< bit n: there is a child n
    };
    struct Page : Node {
        alignas(sizeof(PriceLevel)) std::array<PriceLevel, kFanOut> levels;
    };
    struct Fork : Node {
        std::array<Node*, kFanOut> children{};
    };
    /// Nodes are used again and never freed, so a steady state does not allocate. Those given back
    /// are as new.
    template <class T>
    class Nodes {
      public:
        [[nodiscard]] T* take() {
            if (free_.empty()) {
                owned_.push_back(std::make_unique<T>());
                return owned_.back().get();
            }
            T* node = free_.back();
            free_.pop_back();
            return node;
        }
        void give(T* node) { free_.push_back(node); }

      private:
        std::vector<std::unique_ptr<T>> owned_;
        std::vector<T*> free_;
    };
    struct RecentPage {
        std::uint64_t number = ~0ULL;
        Page* page = nullptr;
    };

    [[nodiscard]] static std::uint64_t place_of(std::int64_t key) {
        return static_cast<std::uint64_t>(key) + kZero;
    }
    [[nodiscard]] static std::int64_t key_at(std::uint64_t place) {
        return static_cast<std::int64_t>(place - kZero);
    }
    /// The number of a page is what all places in it have in common.
    [[nodiscard]] static std::uint64_t number_of(std::uint64_t place) {
        return place >> kFanOutBits;
    }
    [[nodiscard]] static unsigned slot_of(std::uint64_t number) {
        return static_cast<unsigned>(number & (kFanOut - 1));
    }
    /// Which child of a fork at this height leads to a page.
    [[nodiscard]] static unsigned child_of(std::uint64_t page, unsigned height) {
        return slot_of(page >> (kFanOutBits * (height - 1)));
    }
    [[nodiscard]] static std::uint64_t bit(unsigned slot) { return 1ULL << slot; }
    [[nodiscard]] static unsigned highest(std::uint64_t used) {
        return 63U - static_cast<unsigned>(std::countl_zero(used));
    }

    [[nodiscard]] Page* page_at(std::uint64_t place) {
        const std::uint64_t number = number_of(place);
        RecentPage& recent = recent_[number & 1];
        if (recent.number != number) [[unlikely]] {
            Page* page = find(number);
            if (page == nullptr) return nullptr;
            recent = {number, page};
        }
        return recent.page;
    }

    [[nodiscard]] const Page* peek_page(std::uint64_t number) const {
        const RecentPage& recent = recent_[number & 1];
        return recent.number == number ? recent.page : find(number);
    }
    [[nodiscard]] const PriceLevel* level_at(std::uint64_t place) const {
        const Page* page = peek_page(number_of(place));
        return page == nullptr ? nullptr : &page->levels[slot_of(place)];
    }

    template <class F>
    bool visit(const Node& node, unsigned height, std::uint64_t number, F& f) const {
        for (std::uint64_t left = node.used; left != 0;) {
            const unsigned slot = highest(left);
            left &= ~bit(slot);
            const std::uint64_t child = number * kFanOut + slot;
            if (height == 0) {
                if (!f(key_at(child), static_cast<const Page&>(node).levels[slot])) return false;
            } else if (!visit(*static_cast<const Fork&>(node).children[slot], height - 1, child,
                              f)) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] Page* find(std::uint64_t page) const;
    [[nodiscard]] Page* add_page(std::uint64_t number);
    void drop_page(std::uint64_t number);
    void grow();
    void shrink();
    [[nodiscard]] std::uint64_t best_place() const;

    std::uint64_t best_ = 0;  ///< its place; 0 when empty
    std::array<RecentPage, 2> recent_;
    Node* root_ = nullptr;
    std::uint64_t prefix_ = 0;  ///< what the numbers of all pages under the root have in common
    unsigned height_ = 0;       ///< of the root
    Nodes<Page> pages_;
    Nodes<Fork> forks_;
};

}  // namespace astro::exchange
