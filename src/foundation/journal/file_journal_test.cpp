#include "foundation/journal/file_journal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>

#include "foundation/journal/format.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace {

using namespace astro;
using namespace astro::journal;
using namespace astro::journal::test;

/// Small segments, so that a few records make several.
FileOptions small(const TemporaryDirectory& place, std::uint64_t segment_bytes = 400) {
    return {.directory = place.journal(), .segment_bytes = segment_bytes};
}

/// `count` groups of one record each, "1", "2", …; three in a segment of 400 bytes.
void fill(const FileOptions& options, int count) {
    const auto journal = opened(options);
    for (int i = 1; i <= count; ++i)
        ASSERT_EQ(append(*journal, {std::to_string(i)})->value(), static_cast<std::uint64_t>(i));
}

TEST(FileJournal, KeepsWhatWasAppendedAndNumbersIt) {
    const TemporaryDirectory place;
    {
        const auto journal = opened({.directory = place.journal()});
        EXPECT_EQ(journal->next(), Sequence{1});
        EXPECT_EQ(*append(*journal, {"a", "", "ccc"}), Sequence{1});
        EXPECT_EQ(*append(*journal, {}), Sequence{4});
        EXPECT_EQ(*append(*journal, {"d"}, TimestampNs{9}), Sequence{4});
        EXPECT_EQ(replayed(*journal), (Texts{"a", "", "ccc", "d"}));
    }
    const auto journal = opened({.directory = place.journal()});
    EXPECT_EQ(journal->recovery().next, Sequence{5});
    EXPECT_EQ(journal->recovery().segments, 1u);
    EXPECT_FALSE(journal->recovery().cut.has_value());
    EXPECT_EQ(replayed(*journal, Sequence{3}), (Texts{"ccc", "d"}));
    EXPECT_EQ(*append(*journal, {"e"}), Sequence{5});
    std::vector<std::int64_t> times;
    ASSERT_TRUE(journal->replay(Sequence{3}, [&](const Record& record) {
        times.push_back(record.time.value());
        return times.size() < 2;  // enough
    }));
    EXPECT_EQ(times, (std::vector<std::int64_t>{7, 9}));
    EXPECT_EQ(std::filesystem::file_size(segments_of(place.journal())[0]), 64u << 20);
}

RC_GTEST_PROP(FileJournal, ReplaysFromAnywhereOverManySegmentsAndOpenings, ()) {
    const TemporaryDirectory place;
    const auto options = small(place, *rc::gen::inRange<std::uint64_t>(64, 1500));
    Texts all;
    auto journal = opened(options);
    for (const auto& group : *rc::gen::container<std::vector<Texts>>(rc::gen::arbitrary<Texts>())) {
        const auto first = append(*journal, group);
        RC_ASSERT(first.has_value() && first->value() == all.size() + 1);
        all.insert(all.end(), group.begin(), group.end());
        if (*rc::gen::inRange(0, 4) == 0) {
            journal.reset();
            journal = opened(options);
            RC_ASSERT(journal->recovery().next.value() == all.size() + 1);
        }
    }
    const auto from = *rc::gen::inRange<std::size_t>(0, all.size() + 1);
    RC_ASSERT(replayed(*journal, Sequence{from + 1}) ==
              Texts(all.begin() + static_cast<std::ptrdiff_t>(from), all.end()));
}

TEST(FileJournal, RefusesToReplayWhatItDoesNotHold) {
    const TemporaryDirectory place;
    fill(small(place), 5);
    const auto journal = opened(small(place));
    const auto none = [](const Record&) { return true; };
    EXPECT_TRUE(journal->replay(Sequence{6}, none).has_value());
    EXPECT_EQ(journal->replay(Sequence{7}, none).error().code, "journal_segment_missing");
    EXPECT_EQ(journal->replay(Sequence{0}, none).error().code, "journal_segment_missing");
}

TEST(FileJournal, ATornGroupIsCutReportedAndWrittenOver) {
    for (const int groups : {1, 2, 3, 5}) {
        const TemporaryDirectory place;
        fill(small(place), groups);
        const auto path = segments_of(place.journal()).back();
        const auto whole = read_file(path);
        const auto used = 64 + ((groups - 1) % 4 + 1) * 77u;
        const auto start = used - 77u;
        for (std::size_t cut = start; cut < used; ++cut) {
            auto bytes = whole;
            std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(cut), bytes.end(), 0);
            if (cut % 2 == 0) bytes.resize(cut);
            write_file(path, bytes);
            const auto journal = opened(small(place));
            const auto& recovery = journal->recovery();
            EXPECT_EQ(recovery.next.value(), static_cast<std::uint64_t>(groups));
            EXPECT_EQ(recovery.cut.has_value(), cut > start);
            if (recovery.cut) {
                EXPECT_EQ(recovery.cut->file, path);
                EXPECT_EQ(recovery.cut->offset, start);
                EXPECT_LE(recovery.cut->bytes, cut - start);
            }
            EXPECT_EQ(replayed(*journal), numbers(1, groups - 1));
            ASSERT_TRUE(append(*journal, {"new", "er"}));
            auto expected = numbers(1, groups - 1);
            expected.insert(expected.end(), {"new", "er"});
            EXPECT_EQ(replayed(*journal), expected);
            for (const auto& later : segments_of(place.journal()))
                if (later > path) std::filesystem::remove(later);
        }
    }
}

TEST(FileJournal, NothingOfATornGroupIsLeftBehindAShorterOne) {
    const TemporaryDirectory place;
    const FileOptions options{.directory = place.journal(), .segment_bytes = 4000};
    ASSERT_TRUE(append(*opened(options), {std::string(2000, 'x')}));
    const auto path = segments_of(place.journal())[0];
    auto bytes = read_file(path);
    bytes[70] ^= 1;
    write_file(path, bytes);
    {
        const auto journal = opened(options);
        EXPECT_EQ(journal->recovery().cut->bytes, 2076u);
        ASSERT_TRUE(append(*journal, {"short"}));
    }
    const auto journal = opened(options);
    EXPECT_FALSE(journal->recovery().cut.has_value());
    EXPECT_EQ(replayed(*journal), Texts{"short"});
    EXPECT_EQ(std::filesystem::file_size(path), 4000u);
}

TEST(FileJournal, BeforeTheFirstRecordThereIsNothing) {
    const TemporaryDirectory place;
    fill(small(place), 1);
    const ChainEnd other{Sequence{1}, crypto::sha256({})};
    write_file(segments_of(place.journal())[0], make_segment_header(5, other));
    EXPECT_EQ(refusal_of(small(place)), "journal_damaged");
}

TEST(FileJournal, ReadOnlyReportsATornGroupAndLeavesIt) {
    const TemporaryDirectory place;
    fill(small(place), 2);
    const auto path = segments_of(place.journal()).back();
    auto bytes = read_file(path);
    bytes[64 + 77 + 76] ^= 1;
    write_file(path, bytes);
    auto options = small(place);
    options.read_only = true;
    const auto journal = opened(options);
    EXPECT_EQ(journal->recovery().cut->bytes, 77u);
    EXPECT_EQ(replayed(*journal), numbers(1, 1));
    EXPECT_EQ(append(*journal, {"x"}).error().code, "journal_read_only");
    EXPECT_EQ(read_file(path), bytes);
    options.directory += "-none";
    EXPECT_EQ(refusal_of(options), "journal_io");
    EXPECT_FALSE(std::filesystem::exists(options.directory));
}

TEST(FileJournal, EveryByteOfEarlierGroupsIsGuardedInEverySegment) {
    const TemporaryDirectory place;
    fill(small(place), 9);
    const auto paths = segments_of(place.journal());
    ASSERT_EQ(paths.size(), 3u);
    for (const auto& path : paths) {
        const auto whole = read_file(path);
        const auto end = path == paths.back() ? 64u : whole.size();
        for (std::size_t at = 0; at < end; ++at) {
            auto bytes = whole;
            bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1 << at % 8));
            write_file(path, bytes);
            const auto journal = open_files(small(place));
            ASSERT_FALSE(journal.has_value()) << path << " " << at;
            EXPECT_EQ(journal.error().code, "journal_damaged");
            EXPECT_TRUE(journal.error().where.starts_with(path + ", byte "))
                << journal.error().where;
            EXPECT_EQ(read_file(path), bytes);
        }
        write_file(path, whole);
    }
    EXPECT_EQ(replayed(*opened(small(place))), numbers(1, 9));
}

TEST(FileJournal, DamageBeforeAWholeGroupStops) {
    const TemporaryDirectory place;
    fill(small(place), 3);
    const auto path = segments_of(place.journal()).back();
    auto bytes = read_file(path);
    bytes[64 + 77 + 75] ^= 1;
    write_file(path, bytes);
    const auto journal = open_files(small(place));
    EXPECT_EQ(journal.error().text(),
              "the group is damaged, and another stands behind it at byte 218 (" + path +
                  ", byte 141, sequence 2)");
}

TEST(FileJournal, MissingSegmentsAreNoticed) {
    for (const std::size_t missing : {0u, 1u}) {
        const TemporaryDirectory place;
        fill(small(place), 9);
        std::filesystem::remove(segments_of(place.journal())[missing]);
        const auto journal = open_files(small(place));
        EXPECT_EQ(journal.error().code, "journal_segment_missing") << journal.error().text();
    }
    const TemporaryDirectory place;
    fill(small(place), 9);
    std::filesystem::remove(segments_of(place.journal())[1]);
    EXPECT_EQ(open_files(small(place)).error().text(),
              "records from 5 on are missing before this segment (" +
                  segments_of(place.journal())[1] + ", byte 0, sequence 9)");
}

TEST(FileJournal, ExchangedAndForeignSegmentsAreNoticed) {
    const TemporaryDirectory place, other;
    fill(small(place), 9);
    fill(small(other), 9);
    const auto ours = segments_of(place.journal()), theirs = segments_of(other.journal());
    const auto second = read_file(ours[1]);
    for (const auto& foreign : {read_file(ours[0]), read_file(theirs[1]), Bytes(400), Bytes{}}) {
        write_file(ours[1], foreign);
        const auto journal = open_files(small(place));
        if (foreign == read_file(theirs[1])) continue;  // the same records in the same groups
        EXPECT_EQ(journal.error().code, "journal_damaged");
        EXPECT_TRUE(journal.error().where.starts_with(ours[1])) << journal.error().where;
    }
    // One that fits by its numbers.
    {
        const TemporaryDirectory third;
        const auto journal = opened(small(third));
        for (int i = 0; i < 9; ++i) ASSERT_TRUE(append(*journal, {"x"}));
        write_file(ours[1], read_file(segments_of(third.journal())[1]));
        EXPECT_EQ(open_files(small(place)).error().text(),
                  "the segment does not continue the one before it (" + ours[1] +
                      ", byte 0, sequence 5)");
    }
    write_file(ours[1], second);
    write_file(place.journal() + "/5.journal", second);
    EXPECT_EQ(refusal_of(small(place)), "journal_damaged");
}

TEST(FileJournal, WhatASnapshotCoversNeedNotBeThereOrRead) {
    const TemporaryDirectory place;
    fill(small(place), 13);
    const auto paths = segments_of(place.journal());
    ASSERT_EQ(paths.size(), 4u);  // 1 … 4, 5 … 8, 9 … 12, 13
    std::filesystem::remove(paths[0]);
    auto bytes = read_file(paths[1]);
    bytes[100] ^= 1;  // in a group that nobody needs
    write_file(paths[1], bytes);
    auto options = small(place);
    for (const std::uint64_t needed : {9u, 12u, 13u, 14u}) {
        options.needed_from = Sequence{needed};
        const auto journal = opened(options);
        EXPECT_EQ(journal->recovery().first, Sequence{5});
        EXPECT_EQ(replayed(*journal, options.needed_from), numbers(static_cast<int>(needed), 13));
    }
    options.needed_from = Sequence{8};
    EXPECT_EQ(refusal_of(options), "journal_damaged");
    for (const std::uint64_t needed : {4u, 15u}) {
        options.needed_from = Sequence{needed};
        EXPECT_NE(refusal_of(options), "opened");
    }
    bytes[100] ^= 1;
    bytes[20] ^= 1;  // the headers are read all the same
    write_file(paths[1], bytes);
    options.needed_from = Sequence{13};
    EXPECT_EQ(refusal_of(options), "journal_damaged");
}

TEST(FileJournal, ASegmentThatWasBeingMadeIsRemoved) {
    const TemporaryDirectory place;
    fill(small(place), 2);
    const auto path = place.journal() + "/00000000000000000003.journal.new";
    write_file(path, Bytes(100, 1));
    const auto journal = opened(small(place));
    EXPECT_EQ(journal->recovery().removed, Texts{path});
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(replayed(*journal), numbers(1, 2));
}

TEST(FileJournal, OneWriterAtATimeAndNoReaderBesideIt) {
    const TemporaryDirectory place;
    auto reading = small(place);
    reading.read_only = true;
    {
        const auto journal = opened(small(place));
        EXPECT_EQ(refusal_of(small(place)), "journal_in_use");
        EXPECT_EQ(refusal_of(reading), "journal_in_use");
        ASSERT_TRUE(journal->close());
        EXPECT_EQ(append(*journal, {"x"}).error().code, "journal_closed");
        EXPECT_EQ(refusal_of(small(place)), "opened");
    }
    const auto one = opened(reading), two = opened(reading);
    EXPECT_EQ(refusal_of(small(place)), "journal_in_use");
}

TEST(FileJournal, GroupsLargerThanASegmentHaveOneOfTheirOwn) {
    const TemporaryDirectory place;
    const std::string large(5000, 'x');
    const auto journal = opened(small(place));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(append(*journal, {large}));
    EXPECT_EQ(segments_of(place.journal()).size(), 3u);
    EXPECT_EQ(replayed(*journal), (Texts{large, large, large}));
    const std::vector<std::uint8_t> much(64U << 20);
    const std::vector<ByteView> too_much(5, much);
    EXPECT_EQ(journal->append(too_much, TimestampNs{1}).error().code, "journal_group_too_large");
    EXPECT_TRUE(append(*journal, {"small"}));  // nothing is broken by it
    EXPECT_EQ(refusal_of(small(place, 10)), "journal_options");
}

TEST(FileJournal, ReplaysWhileItIsWritten) {
    const TemporaryDirectory place;
    const auto journal = opened(small(place, 4000));
    std::atomic<bool> done{false};
    std::thread reader([&] {
        std::size_t least = 0;
        while (!done) {
            const auto seen = replayed(*journal);
            EXPECT_GE(seen.size(), least);
            least = seen.size();
            for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], std::to_string(i + 1));
        }
    });
    for (int i = 1; i <= 600; ++i) ASSERT_TRUE(append(*journal, {std::to_string(i)}));
    done = true;
    reader.join();
    EXPECT_EQ(replayed(*journal), numbers(1, 600));
}

}  // namespace
