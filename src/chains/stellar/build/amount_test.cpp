#include "chains/stellar/build/amount.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

namespace astro::stellar {
namespace {

TEST(Amount, TextAndStroopsAreTheSame) {
    EXPECT_EQ(parse_amount("0", "a")->value(), 0);
    EXPECT_EQ(parse_amount("0.0000001", "a")->value(), 1);
    EXPECT_EQ(parse_amount("12.5", "a")->value(), 125'000'000);
    EXPECT_EQ(parse_amount("922337203685.4775807", "a")->value(), INT64_MAX);
    EXPECT_EQ(to_text(Stroops(INT64_MAX)), "922337203685.4775807");
}

RC_GTEST_PROP(Amount, EveryAmountSurvivesItsText, ()) {
    const auto value = *rc::gen::inRange<std::int64_t>(0, INT64_MAX);
    RC_ASSERT(parse_amount(to_text(Stroops(value)), "a")->value() == value);
}

TEST(Amount, WhatIsNoneIsRefusedWithItsRule) {
    const std::pair<const char*, const char*> cases[] = {
        {"-1", "not negative"},
        {"1.12345678", "has 8 decimals"},
        {"922337203685.4775808", "the most there can be"},
        {"99999999999999999999999", "the most there can be"},
        {"", "plain number"},
        {"1e3", "plain number"},
        {"1.", "plain number"},
        {".5", "plain number"},
        {"+1", "plain number"},
        {"1 ", "plain number"},
        {"0x10", "plain number"},
        {"1,5", "plain number"},
        {"NaN", "plain number"},
        {"1.2.3", "plain number"},
    };
    for (const auto& [text, why] : cases) {
        const auto parsed = parse_amount(text, "operations[0].amount");
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, "bad_amount");
        EXPECT_EQ(parsed.error().where, "operations[0].amount");
        EXPECT_NE(parsed.error().message.find(why), std::string::npos) << parsed.error().message;
    }
}

TEST(Price, IsTheSdksNearestFraction) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/stellar/price_rational.json",
                     std::ios::binary);
    const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
    const auto& vectors = document.at("vectors").as_array();
    EXPECT_GE(vectors.size(), 16U);
    for (const auto& v : vectors) {
        const auto price = parse_price(std::string_view(v.at("decimal").as_string()), "price");
        // Where nothing comes near, the SDK takes 1/2147483647, half as much again; here it is no
        // price.
        const bool refused = v.as_object().contains("error") || v.at("id") == "tiny";
        ASSERT_EQ(price.has_value(), !refused) << v.at("decimal");
        if (refused) continue;
        EXPECT_EQ(price->n, v.at("n").as_int64()) << v.at("decimal");
        EXPECT_EQ(price->d, v.at("d").as_int64()) << v.at("decimal");
    }
}

RC_GTEST_PROP(Price, AFractionIsTakenAsItIs, ()) {
    const auto n = *rc::gen::inRange<std::int32_t>(1, INT32_MAX);
    const auto d = *rc::gen::inRange<std::int32_t>(1, INT32_MAX);
    const auto price = parse_price(std::to_string(n) + "/" + std::to_string(d), "price");
    RC_ASSERT(price.has_value());
    RC_ASSERT(price->n == n);
    RC_ASSERT(price->d == d);
}

RC_GTEST_PROP(Price, ADecimalOfFewDigitsIsExact, ()) {
    const auto n = *rc::gen::inRange<std::int64_t>(1, 100'000'000);
    const auto price = parse_price(decimal_text(n, 4), "price");
    RC_ASSERT(price.has_value());
    RC_ASSERT(std::int64_t{price->n} * 10'000 == n * price->d);
}

TEST(Price, WhatIsNoneIsRefused) {
    for (const auto* text :
         {"", "0", "0.0", "-1", "1/0", "0/1", "1/2147483648", "2147483648", "0.0000000001", "1/2/3",
          "99999999999999999999", "1e1", "0.1234567890123456789", "/", "1/"}) {
        const auto price = parse_price(text, "price");
        ASSERT_FALSE(price) << text;
        EXPECT_EQ(price.error().code, "bad_price");
    }
}

}  // namespace
}  // namespace astro::stellar
