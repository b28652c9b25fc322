#include "capabilities/exchange/rows.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "capabilities/exchange/queries.hpp"
#include "capabilities/exchange/service_test_support.hpp"
#include "capabilities/exchange/tables.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using namespace astro::exchange::test;

struct RowsTest : testing::Test {
    void SetUp() override {
        auto opened = store::open_sqlite({.path = place.directory.path() + "/rows.db"});
        ASSERT_TRUE(opened) << opened.error().text();
        store = std::move(*opened);
        ASSERT_TRUE(store->migrate(migrations()));
        start();
    }
    void TearDown() override { stop(); }
    void start() {
        rows = Rows::open(*store, place.clock, retention).value();
        place.options.heard_from = rows->wanted_from();
        service = place.open({rows.get()});
    }
    void stop() {
        if (rows) rows->begin_stop();
        service.reset();
        rows.reset();
    }
    template <class T>
    std::vector<std::string> texts(const Result<Paged<T>>& page) {
        std::vector<std::string> out;
        EXPECT_TRUE(page.has_value()) << (page ? "" : page.error().text());
        if (page)
            for (const auto& item : page->items) out.push_back(to_json(item));
        return out;
    }
    /// All tables, so that two ways to fill them can be compared.
    std::string everything() {
        EXPECT_TRUE(rows->flush());
        std::string out;
        const HistoryQuery all{.limit = kHistoryLimitMax};
        const auto add = [&](const auto& page) {
            for (const auto& text : texts(page)) out += text + "\n";
        };
        add(orders_of(*store, all));
        add(fills_of(*store, all));
        add(realized_of(*store, all));
        add(funding_payments_of(*store, all));
        add(liquidations(*store, all));
        add(deleveragings(*store, all));
        add(transfers_of(*store, all));
        add(trades_of_market(*store, all));
        add(funding_history(*store, all));
        for (const auto& candle : candles(*store, market::kMinutes, minutes_of_sol()).value())
            out += to_json(candle) + "\n";
        for (const auto& price : minute_prices(*store, minutes_of_sol()).value())
            out += to_json(price) + "\n";
        return out;
    }
    static SpanQuery minutes_of_sol() {
        const TimeMs noon{kNoon.value() / 1'000'000};
        return {.market = MarketId{0},
                .from = TimeMs{noon.value() - kMinuteMs},
                .to = TimeMs{noon.value() + 1'000 * kMinuteMs},
                .limit = 10'000};
    }
    OrderRecord only_order_of(std::uint32_t account) {
        EXPECT_TRUE(rows->flush());
        auto page = orders_of(*store, {.accounts = {AccountId{account}}}).value();
        EXPECT_EQ(page.items.size(), 1U);
        return page.items.empty() ? OrderRecord{} : page.items.front();
    }

    Site place;
    RowsRetention retention;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Rows> rows;
    std::unique_ptr<Service> service;
};

TEST_F(RowsTest, AnOrdersLifeIsOneRecordFromAcceptanceToItsEnd) {
    fund(*service, 2);
    auto sell = order(0, Side::sell, 101, 5);
    sell.client_id = ClientId("first");
    run(*service, sell);
    auto record = only_order_of(0);
    EXPECT_EQ(record.status, OrderStatus::open);
    EXPECT_EQ(record.client_id, ClientId("first"));
    EXPECT_EQ(record.open_size, Base{5 * kBaseUnit});

    place.clock.advance(seconds(1));
    run(*service, order(1, Side::buy, 101, 2));
    record = only_order_of(0);
    EXPECT_EQ(record.filled, Base{2 * kBaseUnit});
    EXPECT_EQ(record.filled_quote, Quote{202 * kQuoteUnit});
    EXPECT_EQ(record.open_size, Base{3 * kBaseUnit});
    EXPECT_EQ(record.status, OrderStatus::open);

    run(*service, CancelOrder{AccountId{0}, record.order_id});
    record = only_order_of(0);
    EXPECT_EQ(record.status, OrderStatus::closed);
    EXPECT_EQ(record.closed_reason, CloseReason::cancelled);
    EXPECT_EQ(record.closed, TimeMs{kNoon.value() / 1'000'000 + 1'000});
    EXPECT_EQ(record.open_size, Base{3 * kBaseUnit});

    const auto taker = only_order_of(1);
    EXPECT_EQ(taker.closed_reason, CloseReason::filled);
    EXPECT_EQ(taker.open_size, Base{0});
    EXPECT_GT(taker.fee, Quote{0});
}

// Also when the table has it already, or when all of it comes at once.
void amend_and_trade(RowsTest& test, bool flushes) {
    fund(*test.service, 2);
    const auto step = [&](CommandBody body) {
        const auto outcome = run(*test.service, std::move(body));
        if (flushes) {
            EXPECT_TRUE(test.rows->flush());
        }
        return outcome;
    };
    const auto outcome = step(order(0, Side::sell, 101, 5));
    OrderId id{};
    for (const auto& event : *outcome.events)
        if (const auto* placed = std::get_if<OrderAccepted>(&event)) id = placed->order;
    step(order(1, Side::buy, 101, 2));
    step(AmendOrder{AccountId{0}, id, Price{102 * kQuoteUnit}, {}});
    step(order(1, Side::buy, 102, 1));
    const auto record = test.only_order_of(0);
    EXPECT_EQ(record.order_id, id);
    EXPECT_EQ(record.status, OrderStatus::open);
    EXPECT_EQ(record.price, Price{102 * kQuoteUnit});
    EXPECT_EQ(record.size, Base{5 * kBaseUnit});
    EXPECT_EQ(record.filled, Base{3 * kBaseUnit});
    EXPECT_EQ(record.filled_quote, Quote{304 * kQuoteUnit});
    EXPECT_EQ(record.open_size, Base{2 * kBaseUnit});
    EXPECT_EQ(record.closed, std::nullopt);
}
TEST_F(RowsTest, AnOrderThatIsAmendedGoesOnUnderItsId) {
    amend_and_trade(*this, true);
}
TEST_F(RowsTest, SoDoesOneThatIsAmendedBeforeItIsWritten) {
    amend_and_trade(*this, false);
}

TEST_F(RowsTest, ATradeIsAFillOfEachSideATradeAndPartOfACandle) {
    fund(*service, 2);
    run(*service, order(0, Side::sell, 101, 5));
    run(*service, order(1, Side::buy, 101, 2));
    place.clock.advance(seconds(1));
    run(*service, order(0, Side::buy, 99, 3));
    run(*service, order(1, Side::sell, 99, 3));
    ASSERT_TRUE(rows->flush());

    const auto maker = fills_of(*store, {.accounts = {AccountId{0}}}).value().items;
    ASSERT_EQ(maker.size(), 2U);
    EXPECT_TRUE(maker[0].maker && maker[1].maker);
    EXPECT_EQ(maker[0].price, Price{99 * kQuoteUnit});
    EXPECT_EQ(maker[0].side, Side::buy);
    EXPECT_EQ(fills_of(*store, {.order_id = maker[1].order_id})->items.size(), 1U);
    EXPECT_EQ(trades_of_market(*store, {.market = MarketId{0}})->items.size(), 2U);
    EXPECT_EQ(trades_of_market(*store, {.market = MarketId{1}})->items.size(), 0U);

    const auto minutes = candles(*store, market::kMinutes, minutes_of_sol()).value();
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(to_json(minutes[0]),
              R"({"start":)" + std::to_string(kNoon.value() / 1'000'000 / 60'000 * 60'000) +
                  R"(,"open":"101","high":"101","low":"99","close":"99","volume":"5",)"
                  R"("value":"499","trades":2,"first_trade":"1","last_trade":"2"})");
    for (std::size_t i = market::kMinutes + 1; i < market::kCandleIntervals.size(); ++i) {
        const auto longer =
            candles(*store, i, {.from = TimeMs{0}, .to = TimeMs{INT64_MAX}}).value();
        EXPECT_EQ(longer, market::merge_candles(i, minutes)) << market::kCandleIntervals[i].name;
    }
    // Selling 1 of 2 at a loss of 2 each... is told by what was realised.
    const auto realized = realized_of(*store, {.accounts = {AccountId{1}}}).value().items;
    ASSERT_EQ(realized.size(), 1U);
    EXPECT_EQ(realized[0].realized, Quote{-4 * kQuoteUnit});
}

TEST_F(RowsTest, MoneyThatComesAndGoesIsATransferAndNothingElseIs) {
    fund(*service, 2);
    run(*service, Withdraw{AccountId{0}, kUsdc, Amount{10 * kQuoteUnit}});
    run(*service, order(0, Side::sell, 101, 5));
    run(*service, order(1, Side::buy, 101, 2));
    ASSERT_TRUE(rows->flush());
    const auto transfers = transfers_of(*store, {.accounts = {AccountId{0}}}).value().items;
    ASSERT_EQ(transfers.size(), 2U);
    EXPECT_EQ(transfers[0].reason, BalanceReason::withdrawal);
    EXPECT_EQ(transfers[0].amount, Amount{-10 * kQuoteUnit});
    EXPECT_EQ(transfers[1].balance, Amount{100'000 * kQuoteUnit});
}

TEST_F(RowsTest, ALiquidationKeepsTheNumbersThatCausedIt) {
    fund(*service, 2);
    run(*service, order(0, Side::sell, 100, 1'500));
    run(*service, order(1, Side::buy, 100, 1'500));
    // Slowly, or the oracle's guard would not let it liquidate anybody.
    for (std::int64_t price = 100; price < 180; ++price) {
        run(*service, SetIndexPrice{MarketId{0}, Price{price * kQuoteUnit}});
        place.clock.advance(seconds(60));
    }
    ASSERT_TRUE(rows->flush());
    const auto steps = liquidations(*store, {.accounts = {AccountId{0}}}).value().items;
    ASSERT_GE(steps.size(), 2U);
    EXPECT_EQ(steps.back().step, LiquidationStep::started);
    EXPECT_LT(steps.back().collateral, steps.back().requirement);
    EXPECT_EQ(steps.front().step, LiquidationStep::ended);
    // What nobody took was closed against who had won.
    const auto taken = deleveragings(*store, {.accounts = {AccountId{1}}}).value().items;
    ASSERT_FALSE(taken.empty());
    EXPECT_EQ(taken.front().account, AccountId{0});
}

TEST_F(RowsTest, PagesFollowEachOtherWithoutGapOrDouble) {
    fund(*service, 1);
    for (int i = 0; i < 25; ++i) run(*service, order(0, Side::buy, 50 + i));
    ASSERT_TRUE(rows->flush());
    std::vector<Price> prices;
    HistoryQuery query{.accounts = {AccountId{0}}, .limit = 10};
    for (int pages = 1;; ++pages) {
        const auto page = orders_of(*store, query).value();
        for (const auto& order : page.items) prices.push_back(order.price);
        query.before = page.next_before;
        if (page.next_before) continue;
        EXPECT_EQ(pages, 3);
        break;
    }
    ASSERT_EQ(prices.size(), 25U);
    for (int i = 0; i < 25; ++i)
        EXPECT_EQ(prices[static_cast<std::size_t>(i)], Price{(74 - i) * kQuoteUnit});
}

/// Commands of which most do something, the same each time.
void trade_for_a_while(Service& service, VirtualClock& clock, int commands, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (int i = 0; i < commands; ++i) {
        const auto dice = random();
        auto o = order(static_cast<std::uint32_t>(dice % 4), dice >> 8 & 1 ? Side::buy : Side::sell,
                       97 + static_cast<std::int64_t>(dice >> 16) % 7,
                       1 + static_cast<std::int64_t>(dice >> 24) % 5);
        if (dice >> 32 & 1) o.time_in_force = TimeInForce::ioc;
        run(service, o);
        clock.advance(milliseconds(static_cast<std::int64_t>(dice >> 40) % 2'000));
        if (i % 16 == 0) run(service, SetIndexPrice{MarketId{0}, Price{100 * kQuoteUnit}});
    }
}

TEST_F(RowsTest, AfterARestartTheyGoOnWithoutGapOrDouble) {
    fund(*service, 4);
    trade_for_a_while(*service, place.clock, 300, 1);
    const std::string uninterrupted = everything();
    EXPECT_GT(std::count(uninterrupted.begin(), uninterrupted.end(), '\n'), 300);

    // From nothing: all of it again.
    stop();
    store.reset();
    std::filesystem::remove(place.directory.path() + "/rows.db");
    SetUp();
    EXPECT_EQ(everything(), uninterrupted);

    // With what one batch of many commands makes of it, or many of few: killed in the middle.
    stop();
    store.reset();
    std::filesystem::remove(place.directory.path() + "/rows.db");
    store = store::open_sqlite({.path = place.directory.path() + "/rows.db"}).value();
    ASSERT_TRUE(store->migrate(migrations()));
    class Cut final : public Listener {
      public:
        explicit Cut(store::Store& to) : to_(to) {}
        void on_applied(const Applied& applied) override {
            batch_.add({applied.sequence, applied.time, applied.kept_events});
            if (applied.sequence.value() % 7 != 0 || applied.sequence.value() > 200) return;
            EXPECT_TRUE(to_.write([&](store::Writer& w) { return batch_.save(w); }));
            batch_ = {};
        }
        void on_group_end(const Venue&) override {}

      private:
        store::Store& to_;
        RowBatch batch_;
    };
    Cut cut(*store);
    place.options.heard_from = journal::Sequence{1};
    place.open({&cut}).reset();
    start();
    EXPECT_GT(place.options.heard_from.value(), 190U);
    EXPECT_LT(place.options.heard_from.value(), 210U);
    EXPECT_EQ(everything(), uninterrupted);
}

TEST_F(RowsTest, WhatIsOldGoesAndWhatIsOpenStays) {
    stop();
    retention = {.history_days = 2,
                 .untraded_hours = 1,
                 .trades_days = 1,
                 .seconds_hours = 1,
                 .minutes_days = 2};
    start();
    fund(*service, 2);
    run(*service, order(0, Side::sell, 120, 1));  // stays open
    run(*service, order(0, Side::sell, 101, 1));
    run(*service, order(1, Side::buy, 101, 1));
    const auto untraded = run(*service, order(1, Side::buy, 90, 1));
    run(*service, CancelAll{AccountId{1}, {}, {}});
    ASSERT_TRUE(rows->flush());
    const auto counts = [&] {
        // Each start prunes with its first commit.
        stop();
        start();
        run(*service, Tick{});
        EXPECT_TRUE(rows->flush());
        return std::vector<std::size_t>{orders_of(*store, {})->items.size(),
                                        fills_of(*store, {})->items.size(),
                                        trades_of_market(*store, {})->items.size()};
    };
    const auto candles_kept = [&] {
        std::vector<std::size_t> out;
        for (const auto interval : {market::kSeconds, market::kMinutes, market::kDays})
            out.push_back(
                candles(*store, interval, {.from = TimeMs{0}, .to = TimeMs{INT64_MAX}})->size());
        return out;
    };
    EXPECT_EQ(counts(), (std::vector<std::size_t>{4, 2, 1}));
    EXPECT_EQ(candles_kept(), (std::vector<std::size_t>{1, 1, 1}));
    place.clock.advance(seconds(3'700));
    EXPECT_EQ(counts(), (std::vector<std::size_t>{3, 2, 1}));
    EXPECT_EQ(candles_kept(), (std::vector<std::size_t>{0, 1, 1})) << "seconds go first";
    place.clock.advance(seconds(24 * 3'600));
    EXPECT_EQ(counts(), (std::vector<std::size_t>{3, 2, 0}));
    place.clock.advance(seconds(24 * 3'600));
    EXPECT_EQ(counts(), (std::vector<std::size_t>{1, 0, 0}));
    EXPECT_EQ(candles_kept(), (std::vector<std::size_t>{0, 0, 1}));
}

/// From here on a commit of rows succeeds, or fails at its last statement.
void allow_writes(store::Store& store, bool allowed) {
    const std::string there = "exchange_cursor", away = "exchange_cursor_away";
    EXPECT_TRUE(store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("ALTER TABLE " + (allowed ? away : there) + " RENAME TO " +
                              (allowed ? there : away)));
        return {};
    }));
}

TEST_F(RowsTest, WhileTheStoreFailsTheVenueGoesOnAndNothingIsLost) {
    fund(*service, 2);
    ASSERT_TRUE(rows->flush());
    allow_writes(*store, false);
    run(*service, order(0, Side::sell, 101, 5));
    EXPECT_FALSE(rows->flush());
    EXPECT_NE(rows->status().trouble, "");
    EXPECT_GT(rows->status().waiting, 0U);
    run(*service, order(1, Side::buy, 101, 2));
    allow_writes(*store, true);
    while (!rows->flush()) std::this_thread::yield();
    EXPECT_EQ(only_order_of(0).filled, Base{2 * kBaseUnit});

    // Ended while it fails: the journal tells it again.
    allow_writes(*store, false);
    run(*service, CancelAll{AccountId{0}, {}, {}});
    stop();
    allow_writes(*store, true);
    start();
    EXPECT_EQ(only_order_of(0).closed_reason, CloseReason::cancelled);
}

}  // namespace
}  // namespace astro::exchange