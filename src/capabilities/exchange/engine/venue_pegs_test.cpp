#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

struct PegsTest : VenueTest {
    static PlacePegged pegged(PlaceOrder order, std::string_view offset,
                              std::string_view worst = "0") {
        order.price = price(worst);
        return PlacePegged{PeggedOrder{order, price(offset)}};
    }
    Events index(std::string_view at) { return run(SetIndexPrice{sol, price(at)}); }
    AccountId ada = person(100'000), bob = person(100'000), eve = person(100'000);
};

TEST_F(PegsTest, TheirPriceIsTheIndexAndAnOffset) {
    const auto events = run(pegged(limit(ada, Side::buy, "0", "5"), "-1.005"));
    const auto id = accepted(events);
    EXPECT_EQ(all<OrderPegged>(events).at(0).offset, price("-1.005"));
    EXPECT_EQ(book(Side::buy), "98.99 x 5") << "a buy is rounded down";
    run(pegged(limit(bob, Side::sell, "0", "5"), "1.005"));
    EXPECT_EQ(book(Side::sell), "101.01 x 5") << "a sale up";
    const auto moved = index("102");
    EXPECT_EQ(book(Side::buy) + ", " + book(Side::sell), "100.99 x 5, 103.01 x 5");
    EXPECT_EQ(closed(moved, id), "amended");
    EXPECT_EQ(venue.find_order(id)->price, price("100.99"));
    EXPECT_EQ(venue.find_order(id)->offset, price("-1.005"));
}

TEST_F(PegsTest, TheyQueueBehindWhoIsAtTheirNewPriceAndKeepAPlaceThatIsTheSame) {
    const auto second = accepted(run(pegged(limit(ada, Side::buy, "0", "1"), "-1")));
    const auto third = accepted(run(pegged(limit(bob, Side::buy, "0", "1"), "-1")));
    const auto first = accepted(run(limit(eve, Side::buy, "100", "1")));
    index("101");
    const auto behind = accepted(run(limit(eve, Side::buy, "100", "1")));
    EXPECT_TRUE(all<OrderAccepted>(index("101.004")).empty()) << "the same tick";
    const auto seller = person(100'000);
    std::vector<OrderId> order;
    for (const auto& trade : all<Traded>(run(limit(seller, Side::sell, "100", "4"))))
        order.push_back(trade.maker_order);
    EXPECT_EQ(order, (std::vector{first, second, third, behind}));
}

TEST_F(PegsTest, TheyNeverPassTheirLimit) {
    const auto buy = accepted(run(pegged(limit(ada, Side::buy, "0", "1"), "-1", "99.5")));
    const auto sell = accepted(run(pegged(limit(bob, Side::sell, "0", "1"), "1", "100.5")));
    index("104");
    EXPECT_EQ(venue.find_order(buy)->price, price("99.5"));
    index("96");
    EXPECT_EQ(venue.find_order(buy)->price, price("95"));
    EXPECT_EQ(venue.find_order(sell)->price, price("100.5"));
}

TEST_F(PegsTest, PostOnlyOnesStandBeforeWhomTheyWouldMeet) {
    auto order = limit(ada, Side::buy, "0", "1");
    order.post_only = PostOnly::reject;
    run(limit(bob, Side::sell, "101", "1"));
    EXPECT_EQ(outcome(run(pegged(order, "1"))), "would_trade");
    const auto id = accepted(run(pegged(order, "-1")));
    EXPECT_TRUE(all<Traded>(index("103")).empty());
    EXPECT_EQ(venue.find_order(id)->price, price("100.99"));
    run(CancelAll{bob, {}, {}});
    index("103.5");
    EXPECT_EQ(venue.find_order(id)->price, price("102.5"));
}

TEST_F(PegsTest, OthersTradeWhenTheOracleBringsThemThere) {
    run(limit(bob, Side::sell, "101", "2"));
    const auto id = accepted(run(pegged(limit(ada, Side::buy, "0", "3"), "-1")));
    const auto trade = all<Traded>(index("102.5")).at(0);
    EXPECT_EQ(trade.price, price("101"));
    EXPECT_EQ(trade.taker_order, id);
    EXPECT_EQ(book(Side::buy), "101.5 x 1");
    index("99");
    EXPECT_EQ(venue.find_order(id)->price, price("98")) << "what is left follows on";
    run(limit(bob, Side::sell, "98.5", "1"));
    EXPECT_EQ(all<Traded>(index("99.5")).size(), 1U);
    EXPECT_EQ(book(Side::buy) + book(Side::sell), "");
    index("100");
}

TEST_F(PegsTest, WhoHasMovedDoesNotMeetWhoHasNotYet) {
    run(pegged(limit(ada, Side::buy, "0", "1"), "-0.5"));
    run(pegged(limit(bob, Side::sell, "0", "1"), "0.5"));
    EXPECT_TRUE(all<Traded>(index("104")).empty());
    EXPECT_EQ(book(Side::buy) + ", " + book(Side::sell), "103.5 x 1, 104.5 x 1");
    EXPECT_TRUE(all<Traded>(index("97")).empty());
}

TEST_F(PegsTest, TheirMarginIsThatOfTheirPriceNow) {
    const auto poor = person(100);
    const auto needs = [&] {
        return health_of(venue.margin_context(), venue.accounts()[poor.value()],
                         MarginKind::initial)
            .requirement;
    };
    const auto id = accepted(run(pegged(limit(poor, Side::buy, "0", "10"), "0.5", "100.5")));
    EXPECT_EQ(needs(), 55 * kQuoteUnit) << "5 % of 1000, and half a dollar each above the mark";
    index("99.5");
    EXPECT_EQ(needs(), 54'750'000);
    index("102");
    EXPECT_EQ(needs(), 51 * kQuoteUnit) << "its limit is below the mark price";
    EXPECT_EQ(closed(run(CancelOrder{poor, id}), id), "cancelled");
    EXPECT_EQ(needs(), 0);
}

TEST_F(PegsTest, WhoHasNoMarginWhereTheOracleGoesLosesTheOrder) {
    const auto poor = person(60);
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(poor, Side::buy, "100", "10"));
    const auto id = accepted(run(pegged(limit(poor, Side::buy, "0", "1"), "-1")));
    const auto plain = accepted(run(limit(poor, Side::buy, "97", "1")));
    const auto events = index("99");
    EXPECT_EQ(closed(events, id), "refused") << "50 of equity do not carry 11 at 99";
    EXPECT_EQ(closed(events, plain), "open") << "which has not moved";
}

TEST_F(PegsTest, WhatOnlyReducesIsNeverMoreThanThePosition) {
    run(limit(bob, Side::sell, "100", "5"));
    run(limit(ada, Side::buy, "100", "5"));
    auto order = limit(ada, Side::sell, "0", "5");
    order.reduce_only = true;
    const auto id = accepted(run(pegged(order, "2")));
    run(limit(bob, Side::buy, "99", "3"));
    run(market(ada, Side::sell, "3"));
    run(limit(bob, Side::buy, "99", "5"));
    index("97");
    EXPECT_EQ(position(ada), size("0")) << "two of five were left";
    EXPECT_EQ(venue.find_order(id), std::nullopt);
}

TEST_F(PegsTest, ABandAndAnOracleThatMayNotBeUsedHoldThem) {
    EXPECT_EQ(outcome(run(pegged(limit(ada, Side::buy, "0", "1"), "11"))), "price_out_of_band");
    const auto id = accepted(run(pegged(limit(ada, Side::buy, "0", "1"), "-1")));
    SetIndexPrice unsure{sol, price("103")};
    unsure.confidence = price("50");
    run(unsure);
    EXPECT_EQ(venue.find_order(id)->price, price("99"));
    index("103");
    EXPECT_EQ(venue.find_order(id)->price, price("102"));
}

TEST_F(PegsTest, WrongOnesAreRefused) {
    const auto with = [&](auto edit) {
        PeggedOrder c{limit(ada, Side::buy, "0", "1"), price("-1")};
        c.order.price = Price{0};
        edit(c);
        return outcome(run(PlacePegged{c}));
    };
    EXPECT_EQ(with([](auto&) {}), "ok");
    EXPECT_EQ(with([](auto& c) { c.order.time_in_force = TimeInForce::ioc; }),
              "order_inconsistent");
    EXPECT_EQ(with([](auto& c) { c.order.type = OrderType::market; }), "order_inconsistent");
    EXPECT_EQ(with([](auto& c) { c.order.price = price("99.001"); }), "price_not_tick");
    EXPECT_EQ(with([](auto& c) { c.order.price = Price{-1}; }), "price_out_of_range");
    EXPECT_EQ(with([](auto& c) { c.offset = kPriceMax + Price{1}; }), "price_out_of_range");
    EXPECT_EQ(with([](auto& c) { c.order.account = AccountId{99}; }), "account_unknown");
    EXPECT_EQ(with([](auto& c) { c.order.market = MarketId{9}; }), "market_unknown");
    const auto id = venue.orders_of(ada).at(0).order;
    EXPECT_EQ(outcome(run(AmendOrder{ada, id, price("98"), {}})), "order_inconsistent");
    EXPECT_EQ(outcome(run(AmendOrder{ada, id, {}, size("2")})), "order_inconsistent");
    EXPECT_EQ(outcome(run(AmendOrder{ada, id, {}, size("0.5")})), "ok");
    EXPECT_EQ(venue.find_order(id)->offset, price("-1"));
}

TEST_F(PegsTest, AMarketHasSoManyAtMost) {
    const auto place = [&](AccountId account) {
        Events events;
        venue.apply({now, pegged(limit(account, Side::buy, "0", "0.1"), "-1")}, events);
        return outcome(events);
    };
    for (int person_ = 0; person_ < 5; ++person_) {
        const auto account = person(1'000);
        for (int i = 0; i < 200; ++i) ASSERT_EQ(place(account), "ok");
    }
    EXPECT_EQ(place(ada), "too_many_orders");
    EXPECT_EQ(venue.audit(), "");
}

}  // namespace
}  // namespace astro::exchange
