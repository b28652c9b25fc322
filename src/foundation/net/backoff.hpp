#pragma once

#include <algorithm>
#include <random>

#include "foundation/base/time.hpp"

namespace astro::net {

/// Waits between attempts: doubling from `first` to `max`, each uniform in [half, whole], so that
/// many clients do not come back at once. The seed makes a run repeat.
class Backoff {
  public:
    Backoff(DurationNs first, DurationNs max, std::uint64_t seed)
        : first_(first), max_(max), next_(first), random_(seed) {}

    DurationNs next() {
        const std::int64_t whole = next_.value();
        next_ = std::min(max_, next_ + next_);
        std::uniform_int_distribution<std::int64_t> wait(whole / 2, whole);
        return DurationNs{wait(random_)};
    }
    void reset() { next_ = first_; }

  private:
    DurationNs first_, max_, next_;
    std::mt19937_64 random_;
};

}  // namespace astro::net
