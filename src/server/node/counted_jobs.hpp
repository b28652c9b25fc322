#pragma once

#include "capabilities/exchange/market_tape.hpp"
#include "foundation/base/jobs.hpp"
#include "foundation/bus/bus.hpp"
#include "server/feeds/feed.hpp"

namespace astro::node {

/// Jobs that others do beside their work and tell of by counters only: what has risen since the
/// last look is a run. Of one thread.
class CountedJobs {
  public:
    /// All outlive it.
    CountedJobs(JobBook& jobs, const feeds::Feed& feed, const Bus& bus,
                const exchange::MarketTape& tape);
    /// Called often.
    void note();

  private:
    void note_backfill();
    void note_funding();

    const feeds::Feed& feed_;
    const Bus& bus_;
    const exchange::MarketTape& tape_;
    JobEntry& backfill_;
    JobEntry& funding_;
    std::uint64_t noted_filled_ = 0, noted_lost_ = 0, noted_funding_ = 0;
};

}  // namespace astro::node
