#pragma once

#include <string>

#include "foundation/base/describe.hpp"
#include "server/dialects/orders/order_state.hpp"

/// How the dialect tells an order.
namespace astro::binance {

using exchange::AccountId;
using exchange::Base;
using exchange::MarketId;
using exchange::OrderId;
using exchange::Price;
using exchange::Quote;
using exchange::Side;

using dialects::form_of;
using dialects::OrderForm;
using dialects::OrderState;
using dialects::state_of;

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
