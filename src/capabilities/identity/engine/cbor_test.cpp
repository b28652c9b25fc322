#include "capabilities/identity/engine/cbor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/encoding.hpp"

namespace astro::identity::cbor {
namespace {

std::string_view judge(std::string_view hex) {
    const auto parsed = parse(parse_hex(hex).value());
    return parsed ? "ok" : parsed.error().code;
}
Value parsed(std::string_view hex) {
    return parse(parse_hex(hex).value()).value();
}

// RFC 8949 appendix A, what is read here.
TEST(Cbor, ReadsThePublishedExamples) {
    const std::pair<const char*, std::int64_t> numbers[] = {
        {"00", 0},
        {"17", 23},
        {"1818", 24},
        {"1903e8", 1000},
        {"1a000f4240", 1'000'000},
        {"1b000000e8d4a51000", 1'000'000'000'000},
        {"20", -1},
        {"3863", -100},
        {"3903e7", -1000}};
    for (const auto& [hex, number] : numbers) {
        EXPECT_EQ(parsed(hex), Value{number}) << hex;
        EXPECT_EQ(to_hex(encode(Value{number})), hex);
    }
    EXPECT_EQ(parsed("f5"), Value{true});
    EXPECT_EQ(parsed("f6"), Value{Null{}});
    EXPECT_EQ(parsed("6449455446"), Value{std::string("IETF")});
    EXPECT_EQ(parsed("4401020304"), (Value{Bytes{1, 2, 3, 4}}));
    const Value nested = parsed("a26161016162820203");
    EXPECT_EQ(*nested.find("a"), Value{std::int64_t{1}});
    EXPECT_EQ(nested.find("b")->get<Array>()->size(), 2U);
    EXPECT_EQ(nested.find("c"), nullptr);
    EXPECT_EQ(parsed("1b7fffffffffffffff"), Value{INT64_MAX});
    EXPECT_EQ(parsed("3b7fffffffffffffff"), Value{INT64_MIN});
}

TEST(Cbor, RefusesEverythingElse) {
    for (const char* bad : {"",                    // nothing
                            "0000",                // bytes follow
                            "18",                  // cut
                            "1b00",                // cut
                            "1817",                // not shortest
                            "190001",              // not shortest
                            "1a0000ffff",          // not shortest
                            "1b00000000ffffffff",  // not shortest
                            "1bffffffffffffffff",  // beyond 63 bits
                            "3bffffffffffffffff",  // beyond 63 bits
                            "5f42010243030405ff",  // indefinite bytes
                            "9fff",                // indefinite array
                            "bfff",                // indefinite map
                            "ff",                  // break
                            "1c",                  // reserved
                            "c074",                // tag
                            "f90000",              // float
                            "f7",                  // undefined
                            "f820",                // simple 32
                            "42ff",                // bytes cut
                            "5bffffffffffffffff",  // bytes of 2^64
                            "9bffffffffffffffff",  // array of 2^64
                            "8201",                // array cut
                            "a10101ff",            // bytes follow
                            "a201010102",          // key twice
                            "a2616101616102",      // key twice
                            "a1f501",              // key is a boolean
                            "a1410101",            // key is bytes
                            "61ff",                // not UTF-8
                            "62c080"})             // overlong UTF-8
        EXPECT_EQ(judge(bad), "cbor_malformed") << bad;
}

TEST(Cbor, IsBoundedInDepthItemsAndBytes) {
    EXPECT_TRUE(parse(Bytes{0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x00}));
    EXPECT_FALSE(parse(Bytes{0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x00}));
    EXPECT_FALSE(parse(Bytes(60'000, 0x81)));
    Bytes wide{0x19, 0x00, 0x00};
    wide = {0x99, 0x04, 0x00};  // 1024 items and the array
    wide.resize(3 + 1024, 0x00);
    EXPECT_FALSE(parse(wide));
    EXPECT_FALSE(parse(Bytes(70'000, 0x00)));
}

TEST(Cbor, APrefixSaysItsSize) {
    const auto prefix = parse_prefix(parse_hex("820102ffff").value()).value();
    EXPECT_EQ(prefix.size, 3U);
}

/// Any value, three levels deep.
Value any_value(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 7 : 5)) {
        case 0:
            return {Null{}};
        case 1:
            return {*rc::gen::arbitrary<bool>()};
        case 2:
            return {*rc::gen::arbitrary<std::int64_t>()};
        case 3:
            return {*rc::gen::arbitrary<Bytes>()};
        case 4:
            return {to_hex(*rc::gen::arbitrary<Bytes>())};
        case 5: {
            Array out;
            for (int i = *rc::gen::inRange(0, 5); i > 0; --i) out.push_back(any_value(depth - 1));
            return {out};
        }
        default: {
            Map out;
            for (std::int64_t i = *rc::gen::inRange(0, 5); i > 0; --i)
                out.emplace_back(Value{i * 100}, any_value(depth - 1));
            return {out};
        }
    }
}

RC_GTEST_PROP(CborProperty, WhatIsWrittenIsReadAndNoCutIs, ()) {
    const Value value = any_value(3);
    const Bytes bytes = encode(value);
    RC_ASSERT(parse(bytes).value() == value);
    const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT(!parse(ByteView(bytes).first(cut)));
}

}  // namespace
}  // namespace astro::identity::cbor
