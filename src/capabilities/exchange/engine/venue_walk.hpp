#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "capabilities/exchange/engine/venue.hpp"

/// How an order goes along the other side, trade by trade, before anything is done: what match()
/// will do with it, to the unit. Included by those who count (venue_match.cpp, venue_preview.cpp).
///
/// Where icebergs or reduce-only orders rest, what a maker can still give follows from what it has
/// given on the way:
///   an iceberg gives what it shows; what is hidden of it queues behind all others of its price
///   a reduce-only order gives what the trades before it have left of its owner's position
namespace astro::exchange {

/// What the makers of a walk have given, for those that only reduce.
class GivenByMakers {
  public:
    void add(AccountId account, Leg leg, std::uint64_t lots) {
        entries_.push_back({account, leg, lots});
    }
    [[nodiscard]] std::uint64_t of(AccountId account, Leg leg) const {
        std::uint64_t out = 0;
        for (const auto& entry : entries_)
            if (entry.account == account && entry.leg == leg) out += entry.lots;
        return out;
    }

  private:
    struct Entry {
        AccountId account;
        Leg leg;
        std::uint64_t lots;
    };
    boost::container::small_vector<Entry, 8> entries_;
};

/// An iceberg of which a part is hidden, behind the others of its price.
struct QueuedAnew {
    OrderSlot slot;
    std::uint64_t hidden;
};

/// Who watches a walk: each trade, until it says that it has seen enough, and what of the owner's
/// own orders goes.
struct NobodyWatches {
    static constexpr bool trade(OrderSlot, std::int64_t, std::uint64_t, Quote) { return true; }
    static constexpr void own(OrderSlot, std::uint64_t) {}
};

template <class Watch>
struct Venue::Walking {
    const Venue& venue;
    const Plan& plan;
    std::int64_t fee_ppm;
    Watch& watch;
    Walk out{};
    std::uint64_t left = plan.lots;
    bool is_seen = false;  ///< `watch` has seen enough
    const std::uint32_t owner = venue.of(plan.account).owner_number;
    const bool has_special = plan.market->special_orders > 0;
    OrderSlot before = kNoOrder, before_that = kNoOrder;
    GivenByMakers given{};
    boost::container::small_vector<QueuedAnew, 4> anew{};  ///< of the level

    void run();
    bool level(std::int64_t price, const PriceLevel& level);
    /// False when the walk ends there.
    bool meet(OrderSlot slot, std::int64_t price, std::uint64_t shown);
    bool meet_own(OrderSlot slot);
};

template <class Watch>
void Venue::Walking<Watch>::run() {
    const Side makers = opposite(plan.side);
    plan.market->book.for_each_level(makers, [&](std::int64_t price, const PriceLevel& at) {
        if (plan.side == Side::buy ? price > plan.limit : price < plan.limit) return false;
        return level(price, at) && left > 0;
    });
    if (before_that != kNoOrder) venue.prefetch_maker(before_that);
    if (before != kNoOrder) venue.prefetch_maker(before);
}

template <class Watch>
bool Venue::Walking<Watch>::level(std::int64_t price, const PriceLevel& level) {
    const auto& orders = venue.orders_;
    for (OrderSlot slot = level.head; slot != kNoOrder && left > 0; slot = orders[slot].next) {
        venue.prefetch_order(orders[slot].next);
        // For match(): his account now, what it points to when it will have come.
        venue.of(AccountId{orders[slot].owner}).prefetch();
        if (before_that != kNoOrder) venue.prefetch_maker(before_that);
        before_that = std::exchange(before, slot);
        if (!meet(slot, price, orders[slot].quantity)) return false;
        const OrderInfo& info = venue.infos_[slot];
        if (info.hidden > 0 && info.owner != owner) [[unlikely]]
            anew.push_back({slot, info.hidden});
    }
    while (!anew.empty() && left > 0) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < anew.size() && left > 0; ++i) {
            QueuedAnew one = anew[i];
            const std::uint64_t shown = std::min(venue.infos_[one.slot].display, one.hidden);
            const std::uint64_t had = left;
            if (!meet(one.slot, price, shown)) return false;
            one.hidden -= shown;
            const bool is_all_given = had - left == shown;
            if (is_all_given && one.hidden > 0) anew[kept++] = one;
        }
        anew.resize(kept);
    }
    anew.clear();
    return true;
}

template <class Watch>
bool Venue::Walking<Watch>::meet(OrderSlot slot, std::int64_t price, std::uint64_t shown) {
    const OrderInfo& info = venue.infos_[slot];
    if (info.owner == owner) return meet_own(slot);
    std::uint64_t lots = std::min(left, shown);
    if (has_special) [[unlikely]] {
        const AccountId maker{venue.orders_[slot].owner};
        if (info.reduce_only) {
            const Position* position = venue.of(maker).find(plan.market_id, info.leg);
            const std::uint64_t most = plan.market->lots(position->reducible(opposite(plan.side)));
            lots = std::min(lots, most - std::min(most, given.of(maker, info.leg)));
            if (lots == 0) return true;
        }
        given.add(maker, info.leg, lots);
    }
    const Quote value = plan.market->notional_of(price, lots);
    out.lots += lots;
    out.quote += value;
    out.fee += fee_of(value, fee_ppm) + fee_of(value, plan.builder_fee_ppm);
    left -= lots;
    if (watch.trade(slot, price, lots, value)) return true;
    is_seen = true;
    return false;
}

template <class Watch>
bool Venue::Walking<Watch>::meet_own(OrderSlot slot) {
    const std::uint64_t open = venue.open_lots(slot);
    if (plan.self_trade == SelfTrade::cancel_oldest) {
        watch.own(slot, open);
        return true;
    }
    if (plan.self_trade == SelfTrade::decrement) {
        const std::uint64_t gone = std::min(left, open);
        left -= gone;
        out.decremented += gone;
        watch.own(slot, gone);
        return true;
    }
    if (plan.self_trade == SelfTrade::cancel_both) watch.own(slot, open);
    out.stopped = true;
    return false;
}

/// Before the opening nothing trades.
template <class Watch>
Venue::Walk Venue::walk_gathering(const Plan& plan, Watch& watch) const {
    Walk out;
    for (const OrderSlot slot : own_met(plan)) {
        if (plan.self_trade == SelfTrade::cancel_oldest) {
            watch.own(slot, open_lots(slot));
        } else if (plan.self_trade == SelfTrade::decrement) {
            const std::uint64_t gone = std::min(plan.lots - out.decremented, open_lots(slot));
            out.decremented += gone;
            watch.own(slot, gone);
            if (out.decremented == plan.lots) break;
        } else {
            if (plan.self_trade == SelfTrade::cancel_both) watch.own(slot, open_lots(slot));
            out.stopped = true;
            break;
        }
    }
    return out;
}

}  // namespace astro::exchange
