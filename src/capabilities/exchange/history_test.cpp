#include "capabilities/exchange/history.hpp"

#include <gtest/gtest.h>

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"
#include "capabilities/exchange/service_test_support.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace astro::exchange {
namespace {

using journal::Sequence;
using journal::test::TemporaryDirectory;

/// A venue's directory as a server would leave it: commands 2 … 501, each five in a group;
/// checkpoints behind each hundredth record, snapshots behind 200 and 400.
struct HistoryTest : testing::Test {
    void write(std::uint64_t wrong_checkpoint = 0, std::uint64_t last = 501) {
        Stream stream(21);
        while (stream.commands.size() < 500) stream.step();
        auto journal = journal::open_files({.directory = directory.path(), .segment_bytes = 4'096});
        ASSERT_TRUE(journal);
        auto checkpoints = CheckpointFile::open(directory.path());
        const auto key = liabilities_key(directory.path());
        const Bytes opening = to_binary(Opening{.venue = "paper"});
        ASSERT_TRUE((*journal)->append(std::array<ByteView, 1>{opening}, TimestampNs{1}));
        Events told;
        Reader reader;
        for (std::size_t i = 0; i + 1 < last; i += 5) {
            std::vector<Bytes> records;
            const TimeMs time = stream.commands[std::min(i + 4, stream.commands.size() - 1)].time;
            for (std::size_t j = i; j < i + 5 && j + 1 < last; ++j) {
                with_order(stream.commands[j], venue, reader);
                events.emplace_back();
                venue.apply({time, stream.commands[j].body}, events.back());
                reader.read(events.back());
                records.push_back(to_binary(Submission{{}, stream.commands[j].body}));
                const Sequence sequence{j + 2};
                if (sequence.value() % 100 == 0) {
                    Checkpoint checkpoint = make_checkpoint(venue, sequence, *key);
                    if (sequence.value() == wrong_checkpoint)
                        (wrong_root ? checkpoint.liabilities_root : checkpoint.state_hash)
                            .bytes[3] ^= 1;
                    ASSERT_TRUE(checkpoints->append(checkpoint));
                }
                if (sequence.value() % 200 == 0) {
                    ASSERT_TRUE(save_snapshot(directory.path(),
                                              {venue, sequence, venue.now(), Bytes{1, 2}}));
                }
            }
            const std::vector<ByteView> views(records.begin(), records.end());
            ASSERT_TRUE((*journal)->append(views, TimestampNs{time.value() * 1'000'000 + 999}));
        }
    }
    Verification verified() {
        const auto found = verify_history(directory.path());
        EXPECT_TRUE(found) << found.error().text();
        return found ? *found : Verification();
    }

    TemporaryDirectory directory;
    Venue venue;
    std::vector<Events> events;
    bool wrong_root = false;
};

TEST_F(HistoryTest, EverythingThatWasStoredIsReplayed) {
    write();
    const auto found = verified();
    EXPECT_FALSE(found.difference);
    EXPECT_EQ(found.first, Sequence{1});
    EXPECT_EQ(found.last, Sequence{501});
    EXPECT_EQ(found.commands, 500U);
    EXPECT_EQ(found.checkpoints, 5U);
    EXPECT_EQ(found.roots, 5U);
    EXPECT_EQ(found.snapshots, 2U);
    EXPECT_EQ(found.state_hash, to_hex(state_hash(venue).view()));
}

TEST_F(HistoryTest, ReplayTellsTheEventsThatHappened) {
    write();
    auto history = History::open(directory.path());
    ASSERT_TRUE(history) << history.error().text();
    std::size_t at = 0;
    ASSERT_TRUE(history->replay([&](const Replayed& replayed) {
        EXPECT_EQ(replayed.sequence.value(), at + 2);
        EXPECT_EQ(to_binary(replayed.events), to_binary(events[at]));
        ++at;
        return true;
    }));
    EXPECT_EQ(at, 500U);
}

TEST_F(HistoryTest, AReplayEndsWhereItIsTold) {
    write();
    for (const std::uint64_t last : {1U, 2U, 57U, 300U, 501U}) {
        auto history = History::open(directory.path());
        ASSERT_TRUE(history->replay([](const Replayed&) { return true; }, Sequence{last}));
        EXPECT_EQ(history->seen(), Sequence{last});
    }
}

TEST_F(HistoryTest, AStateThatDiffersIsNamed) {
    write(300);
    const auto found = verified();
    ASSERT_TRUE(found.difference);
    EXPECT_EQ(found.difference->sequence, Sequence{300});
    EXPECT_EQ(found.difference->what, "state of a checkpoint");
    EXPECT_NE(found.difference->stored, found.difference->replayed);
}

TEST_F(HistoryTest, ARootThatDiffersIsNamed) {
    wrong_root = true;
    write(500);
    const auto found = verified();
    ASSERT_TRUE(found.difference);
    EXPECT_EQ(found.difference->sequence, Sequence{500});
    EXPECT_EQ(found.difference->what, "liabilities root of a checkpoint");
}

TEST_F(HistoryTest, WithoutTheKeyRootsAreNotCompared) {
    write();
    std::filesystem::remove(directory.path() + "/liabilities.key");
    const auto found = verified();
    EXPECT_FALSE(found.difference);
    EXPECT_FALSE(found.has_key);
    EXPECT_EQ(found.roots, 0U);
    EXPECT_EQ(found.checkpoints, 5U);
}

TEST_F(HistoryTest, ASnapshotOfAnotherStateIsNamed) {
    write();
    ASSERT_TRUE(save_snapshot(directory.path(), {venue, Sequence{400}, venue.now(), {}}));
    const auto found = verified();
    ASSERT_TRUE(found.difference);
    EXPECT_EQ(found.difference->sequence, Sequence{400});
    EXPECT_EQ(found.difference->what, "state of a snapshot");
}

TEST_F(HistoryTest, WhatIsStoredBehindTheJournalsEndIsNamed) {
    write();
    ASSERT_TRUE(save_snapshot(directory.path(), {venue, Sequence{777}, venue.now(), {}}));
    const auto found = verified();
    ASSERT_TRUE(found.difference);
    EXPECT_EQ(found.difference->sequence, Sequence{777});
    EXPECT_EQ(found.difference->what, "snapshot");
}

TEST_F(HistoryTest, DamageIsRefusedWithItsPlace) {
    write();
    const std::string path = snapshot_path(directory.path(), Sequence{200});
    Bytes bytes = journal::test::read_file(path);
    bytes[bytes.size() / 2] ^= 1;
    journal::test::write_file(path, bytes);
    const auto found = verify_history(directory.path());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, "snapshot_damaged");
    EXPECT_NE(found.error().where.find(path), std::string::npos);
}

TEST_F(HistoryTest, WhereThereIsNoVenueNothingIsFoundGood) {
    EXPECT_EQ(verify_history(directory.path()).error().code, "history_none");
    EXPECT_EQ(verify_history(directory.path() + "/none").error().code, "journal_io");
    std::filesystem::create_directory(directory.path() + "/other");
    {
        auto other = journal::open_files({.directory = directory.path() + "/other"});
        ASSERT_TRUE(journal::test::append(**other, {"not a venue's"}));
    }
    EXPECT_EQ(verify_history(directory.path() + "/other").error().code, "venue_foreign");
}

TEST_F(HistoryTest, WhereTheBeginningIsGoneTheOldestSnapshotIs) {
    write();
    // Segments wholly before the first snapshot are moved away.
    std::vector<std::filesystem::path> segments;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
        if (entry.path().extension() == ".journal") segments.push_back(entry.path());
    std::ranges::sort(segments);
    ASSERT_GT(segments.size(), 4U);
    for (std::size_t i = 0; i + 1 < segments.size(); ++i)
        if (std::stoull(segments[i + 1].stem()) <= 201) std::filesystem::remove(segments[i]);
    const auto found = verified();
    EXPECT_FALSE(found.difference);
    EXPECT_EQ(found.first, Sequence{201});
    EXPECT_EQ(found.checkpoints, 3U);
    EXPECT_EQ(found.snapshots, 1U);
    EXPECT_EQ(found.state_hash, to_hex(state_hash(venue).view()));
    std::filesystem::remove(snapshot_path(directory.path(), Sequence{200}));
    std::filesystem::remove(snapshot_path(directory.path(), Sequence{400}));
    EXPECT_EQ(verify_history(directory.path()).error().code, "history_incomplete");
}

TEST_F(HistoryTest, AProofIsOfTheNewestCheckpointOrOfWhatIsAskedFor) {
    write();
    const auto newest = prove_liability(directory.path(), AccountId{2});
    ASSERT_TRUE(newest) << newest.error().text();
    EXPECT_EQ(newest->sequence, Sequence{500});
    EXPECT_EQ(newest->root,
              to_hex(read_checkpoints(directory.path())->back().liabilities_root.view()));
    EXPECT_EQ(prove_liability(directory.path(), AccountId{2}, Sequence{321})->sequence,
              Sequence{321});
    EXPECT_EQ(prove_liability(directory.path(), AccountId{99}).error().code, "account_unknown");
    EXPECT_EQ(prove_liability(directory.path(), AccountId{2}, Sequence{900}).error().code,
              "sequence_unknown");
    std::filesystem::remove(directory.path() + "/liabilities.key");
    EXPECT_EQ(prove_liability(directory.path(), AccountId{2}).error().code, "liabilities_key");
}

// What a running venue has kept, and what it keeps when it stops, is what a replay leads to.
TEST(ServiceHistory, ARunningVenueLeavesWhatVerifies) {
    test::Site site;
    site.options.hash_every = 7;
    site.options.snapshot_every = 11;
    const auto checkpoints = [&] {
        const auto read = read_checkpoints(site.directory.journal());
        return read ? read->size() : 0;
    };
    for (int run = 0; run < 2; ++run) {
        const auto service = site.open();
        ASSERT_NE(service, nullptr);
        if (run == 0) test::fund(*service, 3);
        // A child that is still writing puts the next checkpoint off: how many commands it takes
        // until three more are there is the machine's.
        const std::size_t wanted = checkpoints() + 3;
        for (int i = 0; i < 40 || (checkpoints() < wanted && i < 100'000); ++i)
            test::run(*service, test::order(static_cast<std::uint32_t>(i % 3),
                                            i % 2 == 0 ? Side::buy : Side::sell, 100));
        ASSERT_TRUE(service->snapshot());
        service->stop();
    }
    const auto found = verify_history(site.directory.journal());
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_FALSE(found->difference) << found->difference->what;
    EXPECT_GT(found->checkpoints, 4U);
    EXPECT_EQ(found->roots, found->checkpoints);
    EXPECT_GT(found->snapshots, 1U);
    const auto last = read_checkpoints(site.directory.journal())->back();
    EXPECT_EQ(last.sequence, found->last);
    EXPECT_EQ(to_hex(last.state_hash.view()), found->state_hash);
}

}  // namespace
}  // namespace astro::exchange
