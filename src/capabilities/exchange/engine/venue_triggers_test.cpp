#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

struct TriggersTest : VenueTest {
    AccountId ada = person(100'000), bob = person(100'000);
    TriggersTest() {
        // Somebody to trade with, whatever the price.
        for (int i = 1; i <= 9; ++i) {
            run(limit(bob, Side::buy, std::to_string(100 - i), "100"));
            run(limit(bob, Side::sell, std::to_string(100 + i), "100"));
        }
    }
    static WaitingOrder waiting(PlaceOrder order, TriggerKind kind, std::string_view at,
                                TriggerSource source = TriggerSource::mark) {
        return {order, {.kind = kind, .source = source, .price = price(at)}};
    }
    PlaceOrder closing(Side side, std::string_view how_much) {
        auto order = market(ada, side, how_much);
        order.reduce_only = true;
        return order;
    }
    OrderId id_of(const Events& events, std::size_t i = 0) {
        const auto accepted = all<ConditionalAccepted>(events);
        return i < accepted.size() ? accepted[i].order : OrderId{0};
    }
    Events move(std::string_view to) { return run(SetIndexPrice{sol, price(to)}); }
    void go_long() { run(market(ada, Side::buy, "10")); }
};

TEST_F(TriggersTest, AStopIsPlacedWhenThePriceHasComeAndNotBefore) {
    go_long();
    const auto stop =
        id_of(run(PlaceConditional{waiting(closing(Side::sell, "10"), TriggerKind::stop, "98")}));
    EXPECT_EQ(venue.find_conditional(stop)->trigger.price, price("98"));
    EXPECT_TRUE(all<OrderTriggered>(move("98.01")).empty());
    const auto events = move("98");
    const auto triggered = all<OrderTriggered>(events);
    ASSERT_EQ(triggered.size(), 1U);
    EXPECT_EQ(triggered[0].waited, stop);
    EXPECT_EQ(closed(events, stop), "triggered");
    EXPECT_EQ(position(ada), Base{0});
    EXPECT_EQ(venue.find_conditional(stop), nullptr);
}

TEST_F(TriggersTest, ATakeProfitWaitsForTheOtherDirection) {
    go_long();
    const auto order = closing(Side::sell, "10");
    EXPECT_EQ(outcome(run(PlaceConditional{waiting(order, TriggerKind::take_profit, "100")})),
              "would_trigger");
    run(PlaceConditional{waiting(order, TriggerKind::take_profit, "103")});
    EXPECT_TRUE(all<OrderTriggered>(move("95")).empty());
    EXPECT_EQ(all<OrderTriggered>(move("103.5")).size(), 1U);
    EXPECT_EQ(position(ada), Base{0});
}

TEST_F(TriggersTest, AStopLimitRestsAtItsLimit) {
    go_long();
    auto order = limit(ada, Side::sell, "98.5", "10");
    order.reduce_only = true;
    run(PlaceConditional{waiting(order, TriggerKind::stop, "98")});
    run(CancelAll{bob, {}, {}});
    const auto placed = all<OrderTriggered>(move("97")).at(0).placed;
    EXPECT_EQ(venue.find_order(placed)->price, price("98.5"));
}

TEST_F(TriggersTest, ATrailingStopFollowsTheBestPrice) {
    go_long();
    Trigger trigger{.kind = TriggerKind::trailing, .trail_bps = 200};
    const auto id = id_of(run(PlaceConditional{WaitingOrder{closing(Side::sell, "10"), trigger}}));
    EXPECT_EQ(venue.find_conditional(id)->trigger.price, price("98"));
    move("105");
    EXPECT_EQ(venue.find_conditional(id)->trigger.price, price("102.9"));
    move("103");
    EXPECT_EQ(venue.find_conditional(id)->trigger.price, price("102.9")) << "it does not go back";
    EXPECT_EQ(all<OrderTriggered>(move("102.9")).size(), 1U);
}

TEST_F(TriggersTest, ATradeTriggersWhatWaitsForTheLastPriceAndThatOneTheNext) {
    const auto stop = [&](std::string_view at) {
        run(PlaceConditional{
            waiting(market(ada, Side::buy, "100"), TriggerKind::stop, at, TriggerSource::last)});
    };
    stop("101");
    stop("102");
    stop("109.5");
    const auto events = run(market(person(10'000), Side::buy, "1"));
    EXPECT_EQ(all<OrderTriggered>(events).size(), 2U)
        << "at 101; what it buys reaches 102, which is the next";
    EXPECT_EQ(position(ada), size("200"));
}

struct OcoTest : TriggersTest {
    OcoTest() {
        go_long();
        const auto events = run(
            PlaceOco{OcoOrder{limit(ada, Side::sell, "100.5", "10"),
                              waiting(market(ada, Side::sell, "10"), TriggerKind::stop, "96")}});
        resting = accepted(events);
        waits = id_of(events);
    }
    OrderId resting, waits;
};

TEST_F(OcoTest, TheTriggerCancelsTheOtherOrder) {
    const auto events = move("95");
    EXPECT_EQ(closed(events, waits) + " " + closed(events, resting), "triggered partner_done");
    EXPECT_EQ(position(ada), Base{0});
}

TEST_F(OcoTest, ATradeCancelsTheTrigger) {
    const auto events = run(limit(person(10'000), Side::buy, "100.5", "1"));
    EXPECT_EQ(closed(events, waits) + " " + closed(events, resting), "partner_done open");
}

TEST_F(OcoTest, OneGoesWithTheOther) {
    EXPECT_EQ(closed(run(CancelOrder{ada, waits}), resting), "partner_done");
}

TEST_F(TriggersTest, AnOcoThatIsRefusedLeavesNothing) {
    auto take = limit(ada, Side::sell, "104.001", "10");
    const auto stop = waiting(closing(Side::sell, "10"), TriggerKind::stop, "96");
    const auto events = run(PlaceOco{OcoOrder{take, stop}});
    EXPECT_EQ(outcome(events), "price_not_tick");
    EXPECT_EQ(events.size(), 1U);
    EXPECT_TRUE(venue.accounts()[ada.value()].conditionals.empty());
}

TEST_F(TriggersTest, ABracketBeginsWithItsFirstTrade) {
    Bracket bracket{.entry = limit(ada, Side::buy, "99.5", "10"),
                    .take_profit = Trigger{.kind = TriggerKind::take_profit, .price = price("103")},
                    .stop_loss = Trigger{.kind = TriggerKind::stop, .price = price("97")}};
    auto events = run(PlaceBracket{bracket});
    EXPECT_TRUE(all<ConditionalAccepted>(events).empty());
    events = run(market(person(10'000), Side::sell, "4"));
    ASSERT_EQ(all<ConditionalAccepted>(events).size(), 2U);
    const auto take = id_of(events, 0), stop = id_of(events, 1);
    EXPECT_EQ(position(ada), size("4"));
    events = move("96.9");
    EXPECT_EQ(closed(events, stop) + " " + closed(events, take), "triggered reduce_only");
    EXPECT_EQ(position(ada), Base{0});
    bracket.stop_loss->kind = TriggerKind::take_profit;
    EXPECT_EQ(outcome(run(PlaceBracket{bracket})), "order_inconsistent");
}

TEST_F(TriggersTest, WhatOnlyReducesGoesWithThePosition) {
    go_long();
    const auto stop =
        id_of(run(PlaceConditional{waiting(closing(Side::sell, "10"), TriggerKind::stop, "98")}));
    const auto opens = id_of(
        run(PlaceConditional{waiting(market(ada, Side::sell, "1"), TriggerKind::stop, "98")}));
    const auto events = run(market(ada, Side::sell, "10"));
    EXPECT_EQ(closed(events, stop), "reduce_only") << "it would meet another position later";
    EXPECT_EQ(closed(events, opens), "open");
}

TEST_F(TriggersTest, WhatCannotBePlacedWhenItsTimeComesSaysWhy) {
    run(PlaceConditional{waiting(limit(ada, Side::buy, "103", "20000"), TriggerKind::stop, "103")});
    const auto triggered = all<OrderTriggered>(move("103")).at(0);
    EXPECT_EQ(triggered.refusal.code, RefusalCode::margin_insufficient);
    EXPECT_EQ(triggered.placed, OrderId{0});
}

TEST_F(TriggersTest, WrongOnesAreRefused) {
    const auto with = [&](auto edit) {
        auto w = waiting(market(ada, Side::buy, "1"), TriggerKind::stop, "103");
        edit(w);
        return outcome(run(PlaceConditional{w}));
    };
    EXPECT_EQ(with([](auto&) {}), "ok");
    EXPECT_EQ(with([](auto& w) { w.trigger.price = Price{0}; }), "price_out_of_range");
    EXPECT_EQ(with([](auto& w) { w.trigger.trail_bps = 5; }), "order_inconsistent");
    EXPECT_EQ(with([](auto& w) { w.order.size = Base{1}; }), "size_not_lot");
    EXPECT_EQ(with([](auto& w) { w.order.account = AccountId{99}; }), "account_unknown");
    EXPECT_EQ(with([](auto& w) { w.trigger.price = price("99"); }), "would_trigger");
    for (std::uint32_t i = 1; i < kConditionalsMax; ++i) EXPECT_EQ(with([](auto&) {}), "ok");
    EXPECT_EQ(with([](auto&) {}), "too_many_orders");
    run(CancelAll{ada, {}, {}});
    EXPECT_EQ(with([](auto&) {}), "ok");
}

}  // namespace
}  // namespace astro::exchange
