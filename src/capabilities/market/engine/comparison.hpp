#pragma once

#include <optional>
#include <span>
#include <vector>

/// How series of values move beside each other. Statistics: floating point.
namespace astro::market {

struct MovesBeside {
    std::vector<double> rebased{};        ///< the first is 100
    double change = 0;                    ///< from the first to the last; 0.1 is 10 %
    std::optional<double> deviation{};    ///< of its logarithmic changes, of one step
    std::optional<double> correlation{};  ///< of its changes with those of the first series
    std::optional<double> beta{};         ///< how it moved for one of the first series
};

/// Series of equal length, each value above zero. Deviations are of the sample; none of fewer than
/// two changes, no correlation with what does not move.
[[nodiscard]] std::vector<MovesBeside> compare(std::span<const std::vector<double>> series);

}  // namespace astro::market
