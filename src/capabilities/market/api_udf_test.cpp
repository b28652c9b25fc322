/// The datafeed's answers, as TradingView's documentation of UDF has them.
#include <gtest/gtest.h>

#include "capabilities/exchange/tables.hpp"
#include "capabilities/market/api.hpp"
#include "capabilities/market/api_parameters.hpp"

namespace astro::market {
namespace {

constexpr std::int64_t kStart = 1'700'006'400;  // a midnight

struct UdfTest : testing::Test {
    UdfTest() {
        store = store::open_sqlite({.path = ":memory:"}).value();
        auto all = migrations();
        for (auto& migration : exchange::migrations()) all.push_back(std::move(migration));
        EXPECT_TRUE(store->migrate(all));
        clock.advance(from_unix_seconds(kStart + 864'000) - clock.now());
        tape = SeriesTape::open(*store, *bus, clock, {}).value();
        view = std::make_unique<SeriesView>(venue, *tape, *store);
        routes = with_aliases(udf_routes(*view, clock));
    }
    void trade(std::uint64_t seq, std::int64_t at, std::int64_t price) {
        tape->on_trade({.source = "binance_spot",
                        .symbol = "BTCUSDT",
                        .asset = "BTC",
                        .label = PriceLabel::replay,
                        .trade = {TradeSeq{seq}, TimeMs{(kStart + at) * 1'000},
                                  Price{price * 10'000}, Base{1'500'000'000}, Quote{1}}});
    }
    std::string get(const std::string& path,
                    std::vector<std::pair<std::string, std::string>> query = {}) {
        net::Request request;
        request.query = std::move(query);
        for (const auto& route : routes)
            if (route.path == path) {
                const auto answer = route.handler(gateway::Call(request));
                return answer ? answer->body : "refused: " + answer.error().text();
            }
        return "no route";
    }
    std::string history(std::int64_t from, std::int64_t to, std::string resolution = "1",
                        std::vector<std::pair<std::string, std::string>> more = {}) {
        more.insert(more.end(), {{"symbol", "binance_spot:BTCUSDT"},
                                 {"resolution", std::move(resolution)},
                                 {"from", std::to_string(kStart + from)},
                                 {"to", std::to_string(kStart + to)}});
        return get("/api/v1/market/udf/history", std::move(more));
    }

    VirtualClock clock;
    std::unique_ptr<Bus> bus = make_bus();
    std::unique_ptr<store::Store> store;
    exchange::MarketTape venue{*bus, {}};
    std::unique_ptr<SeriesTape> tape;
    std::unique_ptr<SeriesView> view;
    std::vector<gateway::Route> routes;
};

TEST_F(UdfTest, BarsBeginFromFromAndBeforeTo) {
    trade(1, 0, 12'345);
    trade(2, 59, 12'400);
    trade(3, 60, 12'300);
    trade(4, 180, 12'200);
    EXPECT_EQ(history(0, 180),
              R"({"s":"ok","t":[1700006400,1700006460],"o":[123.45,123],"h":[124,123],)"
              R"("l":[123.45,123],"c":[124,123],"v":[3,1.5]})");
    EXPECT_EQ(history(0, 181).find("1700006580") != std::string::npos, true);
    EXPECT_EQ(history(0, 86'400, "1D"),
              R"({"s":"ok","t":[1700006400],"o":[123.45],"h":[124],"l":[122],"c":[122],"v":[6]})");
    EXPECT_EQ(history(0, 86'400, "D"), history(0, 86'400, "1D"));
}

TEST_F(UdfTest, CountbackIsStrongerThanFrom) {
    for (int i = 0; i < 10; ++i) trade(static_cast<std::uint64_t>(i) + 1, i * 60, 100);
    const std::string two = R"({"s":"ok","t":[1700006820,1700006880],)";
    EXPECT_EQ(history(480, 540, "1", {{"countback", "2"}}).substr(0, two.size()), two);
}

TEST_F(UdfTest, NoDataSaysWhenTheLastBarBeforeWas) {
    trade(1, 0, 100);
    trade(2, 600, 100);
    EXPECT_EQ(history(1'200, 2'400), R"({"s":"no_data","nextTime":1700007000})");
    EXPECT_EQ(history(60, 600), R"({"s":"no_data","nextTime":1700006400})");
    EXPECT_EQ(history(-600, 0), R"({"s":"no_data"})") << "there is nothing earlier";
}

TEST_F(UdfTest, ErrorsAreAnswers) {
    trade(1, 0, 100);
    EXPECT_EQ(history(0, 60, "7"), R"({"s":"error","errmsg":"unknown_resolution"})");
    const std::string path = "/api/v1/market/udf/history";
    EXPECT_EQ(get(path, {{"symbol", "NIX"}, {"resolution", "1"}, {"from", "0"}, {"to", "9"}}),
              R"({"s":"error","errmsg":"unknown_symbol"})");
    EXPECT_EQ(get(path, {{"symbol", "BTCUSDT"}, {"resolution", "1"}, {"from", "x"}, {"to", "y"}}),
              R"({"s":"error","errmsg":"from and to are seconds since 1970"})");
    EXPECT_EQ(get("/api/v1/market/udf/symbols", {{"symbol", "NIX"}}),
              R"({"s":"error","errmsg":"unknown_symbol"})");
}

TEST_F(UdfTest, ASymbolIsFoundByTickerAndByExchangeAndName) {
    trade(1, 0, 100);
    const auto symbol = get("/api/v1/market/udf/symbols", {{"symbol", "binance_spot:BTCUSDT"}});
    EXPECT_EQ(symbol.find(R"({"name":"BTCUSDT","ticker":"binance_spot:BTCUSDT",)"), 0U) << symbol;
    EXPECT_NE(symbol.find(R"("minmov":1,"pricescale":10000)"), std::string::npos) << symbol;
    EXPECT_EQ(symbol.find("null"), std::string::npos);
    EXPECT_EQ(get("/api/v1/market/udf/symbols", {{"symbol", "BINANCE_SPOT:BTCUSDT"}}), symbol);
    EXPECT_EQ(get("/api/market/udf/symbols", {{"symbol", "BTCUSDT"}}), symbol) << "the alias";
    const auto found = get("/api/v1/market/udf/search", {{"query", "btcu"}});
    EXPECT_EQ(found,
              R"([{"symbol":"BTCUSDT","full_name":"BINANCE_SPOT:BTCUSDT","description":)"
              R"("BTC / USDT, replay","exchange":"BINANCE_SPOT","ticker":"binance_spot:BTCUSDT",)"
              R"("type":"crypto"}])");
    EXPECT_EQ(get("/api/v1/market/udf/search", {{"query", "btcu"}, {"type", "stock"}}), "[]");
    EXPECT_EQ(get("/api/v1/market/udf/search", {{"exchange", "VENUE"}}), "[]");
    EXPECT_EQ(get("/api/v1/market/udf/time"), std::to_string(kStart + 864'000));
}

/// More than memory keeps: the rest comes out of the store, and the two meet without a seam.
TEST_F(UdfTest, AHistoryOfFiveThousandBarsIsWhole) {
    constexpr int kBars = 5'000;
    for (int i = 0; i < kBars; ++i) {
        trade(static_cast<std::uint64_t>(i) + 1, i * 60, 100 + i % 7);
        if (i % 500 == 499) {
            tape->tell();
            ASSERT_TRUE(tape->save());
        }
    }
    const auto candles = view->candles(
        "binance_spot:BTCUSDT",
        {.interval = kMinutes, .from = TimeMs{0}, .to = TimeMs{kTimeMaxMs}, .limit = kBars});
    ASSERT_TRUE(candles);
    ASSERT_EQ(candles->size(), std::size_t{kBars});
    for (int i = 0; i < kBars; ++i) {
        ASSERT_EQ((*candles)[static_cast<std::size_t>(i)].start, TimeMs{(kStart + i * 60) * 1'000});
        ASSERT_EQ((*candles)[static_cast<std::size_t>(i)].last_trade,
                  TradeSeq{static_cast<std::uint64_t>(i) + 1});
    }
    const auto page = view->candles("binance_spot:BTCUSDT", {.interval = kMinutes,
                                                             .from = TimeMs{(kStart + 60) * 1'000},
                                                             .to = TimeMs{kTimeMaxMs},
                                                             .limit = 3,
                                                             .oldest = true});
    ASSERT_EQ(page->size(), 3U);
    EXPECT_EQ(page->front().last_trade, TradeSeq{2});
}

}  // namespace
}  // namespace astro::market
