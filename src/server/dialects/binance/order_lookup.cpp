#include "server/dialects/binance/order_lookup.hpp"

#include <algorithm>
#include <map>

#include "capabilities/exchange/queries.hpp"

namespace astro::binance {

using exchange::OrderStatus;

Result<AccountId> watched_account(const Around& around, OrderMemory& orders, const Call& call) {
    ASTRO_TRY(const AccountId account, account_of(around, call));
    ASTRO_CHECK(orders.watch(account));
    return account;
}

Result<OrderState> find_order(const Around& around, const OrderMemory& orders, AccountId account,
                              std::optional<MarketId> market, const OrderName& name, bool algo) {
    const auto fits = [&](const OrderState& order) {
        return (!market || order.market == *market) && order.is_algo() == algo &&
               (!name.id || !name.client_id || order.client_id == *name.client_id);
    };
    const auto known =
        name.id ? orders.find(account, *name.id) : orders.find(account, *name.client_id);
    if (known && fits(*known)) return *known;
    exchange::HistoryQuery query;
    query.accounts = {account};
    query.market = market;
    query.order_id = name.id;
    query.client_id = name.client_id;
    query.limit = 1;
    ASTRO_TRY(const auto page, exchange::orders_of(around.desk.store, query));
    if (!page.items.empty())
        if (auto order = state_of(page.items.front()); fits(order)) return order;
    return refusal(fault::kNoSuchOrder, "Order does not exist.", "orderId");
}

Result<std::optional<MarketId>> optional_market(const Around& around, const Form& form) {
    if (!form.has("symbol")) return std::optional<MarketId>();
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    return std::optional(listed.id);
}

OrderSpan span_of(const Form& form, std::string_view id, bool algo) {
    OrderSpan out{.start = form.integer("startTime"), .end = form.integer("endTime"), .algo = algo};
    out.limit = static_cast<std::size_t>(form.integer("limit").value_or(500));
    if (const auto from = form.integer(id)) out.from = OrderId{static_cast<OrderId::Rep>(*from)};
    return out;
}

Result<std::vector<OrderState>> orders_in(const Around& around, const OrderMemory& orders,
                                          AccountId account, const Listed& listed,
                                          const OrderSpan& span) {
    std::map<OrderId, OrderState> found;
    exchange::HistoryQuery query;
    query.accounts = {account};
    query.market = listed.id;
    if (span.start) query.from = TimeMs{static_cast<TimeMs::Rep>(*span.start)};
    if (span.end) query.to = TimeMs{static_cast<TimeMs::Rep>(*span.end + 1)};
    query.limit = exchange::kHistoryLimitMax;
    ASTRO_TRY(const auto page, exchange::orders_of(around.desk.store, query));
    for (const auto& record : page.items) found[record.order_id] = state_of(record);
    for (auto& order : orders.all(account)) found[order.id] = std::move(order);
    std::vector<OrderState> out;
    for (const auto& [id, order] : found) {
        const auto time = static_cast<std::int64_t>(order.created.value());
        if (order.market == listed.id && order.is_algo() == span.algo &&
            (!span.from || id >= *span.from) && (!span.start || time >= *span.start) &&
            (!span.end || time <= *span.end))
            out.push_back(order);
    }
    const std::size_t count = std::min(span.limit, out.size());
    if (span.from || span.start)
        out.resize(count);
    else
        out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(count));
    return out;
}

std::vector<OrderState> open_orders(const OrderMemory& orders, AccountId account,
                                    std::optional<MarketId> market, bool algo) {
    auto out = orders.all(account);
    std::erase_if(out, [&](const OrderState& order) {
        return order.status == OrderStatus::closed || order.is_algo() != algo ||
               (market && order.market != *market);
    });
    return out;
}

}  // namespace astro::binance
