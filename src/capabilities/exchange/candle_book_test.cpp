#include "capabilities/exchange/candle_book.hpp"

#include <gtest/gtest.h>

#include <map>

namespace astro::exchange {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kStart = 1'700'006'400'000;  // a midnight

CandleTrade trade(std::int64_t at_ms, std::int64_t price, std::int64_t size, Side side) {
    return {TimeMs{kStart + at_ms}, Price{price}, Base{size}, Quote{price * size}, side};
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
    book.add(trade(61'000, 10, 3, Side::buy));
    book.add(trade(62'500, 12, 1, Side::sell));
    book.add(trade(119'999, 9, 2, Side::buy));
    const auto& minutes = book.candles(*find_interval("1m"));
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(minutes[0], (Candle{.start = TimeMs{kStart + 60'000},
                                  .open = Price{10},
                                  .high = Price{12},
                                  .low = Price{9},
                                  .close = Price{9},
                                  .volume = Base{6},
                                  .bought = Base{5},
                                  .value = Quote{60},
                                  .trades = 3}));
    EXPECT_EQ(book.candles(*find_interval("1s")).size(), 3U);
    EXPECT_EQ(book.candles(*find_interval("1d"))[0].start, TimeMs{kStart});
    EXPECT_FALSE(find_interval("2m"));
}

TEST(CandleBook, TellsEachCandleOnceAsClosed) {
    CandleBook book;
    book.add(trade(0, 10, 1, Side::buy));
    EXPECT_EQ(changes(book, 0).size(), kCandleIntervals.size());
    EXPECT_TRUE(changes(book, 1).empty()) << "nothing has changed";
    const auto over = changes(book, 1'000);
    ASSERT_EQ(over.size(), 1U) << "its second is over";
    EXPECT_EQ(over[0].interval, "1s");
    EXPECT_TRUE(over[0].closed);
    EXPECT_TRUE(changes(book, 1'500).empty());
    book.add(trade(1'700, 11, 1, Side::buy));
    book.add(trade(2'100, 12, 1, Side::buy));
    std::vector<std::pair<std::int64_t, bool>> seconds;
    for (const auto& told : changes(book, 2'200))
        if (told.interval == "1s")
            seconds.emplace_back(told.candle.start.value() - kStart, told.closed);
    EXPECT_EQ(seconds, (std::vector<std::pair<std::int64_t, bool>>{{1'000, true}, {2'000, false}}));
}

TEST(CandleBook, TheDayIsTheLast24Hours) {
    CandleBook book;
    book.add(trade(0, 50, 7, Side::buy));
    book.add(trade(60'000, 20, 1, Side::buy));
    book.add(trade(kDay / 2, 5, 2, Side::buy));
    book.add(trade(kDay - 1, 30, 3, Side::buy));
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

TEST(CandleBook, RestoresWhatIsOlderAndKeepsALimit) {
    CandleBook book;
    book.add(trade(5'000, 10, 1, Side::buy));
    std::vector<Candle> older;
    for (int i = -2'000; i <= 5; ++i)
        older.push_back({.start = TimeMs{kStart + i * 1'000}, .open = Price{i + 5'000}});
    book.restore(0, older);
    const auto& seconds = book.candles(0);
    ASSERT_EQ(seconds.size(), CandleBook::kKept);
    EXPECT_EQ(seconds.back().open, Price{10}) << "what is known already stays";
    EXPECT_EQ(seconds[CandleBook::kKept - 2].start, TimeMs{kStart + 4'000});
    for (std::size_t i = 1; i < seconds.size(); ++i)
        ASSERT_LT(seconds[i - 1].start, seconds[i].start);
}

TEST(CandleBook, SumsStopAtTheLargestNumber) {
    CandleBook book;
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    book.add({TimeMs{kStart}, Price{1}, Base{kMax - 1}, Quote{kMax}, Side::buy});
    book.add({TimeMs{kStart}, Price{1}, Base{5}, Quote{5}, Side::buy});
    EXPECT_EQ(book.candles(0)[0].volume, Base{kMax});
    EXPECT_EQ(book.candles(0)[0].value, Quote{kMax});
}

}  // namespace
}  // namespace astro::exchange
