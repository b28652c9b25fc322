#include "foundation/journal/format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/encoding.hpp"
#include "foundation/journal/crc32c.hpp"

namespace {

using namespace astro;
using namespace astro::journal;

constexpr std::uint64_t kMark = 0x8877665544332211;

/// A segment made group by group, with where each begins.
struct Made {
    Bytes bytes = make_segment_header(kMark, {});
    ChainEnd end{};
    std::vector<std::size_t> starts{};
    std::vector<std::size_t> before{};  ///< records before each group
    std::vector<std::string> records{};

    void add(const std::vector<std::string>& group) {
        std::vector<ByteView> views;
        for (const auto& record : group) views.push_back(as_bytes(record));
        Bytes out;
        end = make_group(kMark, end, TimestampNs{5}, views, out);
        starts.push_back(bytes.size());
        before.push_back(records.size());
        bytes.insert(bytes.end(), out.begin(), out.end());
        records.insert(records.end(), group.begin(), group.end());
    }
    /// Which group holds the byte.
    [[nodiscard]] std::size_t group_of(std::size_t offset) const {
        std::size_t group = starts.size() - 1;
        while (group > 0 && starts[group] > offset) --group;
        return group;
    }
};

Made any_segment(std::size_t groups_min) {
    Made made;
    const auto groups = *rc::gen::inRange<std::size_t>(groups_min, groups_min + 4);
    for (std::size_t i = 0; i < groups; ++i)
        made.add(*rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::string>>()));
    return made;
}

struct Read {
    Result<SegmentEnd> end;
    std::vector<std::string> records{};
};
Read read(ByteView bytes, bool is_last = true) {
    std::vector<std::string> records;
    auto end = read_segment(bytes, {Sequence{1}, crypto::Sha256{}, is_last}, [&](const Record& r) {
        records.emplace_back(r.bytes.begin(), r.bytes.end());
        return true;
    });
    return {std::move(end), std::move(records)};
}

TEST(JournalFormat, TheBytesAreThese) {
    Made made;
    made.add({"ab", ""});
    EXPECT_EQ(to_hex(ByteView(made.bytes).first(kSegmentHeaderSize - 4)),
              "415354524f4a4e4c"
              "01000000"
              "1122334455667788"
              "0100000000000000" +
                  std::string(64, '0'));
    EXPECT_EQ(load_le<std::uint32_t>(made.bytes, 60), crc32c(ByteView(made.bytes).first(60)));
    const auto group = ByteView(made.bytes).subspan(kSegmentHeaderSize);
    EXPECT_EQ(to_hex(group.first(64)),
              "1122334455667788"
              "0a000000"
              "02000000"
              "0100000000000000"
              "0500000000000000" +
                  std::string(64, '0'));
    EXPECT_EQ(to_hex(group.subspan(72)),
              "02000000"
              "6162"
              "00000000");
    EXPECT_EQ(load_le<std::uint32_t>(group, 64), crc32c(group.subspan(72)));
    EXPECT_EQ(load_le<std::uint32_t>(group, 68), crc32c(group.first(68)));
    EXPECT_EQ(made.end.next, Sequence{3});
    EXPECT_EQ(made.end.hash, crypto::sha256(group));
    Bytes second;
    const ByteView record = as_bytes("x");
    make_group(kMark, made.end, TimestampNs{6}, {&record, 1}, second);
    EXPECT_EQ(to_hex(ByteView(second).subspan(32, 32)), to_hex(made.end.hash.view()));
}

RC_GTEST_PROP(JournalFormat, WhatIsWrittenIsRead, (std::uint8_t zeros)) {
    auto made = any_segment(0);
    const auto used = made.bytes.size();
    made.bytes.resize(used + zeros);
    for (const bool is_last : {false, true}) {
        const auto got = read(made.bytes, is_last);
        RC_ASSERT(got.end.has_value());
        RC_ASSERT(got.records == made.records);
        RC_ASSERT(got.end->used == used && got.end->torn == 0u);
        RC_ASSERT(got.end->chain.next == made.end.next && got.end->chain.hash == made.end.hash);
    }
}

RC_GTEST_PROP(JournalFormat, AnyCutOfTheLastGroupLeavesExactlyTheOthers, (std::uint8_t zeros)) {
    const auto made = any_segment(1);
    const auto start = made.starts.back();
    const auto cut = *rc::gen::inRange<std::size_t>(start, made.bytes.size());
    auto bytes = made.bytes;
    bytes.resize(cut);
    auto visible = cut;  // zeros at the end look like what was reserved
    while (visible > start && bytes[visible - 1] == 0) --visible;
    bytes.resize(cut + zeros);
    if (bytes == made.bytes || ByteView(bytes).size() >= made.bytes.size()) {
        bytes.resize(std::max(bytes.size(), made.bytes.size()));
        RC_PRE(!std::equal(made.bytes.begin(), made.bytes.end(), bytes.begin()));
    }
    const auto got = read(bytes);
    RC_ASSERT(got.end.has_value());
    RC_ASSERT(got.end->used == start);
    RC_ASSERT(got.end->torn == visible - start);
    const auto kept = made.before.back();
    RC_ASSERT(got.end->chain.next.value() == kept + 1);
    RC_ASSERT(got.records ==
              std::vector<std::string>(made.records.begin(),
                                       made.records.begin() + static_cast<std::ptrdiff_t>(kept)));
    RC_ASSERT((visible == start) == read(bytes, false).end.has_value());
}

RC_GTEST_PROP(JournalFormat, AnyBitFlippedBeforeTheLastGroupIsNamed, ()) {
    const auto made = any_segment(2);
    auto bytes = made.bytes;
    const auto at = *rc::gen::inRange<std::size_t>(0, made.starts.back());
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1 << *rc::gen::inRange(0, 8)));
    if (*rc::gen::arbitrary<bool>())  // and the last one torn as well
        bytes.resize(*rc::gen::inRange(made.starts.back() + kGroupHeaderSize, bytes.size() + 1));
    const auto got = read(bytes);
    RC_ASSERT(!got.end.has_value());
    RC_ASSERT(got.end.error().code == "journal_damaged");
    const auto& where = got.end.error().where;
    if (at < kSegmentHeaderSize) {
        RC_ASSERT(where.ends_with("sequence 1"));
        return;
    }
    const auto group = made.group_of(at);
    RC_ASSERT(where == "byte " + std::to_string(made.starts[group]) + ", sequence " +
                           std::to_string(made.before[group] + 1));
}

RC_GTEST_PROP(JournalFormat, AnyBitFlippedInTheLastGroupOfAnEarlierSegmentIsNamed, ()) {
    auto made = any_segment(1);
    const auto at = *rc::gen::inRange<std::size_t>(0, made.bytes.size());
    made.bytes[at] = static_cast<std::uint8_t>(made.bytes[at] ^ (1 << *rc::gen::inRange(0, 8)));
    RC_ASSERT(!read(made.bytes, false).end.has_value());
}

TEST(JournalFormat, ARecordThatHoldsAGroupIsNotTakenForOne) {
    Bytes inner;
    const ByteView record = as_bytes("x");
    make_group(kMark + 1, {Sequence{9}, {}}, TimestampNs{1}, {&record, 1}, inner);
    Made made;
    made.add({"first"});
    made.add({std::string(inner.begin(), inner.end()), "end"});
    made.bytes[made.starts[1]] ^= 1;  // the header of the group is lost, its payload is there
    const auto got = read(made.bytes);
    ASSERT_TRUE(got.end.has_value()) << got.end.error().text();
    EXPECT_EQ(got.end->used, made.starts[1]);
}

TEST(JournalFormat, AGroupWithTheMarkOfAnotherSegmentIsNone) {
    Made made;
    made.add({"first"});
    const auto used = made.bytes.size();
    Bytes group;
    const ByteView record = as_bytes("x");
    make_group(kMark + 1, made.end, TimestampNs{1}, {&record, 1}, group);
    made.bytes.insert(made.bytes.end(), group.begin(), group.end());
    EXPECT_EQ(read(made.bytes).end->used, used);
    EXPECT_EQ(read(made.bytes, false).end.error().message, "the group is damaged");
}

TEST(JournalFormat, GroupsOutOfOrderAreRefused) {
    Made made;
    made.add({"a"});
    made.add({"b"});
    made.add({"c"});
    const auto size = made.starts[2] - made.starts[1];
    auto bytes = made.bytes;
    std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(made.starts[1]),
                     bytes.begin() + static_cast<std::ptrdiff_t>(made.starts[2]),
                     bytes.begin() + static_cast<std::ptrdiff_t>(made.starts[2]));
    EXPECT_EQ(read(bytes).end.error().text(),
              "the group begins with sequence 3 instead of 2 (byte 141, sequence 2)");
    // One that fits by its number, but follows another.
    Made other;
    other.add({"z"});
    other.add({"b"});
    bytes = made.bytes;
    std::copy_n(other.bytes.begin() + static_cast<std::ptrdiff_t>(made.starts[1]), size,
                bytes.begin() + static_cast<std::ptrdiff_t>(made.starts[1]));
    EXPECT_EQ(read(bytes).end.error().text(),
              "the group does not continue the one before it (byte 141, sequence 2)");
}

/// Seals what `change` did to the header of the only group.
std::string refused_with(const std::function<void(GroupHeader&)>& change) {
    Made made;
    made.add({"ab", "c"});
    auto header = *parse_binary<GroupHeader>(ByteView(made.bytes).subspan(64, kGroupHeaderSize));
    change(header);
    auto* const at = made.bytes.data() + 64;
    BinaryForm<GroupHeader>::put(at, header);
    header.header_checksum = crc32c({at, kGroupHeaderSize - 4});
    BinaryForm<GroupHeader>::put(at, header);
    const auto got = read(made.bytes);
    EXPECT_TRUE(got.records.empty());
    return got.end ? "read" : got.end.error().text();
}

TEST(JournalFormat, CountAndLengthsMustAgree) {
    EXPECT_EQ(refused_with([](auto& header) { header.count = 3; }),
              "the record does not end within its group (byte 147, sequence 3)");
    EXPECT_EQ(refused_with([](auto& header) { header.count = 1; }),
              "the group holds more bytes than records (byte 142, sequence 1)");
    EXPECT_EQ(refused_with([](auto& header) { header.count = 0; }),
              "the group holds more bytes than records (byte 136, sequence 1)");
}

TEST(JournalFormat, HeadersOfOtherFilesAndVersionsAreRefused) {
    EXPECT_EQ(parse_segment_header(Bytes(63), Sequence{4}).error().text(),
              "the segment is shorter than its header (byte 63, sequence 4)");
    EXPECT_EQ(parse_segment_header(Bytes(64), Sequence{4}).error().message,
              "is no journal segment");
    SegmentHeader header;
    header.version = 2;
    Bytes bytes = to_binary(header);
    const auto checksum = crc32c(ByteView(bytes).first(60));
    std::memcpy(bytes.data() + 60, &checksum, 4);
    EXPECT_EQ(parse_segment_header(bytes, Sequence{1}).error().message,
              "the segment has format version 2; this program knows 1");
    EXPECT_EQ(parse_segment_header(make_segment_header(1, {}), Sequence{2}).error().message,
              "the segment begins with sequence 1 instead of 2");
}

}  // namespace
