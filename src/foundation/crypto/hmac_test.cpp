#include "foundation/crypto/hmac.hpp"

#include <gtest/gtest.h>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/secret.hpp"

namespace astro::crypto {
namespace {

std::string hmac_hex(const Bytes& key, std::string_view text) {
    return to_hex(hmac_sha256(key, as_bytes(text)).view());
}

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256, GivesThePublishedTags) {
    EXPECT_EQ(hmac_hex(Bytes(20, 0x0b), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac_hex({'J', 'e', 'f', 'e'}, "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_hex(Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, AnEmptyKeyIsAKeyAndNotTheOneBefore) {
    (void)hmac_hex(Bytes(20, 0x0b), "Hi There");
    EXPECT_EQ(hmac_hex({}, ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HmacSha256, VerifiesOnlyTheWholeTag) {
    const Bytes key(32, 1);
    Sha256 tag = hmac_sha256(key, as_bytes("order"));
    EXPECT_TRUE(verify_hmac_sha256(key, as_bytes("order"), tag.view()));
    EXPECT_FALSE(verify_hmac_sha256(key, as_bytes("order"), tag.view().first(31)));
    EXPECT_FALSE(verify_hmac_sha256(key, as_bytes("order"), {}));
    tag.bytes[31] ^= 1;
    EXPECT_FALSE(verify_hmac_sha256(key, as_bytes("order"), tag.view()));
}

TEST(Secret, ComparesInFull) {
    EXPECT_TRUE(equal_constant_time({}, {}));
    EXPECT_TRUE(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
    EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("abd")));
    EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("ab")));
}

TEST(Secret, WipingLeavesZeros) {
    Bytes bytes(16, 0xEE);
    wipe(bytes);
    EXPECT_EQ(bytes, Bytes(16, 0));
    std::string text = "hunter2";
    wipe(text);
    EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace astro::crypto
