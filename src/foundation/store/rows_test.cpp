#include "foundation/store/rows.hpp"

#include <gtest/gtest.h>

namespace astro::store {
namespace {

enum class Colour { red, blue };
BOOST_DESCRIBE_ENUM(Colour, red, blue)

struct Thing {
    Slot slot;
    bool good = false;
    std::string name;
    Colour colour = Colour::red;
    std::optional<Lamports> price;
    double weight = 0;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (slot, good, name, colour, price, weight))

TEST(Rows, FollowTheDescription) {
    EXPECT_EQ(insert_sql<Thing>("things"),
              "INSERT INTO things (slot, good, name, colour, price, weight) "
              "VALUES (?, ?, ?, ?, ?, ?)");
    EXPECT_EQ(to_row(Thing{Slot{7}, true, "x", Colour::blue, Lamports{-5}, 0.5}),
              (Row{std::int64_t{7}, std::int64_t{1}, "x", "blue", std::int64_t{-5}, 0.5}));
    EXPECT_TRUE(is_null(to_row(Thing{})[4]));
}

TEST(Rows, ComeBackAsTheyWere) {
    const Thing thing{Slot{7}, true, "x", Colour::blue, Lamports{-5}, 0.5};
    EXPECT_EQ(to_row(from_row<Thing>(to_row(thing)).value()), to_row(thing));
    EXPECT_FALSE(from_row<Thing>(to_row(Thing{}))->price.has_value());
}

TEST(Rows, WhatWasNotWrittenIsNamed) {
    const auto wrong_at = [](std::size_t column, Value value) {
        Row row = to_row(Thing{});
        row[column] = std::move(value);
        const auto thing = from_row<Thing>(row);
        return thing ? "none" : std::string(thing.error().code) + " " + thing.error().where;
    };
    EXPECT_EQ(wrong_at(1, std::int64_t{2}), "store_corrupt good");
    EXPECT_EQ(wrong_at(2, {}), "store_corrupt name");
    EXPECT_EQ(wrong_at(3, "green"), "store_corrupt colour");
    EXPECT_EQ(wrong_at(4, "5"), "store_corrupt price");
    EXPECT_EQ(from_row<Thing>({}).error().where, "slot");
}

}  // namespace
}  // namespace astro::store
