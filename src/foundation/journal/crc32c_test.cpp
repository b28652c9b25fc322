#include "foundation/journal/crc32c.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

namespace {

using namespace astro;
using namespace astro::journal;

// RFC 3720 §B.4, and the check value of the CRC catalogue.
TEST(Crc32c, PublishedValues) {
    Bytes ascending(32), descending(32);
    std::iota(ascending.begin(), ascending.end(), std::uint8_t{0});
    std::iota(descending.rbegin(), descending.rend(), std::uint8_t{0});
    for (const auto crc : {crc32c, crc32c_portable}) {
        EXPECT_EQ(crc(as_bytes("123456789"), 0), 0xE3069283u);
        EXPECT_EQ(crc(Bytes(32, 0), 0), 0x8A9136AAu);
        EXPECT_EQ(crc(Bytes(32, 0xFF), 0), 0x62A8AB43u);
        EXPECT_EQ(crc(ascending, 0), 0x46DD794Eu);
        EXPECT_EQ(crc(descending, 0), 0x113FDB5Cu);
        EXPECT_EQ(crc({}, 0), 0u);
    }
}

RC_GTEST_PROP(Crc32c, HardwareAndTableAgreeAndPiecesMakeTheWhole, (const Bytes& bytes)) {
    const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    const ByteView whole(bytes);
    const auto crc = crc32c(whole);
    RC_ASSERT(crc == crc32c_portable(whole));
    RC_ASSERT(crc == crc32c(whole.subspan(cut), crc32c(whole.first(cut))));
    RC_ASSERT(crc == crc32c_portable(whole.subspan(cut), crc32c_portable(whole.first(cut))));
}

}  // namespace
