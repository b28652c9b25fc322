#include "capabilities/market/sources/source_text.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <map>

#include "capabilities/market/engine/market_test_support.hpp"

namespace astro::market {
namespace {

using test::dollars;

template <class Parsed>
std::string refused(const Result<Parsed>& parsed) {
    return parsed ? "none" : std::string(parsed.error().code);
}

// ── Pyth ────────────────────────────────────────────────────────────────────────────────────────

std::string feed(std::string_view price, std::string_view id = {}) {
    static const std::string kId(64, 'a');
    return R"({"id":")" + std::string(id.empty() ? kId : id) + R"(","price":)" +
           std::string(price) + "}";
}

TEST(HermesText, ReadsPriceBandAverageAndTime) {
    JsonDocument document;
    const auto update = parse_hermes(document, R"({"binary":{"data":[]},"parsed":[{"id":
        "0xE62DF6C8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43",
        "price":{"price":"6183763000000","conf":"2400000000","expo":-8,"publish_time":1723161255},
        "ema_price":{"price":"6180012300000","conf":"1","expo":-8,"publish_time":1723161255}}]})");
    ASSERT_TRUE(update);
    ASSERT_EQ(update->prices.size(), 1U);
    const auto& price = update->prices[0];
    EXPECT_EQ(price.id, "e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43");
    EXPECT_EQ(price.price, dollars("61837.63"));
    EXPECT_EQ(price.confidence, dollars("24"));
    EXPECT_EQ(price.average, dollars("61800.123"));
    EXPECT_EQ(price.published, from_unix_seconds(1'723'161'255));
}

TEST(HermesText, LeavesOutAndCountsFeedsThatMakeNoSense) {
    const std::string good = feed(R"({"price":"1","conf":"0","expo":0,"publish_time":1})");
    for (const std::string& bad :
         {feed("null"), feed("{}"), feed(R"({"price":"1","conf":"0","expo":0})"),
          feed(R"({"price":"x","conf":"0","expo":0,"publish_time":1})"),
          feed(R"({"price":"1","conf":"-1","expo":0,"publish_time":1})"),
          feed(R"({"price":"1","conf":"18446744073709551615","expo":0,"publish_time":1})"),
          feed(R"({"price":"1","conf":"0","expo":99,"publish_time":1})"),
          feed(R"({"price":"1","conf":"0","expo":0,"publish_time":-1})"),
          feed(R"({"price":"1","conf":"0","expo":0,"publish_time":9999999999999})"),
          feed(R"({"price":"1","conf":"0","expo":0,"publish_time":1})", "abc"), std::string("7"),
          std::string("null")}) {
        JsonDocument document;
        const auto text = R"({"parsed":[)" + bad + "," + good + "]}";
        const auto update = parse_hermes(document, text);
        ASSERT_TRUE(update) << bad;
        EXPECT_EQ(update->prices.size(), 1U) << bad;
        EXPECT_EQ(update->unreadable, 1U) << bad;
    }
}

TEST(HermesText, RefusesWhatIsNoUpdate) {
    JsonDocument document;
    EXPECT_EQ(refused(parse_hermes(document, "")), "bad_json");
    EXPECT_EQ(refused(parse_hermes(document, R"({"parsed":[)")), "bad_json");
    EXPECT_EQ(refused(parse_hermes(document, "[]")), "bad_hermes");
    EXPECT_EQ(refused(parse_hermes(document, R"({"parsed":null})")), "bad_hermes");
    std::string many = R"({"parsed":[0)";
    for (int i = 0; i < 1'000; ++i) many += ",0";
    EXPECT_EQ(refused(parse_hermes(document, many + "]}")), "bad_hermes");
}

// ── CoinGecko ───────────────────────────────────────────────────────────────────────────────────

TEST(CoinGeckoText, ReadsPricesInAnyNumberForm) {
    JsonDocument document;
    const auto prices = parse_coingecko(
        document,
        R"({"bitcoin":{"usd":61837.63,"last_updated_at":1723161255},"shiba":{"usd":6.1e-05},
            "unknown":{},"status":{"error_code":429}})");
    ASSERT_TRUE(prices);
    ASSERT_EQ(prices->prices.size(), 2U);
    EXPECT_EQ(prices->prices[0].id, "bitcoin");
    EXPECT_EQ(prices->prices[0].price, dollars("61837.63"));
    EXPECT_EQ(prices->prices[0].updated, from_unix_seconds(1'723'161'255));
    EXPECT_EQ(prices->prices[1].price, dollars("0.000061"));
    EXPECT_EQ(prices->prices[1].updated, std::nullopt);
    EXPECT_EQ(prices->unreadable, 2U);
    EXPECT_EQ(refused(parse_coingecko(document, "[]")), "bad_coingecko");
    EXPECT_EQ(refused(parse_coingecko(document, "<html>")), "bad_json");
}

// ── exchanges ───────────────────────────────────────────────────────────────────────────────────

TEST(BinanceText, ReadsEachKindBareOrInAStream) {
    JsonDocument document;
    auto message = parse_binance(
        document, R"({"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT",
        "b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})");
    ASSERT_TRUE(message);
    const auto& ticker = std::get<BookTicker>(message->body);
    EXPECT_EQ(message->venue, BinanceVenue::spot);
    EXPECT_EQ(ticker.symbol, "BTCUSDT");
    EXPECT_EQ(ticker.bid, dollars("61837.63"));
    EXPECT_EQ(ticker.ask, dollars("61837.64"));
    EXPECT_EQ(ticker.bid_size, Quantity{378'826'000});
    EXPECT_EQ(ticker.update, 50'093'239'212U);
    EXPECT_EQ(ticker.time, std::nullopt);

    message = parse_binance(
        document,
        R"({"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000",
        "i":"11784.62659091","P":"11784.25641265","r":"0.00038167","T":1562306400000})");
    ASSERT_TRUE(message);
    const auto& mark = std::get<MarkPrice>(message->body);
    EXPECT_EQ(mark.mark, dollars("11794.15"));
    EXPECT_EQ(mark.index, dollars("11784.626591"));
    EXPECT_EQ(mark.funding_rate, 38'167);
    EXPECT_EQ(mark.next_funding, TimestampNs{1'562'306'400'000'000'000});

    message = parse_binance(document,
                            R"({"e":"aggTrade","E":123456789000,"s":"BTCUSDT","a":5933014,
        "p":"0.001","q":"100","f":100,"l":105,"T":123456785000,"m":true})");
    ASSERT_TRUE(message);
    const auto& trade = std::get<PublicTrade>(message->body);
    EXPECT_EQ(trade.id, 5'933'014U);
    EXPECT_EQ(trade.size, Quantity{10'000'000'000});
    EXPECT_TRUE(trade.buyer_is_maker);

    message = parse_binance(document, R"({"result":null,"id":1})");
    ASSERT_TRUE(message);
    EXPECT_TRUE(std::holds_alternative<OtherMessage>(message->body));
}

TEST(BinanceText, RefusesAKnownKindThatLacksOrBreaksAMember) {
    const std::string good =
        R"({"e":"bookTicker","u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1","E":1})";
    JsonDocument document;
    ASSERT_TRUE(parse_binance(document, good));
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
             {R"("s":"BTCUSDT",)", ""},
             {R"("s":"BTCUSDT")", R"("s":7)"},
             {R"("b":"1")", R"("b":"one")"},
             {R"("b":"1")", R"("b":"9e99")"},
             {R"("B":"1")", R"("B":"-1")"},
             {R"("A":"1")", R"("A":[1])"},
             {R"("u":1)", R"("u":-1)"},
             {R"("E":1)", R"("E":99999999999999999)"}}) {
        std::string bad = good;
        bad.replace(bad.find(from), from.size(), to);
        EXPECT_EQ(refused(parse_binance(document, bad)), "bad_binance") << bad;
    }
    EXPECT_EQ(refused(parse_binance(document, "[]")), "bad_binance");
    EXPECT_EQ(refused(parse_binance(document, good.substr(0, 40))), "bad_json");
    EXPECT_EQ(refused(parse_binance(document, R"({"e":"depthUpdate","E":1,"s":"X","U":1,"u":1,
        "b":[["1"]],"a":[]})")),
              "bad_binance");
    std::string deep = R"({"e":"depthUpdate","E":1,"s":"X","U":1,"u":1,"a":[],"b":[["1","1"])";
    for (std::size_t i = 0; i < kLevelsMax; ++i) deep += R"(,["1","1"])";
    EXPECT_EQ(refused(parse_binance(document, deep + "]}")), "bad_binance");
}

/// Every line of a capture: how many of each kind, and whether its chain of updates is whole.
struct Tally {
    std::size_t tickers = 0, trades = 0, diffs = 0, snapshots = 0, others = 0, refused = 0;
    std::size_t crossed = 0, chain_breaks = 0, other_venue = 0;
    bool operator==(const Tally&) const = default;
};

Tally read_capture(const std::string& name, BinanceVenue venue) {
    const std::string path = ASTRO_SOURCE_DIR "/share/market/" + name;
    gzFile file = gzopen(path.c_str(), "rb");
    EXPECT_NE(file, nullptr) << path;
    Tally out;
    JsonDocument document;
    std::string buffer(1 << 20, '\0');
    std::uint64_t last = 0;
    while (file != nullptr && gzgets(file, buffer.data(), static_cast<int>(buffer.size()))) {
        std::string_view line(buffer.c_str());
        line.remove_prefix(line.find(' ') + 1);
        const auto message = parse_binance(document, line);
        if (!message) {
            ++out.refused;
            continue;
        }
        if (const auto* ticker = std::get_if<BookTicker>(&message->body)) {
            ++out.tickers;
            out.crossed += ticker->bid >= ticker->ask ? 1 : 0;
        } else if (std::holds_alternative<PublicTrade>(message->body)) {
            ++out.trades;
        } else if (const auto* diff = std::get_if<DepthDiff>(&message->body)) {
            ++out.diffs;
            const bool follows =
                diff->previous > 0 ? diff->previous == last : diff->first == last + 1;
            out.chain_breaks += last > 0 && !follows ? 1 : 0;
            last = diff->last;
        } else if (std::holds_alternative<DepthSnapshot>(message->body)) {
            ++out.snapshots;
            continue;  // names no symbol, so spot and futures look alike
        } else {
            ++out.others;
        }
        out.other_venue += message->venue != venue ? 1 : 0;
    }
    if (file != nullptr) gzclose(file);
    return out;
}

TEST(BinanceText, ReadsRecordedStreamsToTheLastLine) {
    EXPECT_EQ(read_capture("binance_usdm_btcusdt_20240808.raw.gz", BinanceVenue::usd_m),
              (Tally{.tickers = 66'089, .trades = 21'313, .diffs = 6'551, .snapshots = 1}));
    EXPECT_EQ(read_capture("binance_spot_btcusdt_20240808.raw.gz", BinanceVenue::spot),
              (Tally{.tickers = 28'040, .trades = 9'757, .diffs = 3'451, .snapshots = 1}));
    EXPECT_EQ(read_capture("binance_coinm_btcusdperp_20240808.raw.gz", BinanceVenue::coin_m),
              (Tally{.tickers = 19'136, .trades = 2'286, .diffs = 26'847, .snapshots = 1}));
}

}  // namespace
}  // namespace astro::market
