#include "capabilities/exchange/candle_book.hpp"

#include <gtest/gtest.h>

#include <map>

namespace astro::exchange {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kStart = 1'700'006'400'000;  // a midnight

CandleTrade trade(std::int64_t at_ms, std::int64_t price, std::int64_t size) {
    return {TimeMs{kStart + at_ms}, Price{price}, Base{size}, Quote{price * size}};
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
    book.add(trade(61'000, 10, 3));
    book.add(trade(62'500, 12, 1));
    book.add(trade(119'999, 9, 2));
    const auto& minutes = book.candles(*find_interval("1m"));
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(minutes[0], (Candle{.start = TimeMs{kStart + 60'000},
                                  .open = Price{10},
                                  .high = Price{12},
                                  .low = Price{9},
                                  .close = Price{9},
                                  .volume = Base{6},
                                  .value = Quote{60},
                                  .trades = 3}));
    EXPECT_EQ(book.candles(*find_interval("1s")).size(), 3U);
    EXPECT_EQ(book.candles(*find_interval("1d"))[0].start, TimeMs{kStart});
    EXPECT_FALSE(find_interval("2m"));
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

TEST(CandleBook, IsRestoredFromMinutesAsIfItHadHeardAll) {
    CandleBook all, first, second;
    for (std::int64_t i = 0; i < 700; ++i) {
        const auto each = trade(i * 47'123, 100 + i * 7 % 31, 1 + i % 5);
        all.add(each);
        (i < 313 ? first : second).add(each);  // within a minute, as a crash comes
    }
    const auto& minutes = first.candles(kMinutes);
    second.restore({minutes.begin(), minutes.end()});
    for (std::size_t i = kMinutes; i < kCandleIntervals.size(); ++i)
        EXPECT_EQ(second.candles(i), all.candles(i)) << kCandleIntervals[i].name;
    EXPECT_EQ(second.candles(0).size(), 700U - 313U) << "of seconds nothing is stored";
}

TEST(CandleBook, KeepsALimitOfEach) {
    CandleBook book;
    for (std::int64_t i = 0; i < 2'000; ++i) book.add(trade(i * 1'000, 1'000 + i, 1));
    EXPECT_EQ(book.candles(0).size(), CandleBook::kKept);
    EXPECT_EQ(book.candles(0).front().open, Price{1'500});
    std::vector<Candle> minutes;
    for (int i = -3'000; i < 0; ++i)
        minutes.push_back({.start = TimeMs{kStart + i * 60'000}, .open = Price{1}});
    book.restore(minutes);
    EXPECT_EQ(book.candles(kMinutes).size(), CandleBook::kKept);
    EXPECT_EQ(book.candles(kMinutes).back().trades, 20);
}

TEST(CandleBook, SumsStopAtTheLargestNumber) {
    CandleBook book;
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    book.add({TimeMs{kStart}, Price{1}, Base{kMax - 1}, Quote{kMax}});
    book.add({TimeMs{kStart}, Price{1}, Base{5}, Quote{5}});
    EXPECT_EQ(book.candles(0)[0].volume, Base{kMax});
    EXPECT_EQ(book.candles(0)[0].value, Quote{kMax});
}

}  // namespace
}  // namespace astro::exchange
