#include "capabilities/exchange/market_book.hpp"

#include <gtest/gtest.h>

#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

struct MarketBookTest : testing::Test {
    std::unique_ptr<MarketBook> open() {
        return MarketBook::open(*store,
                                [this](const MarketChange& change, const auto& work) {
                                    changes.push_back(change);
                                    return store->write(work);
                                })
            .value();
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

    static std::unique_ptr<store::Store> migrated() {
        auto store = store::open_sqlite({.path = ":memory:", .readers = 1}).value();
        EXPECT_TRUE(store->migrate(migrations()));
        return store;
    }

    std::unique_ptr<store::Store> store = migrated();
    std::vector<MarketChange> changes;
    std::unique_ptr<MarketBook> book = open();
};

TEST_F(MarketBookTest, BeginsWithTheServersOwnAndKeepsWhatIsChanged) {
    EXPECT_EQ(book->all()->size(), default_markets().size());
    MarketSettings sol = market("SOL-PERP");
    sol.taker_fee_ppm = 300;
    sol.state = MarketState::reduce_only;
    const auto changed = book->put("ada", sol).value();
    EXPECT_EQ(changed.version, 2);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].actor + " " + changes[0].symbol, "ada SOL-PERP");
    EXPECT_EQ(changes[0].detail,
              (std::map<std::string, std::string>{{"state", "\"open\" -> \"reduce_only\""},
                                                  {"taker_fee_ppm", "450 -> 300"},
                                                  {"version", "1 -> 2"}}));
    book = open();
    EXPECT_EQ(to_json(market("SOL-PERP")), to_json(changed));
}

TEST_F(MarketBookTest, ListsNewMarkets) {
    MarketSettings jup = market("SOL-PERP");
    jup.base_asset = "JUP";
    jup.symbol = "JUP-PERP";
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

TEST_F(MarketBookTest, AChangeThatIsNotWrittenDoesNotCount) {
    book = MarketBook::open(*store, [](const MarketChange&, const auto&) -> Result<void> {
               return unavailable("store_down", "no");
           }).value();
    MarketSettings sol = market("SOL-PERP");
    sol.taker_fee_ppm = 300;
    EXPECT_EQ(refused(sol), "store_down ");
    EXPECT_EQ(market("SOL-PERP").version, 1);
}

}  // namespace
}  // namespace astro::exchange
