#include "capabilities/exchange/market_data.hpp"

#include <gtest/gtest.h>

#include <random>

#include "capabilities/exchange/rows.hpp"
#include "capabilities/exchange/service_test_support.hpp"
#include "capabilities/exchange/tables.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using test::fund;
using test::order;
using test::run;

constexpr auto kAll = std::numeric_limits<std::size_t>::max();

/// One run of a venue with its public data, over a store that may have rows of earlier ones.
struct Sitting {
    Sitting(test::Site& site, store::Store& store, Listener* rows) {
        data = MarketData::open(*bus, store, site.clock, {}).value();
        std::vector<Listener*> listeners{&data->listener()};
        if (rows != nullptr) listeners.push_back(rows);
        service = site.open(std::move(listeners));
        data->begin(*service);
    }
    ~Sitting() {
        service->stop();
        data->stop();
    }
    /// What the past has left: all but what only the newest moment says.
    std::string past() {
        data->flush();
        std::string out;
        for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
            out += to_json(*data->tape().candles(
                       {.market = "SOL-PERP", .interval = i, .count = kAll})) +
                   "\n";
        out += to_json(*data->tape().trades("SOL-PERP", {}, kAll)) + "\n";
        out += to_json(*data->tape().fundings("SOL-PERP", {}, kAll)) + "\n";
        auto liquidations = data->tape().liquidations({}, {}, kAll);
        // Rows do not have them.
        for (auto& each : liquidations.liquidations) {
            each.insurance.reset();
            if (each.kind == LiquidationKind::deleveraging) each.mark.reset();
        }
        out += to_json(liquidations) + "\n";
        const Ticker ticker = data->tape().market("SOL-PERP")->ticker;
        return out + to_json(ticker.volume_24h) + to_json(ticker.high_24h) +
               to_json(ticker.trades_24h) + to_json(data->tape().stats().trades);
    }

    std::unique_ptr<Bus> bus = make_bus();
    std::unique_ptr<MarketData> data;
    std::unique_ptr<Service> service;
};

/// Some days' trades, with people who lose their margin.
void trade_for_days(Service& service, VirtualClock& clock, int commands, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::int64_t price = 100;
    for (int i = 0; i < commands; ++i) {
        const auto dice = random();
        if (i % 5 == 0) {
            price =
                std::clamp<std::int64_t>(price + static_cast<std::int64_t>(dice % 9) - 4, 60, 140);
            run(service, SetIndexPrice{MarketId{0}, Price{price * kQuoteUnit}});
        }
        auto o = order(static_cast<std::uint32_t>(dice >> 8) % 4,
                       dice >> 16 & 1 ? Side::buy : Side::sell,
                       price + static_cast<std::int64_t>(dice >> 20) % 5 - 2,
                       1 + static_cast<std::int64_t>(dice >> 28) % 400);
        (void)service.run({{}, o});
        clock.advance(milliseconds(static_cast<std::int64_t>(dice >> 36) % 900'000));
    }
}

std::unique_ptr<store::Store> new_store() {
    auto store = store::open_sqlite({.path = ":memory:", .readers = 1}).value();
    EXPECT_TRUE(store->migrate(migrations()));
    return store;
}

TEST(MarketData, AfterARestartItKnowsWhatItKnewBefore) {
    test::Site site;
    const auto store = new_store();
    // Candles of a second are kept for ever, or else who was there from the beginning has more.
    const RowsRetention forever{.seconds_hours = 0};
    {
        auto rows = Rows::open(*store, site.clock, forever).value();
        Sitting first(site, *store, rows.get());
        fund(*first.service, 4);
        for (std::uint32_t poor = 0; poor < 2; ++poor)
            run(*first.service, Withdraw{AccountId{poor}, kUsdc, Amount{96'000 * kQuoteUnit}});
        trade_for_days(*first.service, site.clock, 400, 1);
        first.service->stop();
        rows->stop();
    }
    // What follows is in the journal only, as when the program dies before rows are written.
    const auto rows = Rows::open(*store, site.clock, forever).value();
    site.options.heard_from = rows->wanted_from();
    ASSERT_GT(site.options.heard_from, Sequence{400});
    std::string known;
    {
        Sitting second(site, *store, nullptr);
        trade_for_days(*second.service, site.clock, 150, 2);
        known = second.past();
    }
    EXPECT_EQ(Sitting(site, *store, nullptr).past(), known);

    // And so does who was there from the beginning.
    site.options.heard_from = Sequence{1};
    const auto empty = new_store();
    EXPECT_EQ(Sitting(site, *empty, nullptr).past(), known);
    EXPECT_NE(known.find("\"liquidation\":true"), std::string::npos);
    EXPECT_NE(known.find("\"kind\":\"liquidation\""), std::string::npos);
    EXPECT_NE(known.find("\"rate\""), std::string::npos);
}

}  // namespace
}  // namespace astro::exchange
