#include "foundation/base/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro {
namespace {

Bytes bytes_of(std::string_view text) {
    const ByteView view = as_bytes(text);
    return {view.begin(), view.end()};
}

// RFC 4648 §10.
TEST(Encoding, MeetsTheVectorsOfRfc4648) {
    const std::pair<std::string_view, std::string_view> base64[] = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : base64) {
        EXPECT_EQ(to_base64(as_bytes(plain)), text);
        EXPECT_EQ(parse_base64(text).value(), bytes_of(plain));
    }
    EXPECT_EQ(to_base32(as_bytes("foobar")), "MZXW6YTBOI");
    EXPECT_EQ(parse_base32("MZXW6YTBOI").value(), bytes_of("foobar"));
    EXPECT_EQ(to_hex(as_bytes("foobar")), "666f6f626172");
    EXPECT_EQ(parse_hex("666F6f626172").value(), bytes_of("foobar"));
    EXPECT_EQ(to_base64url(Bytes{0xfb, 0xff}), "-_8");
}

// draft-msporny-base58-03 §5, and Solana's own well-known keys.
TEST(Encoding, MeetsKnownBase58) {
    EXPECT_EQ(to_base58(as_bytes("Hello World!")), "2NEpo7TZRRrLZSi2U");
    EXPECT_EQ(to_base58(Bytes{0x00, 0x00, 0x28, 0x7f, 0xb4, 0xcd}), "11233QC4");
    EXPECT_EQ(parse_base58("11233QC4").value(), (Bytes{0x00, 0x00, 0x28, 0x7f, 0xb4, 0xcd}));
    EXPECT_EQ(to_base58(Bytes(32, 0)), "11111111111111111111111111111111");
    Bytes key(32);
    ASSERT_TRUE(decode_base58_fixed("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", key));
    EXPECT_EQ(to_hex(key), "06ddf6e1d765a193d9cbe146ceeb79ac1cb485ed5f5b37913a8cf5857eff00a9");
}

TEST(Encoding, RefusesWhatIsNotCanonical) {
    EXPECT_EQ(parse_base64("Zg=").error().code, "bad_encoding");  // length
    EXPECT_EQ(parse_base64("Zh==").error().message,
              "not valid base64: its last character has stray bits");
    EXPECT_EQ(parse_base64("Z*==").error().where, "character 1");
    EXPECT_FALSE(parse_base64("===="));
    EXPECT_FALSE(parse_base64url("Zg=="));
    EXPECT_FALSE(parse_base32("A"));
    EXPECT_FALSE(parse_base32("mzxw"));
    EXPECT_FALSE(parse_hex("abc"));
    EXPECT_EQ(parse_hex("0g").error().where, "character 1");
    EXPECT_EQ(parse_base58("2NEpo7TZRRrLZSi2U0").error().where, "character 17");
    EXPECT_FALSE(parse_base58(std::string(6000, 'z')));
}

TEST(Encoding, FixedBase58RefusesOtherLengths) {
    Bytes out(32);
    EXPECT_FALSE(decode_base58_fixed("", out));
    EXPECT_FALSE(decode_base58_fixed(std::string(31, '1'), out));
    EXPECT_FALSE(decode_base58_fixed(std::string(33, '1'), out));
    EXPECT_FALSE(decode_base58_fixed(std::string(44, 'z'), out));  // more than 2^256
    EXPECT_FALSE(decode_base58_fixed("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5D0", out));
    Bytes longer(33, 7);
    EXPECT_FALSE(decode_base58_fixed(to_base58(longer), out));
    Bytes shorter(31, 7);
    EXPECT_FALSE(decode_base58_fixed(to_base58(shorter), out));
}

RC_GTEST_PROP(EncodingProperties, DecodingUndoesEncoding, (const Bytes& bytes)) {
    RC_ASSERT(parse_hex(to_hex(bytes)).value() == bytes);
    RC_ASSERT(parse_base64(to_base64(bytes)).value() == bytes);
    RC_ASSERT(parse_base64url(to_base64url(bytes)).value() == bytes);
    RC_ASSERT(parse_base32(to_base32(bytes)).value() == bytes);
    RC_ASSERT(parse_base58(to_base58(bytes)).value() == bytes);
}

RC_GTEST_PROP(EncodingProperties, FixedBase58AgreesWithTheGeneralOne, ()) {
    const auto size = *rc::gen::element<std::size_t>(32, 64);
    auto bytes = *rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::uint8_t>());
    const auto zeros = *rc::gen::inRange<std::size_t>(0, size);
    std::fill_n(bytes.begin(), zeros, std::uint8_t{0});
    Bytes out(size);
    RC_ASSERT(decode_base58_fixed(to_base58(bytes), out));
    RC_ASSERT(out == bytes);
}

RC_GTEST_PROP(EncodingProperties, WhatDecodesEncodesBackToTheSameText, (const std::string& text)) {
    if (const auto bytes = parse_base58(text)) RC_ASSERT(to_base58(*bytes) == text);
    if (const auto bytes = parse_base64(text)) RC_ASSERT(to_base64(*bytes) == text);
    if (const auto bytes = parse_base32(text)) RC_ASSERT(to_base32(*bytes) == text);
}

TEST(Encoding, KnowsUtf8) {
    EXPECT_TRUE(is_utf8("plain"));
    EXPECT_TRUE(is_utf8("Grüße, 世界 🚀"));
    EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
    EXPECT_FALSE(is_utf8("\xE4\xB8"));          // cut
    EXPECT_FALSE(is_utf8("\x80"));
}

}  // namespace
}  // namespace astro
