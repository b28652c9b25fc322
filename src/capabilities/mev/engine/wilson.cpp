#include "capabilities/mev/engine/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace astro::mev {

Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double z) {
    if (trials == 0) return {};
    const auto n = static_cast<double>(trials);
    const auto p = static_cast<double>(successes) / n;
    const auto z2 = z * z;
    const auto centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    const auto half = z / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    return {successes == 0 ? 0.0 : std::max(0.0, centre - half),
            successes >= trials ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace astro::mev
