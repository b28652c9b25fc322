#include "capabilities/market/engine/candle_book.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace astro::market {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kStart = 1'699'833'600'000;  // a midnight, and a Monday's

CandleTrade trade(std::int64_t at_ms, std::int64_t price, std::int64_t size,
                  std::uint64_t seq = 1) {
    return {TradeSeq{seq}, TimeMs{kStart + at_ms}, Price{price}, Base{size}, Quote{price * size}};
}

/// The obvious way: all trades by their number, a candle at a time.
std::vector<Candle> obvious(std::vector<CandleTrade> trades, std::size_t interval) {
    std::ranges::sort(trades, std::less<>(), &CandleTrade::seq);
    std::map<std::int64_t, std::vector<CandleTrade>> groups;
    constexpr std::int64_t kMonday = 4 * kDay;
    const std::int64_t length = kCandleIntervals[interval].length_ms;
    for (const auto& each : trades) {
        const std::int64_t time = each.time.value();
        groups[length == 7 * kDay ? (time - kMonday) / length * length + kMonday
                                  : time / length * length]
            .push_back(each);
    }
    std::vector<Candle> out;
    for (const auto& [start, group] : groups) {
        const auto [low, high] = std::ranges::minmax(group, {}, &CandleTrade::price);
        Candle candle{.start = TimeMs{start},
                      .open = group.front().price,
                      .high = high.price,
                      .low = low.price,
                      .close = group.back().price,
                      .trades = static_cast<std::int64_t>(group.size()),
                      .first_trade = group.front().seq,
                      .last_trade = group.back().seq};
        for (const auto& each : group) {
            candle.volume += each.size;
            candle.value += each.value;
        }
        out.push_back(candle);
    }
    return out;
}

std::vector<CandleTrade> random_trades(std::size_t count, std::int64_t step_ms_max,
                                       std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<CandleTrade> out;
    std::int64_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        at += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(step_ms_max));
        out.push_back(trade(at, 100 + static_cast<std::int64_t>(random() % 50),
                            1 + static_cast<std::int64_t>(random() % 9), i + 1));
    }
    return out;
}

void expect_candles_of(const CandleBook& book, const std::vector<CandleTrade>& trades) {
    for (std::size_t i = 0; i < kCandleIntervals.size(); ++i) {
        const auto& kept = book.candles(i);
        auto all = obvious(trades, i);
        if (all.size() > CandleBook::kKept)
            all.erase(all.begin(), all.end() - std::ptrdiff_t{CandleBook::kKept});
        EXPECT_EQ(std::vector<Candle>(kept.begin(), kept.end()), all) << kCandleIntervals[i].name;
    }
}

struct Told {
    std::string interval;
    Candle candle;
    bool closed;
};
std::vector<Told> changes(CandleBook& book, std::int64_t now_ms) {
    std::vector<Told> out;
    book.tell_changes(
        TimeMs{kStart + now_ms}, [&](std::size_t interval, const Candle& candle, bool closed) {
            out.push_back({std::string(kCandleIntervals[interval].name), candle, closed});
        });
    return out;
}

TEST(CandleBook, SumsUpTheTradesOfAnInterval) {
    CandleBook book;
    book.add(trade(61'000, 10, 3, 7));
    book.add(trade(62'500, 12, 1, 8));
    book.add(trade(119'999, 9, 2, 11));
    const auto& minutes = book.candles(*find_interval("1m"));
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(minutes[0], (Candle{.start = TimeMs{kStart + 60'000},
                                  .open = Price{10},
                                  .high = Price{12},
                                  .low = Price{9},
                                  .close = Price{9},
                                  .volume = Base{6},
                                  .value = Quote{60},
                                  .trades = 3,
                                  .first_trade = TradeSeq{7},
                                  .last_trade = TradeSeq{11}}));
    EXPECT_EQ(book.candles(*find_interval("1s")).size(), 3U);
    EXPECT_EQ(book.candles(*find_interval("1d"))[0].start, TimeMs{kStart});
    EXPECT_EQ(book.candles(*find_interval("1w"))[0].start, TimeMs{kStart}) << "Monday";
    EXPECT_FALSE(find_interval("2m"));
}

TEST(CandleBook, CandlesAreThoseOfTheTradesInWhateverOrderTheyCome) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto trades = random_trades(700, seed % 2 == 0 ? 1'500 : 3'000'000, seed);
        CandleBook in_order, mixed;
        for (const auto& each : trades) in_order.add(each);
        expect_candles_of(in_order, trades);
        auto shuffled = trades;
        std::ranges::shuffle(shuffled, std::mt19937_64(seed));
        for (const auto& each : shuffled) mixed.add(each);
        expect_candles_of(mixed, trades);
    }
}

TEST(CandleBook, ALateTradeChangesAClosedCandleWhichIsToldAgain) {
    CandleBook book;
    book.add(trade(0, 10, 1, 1));
    book.add(trade(70'000, 12, 1, 9));
    (void)changes(book, 70'000);
    book.add(trade(500, 20, 1, 4));
    std::vector<std::string> closed;
    for (const auto& told : changes(book, 70'000))
        if (told.closed) {
            closed.push_back(told.interval);
            EXPECT_EQ(told.candle.high, Price{20});
            EXPECT_EQ(told.candle.close, Price{20});
        }
    EXPECT_EQ(closed, (std::vector<std::string>{"1s", "1m"}));
    EXPECT_TRUE(changes(book, 70'000).empty());
}

TEST(CandleBook, ATradeThatComesAfterItsTimeIsToldThoughNoneIsNewer) {
    CandleBook book;
    book.add(trade(500, 10, 1, 1));
    ASSERT_EQ(changes(book, 1'200).size(), kCandleIntervals.size());
    book.add(trade(900, 11, 1, 2));
    const auto told = changes(book, 1'300);
    ASSERT_EQ(told.size(), kCandleIntervals.size());
    EXPECT_EQ(told[0].interval, "1s");
    EXPECT_TRUE(told[0].closed);
    EXPECT_EQ(told[0].candle.close, Price{11});
}

TEST(CandleBook, ACorrectionIsAsIfTheTradesHadBeenRightAtOnce) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        auto trades = random_trades(900, seed % 2 == 0 ? 1'500 : 200'000, seed);
        CandleBook book;
        for (const auto& each : trades) book.add(each);
        const TimeMs from = candle_start(kCandleIntervals[kMinutes], trades[300].time);
        const TimeMs to{candle_start(kCandleIntervals[kMinutes], trades[500].time).value() +
                        60'000};
        std::vector<CandleTrade> corrected, right;
        for (auto each : trades) {
            const bool inside = each.time >= from && each.time < to;
            if (inside && each.seq.value() % 5 == 0) continue;  // was no trade at all
            if (inside && each.seq.value() % 3 == 0) each.price = Price{77};
            right.push_back(each);
            if (inside) corrected.push_back(each);
        }
        ASSERT_TRUE(book.replace(from, to, corrected));
        expect_candles_of(book, right);
        EXPECT_FALSE(book.replace(TimeMs{from.value() + 1}, to, {}));
        EXPECT_FALSE(book.replace(to, TimeMs{to.value() + 60'000}, corrected)) << "not within";
    }
}

TEST(CandleBook, DoesNotCorrectWhatIsNoLongerKept) {
    CandleBook book;
    const auto trades = random_trades(4'000, 120'000, 5);
    for (const auto& each : trades) book.add(each);
    const CandleBook before = book;
    const TimeMs from = candle_start(kCandleIntervals[kMinutes], trades[10].time);
    EXPECT_FALSE(book.replace(from, TimeMs{from.value() + 60'000}, {}));
    for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
        EXPECT_EQ(book.candles(i), before.candles(i));
}

TEST(CandleBook, TellsEachCandleOnceAsClosed) {
    CandleBook book;
    book.add(trade(0, 10, 1));
    EXPECT_EQ(changes(book, 0).size(), kCandleIntervals.size());
    EXPECT_TRUE(changes(book, 1).empty()) << "nothing has changed";
    const auto over = changes(book, 1'000);
    ASSERT_EQ(over.size(), 1U) << "its second is over";
    EXPECT_EQ(over[0].interval, "1s");
    EXPECT_TRUE(over[0].closed);
    EXPECT_TRUE(changes(book, 1'500).empty());
    book.add(trade(1'700, 11, 1));
    book.add(trade(2'100, 12, 1));
    std::vector<std::pair<std::int64_t, bool>> seconds;
    for (const auto& told : changes(book, 2'200))
        if (told.interval == "1s")
            seconds.emplace_back(told.candle.start.value() - kStart, told.closed);
    EXPECT_EQ(seconds, (std::vector<std::pair<std::int64_t, bool>>{{1'000, true}, {2'000, false}}));
}

TEST(CandleBook, TheDayIsTheLast24Hours) {
    CandleBook book;
    book.add(trade(0, 50, 7));
    book.add(trade(60'000, 20, 1));
    book.add(trade(kDay / 2, 5, 2));
    book.add(trade(kDay - 1, 30, 3));
    DayFigures day = book.day(TimeMs{kStart + kDay - 1});
    EXPECT_EQ(day.open, Price{50});
    EXPECT_EQ(day.high, Price{50});
    EXPECT_EQ(day.low, Price{5});
    EXPECT_EQ(day.close, Price{30});
    EXPECT_EQ(day.volume, Base{13});
    EXPECT_EQ(day.trades, 4);
    day = book.day(TimeMs{kStart + kDay});
    EXPECT_EQ(day.open, Price{20}) << "the first minute is a day ago";
    EXPECT_EQ(day.high, Price{30});
    EXPECT_EQ(day.volume, Base{6});
    EXPECT_EQ(book.day(TimeMs{kStart + 3 * kDay}).trades, 0);
}

TEST(CandleBook, IsRestoredAsIfItHadHeardAll) {
    CandleBook all, first, second;
    const auto trades = random_trades(700, 90'000, 3);
    for (std::size_t i = 0; i < trades.size(); ++i) {
        all.add(trades[i]);
        (i < 313 ? first : second).add(trades[i]);  // within a minute, as a crash comes
    }
    for (std::size_t i = 0; i < kCandleIntervals.size(); ++i) {
        const auto& older = first.candles(i);
        second.restore(i, {older.begin(), older.end()});
        EXPECT_EQ(second.candles(i), all.candles(i)) << kCandleIntervals[i].name;
    }
    second.add(trade(700 * 90'000, 7, 1, 999));
    all.add(trade(700 * 90'000, 7, 1, 999));
    for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
        EXPECT_EQ(second.candles(i), all.candles(i)) << "and goes on";
}

TEST(CandleBook, KeepsALimitOfEach) {
    CandleBook book;
    for (std::int64_t i = 0; i < 2'000; ++i) book.add(trade(i * 1'000, 1'000 + i, 1));
    EXPECT_EQ(book.candles(0).size(), CandleBook::kKept);
    EXPECT_EQ(book.candles(0).front().open, Price{1'500});
    std::vector<Candle> minutes;
    for (int i = -3'000; i < 0; ++i)
        minutes.push_back({.start = TimeMs{kStart + i * 60'000}, .open = Price{1}});
    book.restore(kMinutes, minutes);
    EXPECT_EQ(book.candles(kMinutes).size(), CandleBook::kKept);
    EXPECT_EQ(book.candles(kMinutes).back().trades, 20);
}

TEST(CandleBook, SumsStopAtTheLargestNumber) {
    CandleBook book;
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    book.add({TradeSeq{1}, TimeMs{kStart}, Price{1}, Base{kMax - 1}, Quote{kMax}});
    book.add({TradeSeq{2}, TimeMs{kStart}, Price{1}, Base{5}, Quote{5}});
    EXPECT_EQ(book.candles(0)[0].volume, Base{kMax});
    EXPECT_EQ(book.candles(0)[0].value, Quote{kMax});
}

}  // namespace
}  // namespace astro::market
