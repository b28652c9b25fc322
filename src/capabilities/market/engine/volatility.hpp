#pragma once

#include <optional>
#include <vector>

namespace astro::market {

/// Realised volatility of a price over the last `changes` of its values: the root of the mean of
/// squared logarithmic changes (none is subtracted as a mean), for a year. O(1) a value.
/// Statistics: floating point.
class RealisedVolatility {
  public:
    /// `step_ms`: time from one value to the next. At least one change.
    RealisedVolatility(std::size_t changes, double step_ms);

    void add(double price);  ///< above zero; any other begins anew
    /// Of a year of 365 days; 0.5 is 50 %. Nothing before all changes are there.
    [[nodiscard]] std::optional<double> value() const;

  private:
    std::vector<double> squares_;  ///< a ring
    std::size_t count_ = 0, next_ = 0;
    double sum_ = 0, lost_ = 0;  ///< Neumaier's compensated sum
    double last_ = 0, steps_a_year_;
    void add_square(double x);
};

}  // namespace astro::market
