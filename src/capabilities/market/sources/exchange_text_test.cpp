#include "capabilities/market/sources/exchange_text.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <map>

#include "capabilities/market/engine/market_test_support.hpp"

/// The messages are those of the exchanges' own documents (see exchange_text.hpp), but for what is
/// broken on purpose and the recording of Kraken's futures.
namespace astro::market {
namespace {

using test::dollars;

constexpr std::string_view kCoinbaseTicker =
    R"({"type":"ticker","sequence":37475248783,"product_id":"ETH-USD","price":"1285.22",)"
    R"("open_24h":"1310.79","volume_24h":"245532.79269678","low_24h":"1280.52",)"
    R"("high_24h":"1313.8","volume_30d":"9788783.60117027","best_bid":"1285.04",)"
    R"("best_bid_size":"0.46688654","best_ask":"1285.27","best_ask_size":"1.56637040",)"
    R"("side":"buy","time":"2022-10-19T23:28:22.061769Z","trade_id":370843401,)"
    R"("last_size":"11.4396987"})";
constexpr std::string_view kCoinbaseMatch =
    R"({"type":"match","trade_id":10,"sequence":50,)"
    R"("maker_order_id":"ac928c66-ca53-498f-9c13-a110027a60e8",)"
    R"("taker_order_id":"132fb6ae-456b-4654-b4e0-d681ac05cea1",)"
    R"("time":"2014-11-07T08:19:27.028459Z","product_id":"BTC-USD","size":"5.23512",)"
    R"("price":"400.23","side":"sell"})";
constexpr std::string_view kKrakenTicker =
    R"({"channel":"ticker","type":"snapshot","data":[{"symbol":"ALGO/USD","bid":0.10025,)"
    R"("bid_qty":740.0,"ask":0.10036,"ask_qty":1361.44813783,"last":0.10035,)"
    R"("volume":997038.98383185,"vwap":0.10148,"low":0.09979,"high":0.10285,)"
    R"("change":-0.00017,"change_pct":-0.17}]})";
constexpr std::string_view kKrakenTrades =
    R"({"channel":"trade","type":"update","data":[)"
    R"({"symbol":"MATIC/USD","side":"sell","price":0.5117,"qty":40.0,"ord_type":"market",)"
    R"("trade_id":4665906,"timestamp":"2023-09-25T07:49:37.708706Z"},)"
    R"({"symbol":"MATIC/USD","side":"buy","price":0.5147,"qty":6423.46326,"ord_type":"limit",)"
    R"("trade_id":4665846,"timestamp":"2023-09-25T07:48:36.925533Z"}]})";
constexpr std::string_view kFuturesTicker =
    R"({"time":1612270825253,"feed":"ticker","product_id":"PI_XBTUSD","bid":34832.5,)"
    R"("ask":34847.5,"bid_size":42864,"ask_size":2300,"volume":262306237,"dtm":0,)"
    R"("leverage":"50x","index":34803.45,"premium":0.1,"last":34852,)"
    R"("funding_rate":1.18588737106e-7,"openInterest":107706940})";

ExchangeNews read(ExchangeFormat format, std::string_view text) {
    solana::JsonDocument document;
    auto news = read_exchange(format, document, text);
    EXPECT_TRUE(news) << text;
    return news.value_or(ExchangeNews{});
}
std::string refused(ExchangeFormat format, std::string_view text) {
    solana::JsonDocument document;
    const auto news = read_exchange(format, document, text);
    return news ? "none" : std::string(news.error().code);
}
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out(text);
    EXPECT_NE(out.find(from), out.npos) << from;
    return out.replace(out.find(from), from.size(), to);
}

TEST(CoinbaseText, ReadsTickersAndMatches) {
    const auto quotes = read(ExchangeFormat::coinbase, kCoinbaseTicker);
    EXPECT_EQ(quotes.source, "coinbase");
    ASSERT_EQ(quotes.quotes.size(), 1U);
    EXPECT_EQ(quotes.quotes[0].symbol, "ETH-USD");
    EXPECT_EQ(quotes.quotes[0].bid, dollars("1285.04"));
    EXPECT_EQ(quotes.quotes[0].ask, dollars("1285.27"));
    EXPECT_EQ(quotes.quotes[0].ask_size, Base{1'566'370'400});
    EXPECT_EQ(quotes.quotes[0].time, parse_iso8601("2022-10-19T23:28:22.061769Z").value());

    const auto trades = read(ExchangeFormat::coinbase, kCoinbaseMatch);
    ASSERT_EQ(trades.trades.size(), 1U);
    const auto& match = trades.trades[0];
    EXPECT_EQ(match.symbol, "BTC-USD");
    EXPECT_EQ(match.trade.seq, TradeSeq{10});
    EXPECT_EQ(match.trade.time, TimeMs{1'415'348'367'028});
    EXPECT_EQ(match.trade.size, Base{5'235'120'000});
    EXPECT_EQ(match.trade.value, Quote{2'095'252'077});
    EXPECT_EQ(match.side, Side::buy) << "who stood in the book sold";
}

TEST(CoinbaseText, TellsWhatWasRefusedAndPassesOverTheRest) {
    EXPECT_EQ(read(ExchangeFormat::coinbase, R"({"type":"error","message":"Failed to subscribe",)"
                                             R"("reason":"X-USD is not a valid product"})")
                  .complaint,
              "Failed to subscribe: X-USD is not a valid product");
    for (const auto* text :
         {R"({"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD",)"
          R"("time":"2014-11-07T08:19:28.464459Z"})",
          R"({"type":"subscriptions","channels":[]})"}) {
        const auto news = read(ExchangeFormat::coinbase, text);
        EXPECT_FALSE(news.recognised);
        EXPECT_EQ(news.quotes.size() + news.trades.size() + news.complaint.size(), 0U);
    }
}

TEST(CoinbaseText, RefusesWhatLacksOrBreaksAMember) {
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
             {R"("trade_id":10)", R"("trade_id":-10)"},
             {R"("trade_id":10)", R"("trade_id":1.5)"},
             {R"("size":"5.23512")", R"("size":"-5")"},
             {R"("size":"5.23512")", R"("size":"1e40")"},
             {R"("price":"400.23")", R"("price":null)"},
             {R"("side":"sell")", R"("side":"both")"},
             {"2014-11-07T08", "1914-11-07T08"},
             {"2014-11-07T08", "2214-11-07T08"},
             {R"("product_id":"BTC-USD")", R"("product_id":"")"},
             {R"("product_id":"BTC-USD",)", ""}})
        EXPECT_EQ(refused(ExchangeFormat::coinbase, replaced(kCoinbaseMatch, from, to)),
                  "bad_coinbase")
            << to;
    EXPECT_EQ(refused(ExchangeFormat::coinbase,
                      replaced(kCoinbaseTicker, R"("best_bid":"1285.04",)", "")),
              "bad_coinbase");
    EXPECT_EQ(refused(ExchangeFormat::coinbase, "[]"), "bad_coinbase");
    EXPECT_EQ(refused(ExchangeFormat::coinbase, kCoinbaseMatch.substr(0, 50)), "bad_json");
}

TEST(KrakenText, ReadsTickersAndTradesInTheirOrder) {
    const auto quotes = read(ExchangeFormat::kraken, kKrakenTicker);
    ASSERT_EQ(quotes.quotes.size(), 1U);
    EXPECT_EQ(quotes.quotes[0].symbol, "ALGO/USD");
    EXPECT_EQ(quotes.quotes[0].bid, dollars("0.10025"));
    EXPECT_EQ(quotes.quotes[0].bid_size, Base{740'000'000'000});
    EXPECT_EQ(quotes.quotes[0].time, std::nullopt);

    const auto trades = read(ExchangeFormat::kraken, kKrakenTrades);
    ASSERT_EQ(trades.trades.size(), 2U);
    EXPECT_EQ(trades.trades[0].trade.seq, TradeSeq{4'665'846}) << "oldest first";
    EXPECT_EQ(trades.trades[0].side, Side::buy);
    EXPECT_EQ(trades.trades[1].trade.price, dollars("0.5117"));
    EXPECT_EQ(trades.trades[1].trade.size, Base{40'000'000'000});
    EXPECT_EQ(trades.trades[1].side, Side::sell);
}

TEST(KrakenText, CountsBrokenEntriesAndReadsTheOthers) {
    const auto news =
        read(ExchangeFormat::kraken, replaced(kKrakenTrades, R"("qty":40.0)", R"("qty":"much")"));
    EXPECT_EQ(news.trades.size(), 1U);
    EXPECT_EQ(news.unreadable, 1U);
    EXPECT_EQ(read(ExchangeFormat::kraken,
                   R"({"error":"Currency pair not supported ABC/USD","method":"subscribe",)"
                   R"("success":false,"symbol":"ABC/USD"})")
                  .complaint,
              "Currency pair not supported ABC/USD");
    EXPECT_FALSE(read(ExchangeFormat::kraken, R"({"channel":"heartbeat"})").recognised);
    EXPECT_EQ(refused(ExchangeFormat::kraken, R"({"channel":"trade","data":{}})"), "bad_kraken");
    EXPECT_EQ(refused(ExchangeFormat::kraken, R"({"hello":1})"), "bad_kraken");
    std::string many = R"({"channel":"trade","data":[0)";
    for (std::size_t i = 0; i < kEntriesMax; ++i) many += ",0";
    EXPECT_EQ(refused(ExchangeFormat::kraken, many + "]}"), "bad_kraken");
}

TEST(KrakenFuturesText, CountsContractsOfADollarInTheBase) {
    const auto quotes = read(ExchangeFormat::kraken_futures, kFuturesTicker);
    ASSERT_EQ(quotes.quotes.size(), 1U);
    EXPECT_EQ(quotes.quotes[0].bid, dollars("34832.5"));
    EXPECT_EQ(quotes.quotes[0].bid_size, Base{1'230'574'894}) << "42,864 dollars";
    EXPECT_EQ(quotes.quotes[0].time, TimestampNs{1'612'270'825'253'000'000});

    const std::string trade =
        R"({"feed":"trade","product_id":"PI_XBTUSD","uid":"05af78ac","side":"sell","type":"fill",)"
        R"("seq":653355,"time":1612266317519,"qty":15000,"price":34969.5})";
    const auto inverse = read(ExchangeFormat::kraken_futures, trade);
    ASSERT_EQ(inverse.trades.size(), 1U);
    EXPECT_EQ(inverse.trades[0].trade.value, Quote{15'000'000'000});
    EXPECT_EQ(inverse.trades[0].trade.size, Base{428'945'223});
    const auto linear =
        read(ExchangeFormat::kraken_futures, replaced(trade, "PI_XBTUSD", "PF_XBTUSD"));
    EXPECT_EQ(linear.trades[0].trade.size, Base{15'000'000'000'000});
    EXPECT_EQ(linear.trades[0].trade.value, Quote{524'542'500'000'000});
    EXPECT_EQ(refused(ExchangeFormat::kraken_futures, replaced(trade, "653355", "null")),
              "bad_kraken");
    EXPECT_EQ(
        read(ExchangeFormat::kraken_futures, R"({"event":"error","message":"Invalid product id"})")
            .complaint,
        "Invalid product id");
}

/// Every line of the recording.
TEST(KrakenFuturesText, ReadsTheRecordingToTheLastLine) {
    gzFile file = gzopen(ASTRO_SOURCE_DIR "/share/market/kraken_futures_20210722.raw.gz", "rb");
    ASSERT_NE(file, nullptr);
    std::string buffer(1 << 20, '\0');
    solana::JsonDocument document;
    std::size_t lines = 0, quotes = 0, trades = 0, crossed = 0, unreadable = 0;
    std::map<std::string, std::uint64_t> last;
    while (gzgets(file, buffer.data(), static_cast<int>(buffer.size())) != nullptr) {
        std::string_view line(buffer.c_str());
        line.remove_prefix(line.find(' ') + 1);
        ++lines;
        const auto news = read_exchange(ExchangeFormat::kraken_futures, document, line);
        ASSERT_TRUE(news) << line.substr(0, 200);
        EXPECT_EQ(news->complaint, "");
        unreadable += news->unreadable;
        quotes += news->quotes.size();
        for (const auto& quote : news->quotes) crossed += quote.is_crossed() ? 1 : 0;
        for (const auto& trade : news->trades) {
            ++trades;
            auto& seq = last[trade.symbol];
            EXPECT_TRUE(seq == 0 || trade.trade.seq.value() == seq + 1) << trade.symbol;
            seq = trade.trade.seq.value();
        }
    }
    gzclose(file);
    EXPECT_EQ(lines, 7'175U);
    EXPECT_EQ(quotes, 107U);
    EXPECT_EQ(trades, 1'003U);
    EXPECT_EQ(crossed + unreadable, 0U);
    EXPECT_EQ(last.size(), 10U);
}

TEST(ExchangeText, KnowsTheFormatOfWhatWasRecorded) {
    solana::JsonDocument document;
    for (const auto& [source, text] :
         std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"coinbase", kCoinbaseMatch},
             {"kraken", kKrakenTrades},
             {"kraken_futures", kFuturesTicker},
             {"binance_spot", R"({"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT",)"
                              R"("b":"1","B":"1","a":"2","A":"1"}})"}}) {
        const auto news = read_recorded(document, text);
        ASSERT_TRUE(news) << source;
        EXPECT_EQ(news->source, source);
        EXPECT_TRUE(news->recognised);
    }
}

}  // namespace
}  // namespace astro::market
