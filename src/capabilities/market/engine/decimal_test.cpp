#include "capabilities/market/engine/decimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::market {
namespace {

TEST(ParseScaled, ReadsWhatSourcesWriteToTheNearestUnit) {
    const std::pair<std::string_view, std::int64_t> cases[] = {
        {"61837.63000000", 61'837'630'000},
        {"0.1", 100'000},
        {"7", 7'000'000},
        {"6.1e-05", 61},
        {"6.15E-5", 62},
        {"1e3", 1'000'000'000},
        {"1.5E+2", 150'000'000},
        {"-3.25", -3'250'000},
        {"0.0000005", 1},
        {"0.00000049999999999999999999999999999999999999999", 0},
        {"-0.0000005", -1},
        {"0", 0},
        {"0e999", 0},
        {"1e-999", 0},
        {"9223372036854.775807", INT64_MAX},
        {"00012.5", 12'500'000},
        {"0.123456712345678901234567890123456789012345678901234567890", 123'457},
        {"100000000000000000000000000000000000000000000e-40", 10'000'000'000},
    };
    for (const auto& [text, value] : cases) EXPECT_EQ(parse_scaled(text, 6), value) << text;
}

TEST(ParseScaled, RefusesWhatIsNoNumberOrDoesNotFit) {
    for (const auto* text : {"",      "-",     ".",      ".5",      "5.",
                             "1.2.3", "1e",    "1e+",    "e5",      "0x10",
                             "1 ",    " 1",    "1,5",    "NaN",     "inf",
                             "--1",   "+1",    "1e1001", "1e-1001", "9223372036854.775808",
                             "1e13",  "1e400", "null"})
        EXPECT_EQ(parse_scaled(text, 6), std::nullopt) << text;
}

TEST(Rescale, ShiftsByTheExponent) {
    EXPECT_EQ(rescale(6'183'763'000'000, -8, 6), 61'837'630'000);
    EXPECT_EQ(rescale(15, -7, 6), 2);
    EXPECT_EQ(rescale(-15, -7, 6), -2);
    EXPECT_EQ(rescale(3, 2, 6), 300'000'000);
    EXPECT_EQ(rescale(1, 60, 6), std::nullopt);
    EXPECT_EQ(rescale(1, INT64_MIN, 6), std::nullopt);
    EXPECT_EQ(rescale(INT64_MIN, 0, 0), std::nullopt);
}

RC_GTEST_PROP(ParseScaled, ReadsBackWhatTheVenueWrites, ()) {
    const auto value = *rc::gen::arbitrary<std::int64_t>();
    RC_PRE(value > INT64_MIN);
    RC_ASSERT(parse_scaled(exchange::decimal_text(value, 6), 6) == value);
}

}  // namespace
}  // namespace astro::market
