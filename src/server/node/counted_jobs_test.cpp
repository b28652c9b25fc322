#include "server/node/counted_jobs.hpp"

#include <gtest/gtest.h>

#include "capabilities/exchange/market_line.hpp"

namespace astro::node {
namespace {

struct ToldFeed final : feeds::Feed {
    Result<void> start(feeds::BlockSink&, feeds::CursorStore&) override { return {}; }
    void stop() override {}
    [[nodiscard]] feeds::FeedStatus status() const override { return told; }
    feeds::FeedStatus told;
};

struct Counted : ::testing::Test {
    Counted() { exchange::MarketTape::declare_streams(*bus, clock.now()); }
    JobStatus status(std::string_view name) const {
        for (auto& job : book.all())
            if (job.name == name) return job;
        ADD_FAILURE() << name;
        return {};
    }
    VirtualClock clock{from_unix_seconds(1'000)};
    JobBook book{clock};
    ToldFeed feed;
    std::unique_ptr<Bus> bus = make_bus();
    exchange::MarketTape tape{*bus, {}};
};

TEST_F(Counted, WhatHasRisenIsARunAndWhatWasThereBeforeIsNone) {
    bus->publish(exchange::kFundingStream, clock.now(), "exchange.funding", "{}", {});
    CountedJobs jobs(book, feed, *bus, tape);
    jobs.note();
    EXPECT_EQ(status("exchange.funding").outcome, JobOutcome::never);
    clock.advance(seconds(5));
    bus->publish(exchange::kFundingStream, clock.now(), "exchange.funding", "{}", {});
    jobs.note();
    jobs.note();
    EXPECT_EQ(status("exchange.funding").runs, 1U);
    EXPECT_EQ(status("exchange.funding").last_run, from_unix_seconds(1'005));
}

TEST_F(Counted, SlotsThatAreLostAreAFailureAndSayHowMany) {
    CountedJobs jobs(book, feed, *bus, tape);
    jobs.note();
    EXPECT_EQ(status("feed.backfill").outcome, JobOutcome::never);
    feed.told.gaps_filled = 1;
    jobs.note();
    EXPECT_EQ(status("feed.backfill").outcome, JobOutcome::done);
    feed.told.slots_lost = 7;
    jobs.note();
    EXPECT_EQ(status("feed.backfill").outcome, JobOutcome::failed);
    EXPECT_NE(status("feed.backfill").trouble.find("7 slots"), std::string::npos);
    feed.told.gaps_filled = 2;
    jobs.note();
    EXPECT_EQ(status("feed.backfill").outcome, JobOutcome::done);
}

}  // namespace
}  // namespace astro::node
