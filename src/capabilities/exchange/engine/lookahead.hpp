#pragma once

#include <array>

#include "capabilities/exchange/engine/venue.hpp"
#include "foundation/base/prefetch.hpp"

namespace astro::exchange {

/// Brings near to the processor what commands will touch that come soon: with many accounts and
/// books nearly all of it is far away, and one thing leads to the next, so each command is looked
/// at several times, further on each time. Changes nothing of the venue.
///
/// Distances are measured by bench/exchange_bench.cpp: a command takes about as long as the memory
/// does, so what one look has asked for is there at the next.
class LookAhead {
  public:
    explicit LookAhead(const Venue& venue) : venue_(venue) {}

    /// Before the command at `i` is applied, for each in turn; `body_at(j)` gives the body of the
    /// command at j, which is below `count`.
    template <class BodyAt>
    void operator()(std::size_t i, std::size_t count, BodyAt&& body_at) {
        if (i + kItself < count) prefetch_line(&body_at(i + kItself));
        for (int step = 0; step < 3; ++step)
            if (const std::size_t j = i + kSteps[step]; j < count)
                venue_.prefetch(body_at(j), step, met_[j % kMet]);
        for (std::size_t distance = kMakers; distance > 0; --distance)
            if (MetAhead& met = met_[(i + distance) % kMet]; met.maker != kNoOrder) [[unlikely]]
                venue_.prefetch_next(met);
        met_[i % kMet] = {};
    }

  private:
    static constexpr std::size_t kItself = 40, kSteps[] = {18, 13, 9}, kMakers = 8, kMet = 32;

    const Venue& venue_;
    std::array<MetAhead, kMet> met_;
};

}  // namespace astro::exchange
