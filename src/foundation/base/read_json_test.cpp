#include "foundation/base/read_json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>

namespace astro {
namespace {

enum class Side { buy, sell };
BOOST_DESCRIBE_ENUM(Side, buy, sell)

struct Leg {
    RawAmount amount;
    Slot slot;
};
BOOST_DESCRIBE_STRUCT(Leg, (), (amount, slot))

struct Order {
    std::string name;
    Side side = Side::buy;
    std::vector<Leg> legs;
    std::optional<Lamports> tip;
    bool hidden = false;
    std::int32_t rank = 0;
    double share = 0;
    std::map<std::string, std::uint64_t> tags;
};
BOOST_DESCRIBE_STRUCT(Order, (), (name, side, legs, tip, hidden, rank, share, tags))

/// A complete order in which one member is replaced; "" leaves it out.
std::string order_with(const std::string& member, const std::string& value) {
    const std::pair<const char*, const char*> whole[] = {
        {"name", R"("n")"}, {"side", R"("sell")"}, {"legs", R"([{"amount":"7","slot":3}])"},
        {"tip", "null"},    {"hidden", "true"},    {"rank", "-4"},
        {"share", "0.5"},   {"tags", R"({"a":1})"}};
    std::string out = "{";
    bool replaced = false;
    const auto add = [&](const std::string& key, const std::string& text) {
        if (!text.empty()) out += (out.size() > 1 ? ",\"" : "\"") + key + "\":" + text;
    };
    for (const auto& [key, text] : whole) {
        add(key, key == member ? value : text);
        replaced = replaced || key == member;
    }
    if (!replaced) add(member, value);
    return out + "}";
}

std::string refusal_of(const std::string& text) {
    const auto order = read_json<Order>(text);
    if (order) return "read";
    return std::string(order.error().code) + " " + order.error().where + ": " +
           order.error().message;
}

TEST(ReadJson, ReadsWhatIsWritten) {
    rc::check([](const std::string& bytes, std::int64_t tip, std::uint64_t amount,
                 std::uint64_t slot, std::int32_t rank, bool hidden, std::vector<int> legs) {
        Order order{.name = {},
                    .legs = {},
                    .tip = Lamports{tip},
                    .hidden = hidden,
                    .rank = rank,
                    .tags = {}};
        for (const char c : bytes)
            if (c != 0 && static_cast<unsigned char>(c) < 0x80) order.name.push_back(c);
        for ([[maybe_unused]] const int leg : legs)
            order.legs.push_back({RawAmount{amount}, Slot{slot}});
        if (rank % 2 == 0) order.tip.reset();
        order.tags["t\"\n"] = amount;
        const auto text = to_json(order);
        const auto read = read_json<Order>(text);
        RC_ASSERT(read.has_value());
        RC_ASSERT(to_json(*read) == text);
    });
}

TEST(ReadJson, DoublesAreReadToTheLastPlace) {
    rc::check([](std::uint64_t bits, std::uint64_t other) {
        std::vector<std::map<std::string, double>> numbers{{{"a", 0.5}}, {}};
        for (const auto b : {bits, other, bits ^ other})
            if (const auto number = std::bit_cast<double>(b); std::isfinite(number))
                numbers[1]["n" + std::to_string(numbers[1].size())] = number;
        const auto read = read_json<std::vector<std::map<std::string, double>>>(to_json(numbers));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == numbers);
    });
    // A whole number that no integer holds.
    const auto large = read_json<std::vector<double>>("[1, 10000000002222222222222200001113]");
    ASSERT_TRUE(large);
    EXPECT_EQ(large->at(1), 10000000002222222222222200001113.0);
}

TEST(ReadJson, OnlyAnOptionalMayBeMissing) {
    EXPECT_EQ(refusal_of(order_with("tip", "")), "read");
    EXPECT_EQ(refusal_of(order_with("tip", R"("-5")")), "read");
    EXPECT_EQ(refusal_of(order_with("name", "")), "bad_body name: is missing");
    EXPECT_EQ(refusal_of(order_with("legs", R"([{"amount":"7","slot":3},{"amount":"7"}])")),
              "bad_body legs[1].slot: is missing");
}

TEST(ReadJson, ARefusalNamesTheMemberAndWhatWouldBeRight) {
    const std::pair<std::pair<const char*, const char*>, const char*> cases[] = {
        {{"name", "7"}, "name: needs a text"},
        {{"name", "null"}, "name: needs a text"},
        {{"name", R"("a\u0000b")"}, "name: holds a zero character"},
        {{"side", R"("hold")"}, "side: is one of buy, sell"},
        {{"legs", "{}"}, "legs: needs a list"},
        {{"legs", "[7]"}, "legs[0]: needs an object"},
        {{"legs", R"([{"amount":7,"slot":3}])"}, "legs[0].amount: needs a whole number as text"},
        {{"legs", R"([{"amount":"-1","slot":3}])"},
         "legs[0].amount: must lie in 0 … 18446744073709551615"},
        {{"legs", R"([{"amount":"18446744073709551616","slot":3}])"},
         "legs[0].amount: must lie in 0 … 18446744073709551615"},
        {{"legs", R"([{"amount":"7 ","slot":3}])"}, "legs[0].amount: needs a whole number as text"},
        {{"legs", R"([{"amount":"","slot":3}])"}, "legs[0].amount: needs a whole number as text"},
        {{"legs", R"([{"amount":"7","slot":3,"x":1}])"},
         "legs[0].x: is not known here; known are: amount, slot"},
        {{"tip", "5"}, "tip: needs a whole number as text"},
        {{"tip", R"("9223372036854775808")"},
         "tip: must lie in -9223372036854775808 … 9223372036854775807"},
        {{"hidden", "1"}, "hidden: needs true or false"},
        {{"rank", "1.5"}, "rank: needs a whole number"},
        {{"rank", "\"1\""}, "rank: needs a whole number"},
        {{"rank", "2147483648"}, "rank: must lie in -2147483648 … 2147483647"},
        {{"rank", "1e400"}, ""},
        {{"share", "\"x\""}, "share: needs a number"},
        {{"tags", R"({"a":-1})"}, "tags.a: must lie in 0 … 18446744073709551615"},
        {{"wrong", "1"},
         "wrong: is not known here; known are: name, side, legs, tip, hidden, rank, share, tags"}};
    for (const auto& [change, expected] : cases) {
        const auto refused = refusal_of(order_with(change.first, change.second));
        if (*expected != '\0')
            EXPECT_EQ(refused, std::string("bad_body ") + expected) << change.second;
        else
            EXPECT_NE(refused, "read") << change.second;
    }
    EXPECT_EQ(refusal_of("[]"), "bad_body : needs an object");
}

TEST(ReadJson, WhatIsNoJsonIsRefusedWithItsByte) {
    for (const char* text : {"", "{", "{}x", "{\"name\":}", "nul", "\"\xff\"", "'a'", "{\"a\":1,}"})
        EXPECT_EQ(refusal_of(text).substr(0, 14), "bad_json byte ") << text;
    EXPECT_EQ(refusal_of("{}x").substr(0, 16), "bad_json byte 2:");
}

TEST(ReadJson, AMemberThatIsThereTwiceIsRefused) {
    const auto where = [](std::string_view text) {
        const auto read = detail::parse_json(text, {});
        return read ? std::string("none")
                    : std::string(read.error().code) + " " + read.error().where;
    };
    EXPECT_EQ(where(R"({"price":1,"size":2,"price":3})"), "bad_body price");
    EXPECT_EQ(where(R"([{"a":1},{"b":{"c":1,"\u0063":2}}])"), "bad_body c")
        << "however it is written";
    EXPECT_EQ(where(R"({"a":{"a":1},"b":[{"a":1},{"a":1}]})"), "none");
}

TEST(ReadJson, DepthAndSizeAreBounded) {
    EXPECT_EQ(refusal_of(std::string(100'000, '[')).substr(0, 9), "bad_json ");
    EXPECT_EQ(refusal_of("{\"a\":" + std::string(100'000, '[')).substr(0, 9), "bad_json ");
    EXPECT_EQ(refusal_of(std::string(300'000, ' ')).substr(0, 9), "bad_body ");
    std::string many = "[0";
    for (int i = 0; i < 10'000; ++i) many += ",0";
    EXPECT_FALSE(read_json<std::vector<int>>(many + "]"));
    EXPECT_TRUE(read_json<std::vector<int>>("[1,2]"));
}

}  // namespace
}  // namespace astro
