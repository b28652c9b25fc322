#pragma once

#include <deque>
#include <optional>

#include "capabilities/market/engine/model.hpp"

namespace astro::market {

/// The average of a price over a window, each value weighing the time for which it stood. Exact:
/// whole numbers, nothing is thinned out. Time without a price does not count.
///
///   price  ▁▁▁▁▃▃▃▃▃▃▃▃      ▂▂▂▂▂▂
///               │◀── window ──────▶│     the blank is left out
class TimeAverage {
  public:
    explicit TimeAverage(DurationNs window = seconds(300)) : window_(window) {}

    /// The price from `now` on; nothing: there is none. Times do not go back; one that does counts
    /// as the newest before it.
    void set(std::optional<Price> price, TimestampNs now);
    /// Rounded down. Nothing while there was no price within the window.
    [[nodiscard]] std::optional<Price> value(TimestampNs now) const;
    [[nodiscard]] std::size_t steps() const { return steps_.size(); }

  private:
    static constexpr std::size_t kStepsMax = 8'192;  ///< then the oldest go before their time
    struct Step {
        TimestampNs begin;
        std::optional<Price> price;
    };
    void forget(TimestampNs before);

    DurationNs window_;
    std::deque<Step> steps_;
    Int128 sum_ = 0;               ///< price * ns of all steps but the last
    std::int64_t covered_ns_ = 0;  ///< of those, with a price
};

}  // namespace astro::market
