#include "foundation/crypto/sha256.hpp"

#include <gtest/gtest.h>

#include "foundation/base/encoding.hpp"

namespace astro::crypto {
namespace {

std::string hex_of(std::string_view text) {
    return to_hex(sha256(as_bytes(text)).view());
}

// FIPS 180-4 examples, NIST CAVP.
TEST(Sha256, GivesThePublishedDigests) {
    EXPECT_EQ(hex_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex_of(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameOfPieces) {
    Sha256Stream stream;
    stream.add(as_bytes("a"));
    stream.add({});
    stream.add(as_bytes("bc"));
    EXPECT_EQ(stream.finish(), sha256(as_bytes("abc")));
}

}  // namespace
}  // namespace astro::crypto
