#pragma once

#include <cstdint>

/// How sure a measured share is.
namespace astro::mev {

struct Interval {
    double low = 0, high = 1;
};

/// z of a two-sided 95 % interval.
inline constexpr double kZ95 = 1.959963984540054;

/// Wilson's score interval for `successes` of `trials` (Wilson 1927). With no trials nothing is
/// known: [0, 1]. Unlike the normal approximation it stays inside [0, 1] and does not collapse at 0
/// or 1, where a detector's counts usually are.
[[nodiscard]] Interval wilson_interval(std::uint64_t successes, std::uint64_t trials,
                                       double z = kZ95);

}  // namespace astro::mev
