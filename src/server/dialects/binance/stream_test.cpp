#include <gtest/gtest.h>

#include "server/dialects/binance/stream_message.hpp"
#include "server/dialects/binance/stream_name.hpp"

namespace astro::binance {
namespace {

TEST(BinanceStreams, NamesSayWhatIsCarried) {
    using Kind = StreamKind;
    EXPECT_EQ(parse_stream_name("solusdc@depth"),
              (StreamName{.kind = Kind::depth, .symbol = "SOLUSDC"}));
    EXPECT_EQ(parse_stream_name("solusdc@depth@100ms"),
              (StreamName{.kind = Kind::depth, .symbol = "SOLUSDC"}));
    EXPECT_EQ(parse_stream_name("solusdc@depth10@500ms"),
              (StreamName{.kind = Kind::partial_depth, .symbol = "SOLUSDC", .levels = 10}));
    EXPECT_EQ(parse_stream_name("btcusdc@kline_1m"),
              (StreamName{.kind = Kind::kline, .symbol = "BTCUSDC", .interval = "1m"}));
    EXPECT_EQ(parse_stream_name("solusdc@aggTrade")->kind, Kind::aggregate_trade);
    EXPECT_EQ(parse_stream_name("solusdc@trade")->kind, Kind::trade);
    EXPECT_EQ(parse_stream_name("solusdc@markPrice@1s")->kind, Kind::mark_price);
    EXPECT_EQ(parse_stream_name("!ticker@arr"),
              (StreamName{.kind = Kind::ticker, .as_list = true}));
    EXPECT_EQ(parse_stream_name("!markPrice@arr@1s"),
              (StreamName{.kind = Kind::mark_price, .as_list = true}));
    EXPECT_EQ(parse_stream_name("!bookTicker"), (StreamName{.kind = Kind::book_ticker}));
    EXPECT_EQ(parse_stream_name("!forceOrder@arr"), (StreamName{.kind = Kind::force_order}));
}

TEST(BinanceStreams, WhatIsNoNameIsNone) {
    for (const char* name : {"", "solusdc", "@depth", "solusdc@depth7", "solusdc@depth@1s",
                             "solusdc@kline_7m", "solusdc@kline_1m@1s", "!trade@arr", "!ticker",
                             "!markPrice@arr@3s@", "sol-usdc@trade", "solusdc@trade@1s@2s", "!"})
        EXPECT_FALSE(parse_stream_name(name)) << name;
    EXPECT_FALSE(parse_stream_name(std::string(100, 'a') + "@depth"));
}

TEST(BinanceStreams, MessagesAreUnderstood) {
    const auto parsed = parse_stream_message(
        R"({"method":"SUBSCRIBE","params":["solusdc@depth","!ticker@arr"],"id":7})");
    ASSERT_TRUE(parsed.message);
    EXPECT_EQ(parsed.message->method, StreamMessage::Method::subscribe);
    EXPECT_EQ(parsed.message->params, (std::vector<std::string>{"solusdc@depth", "!ticker@arr"}));
    EXPECT_EQ(parsed.message->id, "7");
    EXPECT_EQ(result_text("7"), R"({"result":null,"id":7})");
    EXPECT_EQ(result_text("\"a\"", {"x@trade"}), R"({"result":["x@trade"],"id":"a"})");
    EXPECT_TRUE(parse_stream_message(R"({"method":"LIST_SUBSCRIPTIONS","id":1})").message);
    EXPECT_TRUE(
        parse_stream_message(R"({"method":"SET_PROPERTY","params":["combined",true],"id":1})")
            .message);
}

TEST(BinanceStreams, WhatIsWrongHasItsNumber) {
    const auto code = [](const char* text) {
        const auto parsed = parse_stream_message(text);
        return parsed.message ? -1 : parsed.fault.code;
    };
    EXPECT_EQ(code("hello"), 3);
    EXPECT_EQ(code("[]"), 2);
    EXPECT_EQ(code(R"({"method":"SHOUT","id":1})"), 2);
    EXPECT_EQ(code(R"({"id":1})"), 2);
    EXPECT_EQ(code(R"({"method":"SUBSCRIBE","id":1})"), 2);
    EXPECT_EQ(code(R"({"method":"SUBSCRIBE","params":[],"id":1})"), 2);
    EXPECT_EQ(code(R"({"method":"SUBSCRIBE","params":[1],"id":1})"), 2);
    EXPECT_EQ(code(R"({"method":"SUBSCRIBE","params":["a"],"id":-1})"), 2);
    EXPECT_EQ(code(R"({"method":"SUBSCRIBE","params":["a"],"id":1,"more":1})"), 0);
    EXPECT_EQ(fault_text({2, "no", "5"}), R"({"error":{"code":2,"msg":"no"},"id":5})");
    EXPECT_EQ(combined_text("a@trade", "{}"), R"({"stream":"a@trade","data":{}})");
}

}  // namespace
}  // namespace astro::binance
