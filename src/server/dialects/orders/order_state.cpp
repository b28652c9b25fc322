#include "server/dialects/orders/order_state.hpp"

#include "capabilities/exchange/average_price.hpp"

namespace astro::dialects {

using exchange::OrderStatus;
using exchange::OrderType;
using exchange::TimeInForce;
using exchange::TriggerSource;

OrderForm form_of(const exchange::PlaceOrder& order) {
    return {order.type, order.time_in_force, order.post_only, order.self_trade};
}

std::optional<Price> OrderState::average() const {
    return exchange::average_price(filled_quote, filled);
}

OrderState state_of(const exchange::Venue::OrderView& order) {
    OrderState out{.id = order.order, .account = order.account, .market = order.market};
    out.client_id = order.client_id;
    out.side = order.side;
    out.leg = order.leg;
    out.reduce_only = order.reduce_only;
    out.price = order.price;
    out.size = order.size;
    out.filled = order.size - order.open;
    out.filled_quote =
        Quote{static_cast<std::int64_t>(exchange::notional(order.price, out.filled))};
    return out;
}

OrderState state_of(const exchange::Conditional& waiting, AccountId account) {
    const auto& order = waiting.order;
    OrderState out{.id = waiting.id, .account = account, .market = order.market};
    out.client_id = order.client_id;
    out.side = order.side;
    out.leg = order.leg;
    out.reduce_only = order.reduce_only;
    out.price = order.price;
    out.size = order.size;
    out.display = order.display;
    out.status = OrderStatus::waiting;
    out.form = form_of(order);
    out.expires = order.expires;
    out.trigger = waiting.trigger;
    return out;
}

OrderState state_of(const exchange::OrderRecord& record) {
    OrderState out{.id = record.order_id, .account = record.account, .market = record.market};
    out.client_id = record.client_id.value_or(exchange::ClientId{});
    out.side = record.side;
    out.leg = record.leg;
    out.reduce_only = record.reduce_only;
    out.price = record.price;
    out.size = record.size;
    out.filled = record.filled;
    out.filled_quote = record.filled_quote;
    out.status = record.status;
    out.reason = record.closed_reason;
    out.expires = record.expires;
    if (record.expires != TimeMs{0}) out.form.time_in_force = TimeInForce::gtt;
    out.created = record.time;
    out.updated = record.closed.value_or(record.time);
    if (record.trigger_kind) {
        out.trigger = exchange::Trigger{
            *record.trigger_kind, record.trigger_source.value_or(TriggerSource::mark),
            record.trigger_price.value_or(Price{}), record.trail_bps.value_or(0)};
        if (record.price == Price{0}) out.form.type = OrderType::market;
        out.placed = record.placed_id;
        out.refused = record.refused;
    }
    return out;
}

void complete(OrderState& order, const exchange::OrderRecord& record) {
    order.created = order.updated = record.time;
    order.expires = record.expires;
    if (record.expires != TimeMs{0}) order.form.time_in_force = TimeInForce::gtt;
    if (record.filled == order.filled) order.filled_quote = record.filled_quote;
}

OrderState state_of(const exchange::OrderAccepted& e, const OrderForm& form, TimeMs time) {
    OrderState out{.id = e.order, .account = e.account, .market = e.market};
    out.client_id = e.client_id;
    out.side = e.side;
    out.leg = e.leg;
    out.reduce_only = e.reduce_only;
    out.price = e.price;
    out.size = e.size;
    out.display = e.display;
    out.form = form;
    out.expires = e.expires;
    out.created = out.updated = time;
    return out;
}

OrderState state_of(const exchange::ConditionalAccepted& e, TimeMs time) {
    exchange::Conditional waiting{};
    waiting.id = e.order;
    waiting.order = e.spec;
    waiting.trigger = e.trigger;
    OrderState out = state_of(waiting, e.spec.account);
    out.created = out.updated = time;
    return out;
}

}  // namespace astro::dialects
