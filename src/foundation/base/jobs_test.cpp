#include "foundation/base/jobs.hpp"

#include <gtest/gtest.h>

#include "foundation/base/json.hpp"

namespace astro {
namespace {

struct Jobs : ::testing::Test {
    VirtualClock clock{from_unix_seconds(1'000)};
    JobBook book{clock};
    JobEntry& entry = book.add("mev.retention", "Forgets old findings", "each 64 commits");

    Result<void> run(DurationNs takes, const Result<void>& result) {
        return run_job(&entry, [&] {
            EXPECT_EQ(entry.status().outcome, JobOutcome::running);
            clock.advance(takes);
            return result;
        });
    }
};

TEST_F(Jobs, AreListedBeforeTheyHaveEverRun) {
    book.add("identity.retention", "Forgets ended sessions", "each day").set_next(clock.now());
    const auto all = book.all();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].outcome, JobOutcome::never);
    EXPECT_FALSE(all[0].last_run);
    EXPECT_FALSE(all[0].next_run);
    EXPECT_EQ(all[1].next_run, clock.now());
}

TEST_F(Jobs, SayWhenTheyBeganHowLongTheyTookAndThatAllWasWell) {
    const auto began = clock.now();
    EXPECT_TRUE(run(milliseconds(250), {}));
    const JobStatus status = entry.status();
    EXPECT_EQ(status.outcome, JobOutcome::done);
    EXPECT_EQ(status.last_run, began);
    EXPECT_EQ(status.took_ms, 250.0);
    EXPECT_EQ(status.runs, 1U);
    EXPECT_EQ(status.failures, 0U);
}

TEST_F(Jobs, KeepTheReasonOfAFailureUntilARunIsWellAgain) {
    const Result<void> failed = unavailable("disk_full", "the disk is full");
    EXPECT_EQ(run(milliseconds(1), failed).error().code, "disk_full") << "it is passed on";
    EXPECT_EQ(entry.status().outcome, JobOutcome::failed);
    EXPECT_NE(entry.status().trouble.find("the disk is full"), std::string::npos);
    EXPECT_TRUE(run(milliseconds(1), {}));
    EXPECT_EQ(entry.status().trouble, "");
    EXPECT_EQ(entry.status().runs, 2U);
    EXPECT_EQ(entry.status().failures, 1U);
}

TEST_F(Jobs, ThatNobodyMeasuresHaveNoDuration) {
    EXPECT_TRUE(run(milliseconds(5), {}));
    entry.note({});
    EXPECT_FALSE(entry.status().took_ms);
    EXPECT_EQ(entry.status().runs, 2U);
}

TEST_F(Jobs, AreDoneWithoutABookToo) {
    bool done = false;
    EXPECT_TRUE(run_job(nullptr, [&]() -> Result<void> {
        done = true;
        return {};
    }));
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace astro
