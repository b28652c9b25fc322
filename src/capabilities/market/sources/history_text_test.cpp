#include "capabilities/market/sources/history_text.hpp"

#include <gtest/gtest.h>

#include "capabilities/market/engine/market_test_support.hpp"

/// Answers as in the exchanges' own documents (see history_text.hpp).
namespace astro::market {
namespace {

using test::dollars;

constexpr TradeGate::Gap kGap{100, 120, TimeMs{1'688'669'597'000}, TimeMs{1'688'669'603'000}};

std::vector<ExchangeTrade> read(std::string_view source, std::string_view text) {
    solana::JsonDocument document;
    auto trades = read_history(source, "X", document, text);
    EXPECT_TRUE(trades) << (trades ? "" : trades.error().text());
    return trades.value_or(std::vector<ExchangeTrade>{});
}
std::string refused(std::string_view source, std::string_view text) {
    solana::JsonDocument document;
    const auto trades = read_history(source, "X", document, text);
    return trades ? "none" : std::string(trades.error().code) + ": " + trades.error().message;
}

TEST(HistoryText, AsksForTheGap) {
    EXPECT_EQ(history_target("binance_spot", "BTCUSDT", kGap),
              "/api/v3/historicalTrades?symbol=BTCUSDT&fromId=100&limit=1000");
    EXPECT_EQ(history_target("binance_coinm", "BTCUSD_PERP", kGap),
              "/dapi/v1/historicalTrades?symbol=BTCUSD_PERP&fromId=100&limit=1000");
    EXPECT_EQ(history_target("coinbase", "BTC-USD", kGap),
              "/products/BTC-USD/trades?limit=1000&after=121");
    EXPECT_EQ(history_target("kraken", "BTC/USD", kGap),
              "/0/public/Trades?pair=XBTUSD&since=1688669596999999999&count=1000");
    EXPECT_EQ(history_target("kraken", "SOL/USD", kGap).substr(0, 30),
              "/0/public/Trades?pair=SOLUSD&s");
    EXPECT_TRUE(has_history("binance_usdm"));
    EXPECT_FALSE(has_history("kraken_futures")) << "its history has other numbers";
    EXPECT_FALSE(has_history("solana"));
}

TEST(HistoryText, ReadsEachExchangesAnswer) {
    const auto binance =
        read("binance_spot", R"([{"id":28457,"price":"4.00000100","qty":"12.00000000",)"
                             R"("quoteQty":"48.000012","time":1499865549590,"isBuyerMaker":true,)"
                             R"("isBestMatch":true}])");
    ASSERT_EQ(binance.size(), 1U);
    EXPECT_EQ(binance[0].trade.seq, TradeSeq{28'457});
    EXPECT_EQ(binance[0].trade.size, Base{12'000'000'000});
    EXPECT_EQ(binance[0].side, Side::sell);

    const auto coinbase =
        read("coinbase", R"([{"time":"2014-11-07T22:19:28.578544Z","trade_id":74,)"
                         R"("price":"10.00000000","size":"0.01000000","side":"buy"},)"
                         R"({"time":"2014-11-07T01:08:43.642366Z","trade_id":73,)"
                         R"("price":"100.00000000","size":"0.01000000","side":"sell"}])");
    ASSERT_EQ(coinbase.size(), 2U);
    EXPECT_EQ(coinbase[0].trade.seq, TradeSeq{73}) << "oldest first";
    EXPECT_EQ(coinbase[0].side, Side::buy);
    EXPECT_EQ(coinbase[1].trade.price, dollars("10"));

    const auto kraken =
        read("kraken", R"({"error":[],"result":{"XXBTZUSD":[)"
                       R"(["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952],)"
                       R"(["30243.30000","0.00376960",1688669598.2804112,"s","l","",61044953]],)"
                       R"("last":"1688671969993150842"}})");
    ASSERT_EQ(kraken.size(), 2U);
    EXPECT_EQ(kraken[0].trade.time, TimeMs{1'688'669'597'828});
    EXPECT_EQ(kraken[0].trade.size, Base{345'076'740});
    EXPECT_EQ(kraken[1].side, Side::sell);
}

TEST(HistoryText, RefusesAnAnswerOfWhichATradeCannotBeRead) {
    EXPECT_EQ(refused("kraken", R"({"error":["EGeneral:Too many requests"]})"),
              "bad_history: EGeneral:Too many requests");
    EXPECT_EQ(refused("kraken", R"({"error":[],"result":{}})").substr(0, 11), "bad_history");
    EXPECT_EQ(refused("coinbase", R"({"message":"NotFound"})").substr(0, 11), "bad_history");
    EXPECT_EQ(refused("binance_spot", R"([{"id":1}])").substr(0, 11), "bad_history");
    EXPECT_EQ(refused("kraken", R"({"result":{"X":[["1","1",1,"b","m",""]]}})").substr(0, 11),
              "bad_history");
    EXPECT_EQ(refused("binance_spot", "[").substr(0, 8), "bad_json");
}

TEST(HistoryText, KnowsWhatAnAnswerSpeaksOf) {
    std::vector<ExchangeTrade> page(kHistoryPage);
    const auto number = [&](std::uint64_t first) {
        for (std::size_t i = 0; i < page.size(); ++i) page[i].trade.seq = TradeSeq{first + i};
        return page;
    };
    const TradeGate::Gap gap{1'000, 4'999, {}, {}};
    const auto of = [&](std::string_view source, const std::vector<ExchangeTrade>& trades) {
        const Covered out = covered(source, gap, trades);
        return std::pair(out.first, out.last);
    };
    using Pair = std::pair<std::uint64_t, std::uint64_t>;
    EXPECT_EQ(of("binance_spot", number(1'000)), (Pair{1'000, 1'999})) << "asked from the front";
    EXPECT_EQ(of("coinbase", number(4'000)), (Pair{4'000, 4'999})) << "asked from the back";
    EXPECT_EQ(of("kraken", number(900)), (Pair{1'000, 1'899}));
    EXPECT_EQ(of("kraken", number(0)), (Pair{1'000, 4'999})) << "leads no further";
    page.resize(5);
    EXPECT_EQ(of("kraken", number(1'000)), (Pair{1'000, 4'999})) << "all there is";
    EXPECT_EQ(of("coinbase", {}), (Pair{1'000, 4'999}));
}

}  // namespace
}  // namespace astro::market
