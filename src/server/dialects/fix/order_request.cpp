#include "server/dialects/fix/order_request.hpp"

#include <algorithm>
#include <array>

namespace astro::fix {
namespace {

using exchange::ClientId;
using exchange::OrderType;
using exchange::PlaceOrder;
using exchange::PostOnly;
using exchange::RefusalCode;
using exchange::SelfTrade;
using exchange::Side;
using exchange::TimeInForce;
using exchange::Trigger;
using exchange::TriggerKind;

// OrdRejReason and CxlRejReason, of FIX 4.4.
constexpr int kUnknownSymbol = 1, kExceedsLimit = 3, kUnknownOrder = 5, kDuplicateOrder = 6,
              kUnsupported = 11, kIncorrectQuantity = 13, kUnknownAccount = 15, kOther = 99;
constexpr int kCancelTooLate = 0, kCancelUnknownOrder = 1, kCancelOption = 2, kCancelDuplicate = 6,
              kCancelOther = 99;

Unexpected bad(std::string_view code, int tag, const std::string& why) {
    return refusal(code, "field " + std::to_string(tag) + " " + why, std::to_string(tag));
}

/// A number with the decimals that the venue counts.
template <class Tag>
Result<Strong<Tag>> decimal_of(const Fields& fields, int tag, std::string_view code) {
    const auto text = fields.find(tag);
    if (!text) return bad(code, tag, "is needed for this order");
    Strong<Tag> out{};
    if (!from_text(*text, out) || out <= Strong<Tag>{0})
        return bad(code, tag,
                   "is a number above zero of at most " + std::to_string(Tag::kDecimals) +
                       " decimals, not '" + std::string(text->substr(0, 32)) + "'");
    return out;
}

bool has_instruction(const Fields& fields, char which) {
    return fields.text(tag::kExecInst).find(which) != std::string_view::npos;
}

Result<MarketId> market_in(const Fields& fields, const MarketOf& market_of) {
    const auto market = market_of(fields.text(tag::kSymbol));
    if (!market)
        return bad(fault::kSymbol, tag::kSymbol, "names no market; SecurityListRequest lists them");
    return *market;
}

Side side_in(const Fields& fields) {
    return fields.is(tag::kSide, "1") ? Side::buy : Side::sell;
}

Result<void> set_time_in_force(const Fields& fields, PlaceOrder& order) {
    const std::string_view word = fields.text(tag::kTimeInForce);
    if (word == "3") order.time_in_force = TimeInForce::ioc;
    if (word == "4") order.time_in_force = TimeInForce::fok;
    const bool until = word == "6";
    if (until != fields.find(tag::kExpireTime).has_value())
        return bad(fault::kUnsupported, tag::kExpireTime,
                   "goes with TimeInForce 6, and with no other");
    if (!until) return {};
    const auto time = parse_utc(fields.text(tag::kExpireTime));
    if (!time) return bad(fault::kValue, tag::kExpireTime, "is a time such as 20261130-12:00:00");
    order.time_in_force = TimeInForce::gtt;
    order.expires = *time;
    return {};
}

Result<void> set_limit(const Fields& fields, PlaceOrder& order) {
    order.type = OrderType::limit;
    ASTRO_TRY(order.price, decimal_of<exchange::PriceTag>(fields, tag::kPrice, fault::kValue));
    if (has_instruction(fields, '6')) order.post_only = PostOnly::reject;
    if (fields.find(tag::kMaxFloor)) {
        ASTRO_TRY(order.display,
                  decimal_of<exchange::BaseTag>(fields, tag::kMaxFloor, fault::kQuantity));
    }
    return set_time_in_force(fields, order);
}

/// What only limit orders have is refused, rather than dropped.
Result<void> set_market(const Fields& fields, PlaceOrder& order) {
    order.type = OrderType::market;
    order.time_in_force = TimeInForce::ioc;
    for (const int tag : {tag::kPrice, tag::kMaxFloor, tag::kExpireTime})
        if (fields.find(tag))
            return bad(fault::kUnsupported, tag, "does not go with an order without a limit");
    if (has_instruction(fields, '6'))
        return bad(fault::kUnsupported, tag::kExecInst, "6 (post only) needs a limit");
    if (fields.is(tag::kTimeInForce, "4")) order.time_in_force = TimeInForce::fok;
    if (fields.is(tag::kTimeInForce, "6"))
        return bad(fault::kUnsupported, tag::kTimeInForce, "6 (good till date) needs a limit");
    return {};
}

/// Of OrdType 3, 4, J and P.
Result<Trigger> trigger_in(const Fields& fields) {
    Trigger out;
    if (fields.is(tag::kOrdType, "P")) {
        if (!has_instruction(fields, 'a') || !fields.is(tag::kPegOffsetType, "1"))
            return bad(fault::kUnsupported, tag::kOrdType,
                       "P is a trailing stop: with ExecInst a and PegOffsetType 1 (basis points)");
        const auto trail = fields.number(tag::kPegOffsetValue);
        if (!trail)
            return bad(fault::kValue, tag::kPegOffsetValue, "is a whole number of basis points");
        out.kind = TriggerKind::trailing;
        out.trail_bps = *trail;
        return out;
    }
    ASTRO_TRY(out.price, decimal_of<exchange::PriceTag>(fields, tag::kStopPx, fault::kValue));
    if (fields.is(tag::kOrdType, "J")) out.kind = TriggerKind::take_profit;
    return out;
}

void set_self_trade(const Fields& fields, PlaceOrder& order) {
    const std::string_view mode = fields.text(tag::kSelfTrade);
    if (mode == "O") order.self_trade = SelfTrade::cancel_oldest;
    if (mode == "B") order.self_trade = SelfTrade::cancel_both;
    if (mode == "D") order.self_trade = SelfTrade::decrement;
}

}  // namespace

Result<ClientId> client_id_of(const Fields& fields, int tag) {
    ClientId out;
    if (!from_text(fields.text(tag), out))
        return bad(fault::kValue, tag, "is 1 to 36 of the characters A-Z a-z 0-9 . _ : / -");
    return out;
}

Result<void> check_account(const Fields& fields, AccountId account) {
    const auto named = fields.find(tag::kAccount);
    if (!named || *named == std::to_string(account.value())) return {};
    return bad(fault::kAccount, tag::kAccount,
               "is not the session's, which is " + std::to_string(account.value()));
}

Result<exchange::CommandBody> new_order(const Fields& fields, AccountId account,
                                        const MarketOf& market_of) {
    ASTRO_CHECK(check_account(fields, account));
    PlaceOrder order{.account = account};
    ASTRO_TRY(order.client_id, client_id_of(fields, tag::kClOrdId));
    ASTRO_TRY(order.market, market_in(fields, market_of));
    order.side = side_in(fields);
    ASTRO_TRY(order.size, decimal_of<exchange::BaseTag>(fields, tag::kOrderQty, fault::kQuantity));
    order.reduce_only = has_instruction(fields, 'E');
    set_self_trade(fields, order);
    const std::string_view type = fields.text(tag::kOrdType);
    ASTRO_CHECK(type == "2" || type == "4" ? set_limit(fields, order) : set_market(fields, order));
    if (type == "1" || type == "2") {
        if (fields.find(tag::kStopPx))
            return bad(fault::kUnsupported, tag::kStopPx, "goes with OrdType 3, 4 and J");
        return exchange::CommandBody(order);
    }
    ASTRO_TRY(const Trigger trigger, trigger_in(fields));
    return exchange::CommandBody(
        exchange::PlaceConditional(exchange::WaitingOrder{order, trigger}));
}

Result<exchange::AmendOrder> replacement(const Fields& fields, const OrderState& order,
                                         const MarketOf& market_of) {
    ASTRO_TRY(const MarketId market, market_in(fields, market_of));
    if (market != order.market)
        return bad(fault::kUnsupported, tag::kSymbol, "is the order's own, which does not change");
    if (side_in(fields) != order.side)
        return bad(fault::kUnsupported, tag::kSide, "is the order's own, which does not change");
    if (order.trigger || fields.find(tag::kStopPx))
        return bad(fault::kUnsupported, tag::kOrdType,
                   "is of an order that waits: cancel it and send another");
    if (!fields.is(tag::kOrdType, "2"))
        return bad(fault::kUnsupported, tag::kOrdType, "is 2 (limit) of every order that rests");
    if (const auto shown = fields.find(tag::kMaxFloor); shown && *shown != to_text(order.display))
        return bad(fault::kUnsupported, tag::kMaxFloor, "does not change");
    exchange::AmendOrder out{.account = order.account, .order = order.id};
    if (fields.find(tag::kPrice)) {
        ASTRO_TRY(out.price, decimal_of<exchange::PriceTag>(fields, tag::kPrice, fault::kValue));
    }
    if (fields.find(tag::kOrderQty)) {
        ASTRO_TRY(out.size,
                  decimal_of<exchange::BaseTag>(fields, tag::kOrderQty, fault::kQuantity));
    }
    if (!out.price && !out.size)
        return bad(fault::kValue, tag::kPrice, "or 38 says what is to change");
    return out;
}

Result<exchange::CancelAll> mass_cancel(const Fields& fields, AccountId account,
                                        const MarketOf& market_of) {
    ASTRO_CHECK(check_account(fields, account));
    exchange::CancelAll out{.account = account};
    if (fields.is(tag::kMassCancelType, "1")) {
        ASTRO_TRY(out.market, market_in(fields, market_of));
    }
    if (fields.find(tag::kSide)) out.side = side_in(fields);
    return out;
}

int order_reason(std::string_view code) {
    if (code == fault::kSymbol) return kUnknownSymbol;
    if (code == fault::kAccount) return kUnknownAccount;
    if (code == fault::kDuplicate) return kDuplicateOrder;
    if (code == fault::kUnsupported) return kUnsupported;
    if (code == fault::kQuantity) return kIncorrectQuantity;
    return kOther;
}

int cancel_reason(std::string_view code) {
    if (code == fault::kUnknownOrder) return kCancelUnknownOrder;
    if (code == fault::kDuplicate) return kCancelDuplicate;
    if (code == fault::kUnsupported) return kCancelOption;
    return kCancelOther;
}

int order_reason(RefusalCode code) {
    switch (code) {
        case RefusalCode::market_unknown:
            return kUnknownSymbol;
        case RefusalCode::account_unknown:
            return kUnknownAccount;
        case RefusalCode::client_id_duplicate:
            return kDuplicateOrder;
        case RefusalCode::order_unknown:
            return kUnknownOrder;
        case RefusalCode::order_inconsistent:
            return kUnsupported;
        case RefusalCode::size_not_lot:
        case RefusalCode::size_too_small:
        case RefusalCode::size_too_large:
        case RefusalCode::notional_too_small:
            return kIncorrectQuantity;
        case RefusalCode::margin_insufficient:
        case RefusalCode::position_too_large:
        case RefusalCode::open_interest_too_large:
        case RefusalCode::notional_too_large:
        case RefusalCode::too_many_orders:
            return kExceedsLimit;
        case RefusalCode::market_not_open:
        case RefusalCode::market_state:
            return 2;  // exchange closed
        default:
            return kOther;
    }
}

int cancel_reason(RefusalCode code) {
    return code == RefusalCode::order_unknown ? kCancelTooLate : kCancelOther;
}

}  // namespace astro::fix
