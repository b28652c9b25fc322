#include "capabilities/exchange/market_book.hpp"

#include <gtest/gtest.h>

#include "capabilities/exchange/service_test_support.hpp"
#include "capabilities/exchange/tables.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using namespace astro::exchange::test;

struct MarketBookTest : testing::Test {
    MarketBookTest() { restart(); }
    void restart() {
        service.reset();
        book = std::make_unique<MarketBook>([this](const VenueChange& change) -> Result<void> {
            if (fails) return unavailable("store_down", "no");
            changes.push_back(change);
            return {};
        });
        service = place.open({book.get()});
        book->attach(*service);
    }
    MarketSettings market(std::string_view symbol) {
        for (const auto& m : *book->all())
            if (m.symbol == symbol) return m;
        return {};
    }
    std::string refused(const MarketSettings& m) {
        const auto put = book->put("ada", m);
        return put ? "none" : std::string(put.error().code) + " " + put.error().where;
    }

    Site place;
    bool fails = false;
    std::vector<VenueChange> changes;
    std::unique_ptr<MarketBook> book;
    std::unique_ptr<Service> service;
};

TEST_F(MarketBookTest, BeginsWithTheServersOwnAndKeepsWhatIsChanged) {
    EXPECT_EQ(book->all()->size(), default_markets().size());
    MarketSettings sol = market("SOL-PERP");
    sol.taker_fee_ppm = 300;
    sol.state = MarketState::reduce_only;
    const auto changed = book->put("ada", sol).value();
    EXPECT_EQ(changed.version, 2);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].actor + " " + changes[0].subject, "ada SOL-PERP");
    EXPECT_EQ(changes[0].detail,
              (std::map<std::string, std::string>{{"state", "\"open\" -> \"reduce_only\""},
                                                  {"taker_fee_ppm", "450 -> 300"},
                                                  {"version", "1 -> 2"}}));
    restart();
    EXPECT_EQ(to_json(market("SOL-PERP")), to_json(changed));
}

TEST_F(MarketBookTest, ListsNewMarkets) {
    MarketSettings jup = market("SOL-PERP");
    jup.base_asset = "JUP";
    jup.symbol = "JUP-PERP";
    jup.base_asset = "JUP";
    EXPECT_EQ(refused(jup), "market_unknown version");
    jup.version = 0;
    EXPECT_EQ(book->put("ada", jup)->version, 1);
    EXPECT_EQ(book->all()->size(), default_markets().size() + 1);
}

TEST_F(MarketBookTest, RefusesWhatWouldBeLostOrBreakWhatIsCounted) {
    const MarketSettings read = market("BTC-PERP");
    MarketSettings first = read, second = read;
    first.taker_fee_ppm = 300;
    second.taker_fee_ppm = 400;
    EXPECT_EQ(refused(first), "none");
    EXPECT_EQ(refused(second), "market_changed version");
    EXPECT_EQ(market("BTC-PERP").taker_fee_ppm, 300);
    MarketSettings ticks = market("BTC-PERP");
    ticks.tick_size = Price{2 * ticks.tick_size.value()};
    EXPECT_EQ(refused(ticks), "market_fixed tick_size");
    MarketSettings lots = market("BTC-PERP");
    lots.lot_size = Base{2 * lots.lot_size.value()};
    lots.order_size_min = lots.lot_size;
    EXPECT_EQ(refused(lots), "market_fixed lot_size");
    MarketSettings bad = market("BTC-PERP");
    bad.initial_margin_bps = 1;
    EXPECT_EQ(refused(bad), "bad_market initial_margin_bps");
    EXPECT_EQ(changes.size(), 1U);
}

TEST_F(MarketBookTest, WhereTheRulesBindAMarketIsOnlyStoppedAndNothingElseIsInTheAudit) {
    governance::Settings rules;
    rules.binds = true;
    run(*service, SetGovernance{rules});
    MarketSettings fee = market("SOL-PERP");
    fee.taker_fee_ppm = 300;
    EXPECT_EQ(refused(fee), "governed ");
    MarketSettings jup = market("SOL-PERP");
    jup.symbol = "JUP-PERP";
    jup.base_asset = "JUP";
    jup.version = 0;
    EXPECT_EQ(refused(jup), "governed ");
    fee.state = MarketState::halted;
    EXPECT_EQ(refused(fee), "governed ");
    EXPECT_TRUE(changes.empty());
    MarketSettings halt = market("SOL-PERP");
    halt.state = MarketState::halted;
    EXPECT_EQ(refused(halt), "none");
    MarketSettings again = market("SOL-PERP");
    again.state = MarketState::open;
    EXPECT_EQ(refused(again), "governed ");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].detail.at("state"), "\"open\" -> \"halted\"");
}

TEST_F(MarketBookTest, AChangeThatIsNotKeptIsNotDone) {
    fails = true;
    MarketSettings sol = market("SOL-PERP");
    sol.taker_fee_ppm = 300;
    EXPECT_EQ(refused(sol), "store_down ");
    EXPECT_EQ(market("SOL-PERP").version, 1);
}

TEST_F(MarketBookTest, WhoWasSlowerThanAVoteIsToldTheVersion) {
    MarketSettings sol = market("SOL-PERP");
    sol.taker_fee_ppm = 300;
    MarketSettings voted = market("SOL-PERP");
    voted.taker_fee_ppm = 200;
    ++voted.version;
    // Between the check of put() and its command.
    MarketBook slow([&](const VenueChange&) -> Result<void> {
        return run(*service, SetMarket{voted}).events->empty() ? unavailable("no", "no")
                                                               : Result<void>();
    });
    slow.attach(*service);
    const auto put = slow.put("ada", sol);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, "market_changed");
    EXPECT_NE(put.error().message.find("version 2 is in force, not 1"), std::string::npos);
    EXPECT_EQ(market("SOL-PERP").taker_fee_ppm, 200);
}

TEST(FirstMarkets, AreTheServersOwnAndThoseThatAnEarlierVersionKept) {
    const auto store = store::open_sqlite({.path = ":memory:", .readers = 1}).value();
    ASSERT_TRUE(store->migrate(migrations()));
    EXPECT_EQ(first_markets(*store)->size(), default_markets().size());
    MarketSettings eth = default_markets().front(), jup = eth;
    eth.taker_fee_ppm = 321;
    eth.version = 7;
    jup.base_asset = "JUP";
    jup.symbol = "JUP-PERP";
    jup.base_asset = "JUP";
    const auto keep = [&](const MarketSettings& market) {
        ASSERT_TRUE(store->write([&](store::Writer& w) -> Result<void> {
            ASTRO_CHECK(w.execute("INSERT INTO exchange_markets VALUES (?, ?)",
                                  {market.symbol, to_json(market)}));
            return {};
        }));
    };
    keep(eth);
    keep(jup);
    const auto first = first_markets(*store).value();
    ASSERT_EQ(first.size(), default_markets().size() + 1);
    EXPECT_EQ(to_json(first.front()), to_json(eth));
    EXPECT_EQ(first.back().symbol, "JUP-PERP");
    ASSERT_TRUE(store->write([&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("UPDATE exchange_markets SET settings = '{}'"));
        return {};
    }));
    EXPECT_EQ(first_markets(*store).error().code, "store_corrupt");
}

}  // namespace
}  // namespace astro::exchange