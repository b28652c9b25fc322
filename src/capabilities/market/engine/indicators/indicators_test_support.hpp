#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "capabilities/market/engine/indicators/bar.hpp"

namespace astro::market::test {

/// Bars of a walk, with stretches where nothing moves and bars without volume.
inline std::vector<Bar> random_bars(std::size_t count, std::uint64_t seed, double scale = 100) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> step(0, 0.01);
    std::uniform_real_distribution<double> part(0, 1);
    std::vector<Bar> out;
    double price = scale;
    for (std::size_t i = 0; i < count; ++i) {
        Bar bar{.start_ms = static_cast<std::int64_t>(i) * 900'000};
        bar.open = price;
        const bool still = (i / 60) % 5 == 4;
        if (!still) price *= std::exp(step(random));
        bar.close = price;
        bar.high = std::max(bar.open, bar.close) * (still ? 1 : 1 + 0.004 * part(random));
        bar.low = std::min(bar.open, bar.close) * (still ? 1 : 1 - 0.004 * part(random));
        bar.volume = i % 17 == 3 ? 0 : 1'000 * part(random);
        out.push_back(bar);
    }
    return out;
}

/// Equal up to rounding, or both nothing.
inline bool same(double a, double b, double tolerance = 1e-9) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return std::abs(a - b) <= tolerance * std::max({std::abs(a), std::abs(b), 1e-12});
}

}  // namespace astro::market::test
