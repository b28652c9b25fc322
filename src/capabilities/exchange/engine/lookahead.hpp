#pragma once

#include "capabilities/exchange/engine/venue.hpp"

namespace astro::exchange {

/// Brings near to the processor what commands will touch that come soon: with many accounts and
/// books nearly all of it is far away, and one thing leads to the next, so each command is looked
/// at several times, further on each time. Changes nothing. Distances are measured by
/// bench/exchange_bench.cpp.
///
/// Call it before applying the command at `i`; `body_at(j)` gives the body of the command at j,
/// which is below `count`.
template <class BodyAt>
void look_ahead(const Venue& venue, std::size_t i, std::size_t count, BodyAt&& body_at) {
    static constexpr std::size_t kItself = 24, kDistances[] = {14, 10, 7, 5, 3};
    if (i + kItself < count) prefetch_line(&body_at(i + kItself));
    int step = 0;
    for (const std::size_t distance : kDistances) {
        if (i + distance < count) venue.prefetch(body_at(i + distance), step);
        ++step;
    }
}

}  // namespace astro::exchange
