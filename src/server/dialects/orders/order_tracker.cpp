#include "server/dialects/orders/order_tracker.hpp"

#include <algorithm>

namespace astro::dialects {
namespace {

using exchange::CloseReason;
using exchange::OrderStatus;
using Forms = std::unordered_map<OrderId, OrderForm>;

/// How the orders of a command were asked for. A batch says which order is of which item; all
/// other commands place one, the first that is accepted.
class FormFinder {
  public:
    FormFinder(const exchange::Events& events, Forms& out) : events_(events), out_(out) {}

    void operator()(const exchange::PlaceOrder& c) const { first(c); }
    void operator()(const exchange::PlaceOco& c) const { first(c->order); }
    void operator()(const exchange::PlaceBracket& c) const { first(c->entry); }
    void operator()(const exchange::PlacePegged& c) const { first(c->order); }
    void operator()(const exchange::PlaceAuction& c) const { first(c->order); }
    void operator()(const exchange::BatchOrders& c) const {
        for (const auto& event : events_)
            if (const auto* item = std::get_if<exchange::BatchItem>(&event)) {
                const auto& action = c->actions[item->item];
                if (const auto* order = std::get_if<exchange::PlaceOrder>(&action))
                    out_[item->order] = form_of(*order);
                if (const auto* pegged = std::get_if<exchange::PlacePegged>(&action))
                    out_[item->order] = form_of((*pegged)->order);
            }
    }
    void operator()(const auto&) const {}

  private:
    void first(const exchange::PlaceOrder& order) const {
        for (const auto& event : events_)
            if (const auto* accepted = std::get_if<exchange::OrderAccepted>(&event)) {
                out_[accepted->order] = form_of(order);
                return;
            }
    }
    const exchange::Events& events_;
    Forms& out_;
};

}  // namespace

/// Goes through the events of one command.
struct OrderTracker::Hearing {
    OrderTracker& tracker;
    const Happened& applied;
    Forms forms{};
    std::map<OrderId, OrderId> waited{};  ///< placed → what had waited
    std::optional<OrderId> amending{};
    std::map<AccountId, AccountNews> news{};

    void prepare() {
        std::visit(FormFinder(applied.events, forms), applied.body);
        for (const auto& event : applied.events)
            if (const auto* e = std::get_if<exchange::OrderTriggered>(&event);
                e != nullptr && e->placed != OrderId{0})
                waited[e->placed] = e->waited;
    }
    AccountNews& of(AccountId account) {
        AccountNews& out = news[account];
        out.account = account;
        out.time = applied.time;
        out.sequence = applied.sequence;
        return out;
    }
    OrderState* known(OrderId order) { return tracker.find(order); }
    void tell(OrderNews::Kind kind, const OrderState& order, std::optional<Fill> fill = {}) {
        of(order.account).orders.push_back({kind, order, fill});
    }
    OrderForm form_for(OrderId order) {
        if (const auto at = waited.find(order); at != waited.end())
            if (const OrderState* before = known(at->second)) return before->form;
        const auto form = forms.find(order);
        return form == forms.end() ? OrderForm{} : form->second;
    }

    void operator()(const exchange::OrderAccepted& e) {
        if (!tracker.is_watched(e.account)) return;
        OrderState* order = known(e.order);
        const bool amends = order != nullptr && amending == e.order;
        amending.reset();
        if (!amends) {
            auto fresh = state_of(e, form_for(e.order), applied.time);
            if (const auto at = waited.find(e.order); at != waited.end()) fresh.waited = at->second;
            tracker.put(fresh);
            return tell(OrderNews::Kind::accepted, fresh);
        }
        order->price = e.price;
        order->size = order->filled + e.size;
        order->status = OrderStatus::open;
        order->reason.reset();
        order->updated = applied.time;
        tell(OrderNews::Kind::amended, *order);
    }
    void operator()(const exchange::ConditionalAccepted& e) {
        if (!tracker.is_watched(e.spec.account)) return;
        auto fresh = state_of(e, applied.time);
        tracker.put(fresh);
        tell(OrderNews::Kind::accepted, fresh);
    }
    void operator()(const exchange::Traded& e) {
        trade(e, e.taker_order, e.taker_fee, false);
        trade(e, e.maker_order, e.maker_fee, true);
    }
    void trade(const exchange::Traded& e, OrderId id, Quote fee, bool maker) {
        OrderState* order = known(id);
        if (order == nullptr) return;
        order->filled += e.size;
        order->filled_quote +=
            Quote{static_cast<std::int64_t>(exchange::notional(e.price, e.size))};
        order->updated = applied.time;
        if (order->filled >= order->size) {
            order->status = OrderStatus::closed;
            order->reason = CloseReason::filled;
        }
        tell(OrderNews::Kind::traded, *order, Fill{e.trade, e.price, e.size, fee, {}, maker});
    }
    void operator()(const exchange::OrderReduced& e) {
        OrderState* order = known(e.order);
        if (order == nullptr) return;
        order->size = order->filled + e.open;
        order->updated = applied.time;
        tell(OrderNews::Kind::amended, *order);
    }
    void operator()(const exchange::OrderClosed& e) {
        OrderState* order = known(e.order);
        if (order == nullptr) return;
        if (e.reason == CloseReason::amended) {
            amending = e.order;
            return;
        }
        order->status = OrderStatus::closed;
        order->reason = e.reason;
        order->updated = applied.time;
        if (e.reason != CloseReason::filled && e.reason != CloseReason::triggered)
            tell(OrderNews::Kind::closed, *order);
    }
    void operator()(const exchange::OrderTriggered& e) {
        OrderState* order = known(e.waited);
        if (order == nullptr) return;
        if (e.placed != OrderId{0}) order->placed = e.placed;
        if (e.refusal) order->refused = e.refusal.code;
        tell(OrderNews::Kind::triggered, *order);
    }
    void operator()(const exchange::BalanceChanged& e) {
        if (tracker.is_watched(e.account)) of(e.account).balances.push_back(e);
    }
    void operator()(const exchange::PositionChanged& e) {
        if (!tracker.is_watched(e.account)) return;
        AccountNews& out = of(e.account);
        out.positions.push_back(e);
        // It came of the trades before it: the last of them carries what they realised.
        for (auto at = out.orders.rbegin(); at != out.orders.rend(); ++at)
            if (at->fill && at->order.market == e.market) {
                at->fill->realized = e.realized;
                return;
            }
    }
    void operator()(const exchange::LeverageSet& e) {
        if (tracker.is_watched(e.account)) of(e.account).leverages.push_back(e);
    }
    void operator()(const auto&) {}
};

std::map<AccountId, AccountNews> OrderTracker::apply(const Happened& command) {
    Hearing hearing{*this, command};
    hearing.prepare();
    for (const auto& event : command.events) std::visit(hearing, event);
    for (const auto& [account, unused] : hearing.news) forget_oldest(accounts_[account]);
    return std::move(hearing.news);
}

void OrderTracker::watch(AccountId account) {
    if (watched_.size() <= account.value()) watched_.resize(account.value() + 1);
    watched_[account.value()] = true;
}

void OrderTracker::put(OrderState order) {
    owners_[order.id] = order.account;
    accounts_[order.account][order.id] = std::move(order);
}

/// Ids grow with time.
void OrderTracker::forget_oldest(Orders& orders) {
    if (orders.size() <= 2 * kClosedMax) return;
    auto closed = static_cast<std::size_t>(std::ranges::count_if(
        orders, [](const auto& o) { return o.second.status == OrderStatus::closed; }));
    for (auto at = orders.begin(); at != orders.end() && closed > kClosedMax;) {
        if (at->second.status != OrderStatus::closed) {
            ++at;
            continue;
        }
        owners_.erase(at->first);
        at = orders.erase(at);
        --closed;
    }
}

OrderState* OrderTracker::find(OrderId order) {
    const auto owner = owners_.find(order);
    return owner == owners_.end() ? nullptr : &accounts_[owner->second].at(order);
}

const OrderState* OrderTracker::find(OrderId order) const {
    const auto owner = owners_.find(order);
    return owner == owners_.end() ? nullptr : find(owner->second, order);
}

const OrderState* OrderTracker::find(AccountId account, OrderId order) const {
    const auto orders = accounts_.find(account);
    if (orders == accounts_.end()) return nullptr;
    const auto at = orders->second.find(order);
    return at == orders->second.end() ? nullptr : &at->second;
}

const OrderState* OrderTracker::find(AccountId account, const exchange::ClientId& name) const {
    const auto orders = accounts_.find(account);
    if (orders == accounts_.end()) return nullptr;
    for (auto at = orders->second.rbegin(); at != orders->second.rend(); ++at)
        if (at->second.client_id == name) return &at->second;
    return nullptr;
}

std::vector<OrderState> OrderTracker::all(AccountId account) const {
    std::vector<OrderState> out;
    if (const auto orders = accounts_.find(account); orders != accounts_.end())
        for (const auto& [id, order] : orders->second) out.push_back(order);
    return out;
}

}  // namespace astro::dialects
