#pragma once

#include <span>
#include <vector>

#include "capabilities/market/engine/indicators/bar.hpp"

/// Indicators of volume.
namespace astro::market {

/// Begins with the first bar's volume, as TA-Lib does.
class OnBalanceVolume {
  public:
    double next(const Bar& bar);

  private:
    double volume_ = 0, last_ = kNothing;
};

/// The average price by volume since the last whole multiple of `anchor_ms`, of typical prices,
/// with the deviation (by volume, of the population) around it.
class VolumePrice {
  public:
    struct Value {
        double price = kNothing, deviation = kNothing;
    };
    explicit VolumePrice(std::int64_t anchor_ms) : anchor_ms_(anchor_ms) {}
    Value next(const Bar& bar);

  private:
    std::int64_t anchor_ms_, anchor_ = std::numeric_limits<std::int64_t>::min();
    double volume_ = 0, mean_ = 0, squares_ = 0;  ///< by West's update
};

/// Volume by price, in bins of equal width that begin at multiples of it.
struct ProfileFigures {
    double volume = 0;
    double control =
        kNothing;  ///< middle of the bin with the greatest volume; the lowest of equals
    double value_low = kNothing, value_high = kNothing;  ///< of the value area
    double share = 0;                                    ///< of the volume that is in the area
};

class VolumeProfile {
  public:
    static constexpr std::size_t kBinsMax = 4'096;

    /// Bins from `low` on, `width` wide; both above zero but for `low`, which may be 0.
    VolumeProfile(double low, double width, std::size_t bins);

    /// Spreads the bar's volume evenly from its low to its high: costs the bins that it crosses.
    /// What is outside of the bins goes into the nearest.
    void add(const Bar& bar);
    /// The value area grows from the point of control by two bins at a time, to the side that has
    /// more in them (the upper when they are equal), until it has `share` of the volume.
    [[nodiscard]] ProfileFigures figures(double share = 0.7) const;
    [[nodiscard]] const std::vector<double>& bins() const { return bins_; }
    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double width() const { return width_; }

  private:
    [[nodiscard]] std::size_t bin_of(double price) const;
    void put(std::size_t bin, double volume);

    double low_, width_;
    std::vector<double> bins_;
    double volume_ = 0;
    std::size_t control_ = 0;  ///< the bin with the greatest volume
};

/// Of all the bars, in `bins` bins from the lowest low to the highest high.
[[nodiscard]] VolumeProfile profile_of(std::span<const Bar> bars, std::size_t bins);

}  // namespace astro::market
