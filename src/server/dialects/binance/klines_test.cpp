#include "server/dialects/binance/klines.hpp"

#include <gtest/gtest.h>

namespace astro::binance {
namespace {

using exchange::Base;
using exchange::Price;
using market::Candle;

const market::CandleInterval kMinute = market::kCandleIntervals[1];

Candle candle(std::int64_t minute, std::int64_t close) {
    return {.start = TimeMs{minute * 60'000},
            .open = Price{close - 1},
            .high = Price{close + 1},
            .low = Price{close - 2},
            .close = Price{close},
            .volume = Base{5},
            .trades = 2};
}
std::vector<std::int64_t> minutes(const std::vector<Candle>& candles) {
    std::vector<std::int64_t> out;
    for (const auto& c : candles)
        out.push_back(static_cast<std::int64_t>(c.start.value()) / 60'000);
    return out;
}

TEST(BinanceKlines, HolesAreFilledWithTheCloseBefore) {
    const auto filled =
        without_holes({candle(1, 100), candle(4, 110)}, kMinute, TimeMs{6 * 60'000}, 100, true);
    EXPECT_EQ(minutes(filled), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(filled[2].open, Price{100});
    EXPECT_EQ(filled[2].high, Price{100});
    EXPECT_EQ(filled[2].volume, Base{0});
    EXPECT_EQ(filled[2].trades, 0);
    EXPECT_EQ(filled[5].close, Price{110});
    EXPECT_EQ(filled[0], candle(1, 100));
}

TEST(BinanceKlines, OfTooManyTheOldestOrTheNewestAreGiven) {
    const std::vector<Candle> far{candle(1, 100), candle(100'000, 110)};
    const TimeMs last{100'002LL * 60'000};
    EXPECT_EQ(minutes(without_holes(far, kMinute, last, 3, true)),
              (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(minutes(without_holes(far, kMinute, last, 4, false)),
              (std::vector<std::int64_t>{99'999, 100'000, 100'001, 100'002}));
    EXPECT_TRUE(without_holes({}, kMinute, last, 3, true).empty());
}

TEST(BinanceKlines, PricesOfMinutesMakeLongerCandles) {
    std::vector<exchange::PriceRecord> prices;
    for (const auto& [minute, mark] : std::vector<std::pair<std::int64_t, std::int64_t>>{
             {0, 10}, {1, 14}, {2, 8}, {3, 11}, {5, 20}})
        prices.push_back({.minute = TimeMs{minute * 60'000}, .mark = Price{mark}});
    const auto candles =
        price_candles(prices, &exchange::PriceRecord::mark, market::kCandleIntervals[3]);
    ASSERT_EQ(candles.size(), 2U);
    EXPECT_EQ(candles[0].high, Price{14});
    EXPECT_EQ(candles[0].low, Price{8});
    EXPECT_EQ(candles[0].close, Price{11});
    EXPECT_EQ(candles[1].open, Price{11});
    EXPECT_EQ(candles[1].close, Price{20});
}

TEST(BinanceKlines, ARowHasTwelveMembers) {
    std::string out;
    append_kline(out, candle(1, 100), kMinute);
    EXPECT_EQ(
        out,
        R"([60000,"0.000099","0.000101","0.000098","0.0001","0.000000005",119999,"0",2,"0","0","0"])");
}

TEST(BinanceKlines, WeeksBeginOnMonday) {
    EXPECT_EQ(start_of(market::kCandleIntervals.back(), TimeMs{345'600'000 + 5}).value(),
              345'600'000);
}

}  // namespace
}  // namespace astro::binance
