#include "foundation/crypto/one_time_code.hpp"

#include <gtest/gtest.h>

namespace astro::crypto {
namespace {

const ByteView kSecret = as_bytes("12345678901234567890");

// RFC 4226, appendix D.
TEST(OneTimeCode, GivesThePublishedHotpValues) {
    const char* expected[] = {"755224", "287082", "359152", "969429", "338314",
                              "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(one_time_code(kSecret, i, 6), expected[i]);
}

// RFC 6238, appendix B, the SHA-1 rows.
TEST(OneTimeCode, GivesThePublishedTotpValues) {
    EXPECT_EQ(one_time_code(kSecret, 59 / 30, 8), "94287082");
    EXPECT_EQ(one_time_code(kSecret, 1111111109 / 30, 8), "07081804");
    EXPECT_EQ(one_time_code(kSecret, 20000000000 / 30, 8), "65353130");
}

}  // namespace
}  // namespace astro::crypto
