#include "capabilities/exchange/checkpoints.hpp"

#include <gtest/gtest.h>

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"
#include "capabilities/exchange/liabilities.hpp"
#include "capabilities/exchange/snapshot.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace astro::exchange {
namespace {

using journal::Sequence;
using journal::test::read_file;
using journal::test::TemporaryDirectory;
using journal::test::write_file;

Checkpoint at(std::uint64_t sequence, std::uint8_t hash = 1) {
    Checkpoint out{.sequence = Sequence{sequence}, .time = TimeMs{1'700'000'000'000}};
    out.state_hash.bytes.fill(hash);
    out.liabilities_root.bytes.fill(2);
    return out;
}

struct CheckpointsTest : testing::Test {
    TemporaryDirectory directory;
    const std::string path = directory.path() + "/checkpoints";

    std::vector<Checkpoint> read() {
        auto all = read_checkpoints(directory.path());
        EXPECT_TRUE(all) << all.error().text();
        return all ? *all : std::vector<Checkpoint>();
    }
    void write_three() {
        auto file = CheckpointFile::open(directory.path());
        ASSERT_TRUE(file) << file.error().text();
        for (const std::uint64_t sequence : {10U, 20U, 30U})
            ASSERT_TRUE(file->append(at(sequence)));
    }
};

TEST_F(CheckpointsTest, AreReadAsTheyWereAppended) {
    EXPECT_TRUE(read().empty());
    write_three();
    EXPECT_EQ(read(), (std::vector{at(10), at(20), at(30)}));
    auto file = CheckpointFile::open(directory.path());
    EXPECT_EQ(file->all().size(), 3U);
    ASSERT_TRUE(file->append(at(40)));
    EXPECT_EQ(read().size(), 4U);
}

TEST_F(CheckpointsTest, AreTextOfLines) {
    write_three();
    const auto bytes = read_file(path);
    const std::string text(bytes.begin(), bytes.end());
    EXPECT_TRUE(text.starts_with(
        "astrolabe checkpoints 1\n00000000000000000010 0001700000000000 0101010101"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 4);
}

TEST_F(CheckpointsTest, TheSameAgainIsNothingAndAnotherStateIsRefused) {
    write_three();
    auto file = CheckpointFile::open(directory.path());
    const auto before = read_file(path);
    EXPECT_TRUE(file->append(at(20)));
    EXPECT_TRUE(file->append(at(25)));
    EXPECT_EQ(read_file(path), before);
    const auto other = file->append(at(20, 9));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, "state_differs");
    EXPECT_EQ(other.error().where, "sequence 20");
}

TEST_F(CheckpointsTest, ATornLastLineIsCutAndAllElseIsDamage) {
    write_three();
    const Bytes good = read_file(path);
    for (std::size_t size = 0; size < good.size(); ++size) {
        write_file(path, ByteView(good).first(size));
        EXPECT_EQ(read().size(), size < 24 ? 0 : (size - 24) / 177) << size;
    }
    write_file(path, ByteView(good).first(good.size() - 5));
    {
        auto file = CheckpointFile::open(directory.path());
        ASSERT_TRUE(file->append(at(31)));
    }
    EXPECT_EQ(read(), (std::vector{at(10), at(20), at(31)}));

    for (std::size_t place = 0; place < good.size() - 177; ++place) {
        Bytes changed = good;
        changed[place] ^= 1;
        const auto text =
            parse_checkpoints({reinterpret_cast<const char*>(changed.data()), changed.size()});
        ASSERT_FALSE(text) << place;
        EXPECT_EQ(text.error().code, "checkpoints_damaged");
        EXPECT_EQ(text.error().where,
                  "line " + std::to_string(place < 24 ? 1 : 2 + (place - 24) / 177));
    }
}

TEST_F(CheckpointsTest, LinesOutOfOrderAreDamage) {
    write_three();
    const auto bytes = read_file(path);
    std::string text(bytes.begin(), bytes.end());
    const std::string first = text.substr(24, 177);
    const auto again = parse_checkpoints(text + first);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().where, "line 5");
}

TEST_F(CheckpointsTest, AJobGivesTheOneOfItsStart) {
    Stream stream(4);
    for (int i = 0; i < 300; ++i) stream.step();
    Venue venue;
    Events events;
    for (const auto& command : stream.commands) venue.apply(command, events);
    const crypto::SecretKey key;
    const Checkpoint now = make_checkpoint(venue, Sequence{5}, key);
    EXPECT_EQ(now.time, venue.now());
    EXPECT_EQ(now.state_hash, state_hash(venue));
    EXPECT_EQ(now.liabilities_root, Liabilities(venue, Sequence{5}, key).root());
    auto job = CheckpointJob::start(venue, Sequence{5}, key);
    ASSERT_TRUE(job) << job.error().text();
    venue.apply({TimeMs{venue.now().value() + 1}, Deposit{AccountId{1}, kUsdc, dollars(5)}},
                events);
    const auto made = job->finish();
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(*made, now);
    EXPECT_FALSE(make_checkpoint(venue, Sequence{5}, key) == now);
    EXPECT_FALSE(job->finish());
}

}  // namespace
}  // namespace astro::exchange
