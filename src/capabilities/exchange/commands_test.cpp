#include "capabilities/exchange/commands.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/engine/venue.hpp"

namespace astro::exchange {
namespace {

const std::string kMarket = std::string(ASTRO_SOURCE_DIR) + "/share/market/";

std::string reason(std::string_view line) {
    const auto operation = parse_operation(line);
    return operation ? "read" : operation.error().message;
}

TEST(OpsCsv, SaysWhichColumnIsWrongAndWhatWouldBeRight) {
    EXPECT_EQ(reason("0,ADD,0,B,1,99990,6"), "read");
    EXPECT_EQ(reason("0,CANCEL,0,,1,,"), "read");
    EXPECT_EQ(reason("0,IOC,999,S,4294967295,1099511627776,4294967295"), "read");
    EXPECT_EQ(reason("x,ADD,0,B,1,99990,6"),
              "seq is a whole number from 0 to 18446744073709551615, not 'x'");
    EXPECT_EQ(reason("0,add,0,B,1,99990,6"), "type is ADD, CANCEL or IOC, not 'add'");
    EXPECT_EQ(reason("0,ADD,1000,B,1,99990,6"),
              "symbol is a whole number from 0 to 999, not '1000'");
    EXPECT_EQ(reason("0,ADD,0,b,1,99990,6"), "side is B or S, not 'b'");
    EXPECT_EQ(reason("0,ADD,0,B,0,99990,6"),
              "order_id is a whole number from 1 to 4294967295, not '0'");
    EXPECT_EQ(reason("0,ADD,0,B,1,-5,6"),
              "price is a whole number from 1 to 1099511627776, not '-5'");
    EXPECT_EQ(reason("0,ADD,0,B,1,1.5,6"),
              "price is a whole number from 1 to 1099511627776, not '1.5'");
    EXPECT_EQ(reason("0,ADD,0,B,1,5,"), "qty is a whole number from 1 to 4294967295, not nothing");
    EXPECT_EQ(reason("0,ADD,0,B,1,5"),
              "it has 6 columns, not the 7 of seq,type,symbol,side,order_id,price,qty");
}

TEST(Matcher, GivesTheTradesThatStandBesideTheOperations) {
    auto reader = OperationReader::open(kMarket + "synth_w1_ops.csv.gz");
    auto expected = TextLines::open(kMarket + "synth_w1_trades.csv.gz");
    ASSERT_TRUE(reader && expected);
    const auto expect = [&](std::string_view line) {
        const auto next = expected->next();
        ASSERT_TRUE(next && *next) << line;
        ASSERT_EQ(line, **next) << expected->number();
    };
    expect(kTradesHeader);
    Matcher matcher;
    for (;;) {
        const auto operation = reader->next();
        ASSERT_TRUE(operation);
        if (!*operation) break;
        ASSERT_TRUE(
            matcher.apply(**operation, [&](const auto& trade) { expect(csv_line(trade)); }));
        if (testing::Test::HasFatalFailure()) return;
    }
    const auto end = expected->next();
    EXPECT_TRUE(end && !*end) << "there are more trades";
    EXPECT_EQ(matcher.resting(), 8'420U);
}

TEST(Matcher, RefusesAnIdThatRestsAndTheWrongBook) {
    Matcher matcher;
    const auto apply = [&](std::string_view line) {
        const auto done = matcher.apply(parse_operation(line).value(), [](const auto&) {});
        return done ? "done" : done.error().message;
    };
    EXPECT_EQ(apply("0,ADD,0,B,7,100,5"), "done");
    EXPECT_EQ(apply("1,ADD,0,B,7,100,5"), "order_id 7 rests already; each order has its own");
    EXPECT_EQ(apply("2,CANCEL,1,,7,,"), "order 7 rests under another symbol than 1");
    EXPECT_EQ(apply("3,IOC,0,S,8,100,5"), "done");
    EXPECT_EQ(apply("4,CANCEL,0,,7,,"), "done") << "it has traded";
    EXPECT_EQ(apply("5,ADD,0,B,7,100,5"), "done") << "the id is free again";
    EXPECT_EQ(matcher.resting(), 1U);
}

TEST(Bench, AFileIsTheSameWorkAsTheFlowItCameFrom) {
    const auto file = read_workload(kMarket + "synth_w1_ops.csv.gz");
    ASSERT_TRUE(file);
    const BookRate rate = measure_book(*file, 1);
    const BookRate made = measure_book(make_workload("made", 42, 1, 0, 0), 1);
    EXPECT_EQ(rate.operations, 205'000U);
    EXPECT_EQ(rate.trades, 96'223U);
    EXPECT_EQ(rate.volume, 4'176'754U);
    EXPECT_EQ(rate.notional, "417786977042");
    EXPECT_EQ(rate.resting, 8'420U);
    EXPECT_EQ(rate.totals, "not published");
    EXPECT_EQ(made.trades, 0U);
}

TEST(Bench, TheEngineDoesWhatIsAskedOfIt) {
    const auto load = make_engine_load(20'000);
    const EngineRate first = measure_engine(load, 1), again = measure_engine(load, 1);
    EXPECT_EQ(first.commands, 20'000U);
    EXPECT_GT(first.trades, 5'000U);
    EXPECT_EQ(first.trades, again.trades);
    EXPECT_EQ(first.events, again.events);
    EXPECT_LT(first.refused, first.commands / 20);
}

}  // namespace
}  // namespace astro::exchange
