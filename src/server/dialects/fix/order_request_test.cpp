#include "server/dialects/fix/order_request.hpp"

#include <gtest/gtest.h>

namespace astro::fix {
namespace {

using exchange::OrderType;
using exchange::PlaceConditional;
using exchange::PlaceOrder;
using exchange::PostOnly;
using exchange::TimeInForce;
using exchange::TriggerKind;

const MarketOf kMarkets = [](std::string_view symbol) {
    return symbol == "SOL-PERP" ? std::optional(MarketId{3}) : std::nullopt;
};

/// "40=2 44=50": spaces for SOH, after what every order has.
Fields fields_of(std::string text) {
    static std::string kept;
    kept = "11=name 55=SOL-PERP 54=1 38=1.5 " + std::move(text);
    for (char& c : kept)
        if (c == ' ') c = '\001';
    return Fields(kept);
}
PlaceOrder placed(const std::string& text) {
    const auto body = new_order(fields_of(text), AccountId{7}, kMarkets);
    EXPECT_TRUE(body) << text << ": " << body.error().text();
    return std::get<PlaceOrder>(*body);
}
exchange::WaitingOrder waiting(const std::string& text) {
    const auto body = new_order(fields_of(text), AccountId{7}, kMarkets);
    EXPECT_TRUE(body) << text << ": " << body.error().text();
    return *std::get<PlaceConditional>(*body);
}
/// "code field" of the refusal.
std::string refused(const std::string& text) {
    const auto body = new_order(fields_of(text), AccountId{7}, kMarkets);
    return body ? "taken" : std::string(body.error().code) + " " + body.error().where;
}

TEST(FixOrder, IsTheVenuesInEveryDetail) {
    const auto limit = placed("40=2 44=50.25 59=6 126=20261130-02:13:49 18=6 111=0.5 7928=O");
    EXPECT_EQ(to_text(limit.client_id), "name");
    EXPECT_EQ(limit.account, AccountId{7});
    EXPECT_EQ(limit.market, MarketId{3});
    EXPECT_EQ(to_text(limit.price), "50.25");
    EXPECT_EQ(to_text(limit.size), "1.5");
    EXPECT_EQ(to_text(limit.display), "0.5");
    EXPECT_EQ(limit.type, OrderType::limit);
    EXPECT_EQ(limit.time_in_force, TimeInForce::gtt);
    EXPECT_EQ(limit.expires, TimeMs{1'796'004'829'000});
    EXPECT_EQ(limit.post_only, PostOnly::reject);
    EXPECT_EQ(limit.self_trade, exchange::SelfTrade::cancel_oldest);
    EXPECT_FALSE(limit.reduce_only);
    EXPECT_EQ(placed("40=2 44=50").time_in_force, TimeInForce::gtc);
    EXPECT_EQ(placed("40=2 44=50 59=3").time_in_force, TimeInForce::ioc);
    EXPECT_EQ(placed("40=2 44=50 59=4").time_in_force, TimeInForce::fok);
    const auto market = placed("40=1 18=E 1=7");
    EXPECT_EQ(market.type, OrderType::market);
    EXPECT_EQ(market.time_in_force, TimeInForce::ioc);
    EXPECT_TRUE(market.reduce_only);
}

TEST(FixOrder, WaitsForItsPrice) {
    const auto stop = waiting("40=3 99=60");
    EXPECT_EQ(stop.trigger.kind, TriggerKind::stop);
    EXPECT_EQ(to_text(stop.trigger.price), "60");
    EXPECT_EQ(stop.order.type, OrderType::market);
    const auto limit = waiting("40=4 99=60 44=61");
    EXPECT_EQ(limit.order.type, OrderType::limit);
    EXPECT_EQ(to_text(limit.order.price), "61");
    EXPECT_EQ(waiting("40=J 99=60").trigger.kind, TriggerKind::take_profit);
    const auto trailing = waiting("40=P 18=a 211=250 836=1");
    EXPECT_EQ(trailing.trigger.kind, TriggerKind::trailing);
    EXPECT_EQ(trailing.trigger.trail_bps, 250);
}

TEST(FixOrder, IsRefusedByTheFieldThatIsWrong) {
    EXPECT_EQ(refused("40=2"), "fix_value 44");
    EXPECT_EQ(refused("40=2 44=0"), "fix_value 44");
    EXPECT_EQ(refused("40=2 44=50.0000001"), "fix_value 44");
    EXPECT_EQ(refused("40=2 44=50 1=8"), "fix_account 1");
    EXPECT_EQ(refused("40=2 44=50 59=6"), "fix_unsupported 126");
    EXPECT_EQ(refused("40=2 44=50 126=20261130-02:13:49"), "fix_unsupported 126");
    EXPECT_EQ(refused("40=2 44=50 99=60"), "fix_unsupported 99");
    EXPECT_EQ(refused("40=1 44=50"), "fix_unsupported 44");
    EXPECT_EQ(refused("40=1 18=6"), "fix_unsupported 18");
    EXPECT_EQ(refused("40=3"), "fix_value 99");
    EXPECT_EQ(refused("40=P 211=250 836=1"), "fix_unsupported 40");
    const auto text = [](std::string_view whole) {
        const auto body = new_order(Fields(whole), AccountId{7}, kMarkets);
        return body ? "taken" : std::string(body.error().code) + " " + body.error().where;
    };
    EXPECT_EQ(text("11=\00155=SOL-PERP\00154=1\00138=1\00140=1"), "fix_value 11");
    EXPECT_EQ(text("11=a b\00155=SOL-PERP\00154=1\00138=1\00140=1"), "fix_value 11");
    EXPECT_EQ(text("11=a\00155=NO\00154=1\00138=1\00140=1"), "fix_symbol 55");
    EXPECT_EQ(text("11=a\00155=SOL-PERP\00154=1\00138=-1\00140=1"), "fix_quantity 38");
}

TEST(FixReplacement, ChangesPriceAndSizeAndNothingElse) {
    OrderState order{.id = OrderId{9}, .account = AccountId{7}, .market = MarketId{3}};
    const auto changed = [&](const std::string& text) -> std::string {
        const auto amend = replacement(fields_of(text), order, kMarkets);
        if (!amend) return std::string(amend.error().code) + " " + amend.error().where;
        return (amend->price ? to_text(*amend->price) : "-") + " " +
               (amend->size ? to_text(*amend->size) : "-");
    };
    EXPECT_EQ(changed("40=2 44=50"), "50 1.5");
    EXPECT_EQ(changed("40=1"), "fix_unsupported 40");
    EXPECT_EQ(changed("40=2 44=50 99=60"), "fix_unsupported 40");
    EXPECT_EQ(changed("40=2 44=50 111=1"), "fix_unsupported 111");
    order.side = exchange::Side::sell;
    EXPECT_EQ(changed("40=2 44=50"), "fix_unsupported 54");
    order.side = exchange::Side::buy;
    order.market = MarketId{4};
    EXPECT_EQ(changed("40=2 44=50"), "fix_unsupported 55");
    order.market = MarketId{3};
    order.trigger = exchange::Trigger{};
    EXPECT_EQ(changed("40=2 44=50"), "fix_unsupported 40");
}

TEST(FixReasons, AreThoseOfFix) {
    EXPECT_EQ(order_reason(fault::kSymbol), 1);
    EXPECT_EQ(order_reason(fault::kDuplicate), 6);
    EXPECT_EQ(order_reason(exchange::RefusalCode::margin_insufficient), 3);
    EXPECT_EQ(order_reason(exchange::RefusalCode::size_not_lot), 13);
    EXPECT_EQ(cancel_reason(fault::kUnknownOrder), 1);
    EXPECT_EQ(cancel_reason(exchange::RefusalCode::order_unknown), 0);
}

}  // namespace
}  // namespace astro::fix
