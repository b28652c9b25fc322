#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "integration/program.hpp"

/// Candles of the recorded exchanges over several runs of the program, however a run ended.
namespace astro::integration {
namespace {

const std::string kCandles = "/api/v1/market/candles?symbol=binance_usdm:BTCUSDT&interval=";

json::array candles(Server& server, const std::string& interval) {
    const auto response = server.ask(kCandles + interval + "&limit=5000");
    if (response.status != 200) return {};  // nobody has traded yet
    return parse(response.body).at("candles").as_array();
}

/// Numbers of trades go up from candle to candle: none is in two of them.
void expect_no_trade_twice(const json::array& seconds) {
    for (std::size_t i = 1; i < seconds.size(); ++i) {
        EXPECT_GT(number_of(seconds[i], "start"), number_of(seconds[i - 1], "start"));
        EXPECT_GT(std::stoull(text_of(seconds[i], "first_trade")),
                  std::stoull(text_of(seconds[i - 1], "last_trade")));
    }
}

/// What the seconds of a longer candle have, it has.
void expect_sums(const json::array& seconds, const json::array& days) {
    std::int64_t of_seconds = 0, of_days = 0;
    for (const auto& candle : seconds) of_seconds += number_of(candle, "trades");
    for (const auto& candle : days) of_days += number_of(candle, "trades");
    EXPECT_GE(of_days, of_seconds);  // the days were asked for later
    const auto late = static_cast<std::size_t>(of_days - of_seconds);
    EXPECT_LT(late, 5'000U);
    EXPECT_EQ(text_of(seconds.front(), "first_trade"), text_of(days.front(), "first_trade"));
}

TEST(MarketSeries, AfterAKillCandlesAreAsTheyWereAndNoTradeIsInTwo) {
    TemporaryDirectory files;
    write_chain(files.path("chain"));
    const std::vector<std::string> arguments{"--feed", "replay",
                                             "--dir",  files.path("chain"),
                                             "--data", files.path("data"),
                                             "--set",  "feed.slot_ms=0",
                                             "--set",  "log.level=warn",
                                             "--set",  "market.feed=demo",
                                             "--set",  "identity.limits=false"};
    constexpr std::int64_t kUnsavedMs = 3'000;  // saved each second; two more for a slow machine
    json::array before;
    for (int run = 0; run < 3; ++run) {
        Server server(arguments);
        json::array seconds;
        ASSERT_TRUE(becomes_true([&] {
            seconds = candles(server, "1s");
            return seconds.size() >= before.size() + 6;
        }));
        expect_no_trade_twice(seconds);
        expect_sums(seconds, candles(server, "1d"));
        for (const auto& candle : before) {
            const bool is_settled =
                number_of(candle, "start") + kUnsavedMs < number_of(before.back(), "start");
            if (!is_settled) continue;
            EXPECT_NE(std::ranges::find(seconds, candle), seconds.end()) << candle;
        }
        before = std::move(seconds);
        EXPECT_EQ(server.stop(SIGKILL), -SIGKILL);
    }
}

TEST(MarketSeries, TheDatafeedAnswersBelowBothPrefixes) {
    TemporaryDirectory files;
    write_chain(files.path("chain"));
    Server server({"--feed", "replay", "--dir", files.path("chain"), "--data", files.path("data"),
                   "--set", "log.level=warn", "--set", "market.feed=demo", "--set",
                   "identity.limits=false"});
    ASSERT_TRUE(becomes_true([&] { return candles(server, "1s").size() >= 2; }));
    for (const std::string prefix : {"/api/v1/market", "/api/market"}) {
        const auto history = server.get(prefix +
                                        "/udf/history?symbol=BINANCE_USDM:BTCUSDT&resolution=1S&"
                                        "from=0&to=9999999999&countback=2");
        EXPECT_EQ(text_of(history, "s"), "ok");
        EXPECT_EQ(history.at("t").as_array().size(), 2U);
        EXPECT_GT(history.at("c").as_array().at(1).to_number<double>(), 10'000);
        EXPECT_EQ(text_of(server.get(prefix + "/udf/symbols?symbol=NIX"), "s"), "error");
        EXPECT_FALSE(server.get(prefix + "/udf/config").at("exchanges").as_array().empty());
        EXPECT_GT(std::stoll(server.ask(prefix + "/udf/time").body), 1'600'000'000);
    }
    const auto csv =
        server.ask("/api/v1/market/candles/export?symbol=binance_usdm:BTCUSDT&interval=1s&limit=2");
    EXPECT_EQ(csv.status, 200);
    EXPECT_EQ(std::ranges::count(csv.body, '\n'), 3);
    const auto parquet = server.ask(
        "/api/v1/market/candles/export?symbol=binance_usdm:BTCUSDT&interval=1s&format=parquet");
    EXPECT_TRUE(parquet.body.starts_with("PAR1") && parquet.body.ends_with("PAR1"));
    EXPECT_EQ(server.ask("/api/v1/market/candles?symbol=nix").status, 404);
    EXPECT_EQ(server.ask("/api/v1/market/indicators?indicators=foo").status, 400);
    // Trades are in the tables within a second or so.
    EXPECT_TRUE(becomes_true([&] {
        const auto trades =
            server.ask("/api/v1/market/trades/export?symbol=binance_usdm:BTCUSDT&limit=2").body;
        return trades.starts_with("timestamp,trade,price,size,value,side\n") &&
               std::ranges::count(trades, '\n') == 3;
    }));
    for (const auto* symbol : {"coinbase:BTC-USD", "kraken:BTC/USD"})
        EXPECT_TRUE(becomes_true([&] {
            return server.ask(std::string("/api/v1/market/ticker?symbol=") + symbol).status == 200;
        })) << symbol;
    EXPECT_TRUE(server.get("/api/v1/market/figures?interval=1h").at("figures").is_array());
    const auto foreign = server.ask("/api/v1/market/figures?symbol=binance_usdm:BTCUSDT");
    EXPECT_EQ(foreign.status, 404);
    EXPECT_NE(foreign.body.find("series_not_ours"), std::string::npos);
    for (const auto* table : {"prices", "funding", "figures"})
        EXPECT_EQ(
            server.ask(std::string("/api/v1/market/") + table + "/export?symbol=SOL-PERP").status,
            200)
            << table;
    EXPECT_TRUE(server.get("/api/v1/market/pools").at("pools").is_array());
    EXPECT_EQ(server.get("/api/v1/market/sources").at("backfill").as_array().size(), 3U);
    EXPECT_NE(server.ask("/api/v1/market/logo?asset=JUP").body.find(">JUP<"), std::string::npos);
}

}  // namespace
}  // namespace astro::integration
