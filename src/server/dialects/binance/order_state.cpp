#include "server/dialects/binance/order_state.hpp"

namespace astro::binance {

using exchange::CloseReason;
using exchange::Leg;
using exchange::OrderStatus;
using exchange::OrderType;
using exchange::PostOnly;
using exchange::SelfTrade;
using exchange::TimeInForce;
using exchange::TriggerKind;
using exchange::TriggerSource;

std::string side_word(Side side) {
    return side == Side::buy ? "BUY" : "SELL";
}

std::string leg_word(Leg leg) {
    return leg == Leg::net ? "BOTH" : leg == Leg::long_leg ? "LONG" : "SHORT";
}

std::string type_word(const OrderState& order) {
    const bool at_market = order.form.type == OrderType::market;
    if (!order.trigger) return at_market ? "MARKET" : "LIMIT";
    switch (order.trigger->kind) {
        case TriggerKind::trailing:
            return "TRAILING_STOP_MARKET";
        case TriggerKind::stop:
            return at_market ? "STOP_MARKET" : "STOP";
        case TriggerKind::take_profit:
            break;
    }
    return at_market ? "TAKE_PROFIT_MARKET" : "TAKE_PROFIT";
}

std::string time_in_force_word(const OrderForm& form) {
    if (form.post_only != PostOnly::no) return "GTX";
    // Binance tells a market order as good till it is cancelled.
    if (form.type == OrderType::market) return "GTC";
    switch (form.time_in_force) {
        case TimeInForce::gtc:
            return "GTC";
        case TimeInForce::gtt:
            return "GTD";
        case TimeInForce::ioc:
            return "IOC";
        case TimeInForce::fok:
            break;
    }
    return "FOK";
}

std::string self_trade_word(SelfTrade mode) {
    switch (mode) {
        case SelfTrade::cancel_newest:
            return "EXPIRE_TAKER";
        case SelfTrade::cancel_oldest:
            return "EXPIRE_MAKER";
        case SelfTrade::cancel_both:
        case SelfTrade::decrement:
            break;
    }
    return "EXPIRE_BOTH";
}

std::string working_type_word(const OrderState& order) {
    return order.trigger && order.trigger->source != TriggerSource::last ? "MARK_PRICE"
                                                                         : "CONTRACT_PRICE";
}

std::string status_word(const OrderState& order) {
    if (order.status != OrderStatus::closed)
        return order.filled > Base{0} ? "PARTIALLY_FILLED" : "NEW";
    switch (order.reason.value_or(CloseReason::filled)) {
        case CloseReason::filled:
            return "FILLED";
        case CloseReason::cancelled:
        case CloseReason::dead_man:
        case CloseReason::partner_done:
            return "CANCELED";
        case CloseReason::self_trade:
            return "EXPIRED_IN_MATCH";
        case CloseReason::refused:
            return "REJECTED";
        case CloseReason::not_traded:
        case CloseReason::expired:
        case CloseReason::reduce_only:
        case CloseReason::amended:
        case CloseReason::liquidation:
        case CloseReason::triggered:
        case CloseReason::market:
            break;
    }
    return "EXPIRED";
}

std::string algo_status_word(const OrderState& order) {
    if (order.status != OrderStatus::closed) return "NEW";
    if (order.reason == CloseReason::triggered)
        return order.placed ? "FINISHED" : order.refused ? "REJECTED" : "TRIGGERED";
    return status_word(order) == "CANCELED" ? "CANCELED" : "EXPIRED";
}

OrderAnswer order_answer(const OrderState& order, const std::string& symbol) {
    OrderAnswer out{.orderId = order.id.value(), .symbol = symbol, .status = status_word(order)};
    out.clientOrderId = to_text(order.client_id);
    out.price = order.form.type == OrderType::market ? "0" : to_text(order.price);
    out.avgPrice = to_text(order.average().value_or(Price{}));
    out.origQty = order.size;
    out.executedQty = out.cumQty = order.filled;
    out.cumQuote = order.filled_quote;
    out.timeInForce = time_in_force_word(order.form);
    out.type = out.origType = type_word(order);
    out.reduceOnly = order.reduce_only;
    out.side = side_word(order.side);
    out.positionSide = leg_word(order.leg);
    out.selfTradePreventionMode = self_trade_word(order.form.self_trade);
    out.goodTillDate = order.expires.value();
    out.time = order.created.value();
    out.updateTime = order.updated.value();
    return out;
}

AlgoAnswer algo_answer(const OrderState& order, const std::string& symbol) {
    const exchange::Trigger trigger = order.trigger.value_or(exchange::Trigger{});
    AlgoAnswer out{.algoId = order.id.value(), .clientAlgoId = to_text(order.client_id)};
    out.orderType = type_word(order);
    out.symbol = symbol;
    out.side = side_word(order.side);
    out.positionSide = leg_word(order.leg);
    out.timeInForce = time_in_force_word(order.form);
    out.quantity = order.size;
    out.algoStatus = algo_status_word(order);
    if (order.placed) out.actualOrderId = std::to_string(order.placed->value());
    out.triggerPrice = to_text(trigger.price);
    out.price = order.form.type == OrderType::market ? "0" : to_text(order.price);
    out.workingType = working_type_word(order);
    out.callbackRate = decimal_text(trigger.trail_bps, 2);
    out.selfTradePreventionMode = self_trade_word(order.form.self_trade);
    out.reduceOnly = order.reduce_only;
    out.createTime = order.created.value();
    out.updateTime = order.updated.value();
    if (order.reason == CloseReason::triggered) out.triggerTime = order.updated.value();
    out.goodTillDate = order.expires.value();
    return out;
}

}  // namespace astro::binance
