#include "capabilities/market/replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "capabilities/market/defaults.hpp"

namespace astro::market {
namespace {

std::vector<AssetRules> rules() {
    AssetRules btc{.asset = "BTC"};
    for (const auto& text : default_source_rules())
        btc.sources.push_back(parse_source_rule(text).value());
    return {btc};
}

/// All lines of some recordings in the order of their time.
std::vector<RecordedLine> recorded(const std::vector<std::string>& names) {
    std::vector<RecordedLine> out;
    for (const auto& name : names) {
        auto lines = RecordedLines::open(ASTRO_SOURCE_DIR "/share/market/" + name).value();
        while (auto line = lines.next().value()) out.push_back(std::move(*line));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    return out;
}

TEST(PriceReplay, FollowsRecordedMarketsOverSixMinutes) {
    std::vector<AssetPrice> prices;
    PriceReplay replay(rules(), seconds(1), [&](const AssetPrice& p) { prices.push_back(p); });
    for (const auto& line :
         recorded({"binance_spot_btcusdt_20240808.raw.gz", "binance_usdm_btcusdt_20240808.raw.gz",
                   "binance_coinm_btcusdperp_20240808.raw.gz"}))
        replay.take(line);
    replay.finish();
    EXPECT_EQ(replay.report().lines, 93'954U + 41'249U + 48'270U);
    EXPECT_EQ(replay.report().observations, 66'089U + 28'040U + 19'136U);
    EXPECT_EQ(replay.report().unreadable + replay.report().crossed, 0U);
    ASSERT_GT(prices.size(), 340U);
    for (const auto& price : prices) {
        ASSERT_LT(
            distance_bps(price.reference == Price{0} ? price.index : price.reference, price.index),
            20);
        ASSERT_FALSE(
            price.sources_suffice);  // one source of the index was recorded, two are needed
    }
}

std::string told(std::initializer_list<std::pair<std::int64_t, std::string_view>> lines,
                 PriceReplayReport& report) {
    std::string out;
    PriceReplay replay(rules(), seconds(1), [&](const AssetPrice& p) {
        out += to_text(p.index) + (p.sources_suffice ? "" : "?") + " ";
    });
    for (const auto& [ms, json] : lines)
        replay.take({TimestampNs{ms * 1'000'000}, std::string(json)});
    replay.finish();
    report = replay.report();
    return out;
}

TEST(PriceReplay, KnowsEachSourceByItsMessagesAndCountsTheRest) {
    PriceReplayReport report;
    EXPECT_EQ(
        told(
            {{1'000'000, R"({"u":1,"s":"BTCUSDT","b":"100","B":"1","a":"102","A":"1"})"},
             {1'000'100,
              R"({"parsed":[{"id":"e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43",)"
              R"("price":{"price":"102","conf":"0","expo":0,"publish_time":1000}}]})"},
             {1'001'500, R"({"bitcoin":{"usd":101.5}})"},
             {1'001'600, R"({"u":2,"s":"BTCUSDT","b":"103","B":"1","a":"102","A":"1"})"},
             {1'001'700, R"({"result":null,"id":1})"},
             {1'001'800, "garbage"}},
            report),
        "102 102 ");
    EXPECT_EQ(report.lines, 6U);
    EXPECT_EQ(report.observations, 3U);
    EXPECT_EQ(report.crossed, 1U);
    EXPECT_EQ(report.other, 1U);
    EXPECT_EQ(report.unreadable, 1U);
}

TEST(RecordedLines, RefusesWhatIsNoLine) {
    EXPECT_EQ(RecordedLines::open("/nonexistent/file").error().code, "cannot_read");
    auto lines = RecordedLines::open(ASTRO_SOURCE_DIR "/share/market/README.md").value();
    const auto line = lines.next();
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, "bad_line");
    EXPECT_EQ(line.error().where, "1");
}

}  // namespace
}  // namespace astro::market
