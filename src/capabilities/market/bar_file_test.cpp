#include "capabilities/market/bar_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace astro::market {
namespace {

struct BarFile : testing::Test {
    ~BarFile() override { std::filesystem::remove(path); }
    Result<std::vector<Bar>> read(const std::string& text) {
        std::ofstream(path, std::ios::binary) << text;
        return read_bars(path);
    }
    std::string why(const std::string& text) {
        const auto bars = read(text);
        return bars ? "taken" : bars.error().where + ": " + bars.error().message;
    }
    const std::string path = (std::filesystem::temp_directory_path() /
                              ("astrolabe_bar_file_test_" + std::to_string(::getpid())))
                                 .string();
};

TEST_F(BarFile, FindsItsColumnsByName) {
    const auto bars = read(
        "close,extra,high,low,open,timestamp\r\n"
        "2,x,3,0.5,1,2024-01-01T00:00:00Z\r\n"
        "2.5,y,3,2,2,2024-01-01T01:00:00Z");
    ASSERT_TRUE(bars);
    ASSERT_EQ(bars->size(), 2U);
    EXPECT_EQ((*bars)[0].start_ms, 1'704'067'200'000);
    EXPECT_EQ((*bars)[0].open, 1);
    EXPECT_EQ((*bars)[0].high, 3);
    EXPECT_EQ((*bars)[0].low, 0.5);
    EXPECT_EQ((*bars)[0].close, 2);
    EXPECT_EQ((*bars)[0].volume, 0);
}

TEST_F(BarFile, ReadsTimesInSeveralForms) {
    for (const std::string time : {"1704067200", "1704067200000", "2024-01-01",
                                   "2024-01-01T00:00:00", "2024-01-01T01:00:00+01:00"}) {
        const auto bars = read("time,open,high,low,close,volume\n" + time + ",1,1,1,1,7\n");
        ASSERT_TRUE(bars) << time;
        EXPECT_EQ(bars->front().start_ms, 1'704'067'200'000) << time;
    }
}

TEST_F(BarFile, SaysWhichLineIsWrongAndWhy) {
    const std::string head = "time,open,high,low,close,volume\n";
    EXPECT_EQ(why(""), "1: is empty");
    EXPECT_EQ(why("open,high,low,close\n"), "1: names no column timestamp");
    EXPECT_EQ(why("time,open,high,close\n"), "1: names no column low");
    EXPECT_EQ(why(head + "yesterday,1,1,1,1,1\n"), "2: has no time");
    EXPECT_EQ(why(head + "1,1,1,1\n"), "2: close is no number from 0 on");
    EXPECT_EQ(why(head + "1,1,1,1,nan,1\n"), "2: close is no number from 0 on");
    EXPECT_EQ(why(head + "1,1,1,1,1,-1\n"), "2: volume is no number from 0 on");
    EXPECT_EQ(why(head + "1,5,4,1,2,1\n"), "2: low and high do not hold open and close");
    EXPECT_EQ(why(head + "2,1,1,1,1,1\n1,1,1,1,1,1\n"), "3: is not later than the line before");
    EXPECT_EQ(why(head + "1,1,1,1,1,1\n1,1,1,1,1,1\n"), "3: is not later than the line before");
}

}  // namespace
}  // namespace astro::market
