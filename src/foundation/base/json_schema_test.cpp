#include "foundation/base/json_schema.hpp"

#include <gtest/gtest.h>

#include "foundation/base/read_json.hpp"

namespace astro {

struct Route {  // also a name elsewhere
    int length = 0;
};
BOOST_DESCRIBE_STRUCT(Route, (), (length))

namespace {

enum class Side { buy, sell };
BOOST_DESCRIBE_ENUM(Side, buy, sell)

namespace other {
struct Leg {
    Slot slot;
};
BOOST_DESCRIBE_STRUCT(Leg, (), (slot))
}  // namespace other

struct Leg {
    RawAmount amount;
    std::optional<RawDelta> change;
};
BOOST_DESCRIBE_STRUCT(Leg, (), (amount, change))

struct Whole {
    std::string name;
    Side side = Side::buy;
    std::vector<Leg> legs;
    std::optional<TimestampNs> time;
    std::map<std::string, std::uint8_t> tags;
    std::optional<Leg> last;
    bool open = false;
    double share = 0;
};
BOOST_DESCRIBE_STRUCT(Whole, (), (name, side, legs, time, tags, last, open, share))

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

TEST(JsonSchema, SaysWhatIsWritten) {
    SchemaBook book;
    EXPECT_EQ(json_document<Whole>().schema(book), R"({"$ref":"#/components/schemas/Whole"})");
    ASSERT_EQ(book.schemas().size(), 2U);
    EXPECT_EQ(book.schemas().at("Whole"),
              R"({"type":"object","additionalProperties":false,"properties":{)"
              R"("name":{"type":"string"},"side":{"type":"string","enum":["buy","sell"]},)"
              R"("legs":{"type":"array","items":{"$ref":"#/components/schemas/Leg"}},)"
              R"("time":{"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]},)"
              R"("tags":{"type":"object","additionalProperties":)"
              R"({"type":"integer","minimum":0,"maximum":255}},)"
              R"("last":{"anyOf":[{"$ref":"#/components/schemas/Leg"},{"type":"null"}]},)"
              R"("open":{"type":"boolean"},"share":{"type":"number"}},)"
              R"("required":["name","side","legs","tags","open","share"]})");
    EXPECT_EQ(book.schemas().at("Leg"),
              R"({"type":"object","additionalProperties":false,"properties":{)"
              R"("amount":{"type":"string","pattern":"^[0-9]{1,20}$"},)"
              R"("change":{"anyOf":[{"type":"string","pattern":"^-?[0-9]{1,20}$"},)"
              R"({"type":"null"}]}},"required":["amount"]})");
}

TEST(JsonSchema, NamesAreOfOneTypeEach) {
    SchemaBook book;
    EXPECT_EQ(json_document<Leg>().schema(book), R"({"$ref":"#/components/schemas/Leg"})");
    EXPECT_EQ(json_document<other::Leg>().schema(book),
              R"({"$ref":"#/components/schemas/other.Leg"})");
    EXPECT_EQ(json_document<Leg>().schema(book), R"({"$ref":"#/components/schemas/Leg"})");
    EXPECT_EQ(json_document<Route>().schema(book), R"({"$ref":"#/components/schemas/Route"})");
    EXPECT_EQ(json_document<Empty>().schema(book), R"({"$ref":"#/components/schemas/Empty"})");
    EXPECT_EQ(book.schemas().at("Empty"),
              R"({"type":"object","additionalProperties":false,"properties":{}})");
}

TEST(JsonSchema, AnExampleIsOneOfItsKind) {
    const auto sample = json_document<Whole>().example;
    const auto whole = read_json<Whole>(sample);
    ASSERT_TRUE(whole) << sample;
    EXPECT_EQ(to_json(*whole), sample);
    EXPECT_EQ(whole->legs.size(), 1U);
    EXPECT_TRUE(whole->time && whole->last && whole->last->change);
    EXPECT_EQ(json_document(Leg{RawAmount{7}, {}}).example, R"({"amount":"7","change":null})");
}

}  // namespace
}  // namespace astro
