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

}  // namespace
}  // namespace astro::store
