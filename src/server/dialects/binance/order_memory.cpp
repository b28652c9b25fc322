#include "server/dialects/binance/order_memory.hpp"

#include "capabilities/exchange/queries.hpp"

namespace astro::binance {

using exchange::OrderStatus;

void OrderMemory::on_applied(const exchange::Applied& applied) {
    if (!anybody_.load(std::memory_order_relaxed)) return;
    std::map<AccountId, AccountNews> news;
    {
        const std::scoped_lock lock(mutex_);
        news = orders_.apply(
            {applied.sequence.value(), applied.time, applied.submission.body, applied.events});
    }
    if (told_)
        for (auto& [account, item] : news) told_(std::move(item));
}

Result<void> OrderMemory::watch(AccountId account) {
    {
        const std::scoped_lock lock(mutex_);
        if (orders_.is_watched(account)) return {};
    }
    desk_->service.read([&](const exchange::Venue& venue) {
        const std::scoped_lock lock(mutex_);
        if (orders_.is_watched(account)) return;
        orders_.watch(account);
        anybody_ = true;
        for (const auto& order : venue.orders_of(account)) {
            auto state = state_of(order);
            state.created = state.updated = venue.now();
            orders_.put(std::move(state));
        }
        for (const auto& waiting : venue.conditionals_of(account)) {
            auto state = state_of(waiting, account);
            state.created = state.updated = venue.now();
            orders_.put(std::move(state));
        }
    });
    return add_times(account);
}

/// When they were placed, and at what price they have traded: from the tables.
Result<void> OrderMemory::add_times(AccountId account) {
    for (const OrderStatus status : {OrderStatus::open, OrderStatus::waiting}) {
        exchange::HistoryQuery query;
        query.accounts = {account};
        query.status = status;
        query.limit = exchange::kHistoryLimitMax;
        ASTRO_TRY(const auto page, exchange::orders_of(desk_->store, query));
        const std::scoped_lock lock(mutex_);
        for (const auto& record : page.items) {
            if (auto* order = orders_.find(record.order_id)) dialects::complete(*order, record);
        }
    }
    return {};
}

std::optional<OrderState> OrderMemory::find(AccountId account, OrderId order) const {
    const std::scoped_lock lock(mutex_);
    const OrderState* found = orders_.find(account, order);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<OrderState> OrderMemory::find(AccountId account,
                                            const exchange::ClientId& name) const {
    const std::scoped_lock lock(mutex_);
    const OrderState* found = orders_.find(account, name);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<OrderState> OrderMemory::all(AccountId account) const {
    const std::scoped_lock lock(mutex_);
    return orders_.all(account);
}

}  // namespace astro::binance
