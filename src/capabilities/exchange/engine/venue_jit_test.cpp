#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

namespace astro::exchange {
namespace {

struct AuctionTest : VenueTest {
    /// From 100 to 101 (a sale: to 99) in a second.
    static AuctionOrder offer(PlaceOrder order) {
        const bool buys = order.side == Side::buy;
        return {.order = order, .start = price("100"), .end = price(buys ? "101" : "99")};
    }
    OrderId open(const AuctionOrder& offered) {
        const auto opened = all<AuctionOpened>(run(PlaceAuction{offered}));
        EXPECT_EQ(opened.size(), 1U);
        return opened.empty() ? OrderId{0} : opened[0].order;
    }
    Events fill(AccountId account, OrderId auction, std::string_view how_much,
                std::string_view at = "0") {
        FillAuction c{.account = account, .auction = auction};
        c.price = price(at);
        c.size = size(how_much);
        return run(c);
    }
    Events later(std::int64_t ms) {
        now = TimeMs{now.value() + ms};
        return run(Tick{});
    }
    Quote needs(AccountId account) const {
        return Quote{health_of(venue.margin_context(), venue.accounts()[account.value()],
                               MarginKind::initial)
                         .requirement};
    }
    AccountId ada = person(10'000), bob = person(10'000), eve = person(10'000);
};

TEST_F(AuctionTest, MakersFillAtItsPriceAsItGetsWorse) {
    const auto id = open(offer(market(ada, Side::buy, "5")));
    auto events = fill(bob, id, "2");
    auto filled = all<AuctionFilled>(events).at(0);
    EXPECT_EQ(filled.price, price("100"));
    EXPECT_EQ(filled.left, size("3"));
    const auto trade = all<Traded>(events).at(0);
    EXPECT_EQ(trade.taker_order, id);
    EXPECT_EQ(trade.maker, bob);
    now = TimeMs{now.value() + 500};
    filled = all<AuctionFilled>(fill(eve, id, "9")).at(0);
    EXPECT_EQ(filled.price, price("100.5"));
    EXPECT_EQ(filled.size, size("3")) << "what is left of it";
    EXPECT_EQ(position(ada), size("5"));
    EXPECT_EQ(position(bob), size("-2"));
    EXPECT_EQ(position(eve), size("-3"));
    EXPECT_TRUE(venue.auctions().empty());
    EXPECT_FALSE(venue.find_order(id));
}

TEST_F(AuctionTest, ASaleGoesDown) {
    const auto id = open(offer(market(ada, Side::sell, "5")));
    now = TimeMs{now.value() + 250};
    EXPECT_EQ(all<AuctionFilled>(fill(bob, id, "5")).at(0).price, price("99.75"));
    EXPECT_EQ(position(ada), size("-5"));
}

TEST_F(AuctionTest, NoFillIsWorseThanTheBook) {
    run(limit(bob, Side::sell, "100.2", "1"));
    auto offered = offer(market(ada, Side::buy, "5"));
    const auto opened = all<AuctionOpened>(run(PlaceAuction{offered})).at(0);
    EXPECT_EQ(opened.book, price("100.2"));
    EXPECT_EQ(opened.book_size, size("1"));
    now = TimeMs{now.value() + 800};
    const auto refused = all<Refused>(fill(eve, opened.order, "5", "100.21")).at(0).refusal;
    EXPECT_EQ(refused.code, RefusalCode::auction_price);
    EXPECT_EQ(Price{refused.needed}, price("100.2"));
    const auto filled = all<AuctionFilled>(fill(eve, opened.order, "1")).at(0);
    EXPECT_EQ(filled.auction, price("100.8"));
    EXPECT_EQ(filled.book, price("100.2"));
    EXPECT_EQ(filled.price, price("100.2"));
    EXPECT_EQ(all<AuctionFilled>(fill(eve, opened.order, "1", "100.1")).at(0).price, price("100.1"))
        << "a maker may give more";
}

TEST_F(AuctionTest, WhatIsLeftMeetsTheBookWhenItsTimeIsOver) {
    const auto ask = accepted(run(limit(bob, Side::sell, "100.5", "1")));
    const auto id = open(offer(market(ada, Side::buy, "5")));
    EXPECT_TRUE(all<AuctionEnded>(later(1'000)).empty()) << "in its last moment";
    EXPECT_EQ(outcome(fill(eve, id, "1")), "ok");
    const auto events = later(1);
    EXPECT_EQ(all<AuctionEnded>(events).at(0).book, price("100.5"));
    EXPECT_EQ(accepted(events), id);
    EXPECT_EQ(all<Traded>(events).at(0).maker_order, ask);
    EXPECT_EQ(all<OrderClosed>(events).back().reason, CloseReason::not_traded);
    EXPECT_EQ(position(ada), size("2"));
}

TEST_F(AuctionTest, ALimitOrderRestsThenWithinItsLimit) {
    run(limit(bob, Side::sell, "100.9", "1"));
    const auto id = open(offer(limit(ada, Side::buy, "101", "3")));
    run(limit(bob, Side::sell, "101.5", "1"));
    EXPECT_EQ(venue.find_order(id)->in_auction, true);
    later(1'001);
    EXPECT_EQ(book(Side::buy) + " / " + book(Side::sell), "101 x 2 / 101.5 x 1");
    EXPECT_EQ(venue.find_order(id)->in_auction, false);
    EXPECT_EQ(venue.find_order(id)->open, size("2"));
}

TEST_F(AuctionTest, ItsDefaultsAreDrifts) {
    const auto opened =
        all<AuctionOpened>(run(PlaceAuction{AuctionOrder{.order = market(ada, Side::buy, "1")}}))
            .at(0);
    EXPECT_EQ(opened.terms->start, price("100"));
    EXPECT_EQ(opened.terms->end, price("100.5"));
    EXPECT_EQ(opened.terms->duration_ms, 1'000);
    const auto better =
        all<AuctionOpened>(
            run(PlaceAuction{AuctionOrder{.order = limit(ada, Side::buy, "99", "1")}}))
            .at(0);
    EXPECT_EQ(better.terms->end, price("99"));
    EXPECT_LT(better.terms->start, price("99"));
}

TEST_F(AuctionTest, OffsetsFollowTheOracle) {
    AuctionOrder offered{.order = limit(ada, Side::buy, "103", "5"),
                         .start = price("-1"),
                         .end = price("1"),
                         .oracle_relative = true};
    const auto id = open(offered);
    run(SetIndexPrice{sol, price("102")});
    later(500);
    EXPECT_EQ(venue.due_of(venue.auctions().at(id)).auction, price("102"));
    run(SetIndexPrice{sol, price("104")});
    EXPECT_EQ(venue.due_of(venue.auctions().at(id)).auction, price("103")) << "its limit";
}

TEST_F(AuctionTest, ItsMarginIsKeptWhileItRuns) {
    const auto poor = person(102);
    const auto id = open(offer(limit(poor, Side::buy, "101", "10")));
    EXPECT_EQ(needs(poor), usd(60)) << "5 % of 1000 and a dollar each above the mark price";
    EXPECT_EQ(outcome(run(limit(poor, Side::buy, "99", "10"))), "margin_insufficient");
    EXPECT_EQ(outcome(run(Withdraw{poor, kUsdc, dollars(50)})), "margin_insufficient");
    fill(bob, id, "5");
    EXPECT_EQ(needs(poor), usd(55));
    EXPECT_EQ(outcome(run(CancelOrder{poor, id})), "ok");
    EXPECT_EQ(needs(poor), usd(25));
}

TEST_F(AuctionTest, AMakerIsJudgedAsWhoTrades) {
    const auto poor = person(10);
    const auto id = open(offer(market(ada, Side::buy, "50")));
    EXPECT_EQ(outcome(fill(poor, id, "5")), "margin_insufficient");
    FillAuction reduces{.account = bob, .auction = id, .reduce_only = true, .size = size("1")};
    EXPECT_EQ(outcome(run(reduces)), "nothing_to_reduce");
    run(limit(bob, Side::buy, "99", "2"));
    run(market(eve, Side::sell, "2"));
    reduces.size = size("5");
    EXPECT_EQ(all<AuctionFilled>(run(reduces)).at(0).size, size("2"));
}

TEST_F(AuctionTest, FeesAreThoseOfTakerAndMaker) {
    change([](auto& m) {
        m.taker_fee_ppm = 1'000;
        m.maker_fee_ppm = -100;
    });
    const auto id = open(offer(market(ada, Side::buy, "5")));
    const auto trade = all<Traded>(fill(bob, id, "5")).at(0);
    EXPECT_EQ(trade.taker_fee, Quote{500'000});
    EXPECT_EQ(trade.maker_fee, Quote{-50'000});
    EXPECT_EQ(balance(bob), dollars(10'000) + Amount{50'000});
}

TEST_F(AuctionTest, ItEndsWithItsAccountsOrders) {
    auto named = market(ada, Side::buy, "5");
    named.client_id = ClientId("mine");
    auto id = open(offer(named));
    EXPECT_EQ(outcome(run(PlaceAuction{offer(named)})), "client_id_duplicate");
    EXPECT_EQ(closed(run(CancelByClientId{ada, ClientId("mine")}), id), "cancelled");
    id = open(offer(named));
    EXPECT_EQ(closed(run(CancelAll{ada, sol, Side::sell}), id), "open");
    EXPECT_EQ(closed(run(CancelAll{ada, sol, Side::buy}), id), "cancelled");
    id = open(offer(named));
    EXPECT_EQ(outcome(run(CancelOrder{bob, id})), "order_unknown");
    MarketSettings halted = settings();
    halted.state = MarketState::halted;
    EXPECT_EQ(closed(run(SetMarket{halted}), id), "market");
    EXPECT_EQ(needs(ada), Quote{0});
}

TEST_F(AuctionTest, ABatchThatIsRefusedLeavesItRunning) {
    auto named = market(ada, Side::buy, "5");
    named.client_id = ClientId("mine");
    const auto id = open(offer(named));
    const auto events = run(BatchOrders{OrderBatch{
        ada, BatchMode::atomic, {CancelByClientId{ada, ClientId("mine")}, CancelOrder{ada, id}}}});
    EXPECT_EQ(outcome(events), "order_unknown");
    EXPECT_EQ(venue.find_client_id(ada, ClientId("mine")), id);
    EXPECT_EQ(outcome(fill(bob, id, "5")), "ok");
}

TEST_F(AuctionTest, LiquidationOfTheTakerEndsIt) {
    const auto poor = person(120);
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(poor, Side::buy, "100", "10"));
    const auto id = open(offer(market(poor, Side::buy, "5")));
    run(limit(eve, Side::buy, "90", "50"));
    const auto events = run(SetIndexPrice{sol, price("90")});
    EXPECT_EQ(all<LiquidationStarted>(events).at(0).account, poor);
    EXPECT_EQ(closed(events, id), "liquidation");
}

TEST_F(AuctionTest, OneThatOnlyReducesGoesWithThePosition) {
    run(limit(bob, Side::sell, "100", "5"));
    run(limit(ada, Side::buy, "100", "5"));
    auto order = market(ada, Side::sell, "9");
    order.reduce_only = true;
    const auto first = open(offer(order));
    const auto second = open(offer(order));
    EXPECT_EQ(venue.find_order(first)->open, size("5"));
    EXPECT_EQ(all<AuctionFilled>(fill(eve, first, "3")).at(0).size, size("3"));
    const auto events = fill(eve, second, "9");
    EXPECT_EQ(all<AuctionFilled>(events).at(0).size, size("2")) << "there is no more position";
    EXPECT_EQ(closed(events, first), "reduce_only");
    EXPECT_EQ(closed(events, second), "reduce_only");
    EXPECT_EQ(position(ada), Base{0});
}

TEST_F(AuctionTest, WhatMayNotBeDoneWhenItsTimeIsOverEnds) {
    const auto poor = person(60);
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(poor, Side::buy, "100", "10"));
    const auto id = open(offer(limit(poor, Side::buy, "101", "1")));
    run(SetIndexPrice{sol, price("98.5")});
    EXPECT_EQ(closed(later(1'001), id), "refused") << "45 do not carry 11 at 98.5";
}

TEST_F(AuctionTest, WrongOnesAreRefused) {
    const auto with = [&](auto edit) {
        AuctionOrder c = offer(limit(ada, Side::buy, "101", "1"));
        edit(c);
        return outcome(run(PlaceAuction{c}));
    };
    EXPECT_EQ(with([](auto& c) { c.duration_ms = 1'001; }), "bad_amount");
    EXPECT_EQ(with([](auto& c) { c.order.time_in_force = TimeInForce::fok; }),
              "order_inconsistent");
    EXPECT_EQ(with([](auto& c) { c.order.post_only = PostOnly::slide; }), "order_inconsistent");
    EXPECT_EQ(with([](auto& c) { c.order.display = size("1"); }), "order_inconsistent");
    EXPECT_EQ(with([](auto& c) { c.start = price("101.5"); }), "order_inconsistent");
    EXPECT_EQ(with([](auto& c) { c.end = price("101.01"); }), "price_out_of_band");
    EXPECT_EQ(with([](auto& c) { c.start = Price{-1}; }), "price_out_of_range");
    EXPECT_EQ(with([](auto& c) { c.order.account = AccountId{99}; }), "account_unknown");
    EXPECT_EQ(with([](auto& c) { c.order.market = MarketId{9}; }), "market_unknown");
    EXPECT_EQ(with([&](auto& c) {
                  c.order.time_in_force = TimeInForce::gtt;
                  c.order.expires = TimeMs{now.value() + 1'000};
              }),
              "expiry_passed");
    for (int i = 0; i < kAccountAuctionsMax; ++i) EXPECT_EQ(with([](auto&) {}), "ok");
    EXPECT_EQ(with([](auto&) {}), "too_many_orders");
    const auto id = venue.auctions().begin()->first;
    EXPECT_EQ(outcome(fill(ada, id, "1")), "own_auction");
    EXPECT_EQ(outcome(fill(bob, OrderId{77}, "1")), "order_unknown");
    EXPECT_EQ(outcome(fill(AccountId{99}, id, "1")), "account_unknown");
    EXPECT_EQ(outcome(fill(bob, id, "0")), "bad_amount");
    EXPECT_EQ(outcome(fill(bob, id, "0.001")), "size_not_lot");
    EXPECT_EQ(outcome(fill(bob, id, "1", "99.999")), "price_not_tick");
    run(CancelAll{ada, {}, {}});
    change([](auto& m) { m.auction_ms = 0; });
    EXPECT_EQ(with([](auto&) {}), "no_auction");
    change([](auto& m) { m.auction_ms = 1'000, m.state = MarketState::pre_open; });
    EXPECT_EQ(with([](auto&) {}), "market_not_open");
}

/// From the events alone: what the taker was due at each moment, and what he got.
class AuctionChecker {
  public:
    int fills = 0, by_book = 0, by_auction = 0, better = 0, over = 0;

    void read(const Event& event, const Venue& settings) {
        if (const auto* set = std::get_if<PriceSet>(&event)) index_[set->market] = set->index;
        if (const auto* opened = std::get_if<AuctionOpened>(&event)) open(*opened, settings);
        if (const auto* filled = std::get_if<AuctionFilled>(&event)) fill(*filled);
        if (const auto* ended = std::get_if<AuctionEnded>(&event)) ended_ = *ended;
        if (const auto* closed = std::get_if<OrderClosed>(&event)) close(*closed);
        book_.read(event);
    }

  private:
    struct Offered {
        AuctionOpened opened;
        Base left;
        Price tick;
    };
    /// Drift's curve, written out.
    Price price_at(const Offered& o, TimeMs at) const {
        const AuctionTerms& a = *o.opened.terms;
        const std::int64_t elapsed = std::min(at.value() - a.opened.value(), a.duration_ms);
        const auto gone = static_cast<std::int64_t>(static_cast<Int128>((a.end - a.start).value()) *
                                                    elapsed / a.duration_ms);
        const bool buys = a.side == Side::buy;
        std::int64_t price = a.start.value() + gone;
        const std::int64_t tick = o.tick.value();
        if (a.oracle_relative) price = std::max(price + index_.at(a.market).value(), tick);
        price = buys ? price / tick * tick : (price + tick - 1) / tick * tick;
        return std::max(buys ? std::min(Price{price}, a.limit) : std::max(Price{price}, a.limit),
                        o.tick);
    }
    void open(const AuctionOpened& e, const Venue& settings) {
        const Price tick = settings.markets()[e.terms->market.value()].settings.tick_size;
        const Offered offered{e, e.terms->size, tick};
        EXPECT_EQ(e.price, price_at(offered, e.terms->opened));
        EXPECT_EQ(e.book, book_.best(e.terms->market, opposite(e.terms->side)));
        EXPECT_TRUE(offers_.emplace(e.order, offered).second);
    }
    void fill(const AuctionFilled& e) {
        Offered& o = offers_.at(e.order);
        const std::int64_t sign = o.opened.terms->side == Side::buy ? 1 : -1;
        EXPECT_LE(e.at.value(), o.opened.terms->opened.value() + o.opened.terms->duration_ms);
        EXPECT_EQ(e.auction, price_at(o, e.at));
        EXPECT_EQ(e.book, book_.best(o.opened.terms->market, opposite(o.opened.terms->side)));
        EXPECT_LE(sign * e.price.value(), sign * e.auction.value()) << "never worse than either";
        if (e.book) {
            EXPECT_LE(sign * e.price.value(), sign * e.book->value());
        }
        o.left -= e.size;
        EXPECT_EQ(o.left, e.left);
        ++fills;
        by_auction += e.price == e.auction;
        by_book += e.book && e.price == *e.book && e.price != e.auction;
        better += e.price != e.auction && (!e.book || e.price != *e.book);
    }
    void close(const OrderClosed& e) {
        const auto found = offers_.find(e.order);
        if (found == offers_.end()) return;
        EXPECT_EQ(found->second.left, e.open);
        ASSERT_TRUE(ended_ && ended_->order == e.order);
        EXPECT_EQ(ended_->left, e.open);
        if (e.reason == CloseReason::amended) {
            const AuctionTerms& o = *found->second.opened.terms;
            EXPECT_GT(ended_->at.value(), o.opened.value() + o.duration_ms);
            EXPECT_EQ(ended_->book, book_.best(o.market, opposite(o.side)));
            ++over;
        }
        offers_.erase(found);
    }

    std::map<MarketId, Price> index_;
    std::map<OrderId, Offered> offers_;
    std::optional<AuctionEnded> ended_;
    BookReader book_;
};

TEST(AuctionProperty, WhoReadsTheEventsSeesThatTheTakerGotTheBestOfAuctionAndBook) {
    int fills = 0, by_book = 0, by_auction = 0, better = 0, over = 0;
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
        Stream stream(seed * 313);
        for (int i = 0; i < 1'500; ++i) {
            stream.step();
            const AccountId account{static_cast<std::uint32_t>(stream.dice.below(12))};
            if (stream.dice.one_in(4)) stream.add(stream.auction());
            if (stream.dice.one_in(2)) stream.add(stream.fill(account));
        }
        Venue venue;
        Reader reader;
        AuctionChecker checker;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            Events events;
            with_order(stream.commands[i], venue, reader);
            venue.apply(stream.commands[i], events);
            reader.read(events);
            for (const auto& event : events) checker.read(event, venue);
            ASSERT_EQ(venue.audit(), "") << "seed " << seed << ", command " << i;
            if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", command " << i;
        }
        fills += checker.fills;
        by_book += checker.by_book;
        by_auction += checker.by_auction;
        better += checker.better;
        over += checker.over;
    }
    EXPECT_GT(by_auction, 100);
    EXPECT_GT(by_book, 100);
    EXPECT_GT(better, 20);
    EXPECT_GT(over, 100);
    EXPECT_GT(fills, 500);
}

}  // namespace
}  // namespace astro::exchange
