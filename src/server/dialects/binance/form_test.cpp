#include "server/dialects/binance/form.hpp"

#include <gtest/gtest.h>

#include "server/dialects/binance/faults.hpp"

namespace astro::binance {
namespace {

const std::vector<gateway::Parameter> kKnown{
    symbol_parameter(),
    limit_parameter(1'000, 500),
    number_parameter("price", "A price", "1"),
    choice_parameter("side", "Which way", {"BUY", "SELL"}),
    choice_parameter("type", "What", {"LIMIT"}),
    choice_parameter("timeInForce", "How long", {"GTC"}),
    choice_parameter("interval", "How long", {"1m"}),
    choice_parameter("newOrderRespType", "How", {"ACK"}),
    choice_parameter("workingType", "Which", {"MARK_PRICE"}),
    name_parameter("newClientOrderId", "A name"),
    flag_parameter("reduceOnly", "Whether")};

Result<Form> read(const std::string& query, const std::string& body = {}) {
    net::Request request;
    request.target = "/fapi/v1/x?" + query;
    EXPECT_TRUE(net::split_target(request));
    request.body = body;
    return Form::read(request, kKnown);
}
std::int64_t code(const std::string& query, const std::string& body = {}) {
    const auto form = read(query, body);
    return form ? 0 : fault_of(form.error()).code;
}

TEST(BinanceForm, ParametersComeInTheQueryOrInTheBody) {
    const auto form = read("symbol=SOLUSDC", "price=1.50&reduceOnly=TRUE").value();
    EXPECT_EQ(form.text("symbol"), "SOLUSDC");
    EXPECT_EQ(form.text("price"), "1.50");
    EXPECT_TRUE(form.flag("reduceOnly"));
    EXPECT_FALSE(form.has("limit"));
    EXPECT_EQ(read("limit=20").value().integer("limit"), 20);
    EXPECT_EQ(read("", "newClientOrderId=a%3Ab").value().text("newClientOrderId"), "a:b");
}

TEST(BinanceForm, EachKindOfWrongHasItsNumber) {
    EXPECT_EQ(code("symbol=SOLUSDC&symbol=SOLUSDC"), -1101);
    EXPECT_EQ(code("symbol=SOLUSDC", "symbol=SOLUSDC"), -1101);
    EXPECT_EQ(code("reduceonly=true"), -1104) << "a misspelt safeguard is not dropped";
    EXPECT_EQ(code("symbol="), -1105);
    EXPECT_EQ(code("symbol=sol-usdc"), -1100);
    EXPECT_EQ(code("limit=ten"), -1100);
    EXPECT_EQ(code("limit=1.5"), -1100);
    EXPECT_EQ(code("price=-1"), -1100);
    EXPECT_EQ(code("price=1e5"), -1100);
    EXPECT_EQ(code("price=."), -1100);
    EXPECT_EQ(code("newClientOrderId=a%20b"), -1100);
    EXPECT_EQ(code("limit=0"), -1130);
    EXPECT_EQ(code("limit=99999999999999999999"), -1130);
    EXPECT_EQ(code("workingType=LAST"), -1130);
    EXPECT_EQ(code("side=HOLD"), -1117);
    EXPECT_EQ(code("type=MAYBE"), -1116);
    EXPECT_EQ(code("timeInForce=DAY"), -1115);
    EXPECT_EQ(code("interval=7m"), -1120);
    EXPECT_EQ(code("newOrderRespType=FULL"), -1136);
    EXPECT_EQ(code("newClientOrderId=" + std::string(37, 'a')), -4015);
    EXPECT_EQ(code("", "price=%zz"), -1130);
    EXPECT_EQ(code("newClientOrderId=" + std::string(36, 'a')), 0);
}

TEST(BinanceForm, WhatIsNeededIsMissed) {
    const auto missed = read("").value().needed("symbol");
    ASSERT_FALSE(missed);
    EXPECT_EQ(fault_of(missed.error()).code, -1102);
}

}  // namespace
}  // namespace astro::binance
