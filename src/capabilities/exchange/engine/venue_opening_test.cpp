#include <tuple>

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

namespace astro::exchange {
namespace {

struct OpeningTest : VenueTest {
    Events state(MarketState to) {
        MarketSettings changed = settings();
        changed.state = to;
        return run(SetMarket{changed});
    }
    AccountId ada = person(10'000), bob = person(10'000), eve = person(10'000);
};

TEST_F(OpeningTest, OrdersGatherAndThenTradeAtOnePrice) {
    state(MarketState::pre_open);
    const auto high = accepted(run(limit(ada, Side::buy, "102", "5")));
    const auto low = accepted(run(limit(eve, Side::buy, "100", "5")));
    const auto sell = accepted(run(limit(bob, Side::sell, "99", "7")));
    EXPECT_EQ(book(Side::buy) + " / " + book(Side::sell), "102 x 5, 100 x 5 / 99 x 7");
    EXPECT_EQ(venue.markets()[0].open_interest, Base{0});
    const auto events = state(MarketState::open);
    const auto opened = all<Opened>(events).at(0);
    EXPECT_EQ(opened.price, price("100")) << "7 trade from 99 to 100; 100 is the mark price";
    EXPECT_EQ(opened.volume, size("7"));
    EXPECT_EQ(opened.imbalance, size("3"));
    for (const auto& trade : all<Traded>(events)) EXPECT_EQ(trade.price, price("100"));
    EXPECT_EQ(closed(events, high), "filled");
    EXPECT_EQ(closed(events, sell), "filled");
    EXPECT_EQ(venue.find_order(low)->open, size("3")) << "it keeps what did not trade";
    EXPECT_EQ(position(ada), size("5"));
    EXPECT_EQ(position(bob), size("-7"));
    EXPECT_EQ(outcome(run(market(ada, Side::sell, "1"))), "ok");
}

TEST_F(OpeningTest, OnlyLimitOrdersThatRestGather) {
    state(MarketState::pre_open);
    EXPECT_EQ(outcome(run(market(ada, Side::buy, "1"))), "market_gathers");
    auto order = limit(ada, Side::buy, "100", "1");
    order.time_in_force = TimeInForce::ioc;
    EXPECT_EQ(outcome(run(order)), "market_gathers");
    order.time_in_force = TimeInForce::gtc;
    order.post_only = PostOnly::slide;
    EXPECT_EQ(outcome(run(order)), "market_gathers");
    EXPECT_EQ(outcome(run(PlacePegged{PeggedOrder{limit(ada, Side::buy, "100", "1"), {}}})),
              "market_gathers");
}

TEST_F(OpeningTest, OfThoseAtThePriceTheOldestTrade) {
    state(MarketState::pre_open);
    const auto first = accepted(run(limit(ada, Side::buy, "100", "2")));
    const auto second = accepted(run(limit(eve, Side::buy, "100", "2")));
    run(limit(bob, Side::sell, "100", "3"));
    const auto events = state(MarketState::open);
    EXPECT_EQ(closed(events, first), "filled");
    EXPECT_EQ(venue.find_order(second)->open, size("1"));
}

TEST_F(OpeningTest, TheYoungerOfTwoPaysAsTaker) {
    change([](auto& m) {
        m.taker_fee_ppm = 1'000;
        m.maker_fee_ppm = -100;
    });
    state(MarketState::pre_open);
    const auto buy = accepted(run(limit(ada, Side::buy, "100", "1")));
    run(limit(bob, Side::sell, "100", "1"));
    const auto trade = all<Traded>(state(MarketState::open)).at(0);
    EXPECT_EQ(trade.maker_order, buy);
    EXPECT_EQ(trade.taker_fee, Quote{100'000});
    EXPECT_EQ(trade.maker_fee, Quote{-10'000});
}

TEST_F(OpeningTest, NobodyMeetsHimself) {
    const auto twin = person(10'000, 7), other = person(10'000, 7);
    state(MarketState::pre_open);
    const auto old = accepted(run(limit(twin, Side::buy, "101", "5")));
    auto order = limit(other, Side::sell, "100", "3");
    EXPECT_EQ(closed(run(order), OrderId{0}), "open");
    EXPECT_EQ(book(Side::sell), "") << "the newest goes";
    order.self_trade = SelfTrade::decrement;
    run(order);
    EXPECT_EQ(venue.find_order(old)->open, size("2"));
    order.self_trade = SelfTrade::cancel_oldest;
    EXPECT_EQ(closed(run(order), old), "self_trade");
    EXPECT_EQ(book(Side::buy) + book(Side::sell), "100 x 3");
    order.side = Side::buy;
    order.self_trade = SelfTrade::cancel_both;
    run(order);
    EXPECT_EQ(book(Side::buy) + book(Side::sell), "");
}

TEST_F(OpeningTest, WhatOnlyReducesIsCutToWhatItCan) {
    run(limit(bob, Side::sell, "100", "5"));
    run(limit(ada, Side::buy, "100", "5"));
    auto order = limit(ada, Side::sell, "99", "5");
    order.reduce_only = true;
    state(MarketState::pre_open);
    const auto reduces = accepted(run(order));
    const auto plain = accepted(run(limit(ada, Side::sell, "101", "2")));
    run(limit(eve, Side::buy, "101", "20"));
    const auto events = state(MarketState::open);
    EXPECT_EQ(all<OrderReduced>(events).at(0).order, reduces);
    EXPECT_EQ(closed(events, plain), "filled");
    EXPECT_EQ(position(ada), Base{0}) << "never the other way";
}

TEST_F(OpeningTest, WhoLacksMarginTakesNoPart) {
    const auto poor = person(60);
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(poor, Side::buy, "100", "10"));
    state(MarketState::pre_open);
    const auto order = accepted(run(limit(poor, Side::buy, "99", "1")));
    run(SetIndexPrice{sol, price("98.5")});
    run(limit(eve, Side::sell, "98", "1"));
    const auto events = state(MarketState::open);
    EXPECT_EQ(closed(events, order), "refused");
    EXPECT_EQ(all<Opened>(events).at(0).volume, Base{0});
}

TEST_F(OpeningTest, IcebergsTakePartWithAllOfTheirSize) {
    state(MarketState::pre_open);
    auto order = limit(ada, Side::buy, "100", "10");
    order.display = size("2");
    const auto iceberg = accepted(run(order));
    const auto behind = accepted(run(limit(eve, Side::buy, "100", "2")));
    run(limit(bob, Side::sell, "100", "7"));
    const auto events = state(MarketState::open);
    EXPECT_EQ(all<Opened>(events).at(0).volume, size("7"));
    EXPECT_EQ(closed(events, behind), "filled") << "what is shown goes before what is hidden";
    EXPECT_EQ(venue.find_order(iceberg)->open, size("5"));
}

TEST_F(OpeningTest, WhatWouldTradeIsToldBefore) {
    state(MarketState::pre_open);
    run(limit(ada, Side::buy, "101", "3"));
    run(limit(bob, Side::sell, "99", "5"));
    now = TimeMs{now.value() + 5'000};
    const auto told = all<OpeningIndicated>(run(Tick{})).at(0);
    EXPECT_EQ(told.price, price("100"));
    EXPECT_EQ(told.volume, size("3"));
    EXPECT_EQ(told.imbalance, size("-2"));
    EXPECT_EQ(venue.clearing_of(venue.markets()[0]).volume, 300U);
}

TEST_F(OpeningTest, AnOpeningThatIsCalledOffCancelsWhatHasGathered) {
    for (const auto to : {MarketState::halted, MarketState::reduce_only, MarketState::settling}) {
        state(MarketState::pre_open);
        const auto order = accepted(run(limit(ada, Side::buy, "101", "3")));
        run(limit(bob, Side::sell, "99", "5"));
        const auto events = state(to);
        EXPECT_EQ(closed(events, order), "market");
        EXPECT_TRUE(all<Traded>(events).empty());
        EXPECT_EQ(book(Side::buy) + book(Side::sell), "");
        state(MarketState::open);
    }
}

TEST_F(OpeningTest, ABookThatOpensUncrossedStaysAsItIs) {
    const auto order = accepted(run(limit(ada, Side::buy, "99", "3")));
    state(MarketState::pre_open);
    const auto opened = all<Opened>(state(MarketState::open)).at(0);
    EXPECT_EQ(opened.price, Price{0});
    EXPECT_TRUE(venue.find_order(order));
}

TEST_F(OpeningTest, HaltedOnlyCancels) {
    const auto order = accepted(run(limit(ada, Side::buy, "99", "3")));
    WaitingOrder stop{market(ada, Side::buy, "1"), {.price = price("101")}};
    run(PlaceConditional{stop});
    state(MarketState::halted);
    EXPECT_EQ(outcome(run(limit(bob, Side::sell, "99", "1"))), "market_not_open");
    EXPECT_EQ(outcome(run(AmendOrder{ada, order, price("98"), {}})), "market_not_open");
    EXPECT_TRUE(all<OrderTriggered>(run(SetIndexPrice{sol, price("102")})).empty())
        << "who waits goes on waiting";
    EXPECT_EQ(outcome(run(CancelOrder{ada, order})), "ok");
    EXPECT_EQ(all<OrderTriggered>(state(MarketState::open)).size(), 1U);
}

TEST_F(OpeningTest, NobodyIsLiquidatedWhereNothingTrades) {
    const auto poor = person(60);
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(poor, Side::buy, "100", "10"));
    run(limit(eve, Side::buy, "95", "50"));
    state(MarketState::halted);
    EXPECT_TRUE(all<LiquidationStarted>(run(SetIndexPrice{sol, price("95")})).empty());
    EXPECT_EQ(all<LiquidationStarted>(state(MarketState::open)).size(), 1U);
}

TEST_F(OpeningTest, EachStateHasItsBandAndAnOrderItsGreatestValue) {
    change([](auto& m) {
        m.pre_open_band_bps = 2'000;
        m.reduce_only_band_bps = 100;
        m.order_notional_max = usd(50'000);
    });
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "111", "1"))), "price_out_of_band");
    const auto refused = all<Refused>(run(limit(ada, Side::buy, "100", "500.01"))).at(0).refusal;
    EXPECT_EQ(refused.code, RefusalCode::notional_too_large);
    EXPECT_EQ(Quote{refused.needed}, usd(50'000));
    EXPECT_EQ(Quote{refused.available}, usd(50'001));
    run(limit(bob, Side::buy, "100", "1"));
    run(limit(ada, Side::sell, "100", "1"));
    state(MarketState::pre_open);
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "111", "1"))), "ok");
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "121", "1"))), "price_out_of_band");
    state(MarketState::reduce_only);
    auto order = limit(ada, Side::buy, "102", "1");
    order.reduce_only = true;
    const auto band = all<Refused>(run(order)).at(0).refusal;
    EXPECT_EQ(band.code, RefusalCode::price_out_of_band);
    EXPECT_EQ(Price{band.needed}, price("101"));
}

TEST_F(OpeningTest, SettlingClosesEverythingAtOnePrice) {
    run(limit(bob, Side::sell, "100", "5"));
    run(limit(ada, Side::buy, "100", "5"));
    const auto resting = accepted(run(limit(eve, Side::buy, "90", "1")));
    EXPECT_EQ(outcome(run(SettleMarket{sol, price("103")})), "market_state");
    EXPECT_EQ(closed(state(MarketState::settling), resting), "market");
    EXPECT_EQ(outcome(run(limit(ada, Side::sell, "100", "1"))), "market_not_open");
    EXPECT_EQ(outcome(run(PlaceConditional{
                  WaitingOrder{market(ada, Side::buy, "1"), {.price = price("101")}}})),
              "market_not_open");
    EXPECT_EQ(outcome(state(MarketState::closed)), "positions_open");
    EXPECT_EQ(outcome(run(SettleMarket{sol, price("103.001")})), "price_not_tick");
    EXPECT_EQ(outcome(run(SettleMarket{sol, Price{-1}})), "price_out_of_range");
    EXPECT_EQ(outcome(run(SettleMarket{MarketId{9}, {}})), "market_unknown");
    const auto events = run(SettleMarket{sol, price("103")});
    EXPECT_EQ(all<MarketSettled>(events).at(0).price, price("103"));
    EXPECT_EQ(balance(ada), dollars(10'015));
    EXPECT_EQ(balance(bob), dollars(9'985));
    EXPECT_EQ(position(ada), Base{0});
    EXPECT_EQ(settings().state, MarketState::closed);
    EXPECT_EQ(outcome(run(SettleMarket{sol, price("103")})), "market_state");
    now = TimeMs{now.value() + 60'000};
    EXPECT_TRUE(run(Tick{}).empty()) << "nothing is sampled any more";
    EXPECT_EQ(outcome(state(MarketState::open)), "ok") << "it may be listed anew";
}

TEST_F(OpeningTest, WithoutAPriceItIsTheOraclesAverage) {
    run(limit(bob, Side::sell, "100", "5"));
    run(limit(ada, Side::buy, "100", "5"));
    now = TimeMs{now.value() + 1'000};
    run(SetIndexPrice{sol, price("106")});
    state(MarketState::settling);
    const auto settled = all<MarketSettled>(run(SettleMarket{sol, {}})).at(0);
    EXPECT_GT(settled.price, price("100"));
    EXPECT_LT(settled.price, price("100.1")) << "one second of five minutes";
    EXPECT_EQ(settled.price.value() % settings().tick_size.value(), 0);
}

TEST_F(OpeningTest, ALossBeyondWhatThereIsIsTheFunds) {
    const auto poor = person(60);
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(poor, Side::buy, "100", "10"));
    state(MarketState::settling);
    const auto events = run(SettleMarket{sol, price("90")});
    EXPECT_EQ(all<DeficitCovered>(events).at(0).uncovered, usd(40));
    EXPECT_EQ(balance(poor), Amount{0});
}

/// What trying every price and then filling by price and time gives.
struct NaiveOpening {
    Price price{};
    Base volume{};
    std::map<OrderId, Base> fills;
};
NaiveOpening naive(const BookReader& book, MarketId market, Price mark, Price tick) {
    NaiveOpening out;
    std::map<Price, Base> prices;
    for (const auto& [id, order] : book.orders)
        if (order.market == market) prices[order.price];
    if (prices.empty()) return out;
    std::tuple<Base, Base, Price, Price> best;
    for (Price at = prices.begin()->first; at <= prices.rbegin()->first; at += tick) {
        Base demand, supply;
        for (const auto& [id, order] : book.orders) {
            if (order.market != market) continue;
            if (order.side == Side::buy && order.price >= at) demand += order.open;
            if (order.side == Side::sell && order.price <= at) supply += order.open;
        }
        const Base volume = std::min(demand, supply);
        if (volume == Base{0}) continue;
        const std::tuple rank{Base{0} - volume, Base{std::abs((demand - supply).value())},
                              Price{std::abs((at - mark).value())}, at};
        if (out.price != Price{0} && rank >= best) continue;
        best = rank;
        out.price = at;
        out.volume = volume;
    }
    for (const Side side : {Side::buy, Side::sell}) {
        std::vector<std::tuple<Price, std::uint64_t, OrderId, Base>> queue;
        for (const auto& [id, order] : book.orders)
            if (order.market == market && order.side == side)
                queue.emplace_back(side == Side::buy ? Price{0} - order.price : order.price,
                                   order.rank, id, order.open);
        std::ranges::sort(queue);
        Base left = out.volume;
        for (const auto& [key, rank, id, open] : queue) {
            const Base filled = std::min(left, open);
            if (filled > Base{0}) out.fills[id] = filled;
            left -= filled;
        }
    }
    return out;
}

TEST(OpeningProperty, IsWhatTryingEveryPriceFinds) {
    int traded = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Stream stream(seed * 77);
        for (int i = 0; i < 120; ++i) stream.step();
        for (std::uint16_t m = 0; m < 3; ++m) {
            stream.away[m] = 0;
            stream.set_state(m, MarketState::open);
        }
        for (std::uint32_t a = 0; a < Stream::kAccounts; ++a)
            stream.add(CancelAll{AccountId{a}, MarketId{0}, {}});
        stream.set_state(0, MarketState::pre_open);
        for (int i = 0; i < 60; ++i) {
            PlaceOrder order = stream.order();
            order.market = MarketId{0};
            order.type = OrderType::limit;
            order.time_in_force = TimeInForce::gtc;
            order.expires = TimeMs{0};
            order.post_only = PostOnly::no;
            order.display = Base{0};  // time priority alone says who trades
            order.price = stream.at(0, stream.mid[0] + stream.dice.below(31) - 15);
            order.size = Base{(1 + stream.dice.below(60)) * 10'000'000};
            stream.add(order);
        }
        stream.set_state(0, MarketState::open);
        Venue venue;
        Reader reader;
        BookReader book;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            Events events;
            with_order(stream.commands[i], venue, reader);
            venue.apply({stream.commands[i].time, Tick{}}, events);
            const Price mark = venue.markets().empty() ? Price{0} : venue.markets()[0].mark;
            venue.apply(stream.commands[i], events);
            reader.read(events);
            std::optional<NaiveOpening> wanted;
            bool over = false;  // what comes then follows from the opening
            for (const auto& event : events) {
                if (const auto* opened = std::get_if<Opened>(&event);
                    opened != nullptr && opened->market == MarketId{0}) {
                    EXPECT_EQ(opened->reference, mark);
                    wanted = naive(book, MarketId{0}, mark, venue.markets()[0].settings.tick_size);
                    ASSERT_EQ(opened->price, wanted->price) << "seed " << seed;
                    ASSERT_EQ(opened->volume, wanted->volume) << "seed " << seed;
                }
                if (const auto* trade = std::get_if<Traded>(&event); trade && wanted && !over) {
                    ASSERT_EQ(trade->price, wanted->price);
                    wanted->fills[trade->taker_order] -= trade->size;
                    wanted->fills[trade->maker_order] -= trade->size;
                }
                over |= std::holds_alternative<PriceSet>(event) && wanted.has_value();
                book.read(event);
            }
            if (wanted && i + 1 == stream.commands.size()) {
                traded += wanted->volume > Base{0};
                for (const auto& [order, left] : wanted->fills)
                    ASSERT_EQ(left, Base{0}) << "seed " << seed << ", order " << order.value();
            }
            ASSERT_EQ(venue.audit(), "") << "seed " << seed << ", command " << i;
        }
    }
    EXPECT_GT(traded, 40);
}

}  // namespace
}  // namespace astro::exchange
