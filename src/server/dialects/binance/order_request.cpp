#include "server/dialects/binance/order_request.hpp"

#include <algorithm>
#include <array>

namespace astro::binance {
namespace {

using exchange::ClientId;
using exchange::Leg;
using exchange::OrderType;
using exchange::PlaceOrder;
using exchange::PostOnly;
using exchange::SelfTrade;
using exchange::TimeInForce;
using exchange::Trigger;
using exchange::TriggerKind;
using exchange::TriggerSource;

/// An order type that waits, in the venue's terms.
struct WaitingType {
    std::string_view word;
    TriggerKind kind;
    OrderType type;
};
constexpr std::array kWaitingTypes{
    WaitingType{"STOP", TriggerKind::stop, OrderType::limit},
    WaitingType{"STOP_MARKET", TriggerKind::stop, OrderType::market},
    WaitingType{"TAKE_PROFIT", TriggerKind::take_profit, OrderType::limit},
    WaitingType{"TAKE_PROFIT_MARKET", TriggerKind::take_profit, OrderType::market},
    WaitingType{"TRAILING_STOP_MARKET", TriggerKind::trailing, OrderType::market},
};
const WaitingType* waiting_type(std::string_view word) {
    const auto at = std::ranges::find(kWaitingTypes, word, &WaitingType::word);
    return at == kWaitingTypes.end() ? nullptr : &*at;
}

Unexpected bad_precision(std::string_view name) {
    return refusal(
        fault::kBadPrecision,
        "Precision is over the maximum defined for this asset: '" + std::string(name) + "'.",
        std::string(name));
}

/// What the venue has nothing for is refused rather than dropped.
Result<void> check_unsupported(const Form& form) {
    if (form.flag("priceProtect"))
        return not_required("priceProtect", "triggered orders have the market's band instead");
    if (const auto match = form.text("priceMatch"); match && match != "NONE")
        return not_required("priceMatch", "prices are sent");
    if (form.has("activatePrice") || form.has("activationPrice"))
        return not_required("activatePrice", "a trailing stop follows at once");
    return {};
}

Result<void> set_time_in_force(const Form& form, PlaceOrder& order) {
    ASTRO_TRY(const auto word, form.needed("timeInForce"));
    if (word == "GTX") order.post_only = PostOnly::reject;
    if (word == "IOC") order.time_in_force = TimeInForce::ioc;
    if (word == "FOK") order.time_in_force = TimeInForce::fok;
    const auto until = form.integer("goodTillDate");
    if (word != "GTD") {
        if (until) return not_required("goodTillDate", "only of GTD");
        return {};
    }
    if (!until) return missing("goodTillDate");
    order.time_in_force = TimeInForce::gtt;
    order.expires = TimeMs{static_cast<TimeMs::Rep>(*until)};
    return {};
}

/// Side, size, leg and all that orders of every type have.
Result<PlaceOrder> common_order(const Form& form, const Listed& listed, AccountId account,
                                std::string_view client_id) {
    ASTRO_CHECK(check_unsupported(form));
    PlaceOrder order{.account = account, .market = listed.id};
    ASTRO_TRY(const auto side, form.needed("side"));
    order.side = side == "BUY" ? Side::buy : Side::sell;
    if (const auto leg = form.text("positionSide"))
        order.leg = leg == "LONG" ? Leg::long_leg : leg == "SHORT" ? Leg::short_leg : Leg::net;
    order.reduce_only = form.flag("reduceOnly");
    if (order.reduce_only && order.leg != Leg::net)
        return not_required("reduceOnly", "positionSide says it");
    if (const auto mode = form.text("selfTradePreventionMode")) {
        if (mode == "EXPIRE_MAKER") order.self_trade = SelfTrade::cancel_oldest;
        if (mode == "EXPIRE_BOTH") order.self_trade = SelfTrade::cancel_both;
    }
    if (const auto name = form.text(client_id)) order.client_id = ClientId(*name);
    return order;
}

/// A limit order's price and time in force, or that a market order has none.
Result<void> set_terms(const Form& form, PlaceOrder& order, bool needs_time_in_force) {
    if (order.type == OrderType::market) {
        for (const char* name : {"price", "goodTillDate"})
            if (form.has(name)) return not_required(name);
        // Some programs send it with everything.
        if (const auto word = form.text("timeInForce"); word == "GTX" || word == "GTD")
            return not_required("timeInForce");
        order.time_in_force = TimeInForce::ioc;
        return {};
    }
    ASTRO_TRY(const auto price, form.needed("price"));
    ASTRO_TRY(order.price, price_of("price", price));
    if (!needs_time_in_force && !form.has("timeInForce")) return {};
    return set_time_in_force(form, order);
}

/// The largest size that could be closed: when it triggers, it is cut to what is there.
Base whole_position(const MarketSettings& market, Price price) {
    const std::int64_t lot = market.lot_size.value();
    const Int128 value = static_cast<Int128>(market.order_notional_max.value()) / 2 *
                         exchange::kBaseUnit / std::max<std::int64_t>(price.value(), 1);
    const Int128 most = std::min<Int128>(value, market.order_size_max.value());
    return Base{std::max<std::int64_t>(static_cast<std::int64_t>(most) / lot * lot, lot)};
}

Result<void> set_size(const Form& form, const Listed& listed, Price about, PlaceOrder& order) {
    if (!form.flag("closePosition")) {
        ASTRO_TRY(const auto quantity, form.needed("quantity"));
        ASTRO_TRY(order.size, size_of("quantity", quantity));
        return {};
    }
    if (order.type != OrderType::market)
        return not_required("closePosition", "only of STOP_MARKET and TAKE_PROFIT_MARKET");
    for (const char* name : {"quantity", "reduceOnly"})
        if (form.has(name)) return not_required(name, "closePosition says it");
    order.reduce_only = order.leg == Leg::net;
    order.size = whole_position(*listed.settings, about);
    return {};
}

/// Per cent with up to one hundredth: 0.1 to 10 at Binance, up to 50 here.
Result<std::int64_t> trail_of(const Form& form) {
    ASTRO_TRY(const auto text, form.needed("callbackRate"));
    std::int64_t bps = 0;
    if (!parse_decimal(text, 2, bps)) return bad_precision("callbackRate");
    if (bps < 1 || bps > 5'000) return invalid("callbackRate", "it lies in 0.01 … 50.");
    return bps;
}

Result<Trigger> trigger_of(const Form& form, TriggerKind kind) {
    Trigger out{.kind = kind, .source = TriggerSource::last};
    if (form.text("workingType") == "MARK_PRICE") out.source = TriggerSource::mark;
    if (kind == TriggerKind::trailing) {
        for (const char* name : {"triggerPrice", "closePosition"})
            if (form.has(name)) return not_required(name, "a trailing stop has callbackRate");
        ASTRO_TRY(out.trail_bps, trail_of(form));
        return out;
    }
    if (form.has("callbackRate")) return not_required("callbackRate", "only of a trailing stop");
    ASTRO_TRY(const auto price, form.needed("triggerPrice"));
    ASTRO_TRY(out.price, price_of("triggerPrice", price));
    return out;
}

std::vector<gateway::Parameter> common_parameters() {
    return {
        symbol_parameter(),
        choice_parameter("side", "Which way", {"BUY", "SELL"}),
        choice_parameter("positionSide", "LONG or SHORT in hedge mode", {"BOTH", "LONG", "SHORT"}),
        choice_parameter("type", "What it is",
                         {"LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT",
                          "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"}),
        choice_parameter("timeInForce", "How long", {"GTC", "IOC", "FOK", "GTX", "GTD"}),
        number_parameter("quantity", "In the base asset", "1.5"),
        flag_parameter("reduceOnly", "It makes a position smaller only"),
        number_parameter("price", "Of a limit order", "100.5"),
        choice_parameter("selfTradePreventionMode", "When it would meet one's own order",
                         {"EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE"}),
        choice_parameter("priceMatch", "Only NONE: prices are sent",
                         {"NONE", "OPPONENT", "OPPONENT_5", "OPPONENT_10", "OPPONENT_20", "QUEUE",
                          "QUEUE_5", "QUEUE_10", "QUEUE_20"}),
        time_parameter("goodTillDate", "When a GTD order ends"),
        choice_parameter("newOrderRespType", "Both are answered alike", {"ACK", "RESULT"})};
}

}  // namespace

std::vector<gateway::Parameter> order_parameters() {
    auto out = common_parameters();
    out.push_back(name_parameter("newClientOrderId", "One's own name of it"));
    for (auto& name : {"stopPrice", "activationPrice", "callbackRate"})
        out.push_back(number_parameter(name, "Of orders that /fapi/v1/algoOrder takes", "95"));
    out.push_back(flag_parameter("closePosition", "Of orders that /fapi/v1/algoOrder takes"));
    out.push_back(choice_parameter("workingType", "Of orders that /fapi/v1/algoOrder takes",
                                   {"CONTRACT_PRICE", "MARK_PRICE"}));
    out.push_back(flag_parameter("priceProtect", "Only false"));
    return out;
}

std::vector<gateway::Parameter> algo_parameters() {
    auto out = common_parameters();
    out.push_back(choice_parameter("algoType", "Only this", {"CONDITIONAL"}));
    out.push_back(number_parameter("triggerPrice", "At which it is placed", "95"));
    out.push_back(choice_parameter("workingType", "Which price reaches it",
                                   {"CONTRACT_PRICE", "MARK_PRICE"}));
    out.push_back(flag_parameter("closePosition", "All of the position"));
    out.push_back(flag_parameter("priceProtect", "Only false"));
    for (const char* name : {"activatePrice", "activationPrice"})
        out.push_back(number_parameter(name, "Not taken: a trailing stop follows at once", "95"));
    out.push_back(
        number_parameter("callbackRate", "Of a trailing stop: its distance, per cent", "1.5"));
    out.push_back(name_parameter("clientAlgoId", "One's own name of it"));
    return out;
}

Result<Price> price_of(std::string_view name, std::string_view text) {
    std::int64_t value = 0;
    if (!parse_decimal(text, exchange::PriceTag::kDecimals, value)) return bad_precision(name);
    return Price{value};
}

Result<Base> size_of(std::string_view name, std::string_view text) {
    std::int64_t value = 0;
    if (!parse_decimal(text, exchange::BaseTag::kDecimals, value)) return bad_precision(name);
    return Base{value};
}

Result<PlaceOrder> plain_order(const Form& form, const Listed& listed, AccountId account) {
    ASTRO_TRY(const auto type, form.needed("type"));
    if (waiting_type(type) != nullptr)
        return refusal(fault::kUseAlgo,
                       "Order type not supported for this endpoint. Please use the Algo Order API "
                       "endpoints instead.",
                       "type");
    for (const char* name : {"stopPrice", "activationPrice", "callbackRate"})
        if (form.has(name)) return not_required(name);
    if (form.flag("closePosition")) return not_required("closePosition");
    ASTRO_TRY(PlaceOrder order, common_order(form, listed, account, "newClientOrderId"));
    order.type = type == "MARKET" ? OrderType::market : OrderType::limit;
    ASTRO_CHECK(set_terms(form, order, true));
    ASTRO_CHECK(set_size(form, listed, order.price, order));
    return order;
}

Result<exchange::WaitingOrder> waiting_order(const Form& form, const Listed& listed,
                                             AccountId account) {
    if (!form.has("algoType")) return missing("algoType");
    ASTRO_TRY(const auto word, form.needed("type"));
    const WaitingType* type = waiting_type(word);
    if (type == nullptr) return refusal(fault::kBadOrderType, "Invalid orderType.", "type");
    exchange::WaitingOrder out;
    ASTRO_TRY(out.order, common_order(form, listed, account, "clientAlgoId"));
    out.order.type = type->type;
    ASTRO_CHECK(set_terms(form, out.order, false));
    ASTRO_TRY(out.trigger, trigger_of(form, type->kind));
    ASTRO_CHECK(set_size(form, listed, out.trigger.price, out.order));
    return out;
}

Result<OrderName> name_of(const Form& form, std::string_view id, std::string_view client_id) {
    OrderName out;
    if (const auto number = form.integer(id)) out.id = OrderId{static_cast<OrderId::Rep>(*number)};
    if (const auto name = form.text(client_id)) out.client_id = ClientId(*name);
    if (!out.id && !out.client_id)
        return refusal(
            fault::kMissing,
            "Param '" + std::string(client_id) + "' or '" + std::string(id) + "' must be sent.",
            std::string(id));
    return out;
}

}  // namespace astro::binance
