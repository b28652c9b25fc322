#pragma once

#include <limits>
#include <optional>

#include "capabilities/exchange/engine/price_ladder.hpp"

namespace astro::exchange {

/// A bare order book: price-time priority, nothing else. Margin, fees, triggers and self-trade
/// rules stand above it. Orders live in a pool shared by all books.
class BareBook {
  public:
    /// Largest price, ticks; keys of both sides and the window around them then fit 64 bits.
    static constexpr std::int64_t kPriceMax = 1LL << 60;

    /// `index` marks this book's orders in the pool.
    BareBook(OrderPool& pool, std::uint32_t index) : pool_(&pool), index_(index) {}

    /// Matches `quantity` lots against the other side down to `limit` (ticks), oldest first at each
    /// price. Calls on_fill(slot, maker, price, quantity) for each, with the maker's record before
    /// the fill; returns what is left. A maker filled whole leaves the book after the call.
    template <class OnFill>
    std::uint64_t match(Side taker, std::int64_t limit, std::uint64_t quantity, OnFill&& on_fill) {
        PriceLadder& makers = ladder(opposite(taker));
        const std::int64_t worst_key = key_of(opposite(taker), limit);
        while (quantity > 0 && !makers.empty()) {
            const std::int64_t key = makers.best_key();
            if (key < worst_key) break;
            quantity = match_level(makers, key, quantity, on_fill);
        }
        return quantity;
    }

    /// Puts an order at the end of its price level. Quantity > 0, |price| ≤ kPriceMax.
    OrderSlot rest(Side side, std::int64_t price, std::uint64_t quantity, std::uint32_t owner) {
        const OrderSlot slot = pool_->allocate();
        rest_at(slot, side, price, quantity, owner);
        return slot;
    }

    /// The same in a slot that has been allocated in the pool.
    void rest_at(OrderSlot slot, Side side, std::int64_t price, std::uint64_t quantity,
                 std::uint32_t owner) {
        PriceLevel& level = ladder(side).insert(key_of(side, price));
        RestingOrder& order = (*pool_)[slot];
        order = {kNoOrder, level.tail, price,
                 quantity, owner,      index_ * 2 + static_cast<std::uint32_t>(side)};
        (level.tail == kNoOrder ? level.head : (*pool_)[level.tail].next) = slot;
        level.tail = slot;
        level.quantity += quantity;
    }

    /// The order that is filled next on this side; kNoOrder when it is empty.
    [[nodiscard]] OrderSlot front(Side side) {
        PriceLadder& orders = ladder(side);
        return orders.empty() ? kNoOrder : orders.at(orders.best_key()).head;
    }

    /// Takes lots off a resting order, keeping its priority; one that has none left leaves the
    /// book.
    void fill(OrderSlot slot, std::uint64_t quantity) {
        if (quantity == (*pool_)[slot].quantity)
            cancel(slot);
        else
            reduce(slot, (*pool_)[slot].quantity - quantity);
    }

    /// Gives a resting order another quantity at the end of its price level.
    void requeue(OrderSlot slot, std::uint64_t quantity) {
        RestingOrder& order = (*pool_)[slot];
        const Side side = side_of(order);
        PriceLevel& level = ladder(side).at(key_of(side, order.price));
        level.quantity += quantity - order.quantity;
        order.quantity = quantity;
        if (level.tail == slot) return;
        unlink(level, order);
        order.previous = level.tail;
        order.next = kNoOrder;
        (*pool_)[level.tail].next = slot;
        level.tail = slot;
    }

    /// Takes a resting order out.
    void cancel(OrderSlot slot) {
        remove(slot);
        pool_->release(slot);
    }

    /// The same; its slot stays allocated.
    void remove(OrderSlot slot) {
        const RestingOrder& order = (*pool_)[slot];
        const Side side = side_of(order);
        const std::int64_t key = key_of(side, order.price);
        PriceLadder& orders = ladder(side);
        PriceLevel& level = orders.at(key);
        level.quantity -= order.quantity;
        unlink(level, order);
        if (level.head == kNoOrder) orders.erase(key);
    }

    /// Takes back what happened to an order last: it stands as `before`, between whom it stood.
    /// Those are where they were when all that has happened since is taken back, the last first.
    void put_back(OrderSlot slot, const RestingOrder& before) {
        PriceLevel& level = ladder(side_of(before)).insert(key_of(side_of(before), before.price));
        (*pool_)[slot] = before;
        (before.previous == kNoOrder ? level.head : (*pool_)[before.previous].next) = slot;
        (before.next == kNoOrder ? level.tail : (*pool_)[before.next].previous) = slot;
        level.quantity += before.quantity;
    }

    /// Lowers a resting order's quantity, keeping its priority; 0 < quantity < the present one.
    void reduce(OrderSlot slot, std::uint64_t quantity) {
        RestingOrder& order = (*pool_)[slot];
        ASTRO_ASSERT(quantity > 0 && quantity < order.quantity);
        const Side side = side_of(order);
        ladder(side).at(key_of(side, order.price)).quantity -= order.quantity - quantity;
        order.quantity = quantity;
    }

    [[nodiscard]] std::optional<std::int64_t> best(Side side) {
        PriceLadder& orders = ladder(side);
        if (orders.empty()) return std::nullopt;
        return price_of(side, orders.best_key());
    }

    /// Where the level of a price is, whether or not it holds anything; nullptr when there is no
    /// place for it yet. For prefetching.
    [[nodiscard]] const PriceLevel* peek(Side side, std::int64_t price) const {
        return ladder(side).peek(key_of(side, price));
    }
    /// The best level of a side when a taker down to `limit` meets it.
    [[nodiscard]] const PriceLevel* peek_best(Side side, std::int64_t limit) const {
        return ladder(side).peek_best(key_of(side, limit));
    }

    /// The next level that a taker meets behind that of `price`, when it is near.
    [[nodiscard]] const PriceLevel* peek_worse(Side side, std::int64_t price) const {
        return ladder(side).peek_worse(key_of(side, price));
    }

    /// Lots resting at a price.
    [[nodiscard]] std::uint64_t quantity_at(Side side, std::int64_t price) const;

    /// Calls f(price, level) from best to worst until it returns false.
    template <class F>
    void for_each_level(Side side, F&& f) const {
        ladder(side).for_each([&](std::int64_t key, const PriceLevel& level) {
            return f(price_of(side, key), level);
        });
    }

    [[nodiscard]] static Side side_of(const RestingOrder& order) {
        return static_cast<Side>(order.book_side & 1);
    }
    [[nodiscard]] static std::uint32_t book_of(const RestingOrder& order) {
        return order.book_side >> 1;
    }

  private:
    [[nodiscard]] static std::int64_t key_of(Side side, std::int64_t price) {
        return side == Side::buy ? price : -price;
    }
    [[nodiscard]] static std::int64_t price_of(Side side, std::int64_t key) {
        return key_of(side, key);
    }
    [[nodiscard]] PriceLadder& ladder(Side side) { return side == Side::buy ? bids_ : asks_; }
    [[nodiscard]] const PriceLadder& ladder(Side side) const {
        return side == Side::buy ? bids_ : asks_;
    }

    void unlink(PriceLevel& level, const RestingOrder& order) {
        (order.previous == kNoOrder ? level.head : (*pool_)[order.previous].next) = order.next;
        (order.next == kNoOrder ? level.tail : (*pool_)[order.next].previous) = order.previous;
    }

    template <class OnFill>
    std::uint64_t match_level(PriceLadder& makers, std::int64_t key, std::uint64_t quantity,
                              OnFill&& on_fill) {
        PriceLevel& level = makers.at(key);
        while (quantity > 0 && level.head != kNoOrder) {
            const OrderSlot slot = level.head;
            RestingOrder& maker = (*pool_)[slot];
            const std::uint64_t fill = std::min(quantity, maker.quantity);
            on_fill(slot, static_cast<const RestingOrder&>(maker), maker.price, fill);
            quantity -= fill;
            level.quantity -= fill;
            maker.quantity -= fill;
            if (maker.quantity > 0) break;
            unlink(level, maker);
            pool_->release(slot);
        }
        if (level.head == kNoOrder) makers.erase(key);
        return quantity;
    }

    OrderPool* pool_;
    std::uint32_t index_;
    PriceLadder bids_, asks_;
};

}  // namespace astro::exchange
