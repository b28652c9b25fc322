#include "capabilities/exchange/market_feed.hpp"

#include <atomic>
#include <latch>
#include <limits>

#include "capabilities/exchange/market_feed_test_support.hpp"

namespace astro::exchange {
namespace {

struct MarketFeedTest : testing::Test {
    MarketFeedTest() { MarketTape::declare_streams(*bus, clock.now()); }
    ~MarketFeedTest() override { feed.stop(); }

    void start() {
        venue.listen(&feed);
        feed.start(venue.venue, venue.sequence);
    }
    /// All events of a stream, oldest first.
    template <class T>
    std::vector<T> events(std::string_view stream) {
        std::vector<T> out;
        for (const auto& event : bus->newest(stream, SIZE_MAX)) {
            auto read = read_json<T>(event->payload);
            EXPECT_TRUE(read) << event->payload;
            out.push_back(std::move(*read));
        }
        return out;
    }
    std::vector<PublicTrade> trades_of(std::string_view market) {
        return tape.trades(market, {}, 100'000)->trades;
    }
    void expect_books_equal() {
        for (std::uint16_t m = 0; m < venue.venue.markets().size(); ++m) {
            const auto book = tape.book(venue.venue.markets()[m].settings.symbol);
            ASSERT_TRUE(book);
            ASSERT_EQ(book->bids, levels_of(venue.venue, MarketId{m}, Side::buy));
            ASSERT_EQ(book->asks, levels_of(venue.venue, MarketId{m}, Side::sell));
            ASSERT_EQ(book->checksum, book_checksum(book->bids, book->asks));
            ASSERT_LE(book->seq, venue.sequence);
        }
    }

    LocalVenue venue;
    std::unique_ptr<Bus> bus = make_bus();
    SystemClock clock;
    TapeOptions options{
        .book_every = DurationNs{0}, .price_every = DurationNs{0}, .candle_every = DurationNs{0}};
    MarketTape tape{*bus, options};
    MarketFeed feed{tape, clock};
};

TEST_F(MarketFeedTest, TheToldBookIsTheVenuesOwn) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        LocalVenue fresh;
        const auto own_bus = make_bus();
        MarketTape::declare_streams(*own_bus, clock.now());
        MarketTape own_tape(*own_bus, options);
        MarketFeed own_feed(own_tape, clock);
        fresh.listen(&own_feed);
        Crowd crowd(fresh, seed);
        own_feed.start(fresh.venue, fresh.sequence);
        std::size_t levels = 0, icebergs = 0;
        std::map<std::string, int> seen;
        for (int i = 0; i < 4'000; ++i) {
            for (const auto& event : crowd.step()) {
                seen["pegged"] += std::holds_alternative<OrderPegged>(event);
                seen["opened"] += std::holds_alternative<Opened>(event);
                seen["offered"] += std::holds_alternative<AuctionOpened>(event);
                seen["filled in its auction"] += std::holds_alternative<AuctionFilled>(event);
                seen["of a batch"] += std::holds_alternative<BatchItem>(event);
                if (const auto* closed = std::get_if<OrderClosed>(&event))
                    seen["amended"] += closed->reason == CloseReason::amended;
            }
            if (i % 20 != 0) continue;
            fresh.end_group();
            own_feed.flush();
            for (std::uint16_t m = 0; m < Crowd::kMarkets; ++m) {
                const auto book = own_tape.book(fresh.venue.markets()[m].settings.symbol);
                ASSERT_EQ(book->bids, levels_of(fresh.venue, MarketId{m}, Side::buy))
                    << "seed " << seed << ", command " << i;
                ASSERT_EQ(book->asks, levels_of(fresh.venue, MarketId{m}, Side::sell))
                    << "seed " << seed << ", command " << i;
                levels += book->bids.size() + book->asks.size();
                icebergs += fresh.venue.markets()[m].special_orders;
            }
        }
        EXPECT_GT(levels, 5'000U);
        EXPECT_GT(icebergs, 500U);
        EXPECT_EQ(seen.size(), 6U);
        for (const auto& [what, count] : seen) EXPECT_GT(count, 3) << what;
    }
}

TEST_F(MarketFeedTest, AClientKeepsTheBookFromSnapshotAndDeltasAlone) {
    Crowd crowd(venue, 11);
    for (int i = 0; i < 500; ++i) crowd.step();
    const auto deltas =
        bus->subscribe({std::string(kBookStream)}, 1'000'000, SlowConsumer::require_all);
    start();
    std::map<std::string, BookClient> clients;
    for (const auto& symbol : tape.symbols()) clients[symbol].begin(*tape.book(symbol));
    for (int i = 0; i < 10'000; ++i) {
        crowd.step();
        if (i % 50 == 0) feed.flush();
    }
    venue.end_group();
    feed.flush();
    while (const auto event = deltas->next(DurationNs{0}))
        clients[event->tags.at(0).second].take(*read_json<BookDelta>(event->payload));
    for (std::uint16_t m = 0; m < Crowd::kMarkets; ++m) {
        const auto& client = clients[venue.venue.markets()[m].settings.symbol];
        EXPECT_EQ(client.bids(), levels_of(venue.venue, MarketId{m}, Side::buy));
        EXPECT_EQ(client.asks(), levels_of(venue.venue, MarketId{m}, Side::sell));
        EXPECT_GT(client.deltas, 50);
        EXPECT_EQ(client.seq(), tape.book(venue.venue.markets()[m].settings.symbol)->seq);
    }
}

TEST_F(MarketFeedTest, ASnapshotInTheMiddleIsFollowedWithoutAHole) {
    Crowd crowd(venue, 12);
    start();
    const auto deltas =
        bus->subscribe({std::string(kBookStream)}, 1'000'000, SlowConsumer::require_all);
    BookClient client;
    std::string symbol = "SOL-PERP";
    for (int i = 0; i < 3'000; ++i) {
        crowd.step();
        // The own thread is somewhere in between: whatever it has told by now is in the snapshot.
        if (i == 1'500) client.begin(*tape.book(symbol));
    }
    venue.end_group();
    feed.flush();
    while (const auto event = deltas->next(DurationNs{0}))
        if (event->has_tag("market", symbol)) client.take(*read_json<BookDelta>(event->payload));
    EXPECT_EQ(client.bids(), levels_of(venue.venue, MarketId{0}, Side::buy));
    EXPECT_EQ(client.asks(), levels_of(venue.venue, MarketId{0}, Side::sell));
}

TEST_F(MarketFeedTest, TheHiddenPartOfAnIcebergIsNeverShown) {
    Crowd crowd(venue, 13);  // lists markets and people
    start();
    PlaceOrder iceberg;
    iceberg.account = AccountId{1};
    iceberg.side = Side::sell;
    iceberg.price = Price{101 * kQuoteUnit};
    iceberg.size = Base{10 * kBaseUnit};
    iceberg.display = Base{2 * kBaseUnit};
    venue.run(iceberg);
    venue.end_group();
    feed.flush();
    EXPECT_EQ(tape.book("SOL-PERP")->asks,
              (std::vector<BookLevel>{{iceberg.price, Base{2 * kBaseUnit}}}));
    PlaceOrder taker = iceberg;
    taker.account = AccountId{4};
    taker.side = Side::buy;
    taker.display = Base{0};
    taker.size = Base{2 * kBaseUnit};
    venue.run(taker);
    venue.end_group();
    feed.flush();
    EXPECT_EQ(tape.book("SOL-PERP")->asks,
              (std::vector<BookLevel>{{iceberg.price, Base{2 * kBaseUnit}}}))
        << "the next part comes to the same place";
    EXPECT_EQ(events<BookDelta>(kBookStream).size(), 1U) << "of which nothing is to be told";
    ASSERT_EQ(events<PublicTrade>(kTradeStream).size(), 1U);
}

TEST_F(MarketFeedTest, OrdersFromBeforeItBeganAreFollowedToo) {
    Crowd crowd(venue, 14);
    for (int i = 0; i < 1'000; ++i) crowd.step();  // nobody listens: as from a venue's snapshot
    start();
    expect_books_equal();
    EXPECT_TRUE(bus->newest(kBookStream, 10).empty()) << "what there was is no news";
    for (std::uint32_t a = 0; a < Crowd::kAccounts; ++a) venue.run(CancelAll{AccountId{a}, {}, {}});
    venue.end_group();
    feed.flush();
    expect_books_equal();
    EXPECT_TRUE(tape.book("SOL-PERP")->bids.empty());
    EXPECT_FALSE(bus->newest(kBookStream, 10).empty());
}

TEST_F(MarketFeedTest, AnOrderItNeverSawMakesItReadEverythingAnew) {
    Crowd crowd(venue, 15);
    start();
    venue.listen(nullptr);
    for (int i = 0; i < 400; ++i) crowd.step();
    venue.listen(&feed);
    for (std::uint32_t a = 0; a < 4; ++a) venue.run(CancelAll{AccountId{a}, {}, {}});
    venue.end_group();
    feed.flush();
    expect_books_equal();
}

TEST_F(MarketFeedTest, WhatIsHeardBeforeTheStartIsKeptButNoNews) {
    venue.listen(&feed);
    Crowd crowd(venue, 16);
    std::vector<TradeId> trades;
    const auto note = [&](const Events& applied) {
        for (const auto& event : applied)
            if (const auto* trade = std::get_if<Traded>(&event);
                trade != nullptr && trade->market == MarketId{0})
                trades.push_back(trade->trade);
    };
    for (int i = 0; i < 3'000; ++i) note(crowd.step());
    const auto before = trades.size();
    feed.start(venue.venue, venue.sequence);
    feed.flush();
    EXPECT_TRUE(bus->newest(kTradeStream, 10).empty());
    EXPECT_TRUE(bus->newest(kCandleStream, 10).empty());
    for (int i = 0; i < 300; ++i) note(crowd.step());
    venue.end_group();
    feed.flush();
    std::vector<TradeId> read;
    for (const auto& trade : trades_of("SOL-PERP")) read.insert(read.begin(), trade.trade);
    EXPECT_EQ(read, trades);
    ASSERT_GT(before, 100U);
    std::vector<TradeId> told;
    for (const auto& trade : events<PublicTrade>(kTradeStream))
        if (trade.market == "SOL-PERP") told.push_back(trade.trade);
    EXPECT_EQ(told, std::vector<TradeId>(trades.begin() + static_cast<std::ptrdiff_t>(before),
                                         trades.end()));
}

TEST_F(MarketFeedTest, CandlesAndFiguresAreThoseOfTheTrades) {
    start();
    Crowd crowd(venue, 17);
    std::map<std::int64_t, std::vector<Traded>> minutes;
    for (int i = 0; i < 6'000; ++i) {
        for (const auto& event : crowd.step())
            if (const auto* trade = std::get_if<Traded>(&event);
                trade != nullptr && trade->market == MarketId{1})
                minutes[venue.now.value() / 60'000 * 60'000].push_back(*trade);
    }
    venue.end_group();
    feed.flush();
    const auto candles = tape.candles({.market = "BTC-PERP", .interval = 1})->candles;
    ASSERT_EQ(candles.size(), minutes.size());
    ASSERT_GT(candles.size(), 1U);
    const std::size_t all = std::numeric_limits<std::size_t>::max();
    EXPECT_EQ(tape.candles({.market = "BTC-PERP", .interval = 1, .count = all})->candles, candles);
    Int128 volume = 0;
    std::int64_t count = 0;
    for (const auto& candle : candles) {
        const auto& trades = minutes.at(candle.start.value());
        const auto [low, high] = std::ranges::minmax(trades, {}, &Traded::price);
        EXPECT_EQ(candle.open, trades.front().price);
        EXPECT_EQ(candle.close, trades.back().price);
        EXPECT_EQ(candle.low, low.price);
        EXPECT_EQ(candle.high, high.price);
        EXPECT_EQ(candle.trades, static_cast<std::int64_t>(trades.size()));
        Base size{};
        Quote value{};
        for (const auto& trade : trades) {
            size += trade.size;
            value += Quote{static_cast<std::int64_t>(notional(trade.price, trade.size))};
        }
        EXPECT_EQ(candle.volume, size);
        EXPECT_EQ(candle.value, value);
        volume += size.value();
        count += candle.trades;
    }
    const Ticker ticker = tape.market("BTC-PERP")->ticker;
    EXPECT_EQ(Int128{ticker.volume_24h.value()}, volume);
    EXPECT_EQ(ticker.trades_24h, count);
    EXPECT_EQ(ticker.open_24h, candles.front().open);
    EXPECT_EQ(ticker.last, candles.back().close);
}

TEST_F(MarketFeedTest, WhenTheOwnThreadLagsBooksAreMergedAndNoTradeIsLost) {
    Crowd crowd(venue, 18);
    start();
    const auto trades =
        bus->subscribe({std::string(kTradeStream)}, 1'000'000, SlowConsumer::require_all);
    std::latch held(1), go_on(1);
    std::atomic<bool> is_held = false;
    const auto tap = bus->tap([&](const EventPtr& event) {
        if (event->stream != kTradeStream || is_held.exchange(true)) return;
        held.count_down();
        go_on.wait();
    });
    std::vector<TradeId> all;
    int groups = 0;
    const auto step = [&] {
        for (const auto& event : crowd.step())
            if (const auto* trade = std::get_if<Traded>(&event)) all.push_back(trade->trade);
        venue.end_group();
        ++groups;
    };
    while (!is_held) step();
    held.wait();
    const auto told = bus->newest(kBookStream, SIZE_MAX).size();
    for (int i = 0; i < 5'000; ++i) step();
    go_on.count_down();
    feed.flush();
    std::vector<TradeId> heard;
    while (const auto event = trades->next(DurationNs{0}))
        heard.push_back(read_json<PublicTrade>(event->payload)->trade);
    EXPECT_EQ(heard, all);
    EXPECT_GT(all.size(), 500U);
    EXPECT_LE(bus->newest(kBookStream, SIZE_MAX).size(), told + 2 * Crowd::kMarkets)
        << "5,000 groups became one delta a market";
    expect_books_equal();
}

TEST_F(MarketFeedTest, PricesSayWhatTheGuardThinks) {
    start();
    Crowd crowd(venue, 19);
    venue.end_group();
    feed.flush();
    OraclePrice sol = tape.prices().prices.at(0);
    EXPECT_EQ(sol.market, "SOL-PERP");
    EXPECT_EQ(sol.verdict, OracleVerdict::valid);
    EXPECT_EQ(sol.reason, "within all limits");
    EXPECT_EQ(sol.allowed.size(), 8U);
    SetIndexPrice unsure{.market = MarketId{0}, .index = sol.index};
    unsure.confidence = Price{sol.index.value() / 10};
    venue.run(unsure);
    venue.end_group();
    feed.flush();
    sol = tape.prices().prices.at(0);
    EXPECT_EQ(sol.verdict, OracleVerdict::too_uncertain);
    EXPECT_EQ(sol.reason, "the source's own band is wider than " +
                              std::to_string(default_markets()[0].oracle_confidence_bps) + " bps");
    EXPECT_LT(sol.allowed.size(), 8U);
    EXPECT_EQ(sol.confidence, unsure.confidence);
    EXPECT_EQ(events<Ticker>(kPriceStream).back().oracle, OracleVerdict::too_uncertain);
}

TEST_F(MarketFeedTest, AChangeOfAMarketIsToldWithItsSettings) {
    start();
    MarketSettings sol = default_markets().front();
    venue.run(SetMarket{sol});
    sol.state = MarketState::halted;
    venue.run(SetMarket{sol});
    sol.taker_fee_ppm += 1;
    venue.run(SetMarket{sol});
    venue.end_group();
    feed.flush();
    const auto told = events<MarketNotice>(kMarketStream);
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0].change, MarketChangeKind::listed);
    EXPECT_EQ(told[1].change, MarketChangeKind::state);
    EXPECT_EQ(told[1].settings->state, MarketState::halted);
    EXPECT_EQ(told[2].change, MarketChangeKind::settings);
    EXPECT_EQ(told[2].settings->taker_fee_ppm, sol.taker_fee_ppm);
    EXPECT_EQ(tape.market("SOL-PERP")->ticker.state, MarketState::halted);
}

TEST_F(MarketFeedTest, AnOpeningIsToldFromItsFirstCrossingToItsPrice) {
    start();
    Crowd crowd(venue, 22);  // lists markets and people
    MarketSettings sol = default_markets().front();
    sol.state = MarketState::pre_open;
    venue.run(SetMarket{sol});
    for (const Side side : {Side::buy, Side::sell}) {
        PlaceOrder order;
        order.account = AccountId{side == Side::buy ? 1U : 4U};
        order.side = side;
        order.price = Price{(side == Side::buy ? 102 : 99) * kQuoteUnit};
        order.size = Base{(side == Side::buy ? 3 : 5) * kBaseUnit};
        venue.run(order);
    }
    venue.now = TimeMs{venue.now.value() + 5'000};
    venue.run(Tick{});
    venue.end_group();
    feed.flush();
    const auto crossed = tape.book("SOL-PERP");
    EXPECT_GT(crossed->bids.at(0).price, crossed->asks.at(0).price);
    sol.state = MarketState::open;
    venue.run(SetMarket{sol});
    venue.end_group();
    feed.flush();
    std::vector<MarketNotice> told;
    for (const auto& notice : events<MarketNotice>(kMarketStream))
        if (notice.market == "SOL-PERP") told.push_back(notice);
    ASSERT_GE(told.size(), 4U);
    const auto at = std::ranges::find(told, MarketChangeKind::opening, &MarketNotice::change);
    ASSERT_NE(at, told.end());
    EXPECT_EQ(at->volume, Base{3 * kBaseUnit});
    EXPECT_FALSE(at->settings);
    const auto opened = std::ranges::find(told, MarketChangeKind::opened, &MarketNotice::change);
    ASSERT_NE(opened, told.end());
    EXPECT_EQ(opened->volume, Base{3 * kBaseUnit});
    EXPECT_EQ(opened->imbalance, Base{-2 * kBaseUnit});
    const auto trades = trades_of("SOL-PERP");
    ASSERT_EQ(trades.size(), 1U);
    EXPECT_EQ(trades[0].price, opened->price);
    // The seller's rest stands where it stood, which is not where it traded.
    EXPECT_EQ(tape.book("SOL-PERP")->asks,
              (std::vector<BookLevel>{{Price{99 * kQuoteUnit}, Base{2 * kBaseUnit}}}));
    EXPECT_TRUE(tape.book("SOL-PERP")->bids.empty());
    EXPECT_EQ(tape.market("SOL-PERP")->ticker.state, MarketState::open);
}

TEST_F(MarketFeedTest, LiquidationsAreToldWithTheirNumbersAndMarkTheirTrades) {
    start();
    Crowd crowd(venue, 20);
    std::vector<Liquidated> liquidated;
    std::size_t deleveraged = 0;
    for (int i = 0; i < 20'000 && liquidated.size() < 20; ++i)
        for (const auto& event : crowd.step()) {
            if (const auto* e = std::get_if<Liquidated>(&event)) liquidated.push_back(*e);
            if (std::holds_alternative<Deleveraged>(event)) ++deleveraged;
        }
    venue.end_group();
    feed.flush();
    ASSERT_GT(liquidated.size(), 3U);
    std::vector<LiquidationNotice> told;
    const auto known = tape.liquidations({}, {}, 1'000).liquidations;
    for (const auto& notice : known)
        if (notice.kind == LiquidationKind::liquidation) told.insert(told.begin(), notice);
    ASSERT_EQ(told.size(), liquidated.size());
    Base size{};
    for (std::size_t i = 0; i < told.size(); ++i) {
        EXPECT_EQ(told[i].size, liquidated[i].size);
        EXPECT_EQ(told[i].collateral, liquidated[i].collateral);
        EXPECT_EQ(told[i].requirement, liquidated[i].requirement);
        size += liquidated[i].size;
    }
    for (const auto& symbol : tape.symbols())
        for (const auto& trade : trades_of(symbol))
            if (trade.liquidation) size -= trade.size;
    EXPECT_EQ(size, Base{0}) << "the trades that are marked are those of the liquidations";
    EXPECT_EQ(events<LiquidationNotice>(kLiquidationStream).size(), known.size());
}

TEST_F(MarketFeedTest, ChangesAreHeldBackNoMoreThanIsAsked) {
    VirtualClock still{TimestampNs{1'700'006'400'000'000'000}};
    options.book_every = milliseconds(50);
    MarketTape slow(*bus, options);
    MarketBatch batch{.seq = Sequence{1}, .time = venue.now};
    batch.settings.push_back({MarketId{0}, Boxed<MarketSettings>(default_markets().front()),
                              Sequence{1}, venue.now, SettingsNow::News::none});
    slow.learn(batch);
    slow.begin();
    const auto set = [&](std::uint64_t seq, std::int64_t size) {
        MarketBatch next{.seq = Sequence{seq}, .time = venue.now};
        next.levels.push_back({MarketId{0}, Side::buy, Price{kQuoteUnit}, Base{size}});
        slow.tell(next);
        return slow.publish_due(still.monotonic(), false);
    };
    EXPECT_FALSE(set(2, 5)) << "the first is told at once";
    EXPECT_EQ(set(3, 6), std::optional(still.monotonic() + milliseconds(50)));
    EXPECT_EQ(set(4, 7), std::optional(still.monotonic() + milliseconds(50)));
    EXPECT_EQ(slow.book("SOL-PERP")->seq, Sequence{2});
    still.advance(milliseconds(50));
    EXPECT_FALSE(slow.publish_due(still.monotonic(), false));
    const auto told = events<BookDelta>(kBookStream);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1].prev_seq, Sequence{2});
    EXPECT_EQ(told[1].seq, Sequence{4});
    EXPECT_EQ(told[1].bids, (std::vector<BookLevel>{{Price{kQuoteUnit}, Base{7}}}));
}

}  // namespace
}  // namespace astro::exchange
