#include "foundation/base/json.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "foundation/base/numbers.hpp"
#include "foundation/base/time.hpp"

namespace astro {
namespace {

enum class Side { bid, ask };
BOOST_DESCRIBE_ENUM(Side, bid, ask)

struct Level {
    RawAmount amount;
    Slot slot;
    bool open = false;
};
BOOST_DESCRIBE_STRUCT(Level, (), (amount, slot, open))

struct Book {
    std::string name;
    Side side = Side::ask;
    std::vector<Level> levels;
    std::optional<Lamports> fee;
    double ratio = 0;
    std::map<std::string, int> counts;
};
BOOST_DESCRIBE_STRUCT(Book, (), (name, side, levels, fee, ratio, counts))

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

TEST(Json, WritesDescribedStructsInOrder) {
    const Book book{
        .name = "a\"b\\c\n\x01",
        .side = Side::bid,
        .levels = {{RawAmount{std::numeric_limits<std::uint64_t>::max()}, Slot{7}, true}},
        .fee = Lamports{-5},
        .ratio = 0.1,
        .counts = {{"x", 1}}};
    EXPECT_EQ(
        to_json(book),
        R"({"name":"a\"b\\c\n\u0001","side":"bid","levels":[{"amount":"18446744073709551615",)"
        R"("slot":7,"open":true}],"fee":"-5","ratio":0.1,"counts":{"x":1}})");
    EXPECT_EQ(to_json(Book{}),
              R"({"name":"","side":"ask","levels":[],"fee":null,"ratio":0,"counts":{}})");
    EXPECT_EQ(to_json(Nothing{}), "{}");
}

TEST(Json, WritesTimesAsIso8601) {
    EXPECT_EQ(to_json(std::optional(from_unix_seconds(1724267459))),
              R"("2024-08-21T19:10:59.000Z")");
}

TEST(Json, WritesNoNumberThatJsonLacks) {
    EXPECT_EQ(to_json(std::numeric_limits<double>::infinity()), "null");
    EXPECT_EQ(to_json(std::numeric_limits<double>::quiet_NaN()), "null");
    EXPECT_EQ(to_json(1e300), "1e+300");
}

TEST(Json, ReplacesBytesThatAreNotUtf8) {
    EXPECT_EQ(to_json(std::string("a\xFF") + "b\xE4\xB8"),
              "\"a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(to_json(std::string("世界")), "\"世界\"");
}

TEST(Describe, NamesEnumerators) {
    Side side = Side::ask;
    EXPECT_TRUE(enum_from_name("bid", side));
    EXPECT_EQ(side, Side::bid);
    EXPECT_FALSE(enum_from_name("BID", side));
    EXPECT_EQ(enum_name(static_cast<Side>(9)), "?");
}

}  // namespace
}  // namespace astro
