#include "foundation/journal/copy.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "foundation/journal/journal_test_support.hpp"

namespace {

using namespace astro;
using namespace astro::journal;
using namespace astro::journal::test;

/// Puts what was copied together as a restored journal.
Texts copied(const std::string& directory, const TemporaryDirectory& scratch) {
    const auto segments = copy_segments(directory, scratch.path());
    EXPECT_TRUE(segments) << (segments ? "" : segments.error().text());
    const std::string target = scratch.journal();
    std::filesystem::create_directory(target);
    for (const auto& segment : *segments)
        std::filesystem::copy_file(segment.path, target + "/" + segment.name);
    const auto journal = opened({.directory = target, .segment_bytes = 4'096});
    EXPECT_FALSE(journal->recovery().cut) << "it ends with a whole group";
    EXPECT_TRUE(append(*journal, {"it goes on"}));
    auto out = replayed(*journal);
    out.pop_back();
    return out;
}

TEST(JournalCopy, HoldsAllThatWasDurable) {
    const TemporaryDirectory place, scratch;
    const auto journal = opened({.directory = place.journal(), .segment_bytes = 2'000});
    for (int i = 1; i <= 100; ++i) ASSERT_TRUE(append(*journal, {std::to_string(i)}));
    EXPECT_GT(segments_of(place.journal()).size(), 2U);
    EXPECT_EQ(copied(place.journal(), scratch), numbers(1, 100));
    EXPECT_TRUE(append(*journal, {"the journal itself is as it was"}));
}

TEST(JournalCopy, BesideAWriterItIsOneOfItsMoments) {
    const TemporaryDirectory place;
    const auto journal = opened({.directory = place.journal(), .segment_bytes = 1 << 20});
    constexpr int kRounds = 20, kEach = 500;
    std::atomic<int> durable{0}, allowed{0};
    std::thread writer([&] {
        for (int i = 1; i <= kRounds * kEach; ++i) {
            while (i > allowed) std::this_thread::yield();
            EXPECT_TRUE(append(*journal, {std::to_string(i) + std::string(300, ' ')}));
            durable = i;
        }
    });
    for (int round = 0; round < kRounds; ++round) {
        const TemporaryDirectory scratch;
        allowed += kEach;
        while (durable < round * kEach + kEach / 5) std::this_thread::yield();
        const int before = durable;
        const auto records = copied(place.journal(), scratch);
        EXPECT_GE(records.size(), static_cast<std::size_t>(before));
        for (std::size_t i = 0; i < records.size(); ++i)
            ASSERT_EQ(std::stoi(records[i]), static_cast<int>(i) + 1);
    }
    writer.join();
}

TEST(JournalCopy, DamageIsNotCopied) {
    const TemporaryDirectory place, scratch;
    {
        const auto journal = opened({.directory = place.journal()});
        for (int i = 1; i <= 10; ++i) ASSERT_TRUE(append(*journal, {std::to_string(i)}));
    }
    const auto path = segments_of(place.journal())[0];
    Bytes bytes = read_file(path);
    bytes[200] ^= 1;
    write_file(path, bytes);
    EXPECT_EQ(copy_segments(place.journal(), scratch.path()).error().code, "journal_damaged");
}

}  // namespace
