// Recovery from snapshots, as a running venue makes and uses them.
#include "capabilities/exchange/snapshots.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "capabilities/exchange/service_test_support.hpp"

namespace astro::exchange {
namespace {

using namespace astro::exchange::test;

struct ServiceSnapshots : testing::Test {
    ServiceSnapshots() { site.options.heard_from = kHeardAll; }
    [[nodiscard]] std::vector<std::uint64_t> kept() const {
        std::vector<std::uint64_t> out;
        for (const auto& file : list_snapshots(site.options.directory).value())
            out.push_back(file.sequence.value());
        return out;
    }
    void remove_snapshots() {
        for (const auto& file : list_snapshots(site.options.directory).value())
            std::filesystem::remove(file.path);
    }
    void damage(const std::string& path) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(200);
        file.put('!');
    }

    Site site;
};

TEST_F(ServiceSnapshots, StoppedAVenueBeginsWhereItEnded) {
    Bytes before;
    journal::Sequence last;
    {
        const auto service = site.open();
        fund(*service, 3);
        run(*service, order(0, Side::sell, 101, 5));
        run(*service, order(1, Side::buy, 101, 2), "ada:1");
        before = state_of(*service);
        last = service->applied();
    }
    {
        const auto service = site.open();
        EXPECT_EQ(service->status().recovered_commands, 0U);
        EXPECT_EQ(service->status().snapshot, last);
        EXPECT_EQ(service->applied(), last);
        EXPECT_EQ(state_of(*service), before);
        EXPECT_TRUE(run(*service, order(1, Side::buy, 101, 2), "ada:1").repeated)
            << "the keys are in the snapshot";
    }
    // All of the journal leads to the same.
    remove_snapshots();
    const auto service = site.open();
    EXPECT_GT(service->status().recovered_commands, 10U);
    EXPECT_EQ(state_of(*service), before);
}

TEST_F(ServiceSnapshots, WhatCameBehindTheSnapshotIsAppliedToIt) {
    Bytes before;
    journal::Sequence place_behind;
    Heard live, again;
    site.options.heard_from = journal::Sequence{1};
    {
        const auto service = site.open({&live});
        fund(*service, 2);
        ASSERT_TRUE(service->snapshot());
        run(*service, order(0, Side::sell, 101, 5));
        place_behind = service->applied();
        run(*service, order(1, Side::buy, 101, 2));
        before = state_of(*service);
    }
    std::filesystem::remove(list_snapshots(site.options.directory)->back().path);
    site.options.heard_from = place_behind;
    const auto service = site.open({&again});
    EXPECT_EQ(service->status().recovered_commands, 2U);
    EXPECT_EQ(again.sequences,
              (std::vector<std::uint64_t>{place_behind.value(), place_behind.value() + 1}));
    EXPECT_EQ(state_of(*service), before);
}

TEST_F(ServiceSnapshots, OneThatIsAheadOfWhatListenersNeedIsNotUsed) {
    Heard heard;
    {
        const auto service = site.open();
        fund(*service, 2);
        ASSERT_TRUE(service->snapshot());
        run(*service, order(0, Side::sell, 101, 5));
    }
    ASSERT_EQ(kept().size(), 2U);
    site.options.heard_from = journal::Sequence{kept().front()};
    const auto service = site.open({&heard});
    EXPECT_EQ(heard.sequences.front(), kept().front());
    EXPECT_EQ(heard.sequences.size(), 2U);
}

TEST_F(ServiceSnapshots, ADamagedOneIsPassedOverAndReported) {
    Bytes before;
    {
        const auto service = site.open();
        fund(*service, 2);
        ASSERT_TRUE(service->snapshot());
        run(*service, order(0, Side::sell, 101, 5));
        before = state_of(*service);
    }
    const auto files = list_snapshots(site.options.directory).value();
    ASSERT_EQ(files.size(), 2U);
    damage(files.back().path);
    {
        const auto service = site.open();
        EXPECT_EQ(service->status().snapshot, files.front().sequence);
        EXPECT_NE(service->status().snapshot_trouble.find("passed over"), std::string::npos);
        EXPECT_EQ(state_of(*service), before);
        damage(files.front().path);
    }
    for (const auto& file : list_snapshots(site.options.directory).value()) damage(file.path);
    EXPECT_EQ(state_of(*site.open()), before);
}

TEST_F(ServiceSnapshots, TheyAreMadeAsCommandsComeAndTheOldestGo) {
    site.options.snapshot_every = 10;
    {
        const auto service = site.open();
        for (int i = 0; i < 200; ++i) {
            run(*service, Tick{});
            // As fast as they are made.
            if (i % 10 == 9) {
                ASSERT_TRUE(service->snapshot());
            }
        }
    }
    EXPECT_EQ(kept().size(), 3U);
    EXPECT_GT(kept().front(), 150U);
    EXPECT_EQ(site.open()->status().recovered_commands, 0U);
}

TEST_F(ServiceSnapshots, AJournalThatEndsBeforeTheSnapshotIsRefused) {
    {
        const auto service = site.open();
        fund(*service, 2);
    }
    for (const auto& path : journal::test::segments_of(site.options.directory))
        std::filesystem::remove(path);
    const auto opened = site.try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "journal_segment_missing");
}

TEST_F(ServiceSnapshots, AJournalThatEndsBeforeTheTablesIsRefused) {
    journal::Sequence next;
    {
        const auto service = site.open();
        next = journal::Sequence{service->applied().value() + 1};
    }
    site.options.heard_from = next;
    EXPECT_TRUE(site.try_open());
    site.options.heard_from = journal::Sequence{next.value() + 1};
    const auto opened = site.try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "journal_behind");
}

}  // namespace
}  // namespace astro::exchange