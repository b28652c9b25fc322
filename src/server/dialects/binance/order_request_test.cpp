#include "server/dialects/binance/order_request.hpp"

#include <gtest/gtest.h>

#include "server/dialects/binance/order_state.hpp"

namespace astro::binance {
namespace {

using exchange::Leg;
using exchange::OrderType;
using exchange::PostOnly;
using exchange::SelfTrade;
using exchange::TimeInForce;
using exchange::TriggerKind;
using exchange::TriggerSource;

const Listed kListed{MarketId{0}, "SOL-PERP", "SOLUSDC",
                     std::make_shared<const MarketSettings>(exchange::default_markets()[0])};

net::Request asked(const std::string& query) {
    net::Request request;
    request.target = "/fapi/v1/order?symbol=SOLUSDC&" + query;
    EXPECT_TRUE(net::split_target(request));
    return request;
}
template <class T>
std::int64_t code_of(const Result<T>& result) {
    return result ? 0 : fault_of(result.error()).code;
}
Result<exchange::PlaceOrder> plain(const std::string& query) {
    ASTRO_TRY(const Form form, Form::read(asked(query), order_parameters()));
    return plain_order(form, kListed, AccountId{7});
}
Result<exchange::WaitingOrder> waiting(const std::string& query) {
    ASTRO_TRY(const Form form,
              Form::read(asked("algoType=CONDITIONAL&" + query), algo_parameters()));
    return waiting_order(form, kListed, AccountId{7});
}

TEST(BinanceOrderRequest, ALimitOrderIsTheVenues) {
    const auto order = plain(
                           "side=SELL&type=LIMIT&timeInForce=GTC&quantity=1.5&price=101.25"
                           "&reduceOnly=true&newClientOrderId=grid-1"
                           "&selfTradePreventionMode=EXPIRE_MAKER&newOrderRespType=RESULT")
                           .value();
    EXPECT_EQ(order.account, AccountId{7});
    EXPECT_EQ(order.side, Side::sell);
    EXPECT_EQ(order.type, OrderType::limit);
    EXPECT_EQ(order.time_in_force, TimeInForce::gtc);
    EXPECT_EQ(order.size, Base{1'500'000'000});
    EXPECT_EQ(order.price, Price{101'250'000});
    EXPECT_TRUE(order.reduce_only);
    EXPECT_EQ(order.client_id.text(), "grid-1");
    EXPECT_EQ(order.self_trade, SelfTrade::cancel_oldest);
}

TEST(BinanceOrderRequest, AMarketOrderHasNoPrice) {
    const auto order = plain("side=BUY&type=MARKET&quantity=2&positionSide=LONG").value();
    EXPECT_EQ(order.type, OrderType::market);
    EXPECT_EQ(order.time_in_force, TimeInForce::ioc);
    EXPECT_EQ(order.leg, Leg::long_leg);
    EXPECT_EQ(code_of(plain("side=BUY&type=MARKET&quantity=2&price=1")), -1106);
    EXPECT_EQ(code_of(plain("side=BUY&type=MARKET")), -1102);
}

TEST(BinanceOrderRequest, TimesInForce) {
    const std::string start = "side=BUY&type=LIMIT&quantity=1&price=100&timeInForce=";
    EXPECT_EQ(plain(start + "IOC")->time_in_force, TimeInForce::ioc);
    EXPECT_EQ(plain(start + "FOK")->time_in_force, TimeInForce::fok);
    EXPECT_EQ(plain(start + "GTX")->post_only, PostOnly::reject);
    const auto dated = plain(start + "GTD&goodTillDate=1764460800000").value();
    EXPECT_EQ(dated.time_in_force, TimeInForce::gtt);
    EXPECT_EQ(dated.expires.value(), 1'764'460'800'000);
    EXPECT_EQ(code_of(plain(start + "GTD")), -1102);
    EXPECT_EQ(code_of(plain(start + "GTC&goodTillDate=1764460800000")), -1106);
    EXPECT_EQ(code_of(plain("side=BUY&type=LIMIT&quantity=1&price=100")), -1102);
}

TEST(BinanceOrderRequest, WhatIsWrongIsRefusedAndNotDropped) {
    const std::string start = "side=BUY&type=LIMIT&timeInForce=GTC&price=100&quantity=";
    EXPECT_EQ(code_of(plain(start + "1.0000000001")), -1111);
    EXPECT_EQ(code_of(plain(start + "1&priceMatch=QUEUE")), -1106);
    EXPECT_EQ(code_of(plain(start + "1&priceProtect=TRUE")), -1106);
    EXPECT_EQ(code_of(plain(start + "1&closePosition=true")), -1106);
    EXPECT_EQ(code_of(plain(start + "1&positionSide=LONG&reduceOnly=true")), -1106);
    EXPECT_EQ(code_of(plain("side=SELL&type=STOP_MARKET&stopPrice=90&quantity=1")), -4120);
    EXPECT_EQ(code_of(plain("type=LIMIT&timeInForce=GTC&price=1&quantity=1")), -1102);
}

TEST(BinanceOrderRequest, OrdersThatWait) {
    const auto stop =
        waiting("side=SELL&type=STOP&quantity=1&price=79&triggerPrice=80&workingType=MARK_PRICE")
            .value();
    EXPECT_EQ(stop.trigger.kind, TriggerKind::stop);
    EXPECT_EQ(stop.trigger.price, Price{80'000'000});
    EXPECT_EQ(stop.trigger.source, TriggerSource::mark);
    EXPECT_EQ(stop.order.type, OrderType::limit);
    EXPECT_EQ(stop.order.price, Price{79'000'000});
    const auto profit =
        waiting("side=SELL&type=TAKE_PROFIT_MARKET&quantity=1&triggerPrice=130").value();
    EXPECT_EQ(profit.trigger.kind, TriggerKind::take_profit);
    EXPECT_EQ(profit.trigger.source, TriggerSource::last) << "the contract's price is usual";
    EXPECT_EQ(profit.order.type, OrderType::market);
    const auto trailing =
        waiting("side=SELL&type=TRAILING_STOP_MARKET&quantity=1&callbackRate=1.25").value();
    EXPECT_EQ(trailing.trigger.trail_bps, 125);
    EXPECT_EQ(code_of(waiting("side=SELL&type=TRAILING_STOP_MARKET&quantity=1")), -1102);
    EXPECT_EQ(code_of(waiting("side=SELL&type=TRAILING_STOP_MARKET&quantity=1&callbackRate=60")),
              -1130);
    EXPECT_EQ(code_of(waiting("side=SELL&type=STOP_MARKET&quantity=1")), -1102);
    EXPECT_EQ(code_of(waiting("side=SELL&type=LIMIT&quantity=1&price=1&timeInForce=GTC")), -1116);
    EXPECT_EQ(code_of(waiting("side=SELL&type=TRAILING_STOP_MARKET&quantity=1&callbackRate=1"
                              "&activatePrice=110")),
              -1106);
}

TEST(BinanceOrderRequest, ClosingAllOfAPositionFitsTheMarketsLimits) {
    const auto close =
        waiting("side=SELL&type=STOP_MARKET&closePosition=true&triggerPrice=80").value();
    const MarketSettings& m = *kListed.settings;
    EXPECT_TRUE(close.order.reduce_only);
    EXPECT_GT(close.order.size, m.lot_size);
    EXPECT_LE(close.order.size, m.order_size_max);
    EXPECT_EQ(close.order.size.value() % m.lot_size.value(), 0);
    EXPECT_LE(exchange::notional(Price{80'000'000}, close.order.size),
              m.order_notional_max.value());
    EXPECT_EQ(code_of(waiting(
                  "side=SELL&type=STOP_MARKET&closePosition=true&triggerPrice=80&quantity=1")),
              -1106);
}

TEST(BinanceOrderState, WordsAreTheReverseOfWhatWasAsked) {
    for (const char* kind :
         {"STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"}) {
        const std::string word = kind;
        std::string query = "side=BUY&quantity=1&type=" + word;
        query += word == "TRAILING_STOP_MARKET" ? "&callbackRate=1" : "&triggerPrice=100";
        if (!word.ends_with("MARKET")) query += "&price=101";
        const auto order = waiting(query).value();
        OrderState state{.side = order.order.side};
        state.form = form_of(order.order);
        state.trigger = order.trigger;
        EXPECT_EQ(type_word(state), word);
    }
    for (const char* word : {"GTC", "IOC", "FOK", "GTX", "GTD"}) {
        const bool dated = std::string(word) == "GTD";
        const auto order =
            plain(std::string("side=BUY&type=LIMIT&quantity=1&price=100&timeInForce=") + word +
                  (dated ? "&goodTillDate=1764460800000" : ""))
                .value();
        EXPECT_EQ(time_in_force_word(form_of(order)), word);
    }
}

TEST(BinanceOrderState, StatesAreBinances) {
    OrderState order{.size = Base{10}};
    EXPECT_EQ(status_word(order), "NEW");
    order.filled = Base{4};
    EXPECT_EQ(status_word(order), "PARTIALLY_FILLED");
    order.status = exchange::OrderStatus::closed;
    const auto closed = [&](exchange::CloseReason reason) {
        order.reason = reason;
        return status_word(order);
    };
    EXPECT_EQ(closed(exchange::CloseReason::filled), "FILLED");
    EXPECT_EQ(closed(exchange::CloseReason::cancelled), "CANCELED");
    EXPECT_EQ(closed(exchange::CloseReason::dead_man), "CANCELED");
    EXPECT_EQ(closed(exchange::CloseReason::not_traded), "EXPIRED");
    EXPECT_EQ(closed(exchange::CloseReason::self_trade), "EXPIRED_IN_MATCH");
    order.trigger = exchange::Trigger{};
    order.reason = exchange::CloseReason::triggered;
    EXPECT_EQ(algo_status_word(order), "TRIGGERED");
    order.placed = OrderId{5};
    EXPECT_EQ(algo_status_word(order), "FINISHED");
}

}  // namespace
}  // namespace astro::binance
