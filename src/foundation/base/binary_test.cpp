#include "foundation/base/binary.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/encoding.hpp"

namespace {

using namespace astro;

enum class Side : std::uint8_t { buy, sell = 7 };
BOOST_DESCRIBE_ENUM(Side, buy, sell)

struct KeyTag {};
using Key = FixedBytes<KeyTag, 4>;

struct Place {
    std::uint64_t order = 0;
    Lamports price;
    Side side = Side::buy;
    bool reduce_only = false;
    std::int16_t small = 0;
    Int128 wide = 0;
    Key key{};
    std::array<std::uint16_t, 2> pair{};
    auto operator<=>(const Place&) const = default;
};
BOOST_DESCRIBE_STRUCT(Place, (), (order, price, side, reduce_only, small, wide, key, pair))
static_assert(BinaryForm<Place>::kFixed &&
              BinaryForm<Place>::kSizeMin == 8 + 8 + 1 + 1 + 2 + 16 + 4 + 4);

struct Cancel {
    std::string client_id;
    bool operator==(const Cancel&) const = default;
};
BOOST_DESCRIBE_STRUCT(Cancel, (), (client_id))

struct Batch {
    std::vector<std::variant<Place, Cancel, std::monostate>> items;
    std::optional<Slot> slot;
    std::map<std::string, std::vector<std::uint32_t>> tags{};
    std::array<std::string, 2> names{};
    std::vector<Side> sides{};
    bool operator==(const Batch&) const = default;
};
BOOST_DESCRIBE_STRUCT(Batch, (), (items, slot, tags, names, sides))
static_assert(!BinaryForm<Batch>::kFixed && BinaryForm<Batch>::kSizeMin == 4 + 1 + 4 + 8 + 4);

struct Node {
    std::vector<Node> inner;
};
BOOST_DESCRIBE_STRUCT(Node, (), (inner))

struct Large {
    std::array<std::uint64_t, 128> words{};
};
BOOST_DESCRIBE_STRUCT(Large, (), (words))

Side any_side() {
    return *rc::gen::element(Side::buy, Side::sell);
}
Place any_place() {
    Place place;
    place.order = *rc::gen::arbitrary<std::uint64_t>();
    place.price = Lamports{*rc::gen::arbitrary<std::int64_t>()};
    place.side = any_side();
    place.reduce_only = *rc::gen::arbitrary<bool>();
    place.small = *rc::gen::arbitrary<std::int16_t>();
    place.wide = static_cast<Int128>(*rc::gen::arbitrary<std::int64_t>()) << 40;
    for (auto& byte : place.key.bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
    for (auto& word : place.pair) word = *rc::gen::arbitrary<std::uint16_t>();
    return place;
}
Batch any_batch() {
    Batch batch;
    for (const int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3))) {
        if (kind == 0) batch.items.emplace_back(any_place());
        if (kind == 1) batch.items.emplace_back(Cancel{*rc::gen::arbitrary<std::string>()});
        if (kind == 2) batch.items.emplace_back(std::monostate{});
    }
    if (*rc::gen::arbitrary<bool>()) batch.slot = Slot{*rc::gen::arbitrary<std::uint64_t>()};
    batch.tags = *rc::gen::arbitrary<std::map<std::string, std::vector<std::uint32_t>>>();
    for (auto& name : batch.names) name = *rc::gen::arbitrary<std::string>();
    batch.sides.resize(*rc::gen::inRange<std::size_t>(0, 5));
    for (auto& side : batch.sides) side = any_side();
    return batch;
}

template <class T>
std::string refused(const std::string& hex, const BinaryLimits& limits = {}) {
    const auto value = parse_binary<T>(*parse_hex(hex), limits);
    if (value) return "accepted";
    EXPECT_EQ(value.error().code, "bad_binary");
    return value.error().text();
}

TEST(Binary, TheFormIsThis) {
    Place place{.order = 0x0102, .price = Lamports{-2}, .side = Side::sell, .reduce_only = true};
    place.small = -1;
    place.wide = static_cast<Int128>(1) << 64;
    place.key = {{9, 8, 7, 6}};
    place.pair = {1, 0xABCD};
    EXPECT_EQ(to_hex(to_binary(place)),
              "0201000000000000"
              "feffffffffffffff"
              "07"
              "01"
              "ffff"
              "00000000000000000100000000000000"
              "09080706"
              "0100cdab");
    Batch batch{.items = {Cancel{"ab"}, std::monostate{}}, .slot = Slot{5}};
    batch.tags = {{"x", {1}}, {"", {}}};
    batch.names = {"n", ""};
    batch.sides = {Side::sell};
    EXPECT_EQ(to_hex(to_binary(batch)),
              "02000000"
              "01"
              "02000000"
              "6162"
              "02"
              "01"
              "0500000000000000"
              "02000000"
              "00000000"
              "00000000"
              "01000000"
              "78"
              "01000000"
              "01000000"
              "01000000"
              "6e"
              "00000000"
              "01000000"
              "07");
}

RC_GTEST_PROP(Binary, WhatIsWrittenIsReadAgain, ()) {
    const Batch batch = any_batch();
    const Bytes bytes = to_binary(batch);
    RC_ASSERT(bytes.size() == binary_size(batch));
    const auto again = parse_binary<Batch>(bytes);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == batch);
}

RC_GTEST_PROP(Binary, ValuesFollowEachOtherInOneBuffer, ()) {
    const Place place = any_place();
    const Batch batch = any_batch();
    Bytes bytes;
    append_binary(place, bytes);
    append_binary(batch, bytes);
    BinaryReader reader(bytes);
    Place first;
    Batch second;
    RC_ASSERT(reader.read(first) && reader.offset() == binary_size(place));
    RC_ASSERT(reader.read(second) && reader.finish());
    RC_ASSERT(first == place && second == batch);
}

RC_GTEST_PROP(Binary, EveryTruncationAndEveryByteMoreIsRefused, ()) {
    Bytes bytes = to_binary(any_batch());
    const std::size_t size = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT(!parse_binary<Batch>(ByteView(bytes).first(size)).has_value());
    bytes.push_back(0);
    const auto longer = parse_binary<Batch>(bytes);
    RC_ASSERT(!longer.has_value());
    RC_ASSERT(longer.error().where == "byte " + std::to_string(bytes.size() - 1));
}

RC_GTEST_PROP(Binary, WhatIsReadFromChangedBytesHasThoseBytesAsItsForm, ()) {
    Bytes bytes = to_binary(any_batch());
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<std::uint8_t>();
    const auto value = parse_binary<Batch>(bytes);
    if (value) RC_ASSERT(to_binary(*value) == bytes);
}

TEST(Binary, RefusalsNameTheByte) {
    using List = std::vector<std::uint16_t>;
    EXPECT_EQ(refused<std::uint32_t>("010203"), "ends too early (byte 3)");
    EXPECT_EQ(refused<std::uint8_t>("0102"), "has bytes behind its end (byte 1)");
    EXPECT_EQ(refused<bool>("02"), "is neither 0 nor 1 (byte 0)");
    EXPECT_EQ(refused<std::vector<Side>>("03000000070006"), "is no value of its enum (byte 6)");
    EXPECT_EQ(refused<std::optional<bool>>("03"), "is neither 0 nor 1 (byte 0)");
    EXPECT_EQ(refused<std::string>("0300000061"), "has a length beyond its end (byte 0)");
    EXPECT_EQ(refused<List>("0200000001000200", {.items_max = 1}),
              "has more items than allowed (byte 0)");
    EXPECT_EQ((refused<std::variant<bool, Side>>("0200")), "is no index of its variant (byte 0)");
    using Map = std::map<std::uint8_t, bool>;
    EXPECT_EQ(refused<Map>("0200000001000101"),
              "has keys out of order (byte 6)");  // twice the same
    EXPECT_EQ(refused<Map>("0200000002000101"), "has keys out of order (byte 6)");
}

TEST(Binary, DeepNestingIsRefusedAndNotFollowed) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "01000000";
    EXPECT_EQ(refused<Node>(deep + "00000000"), "is nested too deeply (byte 132)");
    EXPECT_EQ(refused<Node>("0100000000000000"), "accepted");
}

TEST(Binary, LengthsAloneAllocateNothing) {
    // Four thousand million promised, one there.
    EXPECT_EQ(refused<std::vector<Large>>("ffffffff00"), "has a length beyond its end (byte 0)");
    // A thousand promised whose forms could be one byte each; the second is wrong. What is held is
    // for those that were read.
    Bytes bytes = to_binary(std::uint32_t{1000});
    bytes.resize(1004, 0);
    bytes[5] = 9;
    std::vector<std::optional<Large>> out;
    BinaryReader reader(bytes);
    EXPECT_FALSE(reader.read(out));
    EXPECT_LE(out.capacity() * sizeof(out[0]), 4 * bytes.size());
}

}  // namespace
