#include "capabilities/exchange/snapshot.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace astro::exchange {
namespace {

using journal::Sequence;
using journal::test::read_file;
using journal::test::TemporaryDirectory;
using journal::test::write_file;

Bytes bytes_of(const Venue& venue) {
    Bytes out;
    venue.save(out);
    return out;
}

struct SnapshotTest : testing::Test {
    SnapshotTest() : stream(11) {
        for (int i = 0; i < 400; ++i) stream.step();
        run(300);
    }
    void run(std::size_t count) {
        for (; count > 0 && next < stream.commands.size(); --count)
            venue.apply(stream.commands[next++], events);
    }
    SnapshotHeader save(std::uint64_t sequence, std::string_view extra = "keys") {
        const auto saved = save_snapshot(directory.path(),
                                         {venue, Sequence{sequence}, venue.now(),
                                          Bytes(as_bytes(extra).begin(), as_bytes(extra).end())});
        EXPECT_TRUE(saved) << saved.error().text();
        return *saved;
    }
    std::string refused(const std::string& path) {
        const auto loaded = load_snapshot(path);
        return loaded ? "loaded" : std::string(loaded.error().code);
    }

    TemporaryDirectory directory;
    Stream stream;
    Venue venue;
    Events events;
    std::size_t next = 0;
};

TEST_F(SnapshotTest, IsReadAsItWasSaved) {
    const auto header = save(42);
    EXPECT_EQ(header.state_hash, state_hash(venue));
    EXPECT_EQ(header.state_hash, crypto::sha256(bytes_of(venue)));
    const auto loaded = load_snapshot(snapshot_path(directory.path(), Sequence{42}));
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(bytes_of(*loaded->venue), bytes_of(venue));
    EXPECT_EQ(loaded->extra, Bytes({'k', 'e', 'y', 's'}));
    EXPECT_EQ(loaded->header.sequence, Sequence{42});
    EXPECT_EQ(loaded->header.time, venue.now());
}

TEST_F(SnapshotTest, HasTheStateOfItsStartWhateverTheVenueDoesMeanwhile) {
    const Bytes before = bytes_of(venue);
    auto job = SnapshotJob::start(directory.path(), {venue, Sequence{7}, venue.now(), {}});
    ASSERT_TRUE(job) << job.error().text();
    run(100);
    ASSERT_NE(bytes_of(venue), before);
    ASSERT_TRUE(job->finish());
    const auto loaded = load_snapshot(snapshot_path(directory.path(), Sequence{7}));
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(bytes_of(*loaded->venue), before);
}

TEST_F(SnapshotTest, TheNewestThatHasNotSeenTooMuchIsLoaded) {
    EXPECT_FALSE(load_newest_snapshot(directory.path(), Sequence{99})->has_value());
    for (const std::uint64_t sequence : {5U, 30U, 100U}) save(sequence);
    const auto sequence = [&](std::uint64_t not_after) {
        const auto loaded = load_newest_snapshot(directory.path(), Sequence{not_after});
        return *loaded ? (*loaded)->header.sequence.value() : 0;
    };
    EXPECT_EQ(sequence(1'000), 100U);
    EXPECT_EQ(sequence(100), 100U);
    EXPECT_EQ(sequence(99), 30U);
    EXPECT_EQ(sequence(4), 0U);
}

TEST_F(SnapshotTest, OldOnesAndUnfinishedOnesAreRemoved) {
    for (const std::uint64_t sequence : {5U, 30U, 100U}) save(sequence);
    write_file(snapshot_path(directory.path(), Sequence{200}) + ".new", as_bytes("half"));
    EXPECT_EQ(*prune_snapshots(directory.path(), 2), 2U);
    const auto left = list_snapshots(directory.path());
    ASSERT_EQ(left->size(), 2U);
    EXPECT_EQ(left->front().sequence, Sequence{30});
}

TEST_F(SnapshotTest, AnyChangedByteIsFound) {
    save(42);
    const std::string path = snapshot_path(directory.path(), Sequence{42});
    const Bytes good = read_file(path);
    for (std::size_t at = 0; at < good.size(); at += at < 200 ? 1 : 37) {
        Bytes changed = good;
        changed[at] ^= 1;
        write_file(path, changed);
        const auto code = refused(path);
        EXPECT_TRUE(code == "snapshot_damaged" || (code == "snapshot_version" && at < 12))
            << at << " " << code;
    }
    write_file(path, ByteView(good).first(good.size() - 1));
    EXPECT_EQ(refused(path), "snapshot_damaged");
    write_file(path, ByteView(good).first(20));
    EXPECT_EQ(refused(path), "snapshot_damaged");
    write_file(path, good);
    EXPECT_EQ(refused(path), "loaded");
}

TEST_F(SnapshotTest, OneUnderAnotherNameIsRefused) {
    save(42);
    const std::string other = snapshot_path(directory.path(), Sequence{43});
    std::filesystem::rename(snapshot_path(directory.path(), Sequence{42}), other);
    EXPECT_EQ(refused(other), "snapshot_damaged");
    write_file(directory.path() + "/nine.snapshot", {});
    EXPECT_EQ(list_snapshots(directory.path()).error().code, "snapshot_damaged");
}

TEST_F(SnapshotTest, WhatCannotBeWrittenIsSaidAndLeavesNothing) {
    const auto nowhere =
        save_snapshot(directory.path() + "/none", {venue, Sequence{1}, venue.now(), {}});
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, "snapshot_failed");

    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{100, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto full = save_snapshot(directory.path(), {venue, Sequence{1}, venue.now(), {}});
    ::setrlimit(RLIMIT_FSIZE, &before);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "snapshot_failed");
    EXPECT_NE(full.error().message.find("write the snapshot"), std::string::npos)
        << full.error().message;
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST_F(SnapshotTest, AJobThatIsLetGoLeavesNoProcess) {
    {
        ASSERT_TRUE(SnapshotJob::start(directory.path(), {venue, Sequence{1}, venue.now(), {}}));
    }
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace astro::exchange
