#pragma once

#include <cstdint>
#include <limits>

/// Indicators: statistics of candles, in floating point. Nothing here decides about money.
namespace astro::market {

struct Bar {
    std::int64_t start_ms = 0;
    double open = 0, high = 0, low = 0, close = 0, volume = 0;
};

/// What an indicator says before it has seen enough.
inline constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace astro::market
