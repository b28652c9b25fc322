#pragma once

#include <optional>

#include "capabilities/exchange/engine/events.hpp"
#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/records.hpp"
#include "foundation/base/describe.hpp"

/// An order as the dialect tells it, wherever it is known from.
namespace astro::binance {

using exchange::AccountId;
using exchange::Base;
using exchange::MarketId;
using exchange::OrderId;
using exchange::Price;
using exchange::Quote;
using exchange::Side;

/// What was asked for beside price and size.
struct OrderForm {
    exchange::OrderType type = exchange::OrderType::limit;
    exchange::TimeInForce time_in_force = exchange::TimeInForce::gtc;
    exchange::PostOnly post_only = exchange::PostOnly::no;
    exchange::SelfTrade self_trade = exchange::SelfTrade::cancel_newest;
};
[[nodiscard]] OrderForm form_of(const exchange::PlaceOrder& order);

struct OrderState {
    OrderId id{};
    AccountId account{};
    MarketId market{};
    exchange::ClientId client_id{};
    Side side = Side::buy;
    exchange::Leg leg = exchange::Leg::net;
    bool reduce_only = false;
    Price price{};  ///< at which it may trade at worst
    Base size{}, filled{};
    Quote filled_quote{};
    exchange::OrderStatus status = exchange::OrderStatus::open;
    std::optional<exchange::CloseReason> reason{};  ///< of a closed one
    OrderForm form{};
    TimeMs expires{}, created{}, updated{};
    std::optional<exchange::Trigger> trigger{};      ///< of one that waits, or has waited
    std::optional<OrderId> placed{};                 ///< what came of it
    std::optional<exchange::RefusalCode> refused{};  ///< why nothing came of it

    [[nodiscard]] bool is_algo() const { return trigger.has_value(); }
    [[nodiscard]] std::optional<Price> average() const;
};

[[nodiscard]] OrderState state_of(const exchange::Venue::OrderView& order);
[[nodiscard]] OrderState state_of(const exchange::Conditional& waiting, AccountId account);
/// Of the tables, which do not say whether an order was a market order: it is told as a limit
/// order.
[[nodiscard]] OrderState state_of(const exchange::OrderRecord& record);
[[nodiscard]] OrderState state_of(const exchange::OrderAccepted& accepted, const OrderForm& form,
                                  TimeMs time);
[[nodiscard]] OrderState state_of(const exchange::ConditionalAccepted& accepted, TimeMs time);

/// REST's order. The members' names are Binance's.
struct OrderAnswer {
    std::uint64_t orderId = 0;
    std::string symbol{}, status{}, clientOrderId{};
    std::string price{}, avgPrice{};
    Base origQty{}, executedQty{}, cumQty{};
    Quote cumQuote{};
    std::string timeInForce{}, type{};
    bool reduceOnly = false, closePosition = false;
    std::string side{}, positionSide{"BOTH"}, stopPrice{"0"}, workingType{"CONTRACT_PRICE"};
    bool priceProtect = false;
    std::string origType{}, priceMatch{"NONE"}, selfTradePreventionMode{"EXPIRE_TAKER"};
    std::int64_t goodTillDate = 0, time = 0, updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(OrderAnswer, (),
                      (orderId, symbol, status, clientOrderId, price, avgPrice, origQty,
                       executedQty, cumQty, cumQuote, timeInForce, type, reduceOnly, closePosition,
                       side, positionSide, stopPrice, workingType, priceProtect, origType,
                       priceMatch, selfTradePreventionMode, goodTillDate, time, updateTime))
[[nodiscard]] OrderAnswer order_answer(const OrderState& order, const std::string& symbol);

/// One that waits for its price.
struct AlgoAnswer {
    std::uint64_t algoId = 0;
    std::string clientAlgoId{}, algoType{"CONDITIONAL"}, orderType{}, symbol{}, side{},
        positionSide{"BOTH"}, timeInForce{};
    Base quantity{};
    std::string algoStatus{}, actualOrderId{}, triggerPrice{}, price{}, workingType{},
        callbackRate{"0"}, priceMatch{"NONE"}, selfTradePreventionMode{};
    bool closePosition = false, priceProtect = false, reduceOnly = false;
    std::int64_t createTime = 0, updateTime = 0, triggerTime = 0, goodTillDate = 0;
};
BOOST_DESCRIBE_STRUCT(AlgoAnswer, (),
                      (algoId, clientAlgoId, algoType, orderType, symbol, side, positionSide,
                       timeInForce, quantity, algoStatus, actualOrderId, triggerPrice, price,
                       workingType, callbackRate, priceMatch, selfTradePreventionMode,
                       closePosition, priceProtect, reduceOnly, createTime, updateTime, triggerTime,
                       goodTillDate))
[[nodiscard]] AlgoAnswer algo_answer(const OrderState& order, const std::string& symbol);

// Words, each the reverse of what a request says.
[[nodiscard]] std::string side_word(Side side);
[[nodiscard]] std::string leg_word(exchange::Leg leg);
[[nodiscard]] std::string type_word(const OrderState& order);  ///< "LIMIT", "STOP_MARKET", …
[[nodiscard]] std::string time_in_force_word(const OrderForm& form);
[[nodiscard]] std::string self_trade_word(exchange::SelfTrade mode);
[[nodiscard]] std::string working_type_word(const OrderState& order);
[[nodiscard]] std::string status_word(const OrderState& order);
[[nodiscard]] std::string algo_status_word(const OrderState& order);

}  // namespace astro::binance
