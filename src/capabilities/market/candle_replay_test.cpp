#include "capabilities/market/candle_replay.hpp"

#include <gtest/gtest.h>

namespace astro::market {
namespace {

RecordedLine line(std::int64_t time_ms, std::uint64_t id, const std::string& price,
                  const std::string& size, const std::string& symbol = "BTCUSDT") {
    return {TimestampNs{time_ms * 1'000'000},
            R"({"stream":"x@trade","data":{"e":"trade","E":)" + std::to_string(time_ms) +
                R"(,"T":)" + std::to_string(time_ms) + R"(,"s":")" + symbol + R"(","t":)" +
                std::to_string(id) + R"(,"p":")" + price + R"(","q":")" + size +
                R"(","X":"MARKET","m":false}})"};
}

TEST(CandleReplay, TellsEachCandleOnceItCannotChange) {
    constexpr std::int64_t kStart = 1'723'161'240'000;  // a whole minute
    std::vector<RecordedCandle> told;
    CandleReplay replay(kMinutes, [&](const RecordedCandle& candle) { told.push_back(candle); });
    replay.take(line(kStart, 10, "100.5", "0.003"));
    replay.take(line(kStart + 59'000, 12, "99", "1"));
    replay.take(line(kStart + 61'000, 13, "98", "1"));
    replay.take(line(kStart + 61'000, 13, "98", "1"));
    EXPECT_TRUE(told.empty());
    replay.take(line(kStart + 50'000, 11, "200", "0.5"));
    replay.take(line(kStart + 660'000, 14, "98", "1"));
    ASSERT_EQ(told.size(), 1U) << "ten minutes after its end";
    EXPECT_EQ(told[0].source, "binance_usdm");
    EXPECT_EQ(told[0].symbol, "BTCUSDT");
    EXPECT_EQ(told[0].candle.high, Price{200'000'000});
    EXPECT_EQ(told[0].candle.close, Price{99'000'000});
    EXPECT_EQ(told[0].candle.volume, Base{1'503'000'000});
    EXPECT_EQ(told[0].candle.value, Quote{301'500 + 99'000'000 + 100'000'000});
    replay.finish();
    EXPECT_EQ(told.size(), 3U);
    EXPECT_EQ(replay.report().trades, 6U);
    EXPECT_EQ(replay.report().set_aside, 1U) << "13 came twice";
}

TEST(CandleReplay, AContractOfCoinMIsDollars) {
    std::vector<RecordedCandle> told;
    CandleReplay replay(kMinutes, [&](const RecordedCandle& candle) { told.push_back(candle); });
    replay.take(line(1'723'161'240'000, 1, "50000", "4", "BTCUSD_PERP"));
    replay.finish();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].source, "binance_coinm");
    EXPECT_EQ(told[0].candle.value, Quote{400'000'000});
    EXPECT_EQ(told[0].candle.volume, Base{8'000'000});
}

}  // namespace
}  // namespace astro::market
