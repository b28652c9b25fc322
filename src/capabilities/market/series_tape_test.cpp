#include "capabilities/market/series_tape.hpp"

#include <gtest/gtest.h>

#include <random>

namespace astro::market {
namespace {

constexpr std::int64_t kStartMs = 1'700'000'000'000;

SourceTrade trade(std::uint64_t seq, std::int64_t at_ms, std::int64_t price,
                  std::int64_t size = 1'000'000'000) {
    return {.source = "binance_spot",
            .symbol = "BTCUSDT",
            .asset = "BTC",
            .label = PriceLabel::replay,
            .trade = {TradeSeq{seq}, TimeMs{kStartMs + at_ms}, Price{price}, Base{size},
                      trade_value(Price{price}, Base{size})}};
}

struct SeriesTapeTest : testing::Test {
    SeriesTapeTest() {
        store = store::open_sqlite({.path = ":memory:"}).value();
        EXPECT_TRUE(store->migrate(migrations()));
        clock.advance(TimestampNs{(kStartMs + 10'000'000) * 1'000'000} - clock.now());
        open();
    }
    /// A new run over the same store.
    void open() {
        tape.reset();
        bus = make_bus();
        tape = SeriesTape::open(*store, *bus, clock, {.seconds_hours = 0}).value();
    }
    void save() {
        tape->tell();
        EXPECT_TRUE(tape->save());
    }
    std::vector<std::vector<Candle>> all_candles() const {
        std::vector<std::vector<Candle>> out;
        for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
            out.push_back(tape->candles(kSymbol, i));
        return out;
    }
    static inline const std::string kSymbol = "binance_spot:BTCUSDT";

    VirtualClock clock;
    std::unique_ptr<Bus> bus;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<SeriesTape> tape;
};

std::vector<SourceTrade> some_trades(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<SourceTrade> out;
    std::int64_t at = 0;
    for (std::size_t i = 1; i <= count; ++i) {
        at += static_cast<std::int64_t>(random() % 4'000);
        out.push_back(trade(i, at, 60'000'000'000 + static_cast<std::int64_t>(random() % 1'000'000),
                            1 + static_cast<std::int64_t>(random() % 1'000'000)));
    }
    return out;
}

TEST_F(SeriesTapeTest, AfterACrashItGoesOnWithNoTradeTwiceAndNoneLost) {
    const auto trades = some_trades(1'500, 11);
    for (const auto& each : trades) tape->on_trade(each);
    const auto whole = all_candles();

    store = store::open_sqlite({.path = ":memory:"}).value();
    ASSERT_TRUE(store->migrate(migrations()));
    open();
    for (std::size_t i = 0; i < trades.size(); ++i) {
        tape->on_trade(trades[i]);
        if (i % 37 == 0) save();
        // Dies without a word; the source tells again some of what it told before.
        if (i % 400 == 399) {
            open();
            const std::size_t again = i - 60;
            for (std::size_t k = again; k <= i; ++k) tape->on_trade(trades[k]);
        }
    }
    EXPECT_EQ(all_candles(), whole);
    save();
    open();
    EXPECT_EQ(all_candles(), whole) << "read back as they were";
    EXPECT_EQ(tape->info(kSymbol)->base, "BTC");
    EXPECT_EQ(tape->info(kSymbol)->quote, "USDT");
    EXPECT_EQ(tape->info(kSymbol)->label, PriceLabel::replay);
}

TEST_F(SeriesTapeTest, WhatIsSetAsideIsCountedBySeries) {
    tape->on_trade(trade(1, 0, 5'000'000));
    tape->on_trade(trade(1, 0, 5'000'000));
    tape->on_trade(trade(2, 0, 0));
    tape->on_trade(trade(3, 0, 5'000'000, 0));
    tape->on_trade(trade(4, 20'000'000, 5'000'000));
    tape->on_trade(trade(7, 10, 5'000'000));
    const auto health = tape->health();
    ASSERT_EQ(health.size(), 1U);
    EXPECT_EQ(health[0].taken, 2U);
    EXPECT_EQ(health[0].duplicate, 1U);
    EXPECT_EQ(health[0].not_positive, 1U);
    EXPECT_EQ(health[0].zero_size, 1U);
    EXPECT_EQ(health[0].from_future, 1U);
    EXPECT_EQ(health[0].missed, 5U) << "2 to 6";
    EXPECT_EQ(tape->trades(kSymbol, 10)->size(), 2U);
}

TEST_F(SeriesTapeTest, TellsTradesAndChangedCandles) {
    tape->on_trade(trade(1, 0, 5'000'000));
    tape->tell();
    EXPECT_EQ(bus->newest(kTradeStream, 10).size(), 1U);
    EXPECT_EQ(bus->newest(kCandleStream, 100).size(), kCandleIntervals.size());
    tape->tell();
    EXPECT_EQ(bus->newest(kCandleStream, 100).size(), kCandleIntervals.size()) << "no news";
}

TEST_F(SeriesTapeTest, WhatCannotBeWrittenIsWrittenLater) {
    tape->on_trade(trade(1, 0, 5'000'000));
    tape->tell();
    ASSERT_TRUE(store->write([](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("ALTER TABLE market_candles RENAME TO away"));
        return {};
    }));
    EXPECT_FALSE(tape->save());
    ASSERT_TRUE(store->write([](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("ALTER TABLE away RENAME TO market_candles"));
        return {};
    }));
    EXPECT_TRUE(tape->save());
    open();
    EXPECT_EQ(tape->candles(kSymbol, kMinutes).size(), 1U);
}

}  // namespace
}  // namespace astro::market
