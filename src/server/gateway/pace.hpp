#pragma once

#include <algorithm>

#include "foundation/base/time.hpp"

namespace astro::gateway {

/// How fast one connection may send: `burst` at once, and so many a second after that. Under its
/// owner's lock.
class Pace {
  public:
    Pace() = default;  ///< nothing may be sent
    Pace(double burst, double per_second, TimestampNs now)
        : burst_(burst), per_second_(per_second), left_(burst), refilled_(now) {}

    /// Counts one more, or says that it comes too early. `now`: of the clock that never jumps.
    [[nodiscard]] bool take(TimestampNs now) {
        const double passed = static_cast<double>((now - refilled_).value()) * 1e-9;
        left_ = std::min(burst_, left_ + passed * per_second_);
        refilled_ = now;
        if (left_ < 1) return false;
        left_ -= 1;
        return true;
    }

  private:
    double burst_ = 0, per_second_ = 0, left_ = 0;
    TimestampNs refilled_{};
};

}  // namespace astro::gateway
