#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

TEST_F(VenueTest, OrdersRestByPriceAndTimeAndTrade) {
    const auto ada = person(10'000), bob = person(10'000), eve = person(10'000);
    const auto first = accepted(run(limit(ada, Side::sell, "101", "5")));
    run(limit(bob, Side::sell, "101", "5"));
    run(limit(bob, Side::sell, "100.5", "1"));
    run(limit(ada, Side::buy, "99", "3"));
    EXPECT_EQ(book(Side::sell), "100.5 x 1, 101 x 10");
    EXPECT_EQ(book(Side::buy), "99 x 3");
    const auto events = run(limit(eve, Side::buy, "101", "7"));
    const auto trades = all<Traded>(events);
    ASSERT_EQ(trades.size(), 3U);
    EXPECT_EQ(trades[0].price, price("100.5"));
    EXPECT_EQ(trades[1].maker_order, first) << "the older one first";
    EXPECT_EQ(trades[1].size, size("5"));
    EXPECT_EQ(trades[2].maker, bob);
    EXPECT_EQ(trades[2].maker_open, size("4"));
    EXPECT_EQ(closed(events, first), "filled");
    EXPECT_EQ(book(Side::sell), "101 x 4");
    EXPECT_EQ(position(eve), size("7"));
    EXPECT_EQ(position(ada), size("-5"));
    EXPECT_EQ(venue.markets()[0].open_interest, size("7"));
    EXPECT_EQ(venue.find_order(first), std::nullopt);
}

TEST_F(VenueTest, ProfitIsRealisedWhenAPositionIsReduced) {
    const auto ada = person(1'000), bob = person(1'000);
    run(limit(ada, Side::sell, "100", "10"));
    run(limit(bob, Side::buy, "100", "10"));
    run(SetIndexPrice{sol, price("103")});
    run(limit(ada, Side::buy, "103", "4"));
    const auto events = run(limit(bob, Side::sell, "103", "4"));
    EXPECT_EQ(balance(bob), dollars(1'012));
    EXPECT_EQ(balance(ada), dollars(988));
    EXPECT_EQ(position(bob), size("6"));
    for (const auto& p : all<PositionChanged>(events))
        EXPECT_EQ(p.realized, p.account == bob ? usd(12) : usd(-12));
}

TEST_F(VenueTest, FeesRoundTowardTheVenueAndRebatesAwayFromIt) {
    change([](auto& m) {
        m.maker_fee_ppm = -50;
        m.taker_fee_ppm = 450;
    });
    const auto ada = person(1'000), bob = person(1'000);
    run(limit(ada, Side::sell, "100.01", "0.07"));
    const auto trade = all<Traded>(run(limit(bob, Side::buy, "100.01", "0.07"))).at(0);
    EXPECT_EQ(trade.taker_fee, Quote{3'151}) << "7.0007 * 450 ppm = 0.003150315";
    EXPECT_EQ(trade.maker_fee, Quote{-350}) << "0.000350035";
    EXPECT_EQ(venue.pools().fees, Quote{2'801});
    EXPECT_EQ(balance(ada), dollars(1'000) + Amount{350});
}

TEST_F(VenueTest, TimesInForce) {
    const auto ada = person(10'000), bob = person(10'000);
    run(limit(ada, Side::sell, "101", "5"));
    auto order = limit(bob, Side::buy, "101", "7");
    order.time_in_force = TimeInForce::fok;
    EXPECT_EQ(outcome(run(order)), "not_fillable");
    order.time_in_force = TimeInForce::ioc;
    auto events = run(order);
    EXPECT_EQ(closed(events, accepted(events)), "not_traded");
    EXPECT_EQ(all<OrderClosed>(events).back().open, size("2"));
    EXPECT_EQ(book(Side::buy), "");
    order.time_in_force = TimeInForce::gtt;
    EXPECT_EQ(outcome(run(order)), "order_inconsistent") << "without a time";
    order.expires = now;
    EXPECT_EQ(outcome(run(order)), "expiry_passed");
    order.expires = TimeMs{now.value() + 10};
    const auto id = accepted(run(order));
    now = TimeMs{now.value() + 9};
    EXPECT_EQ(closed(run(Tick{}), id), "open");
    now = TimeMs{now.value() + 1};
    EXPECT_EQ(closed(run(Tick{}), id), "expired");
}

TEST_F(VenueTest, PostOnlyNeverTakes) {
    const auto ada = person(10'000), bob = person(10'000);
    run(limit(ada, Side::sell, "101", "5"));
    auto order = limit(bob, Side::buy, "102", "1");
    order.post_only = PostOnly::reject;
    const auto refused = all<Refused>(run(order)).at(0).refusal;
    EXPECT_EQ(refused.code, RefusalCode::would_trade);
    EXPECT_EQ(refused.needed, price("101").value());
    order.post_only = PostOnly::slide;
    run(order);
    EXPECT_EQ(book(Side::buy), "100.99 x 1");
    order.time_in_force = TimeInForce::ioc;
    EXPECT_EQ(outcome(run(order)), "order_inconsistent");
}

TEST_F(VenueTest, PostOnlyNeverTakesWhenItIsAmendedEither) {
    const auto ada = person(10'000), bob = person(10'000);
    run(limit(ada, Side::sell, "101", "5"));
    auto order = limit(bob, Side::buy, "99", "1");
    order.post_only = PostOnly::reject;
    const auto rejects = accepted(run(order));
    auto events = run(AmendOrder{bob, rejects, price("102"), size("2")});
    EXPECT_EQ(outcome(events), "would_trade");
    EXPECT_EQ(book(Side::buy), "99 x 1") << "refused, nothing has happened";
    order.post_only = PostOnly::slide;
    const auto slides = accepted(run(order));
    for (const char* larger : {"2", "3"}) {  // it is remembered more than once
        events = run(AmendOrder{bob, slides, price("102"), size(larger)});
        EXPECT_TRUE(all<Traded>(events).empty());
    }
    EXPECT_EQ(book(Side::buy), "100.99 x 3, 99 x 1");
}

TEST_F(VenueTest, TheChoiceOfSelfTradeHoldsWhenAnOrderIsAmended) {
    const auto ada = person(10'000);
    const auto resting = accepted(run(limit(ada, Side::sell, "101", "1")));
    auto order = limit(ada, Side::buy, "99", "1");
    order.self_trade = SelfTrade::cancel_oldest;
    const auto amended = accepted(run(order));
    const auto events = run(AmendOrder{ada, amended, price("101"), {}});
    EXPECT_EQ(closed(events, resting), "self_trade");
    EXPECT_EQ(book(Side::buy), "101 x 1");
}

TEST_F(VenueTest, MarketOrdersKeepToTheirBand) {
    const auto ada = person(100'000), bob = person(100'000);
    run(limit(ada, Side::sell, "104", "1"));
    run(limit(ada, Side::sell, "106", "1"));
    const auto events = run(market(bob, Side::buy, "2"));
    EXPECT_EQ(all<Traded>(events).size(), 1U) << "5 % from 100";
    EXPECT_EQ(all<OrderClosed>(events).back().open, size("1"));
}

TEST_F(VenueTest, IcebergsShowAPartAndQueueAgain) {
    const auto ada = person(10'000), bob = person(10'000), eve = person(10'000);
    auto order = limit(ada, Side::sell, "101", "10");
    order.display = size("3");
    const auto iceberg = accepted(run(order));
    run(limit(bob, Side::sell, "101", "2"));
    EXPECT_EQ(book(Side::sell), "101 x 5");
    const auto trades = all<Traded>(run(limit(eve, Side::buy, "101", "4")));
    ASSERT_EQ(trades.size(), 2U);
    EXPECT_EQ(trades[0].maker_order, iceberg);
    EXPECT_EQ(trades[1].maker, bob) << "the part that is shown next stands behind";
    EXPECT_EQ(venue.find_order(iceberg)->open, size("7"));
    EXPECT_EQ(book(Side::sell), "101 x 4");
    auto all_of_it = limit(eve, Side::buy, "101", "8");
    all_of_it.time_in_force = TimeInForce::fok;
    EXPECT_EQ(outcome(run(all_of_it)), "ok") << "what is hidden can be traded";
    EXPECT_EQ(book(Side::sell), "");
}

TEST_F(VenueTest, ReduceOnlyNeverTurnsAPosition) {
    const auto ada = person(10'000), bob = person(10'000), eve = person(10'000);
    auto take_profit = limit(ada, Side::sell, "105", "3");
    take_profit.reduce_only = true;
    EXPECT_EQ(outcome(run(take_profit)), "nothing_to_reduce");
    run(limit(bob, Side::sell, "100", "2"));
    run(limit(ada, Side::buy, "100", "2"));
    const auto id = accepted(run(take_profit));
    EXPECT_EQ(venue.find_order(id)->size, size("2")) << "no more than there is";
    run(limit(ada, Side::sell, "104", "1"));
    const auto events = run(limit(eve, Side::buy, "105", "3"));
    EXPECT_EQ(position(ada), Base{0});
    EXPECT_EQ(position(eve), size("2"));
    EXPECT_EQ(closed(events, id), "reduce_only");
    EXPECT_EQ(venue.resting_orders(), 1U) << "what eve could not buy";
}

TEST_F(VenueTest, DustIsClosedWhateverTheSmallestOrderIs) {
    const auto ada = person(10'000), bob = person(10'000);
    run(limit(bob, Side::sell, "100", "1"));
    run(limit(ada, Side::buy, "100", "1"));
    change([](auto& m) { m.order_size_min = size("10"); });
    run(limit(bob, Side::buy, "100", "10"));
    auto close = limit(ada, Side::sell, "100", "1");
    EXPECT_EQ(outcome(run(close)), "size_too_small");
    close.reduce_only = true;
    EXPECT_EQ(outcome(run(close)), "ok");
    EXPECT_EQ(position(ada), Base{0});
}

TEST_F(VenueTest, WhoGoesFlatAndThenMeetsHimselfIsCountedRight) {
    const auto ada = person(10'000), bob = person(10'000);
    run(limit(bob, Side::sell, "100", "2"));
    run(limit(ada, Side::buy, "100", "2"));
    run(limit(bob, Side::buy, "100", "2"));
    const auto own = accepted(run(limit(ada, Side::buy, "99", "1")));
    auto order = limit(ada, Side::sell, "99", "5");
    order.time_in_force = TimeInForce::ioc;
    order.self_trade = SelfTrade::cancel_oldest;
    const auto events = run(order);
    EXPECT_EQ(closed(events, own), "self_trade");
    EXPECT_EQ(position(ada), Base{0});
    EXPECT_EQ(venue.accounts()[ada.value()].positions.size(), 0U);
}

TEST_F(VenueTest, SelfTradeIsPreventedAcrossAccountsOfAnOwner) {
    for (const auto mode : {SelfTrade::cancel_newest, SelfTrade::cancel_oldest,
                            SelfTrade::cancel_both, SelfTrade::decrement}) {
        const std::uint8_t owner = static_cast<std::uint8_t>(100 + static_cast<int>(mode));
        const auto ada = person(10'000, owner), sub = person(10'000, owner), bob = person(10'000);
        const auto resting = accepted(run(limit(ada, Side::sell, "101", "2")));
        const auto other = accepted(run(limit(bob, Side::sell, "101", "5")));
        auto order = limit(sub, Side::buy, "101", "3");
        order.self_trade = mode;
        const auto events = run(order);
        const auto id = accepted(events);
        switch (mode) {
            case SelfTrade::cancel_newest:
                EXPECT_EQ(closed(events, id), "self_trade");
                EXPECT_EQ(closed(events, resting), "open");
                break;
            case SelfTrade::cancel_oldest:
                EXPECT_EQ(closed(events, resting), "self_trade");
                EXPECT_EQ(position(sub), size("3"));
                break;
            case SelfTrade::cancel_both:
                EXPECT_EQ(closed(events, id) + closed(events, resting), "self_tradeself_trade");
                EXPECT_EQ(position(sub), Base{0});
                break;
            case SelfTrade::decrement:
                EXPECT_EQ(closed(events, resting), "self_trade");
                EXPECT_EQ(position(sub), size("1"));
                EXPECT_EQ(position(bob), size("-1"));
                break;
        }
        run(CancelAll{ada, {}, {}});
        run(CancelOrder{bob, other});
    }
}

TEST_F(VenueTest, ClientIdsAreUniqueWhileTheOrderRests) {
    const auto ada = person(10'000), bob = person(10'000);
    auto order = limit(ada, Side::sell, "101", "1");
    order.client_id = ClientId("bot-1");
    const auto id = accepted(run(order));
    EXPECT_EQ(outcome(run(order)), "client_id_duplicate");
    EXPECT_EQ(venue.find_client_id(ada, ClientId("bot-1")), id);
    order.account = bob;
    EXPECT_EQ(outcome(run(order)), "ok") << "another's names are his own";
    EXPECT_EQ(outcome(run(CancelByClientId{ada, ClientId("bot-2")})), "order_unknown");
    EXPECT_EQ(outcome(run(CancelByClientId{ada, ClientId("bot-1")})), "ok");
    order.account = ada;
    EXPECT_EQ(outcome(run(order)), "ok");
}

TEST_F(VenueTest, ADeadMansSwitchCancelsAllUnlessItIsSetAnew) {
    const auto ada = person(10'000), bob = person(10'000);
    const auto id = accepted(run(limit(ada, Side::buy, "99", "1")));
    const auto other = accepted(run(limit(bob, Side::buy, "99", "1")));
    EXPECT_EQ(outcome(run(SetDeadMan{ada, now})), "expiry_passed");
    run(SetDeadMan{ada, TimeMs{now.value() + 100}});
    now = TimeMs{now.value() + 90};
    run(SetDeadMan{ada, TimeMs{now.value() + 100}});
    now = TimeMs{now.value() + 99};
    EXPECT_EQ(closed(run(Tick{}), id), "open");
    now = TimeMs{now.value() + 1};
    const auto events = run(Tick{});
    EXPECT_EQ(closed(events, id) + " " + closed(events, other), "dead_man open");
    run(limit(ada, Side::buy, "99", "1"));
    run(SetDeadMan{ada, TimeMs{now.value() + 5}});
    run(SetDeadMan{ada, TimeMs{0}});
    now = TimeMs{now.value() + 50};
    EXPECT_EQ(all<OrderClosed>(run(Tick{})).size(), 0U);
}

TEST_F(VenueTest, AmendingKeepsThePlaceWhenOnlyTheSizeFalls) {
    const auto ada = person(10'000), bob = person(10'000), eve = person(10'000);
    const auto first = accepted(run(limit(ada, Side::sell, "101", "5")));
    const auto second = accepted(run(limit(bob, Side::sell, "101", "5")));
    EXPECT_EQ(outcome(run(AmendOrder{bob, first, {}, size("1")})), "order_unknown");
    auto events = run(AmendOrder{ada, first, {}, size("2")});
    EXPECT_EQ(all<OrderReduced>(events).at(0).open, size("2"));
    EXPECT_EQ(all<Traded>(run(limit(eve, Side::buy, "101", "1"))).at(0).maker_order, first);
    EXPECT_EQ(outcome(run(AmendOrder{ada, first, {}, size("1")})), "size_too_small")
        << "one has traded";
    run(AmendOrder{ada, first, {}, size("4")});
    EXPECT_EQ(venue.find_order(first)->open, size("3")) << "of four, one has traded";
    EXPECT_EQ(all<Traded>(run(limit(eve, Side::buy, "101", "1"))).at(0).maker_order, second)
        << "larger: at the end";
    events = run(AmendOrder{ada, first, price("100.5"), {}});
    EXPECT_EQ(closed(events, first), "amended");
    EXPECT_EQ(book(Side::sell), "100.5 x 3, 101 x 4");
    EXPECT_EQ(outcome(run(AmendOrder{ada, first, price("100.505"), {}})), "price_not_tick");
    EXPECT_EQ(venue.find_order(first)->price, price("100.5")) << "refused, nothing has happened";
}

TEST_F(VenueTest, MarginIsOfTheWorseSideAndCountsWhatWillTrade) {
    const auto ada = person(100), bob = person(100'000);
    auto order = limit(ada, Side::buy, "100", "20.01");
    auto refused = all<Refused>(run(order)).at(0).refusal;
    EXPECT_EQ(refused.code, RefusalCode::margin_insufficient);
    EXPECT_EQ(refused.needed, (usd(100) + Quote{50'000}).value()) << "5 % of 2,001";
    EXPECT_EQ(refused.available, usd(100).value());
    order.size = size("20");
    EXPECT_EQ(outcome(run(order)), "ok");
    EXPECT_EQ(outcome(run(limit(ada, Side::sell, "100.5", "20"))), "ok")
        << "the other side is free";
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "99", "0.1"))), "margin_insufficient");
    run(CancelAll{ada, {}, {}});
    run(limit(bob, Side::sell, "102", "20"));
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "102", "20"))), "margin_insufficient")
        << "it would be 40 under at once";
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "102", "14.2"))), "ok") << "71 + 28.4";
}

TEST_F(VenueTest, APriceWorseThanTheMarkPriceIsMarginToo) {
    const auto ada = person(100);
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "105", "10.01"))), "margin_insufficient");
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "105", "10"))), "ok") << "50 of margin, 50 to lose";
}

TEST_F(VenueTest, OwnLeverageAsksForMore) {
    const auto ada = person(100);
    EXPECT_EQ(outcome(run(SetLeverage{ada, sol, 5'000})), "ok");
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "100", "2.01"))), "margin_insufficient");
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "100", "2"))), "ok");
    EXPECT_EQ(outcome(run(SetLeverage{ada, sol, 10'000})), "margin_insufficient");
    EXPECT_EQ(outcome(run(SetLeverage{ada, sol, 0})), "ok");
}

TEST_F(VenueTest, WhatIsNeededAsMarginIsNotWithdrawn) {
    const auto ada = person(100), bob = person(100), sub = person(0, 1);
    run(limit(ada, Side::buy, "100", "10"));
    EXPECT_EQ(outcome(run(Withdraw{ada, kUsdc, dollars(51)})), "margin_insufficient");
    EXPECT_EQ(outcome(run(Withdraw{ada, kUsdc, dollars(50)})), "ok");
    EXPECT_EQ(outcome(run(Withdraw{bob, kUsdc, dollars(101)})), "balance_insufficient");
    EXPECT_EQ(outcome(run(Withdraw{bob, kUsdc, dollars(0)})), "bad_amount");
    EXPECT_EQ(outcome(run(Transfer{bob, ada, kUsdc, dollars(1)})), "account_unknown")
        << "not the same owner";
    run(CancelAll{ada, {}, {}});
    EXPECT_EQ(outcome(run(Transfer{ada, sub, kUsdc, dollars(50)})), "ok");
    EXPECT_EQ(balance(sub), dollars(50));
}

TEST_F(VenueTest, CollateralBeyondTheGreatestNotionalCountsAsThat) {
    run(SetAsset{AssetSettings{.symbol = "GOLD", .decimals = 0}});
    run(SetAssetPrice{AssetId{1}, kPriceMax});
    const auto ada = person(0);
    EXPECT_EQ(outcome(run(Deposit{ada, AssetId{1}, Amount{std::int64_t{1} << 60}})), "ok");
    const auto health =
        health_of(venue.margin_context(), venue.accounts()[ada.value()], MarginKind::maintenance);
    EXPECT_EQ(health.collateral, kNotionalMax.value() / 10 * 9);
}

TEST_F(VenueTest, AnIsolatedAccountTradesItsMarketOnly) {
    MarketSettings btc = default_markets()[1];
    run(SetMarket{btc});
    run(SetIndexPrice{MarketId{1}, price("60000")});
    const auto id = AccountId{static_cast<std::uint32_t>(venue.accounts().size())};
    run(OpenAccount{OwnerId{}, MarketId{1}});
    run(Deposit{id, kUsdc, dollars(1'000)});
    EXPECT_EQ(outcome(run(limit(id, Side::buy, "100", "1"))), "order_inconsistent");
    auto order = limit(id, Side::buy, "60000", "0.01");
    order.market = MarketId{1};
    EXPECT_EQ(outcome(run(order)), "ok");
}

TEST_F(VenueTest, HedgeLegsAreApart) {
    const auto ada = person(10'000), bob = person(100'000);
    run(limit(bob, Side::sell, "100", "5"));
    auto order = limit(ada, Side::buy, "100", "5");
    order.leg = Leg::long_leg;
    EXPECT_EQ(outcome(run(order)), "ok");
    run(limit(bob, Side::buy, "100", "3"));
    order = limit(ada, Side::sell, "100", "3");
    order.leg = Leg::short_leg;
    EXPECT_EQ(outcome(run(order)), "ok");
    EXPECT_EQ(position(ada, Leg::long_leg), size("5"));
    EXPECT_EQ(position(ada, Leg::short_leg), size("-3"));
    order.leg = Leg::net;
    EXPECT_EQ(outcome(run(order)), "order_inconsistent");
    order = limit(ada, Side::sell, "100", "9");
    order.leg = Leg::long_leg;
    EXPECT_EQ(venue.find_order(accepted(run(order)))->size, size("5")) << "a leg does not turn";
}

TEST_F(VenueTest, EachWrongOrderIsRefusedByItsName) {
    const auto ada = person(10'000);
    const auto with = [&](auto edit) {
        auto order = limit(ada, Side::buy, "100", "1");
        edit(order);
        const std::string name = outcome(run(order));
        run(CancelAll{ada, {}, {}});
        return name;
    };
    EXPECT_EQ(with([](auto&) {}), "ok");
    EXPECT_EQ(with([](auto& o) { o.account = AccountId{99}; }), "account_unknown");
    EXPECT_EQ(with([](auto& o) { o.market = MarketId{9}; }), "market_unknown");
    EXPECT_EQ(with([](auto& o) { o.price = price("100.001"); }), "price_not_tick");
    EXPECT_EQ(with([](auto& o) { o.price = Price{-1}; }), "price_out_of_range");
    EXPECT_EQ(with([](auto& o) { o.price = price("10000.01"); }), "price_out_of_range");
    EXPECT_EQ(with([](auto& o) { o.price = price("110.01"); }), "price_out_of_band");
    EXPECT_EQ(with([](auto& o) { o.price = price("1"); }), "notional_too_small");
    EXPECT_EQ(with([](auto& o) { o.size = Base{0}; }), "bad_amount");
    EXPECT_EQ(with([](auto& o) { o.size = Base{-5}; }), "bad_amount");
    EXPECT_EQ(with([](auto& o) { o.size = size("1.005"); }), "size_not_lot");
    EXPECT_EQ(with([](auto& o) { o.size = size("20000.01"); }), "size_too_large");
    EXPECT_EQ(with([](auto& o) { o.display = size("2"); }), "order_inconsistent");
    EXPECT_EQ(with([](auto& o) { o.display = size("0.005"); }), "size_not_lot");
    EXPECT_EQ(with([](auto& o) { o.expires = TimeMs{5}; }), "order_inconsistent");
    EXPECT_EQ(with([](auto& o) { o.type = OrderType::market; }), "order_inconsistent");
    change([](auto& m) { m.state = MarketState::halted; });
    EXPECT_EQ(with([](auto&) {}), "market_not_open");
    change([](auto& m) { m.state = MarketState::reduce_only; });
    EXPECT_EQ(with([](auto&) {}), "market_reduce_only");
    run(SetMarket{default_markets()[2]});
    EXPECT_EQ(with([](auto& o) { o.market = MarketId{1}; }), "no_price");
}

}  // namespace
}  // namespace astro::exchange
