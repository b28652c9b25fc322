#include "server/node/counted_jobs.hpp"

#include "capabilities/exchange/market_line.hpp"

namespace astro::node {

CountedJobs::CountedJobs(JobBook& jobs, const feeds::Feed& feed, const Bus& bus,
                         const exchange::MarketTape& tape)
    : feed_(feed),
      bus_(bus),
      tape_(tape),
      backfill_(jobs.add("feed.backfill", "Fetches blocks that the stream has left out",
                         "when a gap is found")),
      funding_(jobs.add("exchange.funding", "Settles funding between long and short",
                        "when a funding period ends")),
      noted_funding_(bus.last_seq(exchange::kFundingStream)) {}

void CountedJobs::note() {
    note_backfill();
    note_funding();
}

void CountedJobs::note_backfill() {
    const feeds::FeedStatus now = feed_.status();
    if (now.slots_lost > noted_lost_)
        backfill_.note(unavailable("slots_lost", std::to_string(now.slots_lost - noted_lost_) +
                                                     " slots of a gap were not filled"));
    else if (now.gaps_filled > noted_filled_)
        backfill_.note({});
    noted_filled_ = now.gaps_filled;
    noted_lost_ = now.slots_lost;
}

void CountedJobs::note_funding() {
    const std::uint64_t periods = bus_.last_seq(exchange::kFundingStream);
    if (periods > noted_funding_) funding_.note({});
    noted_funding_ = periods;
    const auto tickers = tape_.tickers().tickers;
    if (!tickers.empty())
        funding_.set_next(TimestampNs{tickers.front().funding_at.value() * 1'000'000});
}

}  // namespace astro::node
