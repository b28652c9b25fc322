#include "capabilities/market/series_tape.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "foundation/base/json.hpp"

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
        tape =
            SeriesTape::open(*store, *bus, clock, {.seconds_hours = 0, .trade_hours = 100}).value();
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

TEST_F(SeriesTapeTest, WhatWasMissedIsKnownAfterACrashAndFilled) {
    const auto trades = some_trades(400, 5);
    for (const auto& each : trades) tape->on_trade(each);
    const auto whole = all_candles();
    store = store::open_sqlite({.path = ":memory:"}).value();
    ASSERT_TRUE(store->migrate(migrations()));
    open();
    std::vector<ExchangeTrade> missed;
    for (std::size_t i = 0; i < trades.size(); ++i) {
        const bool left_out = (i > 50 && i < 60) || (i > 200 && i < 300);
        if (left_out)
            missed.push_back({"BTCUSDT", trades[i].trade, trades[i].side});
        else
            tape->on_trade(trades[i]);
        if (i == 310) {  // and the process with it
            save();
            open();
        }
    }
    ASSERT_EQ(tape->missed().size(), 2U);
    EXPECT_EQ(tape->missed()[1].gap.last - tape->missed()[1].gap.first + 1, 99U);
    EXPECT_EQ(tape->fill(kSymbol, std::span(missed).first(40)), 40U);
    save();
    open();
    EXPECT_EQ(tape->missed().size(), 1U);
    EXPECT_EQ(tape->fill(kSymbol, missed), 68U) << "what came already counts once";
    EXPECT_EQ(all_candles(), whole);
    EXPECT_TRUE(tape->missed().empty());
    save();
    open();
    EXPECT_EQ(all_candles(), whole);
    const auto kept = tape->trades(kSymbol, 500).value();
    ASSERT_EQ(kept.size(), 400U) << "trades are kept, too";
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].trade, TradeSeq{400 - i});
}

TEST_F(SeriesTapeTest, KeepsNoLongerThanItIsToldTo) {
    tape.reset();
    bus = make_bus();
    tape = SeriesTape::open(*store, *bus, clock, {.seconds_hours = 1, .trade_hours = 2}).value();
    tape->on_trade(trade(1, 0, 5'000'000));
    tape->on_trade(trade(2, 6'000'000, 5'000'000));
    tape->on_trade(trade(3, 9'999'000, 5'000'000));
    save();
    const auto count = [&](std::size_t interval) {
        return load_candles(*store, kSymbol,
                            {.interval = interval, .from = TimeMs{0}, .to = TimeMs{INT64_MAX}})
            .value()
            .size();
    };
    EXPECT_EQ(count(kSeconds), 1U) << "the last hour's";
    EXPECT_EQ(count(kMinutes), 3U) << "for ever";
    const TradeSpan all{.from = TimeMs{0}, .to = TimeMs{INT64_MAX}};
    const auto kept = load_trades(*store, kSymbol, all).value();
    ASSERT_EQ(kept.size(), 2U) << "the last two hours'";
    EXPECT_EQ(kept[0].trade.seq, TradeSeq{2});
    EXPECT_EQ(load_trades(*store, kSymbol, {all.from, all.to, 1, true}).value()[0].trade.seq,
              TradeSeq{2});
}

TEST_F(SeriesTapeTest, WhatAnExchangeDoesNotHaveIsAskedForNoMore) {
    tape->on_trade(trade(1, 0, 5'000'000));
    tape->on_trade(trade(9, 10, 5'000'000));
    EXPECT_EQ(tape->give_up(kSymbol, 2, 5), 4U);
    EXPECT_EQ(tape->give_up("nobody", 2, 5), 0U);
    save();
    open();
    ASSERT_EQ(tape->missed().size(), 1U);
    EXPECT_EQ(tape->missed()[0].gap.first, 6U);
}

/// A chain that now and then drops its last blocks, and a process that now and then dies, against
/// one that saw what was left of the chain in the end.
TEST_F(SeriesTapeTest, AChainsSeriesIsThatOfTheChainThatIsLeft) {
    const auto chain_trade = [](std::uint64_t slot, std::uint64_t place, std::int64_t price) {
        return SourceTrade{.source = std::string(kSolana),
                           .symbol = "SOL/USDC",
                           .asset = "SOL",
                           .trade = {TradeSeq{(slot << 24) + place},
                                     TimeMs{kStartMs + static_cast<std::int64_t>(slot) * 400},
                                     Price{price}, Base{1'000'000'000}, Quote{price}},
                           .quote = "USDC"};
    };
    const std::string symbol = "solana:SOL/USDC";
    std::mt19937_64 random(77);
    std::map<std::uint64_t, std::vector<SourceTrade>> chain;
    for (std::uint64_t slot = 1; slot < 700; ++slot) {
        std::vector<SourceTrade> block;
        for (std::uint64_t i = 1; i <= random() % 4; ++i)
            block.push_back(
                chain_trade(slot, i, 150'000'000 + static_cast<std::int64_t>(random() % 900'000)));
        for (const auto& each : block) tape->on_trade(each);
        chain[slot] = block;
        save();
        if (random() % 40 == 0) open();
        if (random() % 20 != 0) continue;
        // The last blocks are dropped, newest first, and others come in their place.
        std::uint64_t dropped = std::min<std::uint64_t>(slot, 1 + random() % 12);
        for (; dropped > 0; --dropped, --slot) {
            tape->take_back(kSolana, TradeSeq{slot << 24}, TradeSeq{(slot << 24) | 0xffffff});
            chain.erase(slot);
            if (random() % 20 == 0) {
                save();
                open();
            }
        }
    }
    const auto candles_of = [&] {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
            for (const auto& candle : tape->candles(symbol, i))
                out.push_back(std::string(kCandleIntervals[i].name) + " " + to_json(candle));
        return out;
    };
    const auto lived = candles_of();
    const auto health = tape->health();
    save();
    open();
    EXPECT_EQ(candles_of(), lived) << "what was taken back is gone from the tables, too";
    ASSERT_EQ(health.size(), 1U);
    EXPECT_EQ(health[0].not_undone, 0U);
    EXPECT_EQ(tape->info(symbol)->quote, "USDC");

    store = store::open_sqlite({.path = ":memory:"}).value();
    ASSERT_TRUE(store->migrate(migrations()));
    open();
    for (const auto& [slot, block] : chain)
        for (const auto& each : block) tape->on_trade(each);
    const auto other = candles_of();
    EXPECT_EQ(other.size(), lived.size());
    for (std::size_t i = 0; i < std::min(other.size(), lived.size()); ++i)
        ASSERT_EQ(lived[i], other[i]);
    EXPECT_GT(tape->candles(symbol, kMinutes).size(), 3U);
}

TEST_F(SeriesTapeTest, ABlockThatComesTwiceCountsOnce) {
    const auto once = [&] {
        SourceTrade each = trade((7ULL << 24) + 1, 0, 150'000'000);
        each.source = kSolana;
        tape->on_trade(each);
    };
    once();
    save();
    open();
    once();
    EXPECT_EQ(tape->candles("solana:BTCUSDT", kMinutes).at(0).trades, 1);
}

}  // namespace
}  // namespace astro::market
