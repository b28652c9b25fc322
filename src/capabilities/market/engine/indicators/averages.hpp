#pragma once

#include "capabilities/market/engine/indicators/bar.hpp"
#include "capabilities/market/engine/indicators/rolling.hpp"

/// Moving averages, by TA-Lib's conventions. Each next() takes a value and gives the average, or
/// kNothing before the first.
namespace astro::market {

class SimpleAverage {
  public:
    explicit SimpleAverage(std::size_t period) : sum_(period) {}
    double next(double value) {
        sum_.push(value);
        return sum_.full() ? sum_.mean() : kNothing;
    }

  private:
    RollingSum sum_;
};

/// Begins with the simple average of the first `period` values; then moves 2 / (period + 1) of the
/// way to each.
class ExponentialAverage {
  public:
    explicit ExponentialAverage(std::size_t period)
        : period_(period), share_(2.0 / (static_cast<double>(period) + 1)) {}
    double next(double value) {
        if (seen_ == period_) return value_ += (value - value_) * share_;
        value_ += value;
        if (++seen_ < period_) return kNothing;
        return value_ /= static_cast<double>(period_);
    }

  private:
    std::size_t period_, seen_ = 0;
    double share_, value_ = 0;
};

/// The newest value weighs `period`, the oldest 1.
class WeightedAverage {
  public:
    explicit WeightedAverage(std::size_t period) : window_(period) {}
    double next(double value);

  private:
    Window window_;
    double sum_ = 0, weighted_ = 0;
};

/// Wilder's: begins with the simple average, then moves 1 / period of the way.
class WilderAverage {
  public:
    explicit WilderAverage(std::size_t period)
        : period_(static_cast<double>(period)), left_(period) {}
    double next(double value) {
        if (left_ == 0) return value_ = (value_ * (period_ - 1) + value) / period_;
        value_ += value;
        if (--left_ > 0) return kNothing;
        return value_ /= period_;
    }

  private:
    double period_;
    std::size_t left_;
    double value_ = 0;
};

/// Wilder's running sum, as TA-Lib begins it: the sum of the first period - 1 values, then a
/// period-th part goes and the value comes.
class WilderSum {
  public:
    explicit WilderSum(std::size_t period)
        : period_(static_cast<double>(period)), left_(period - 1) {}
    /// True when the sum counts.
    bool push(double value) {
        if (left_ > 0) {
            --left_;
            sum_ += value;
            return false;
        }
        sum_ += value - sum_ / period_;
        return true;
    }
    [[nodiscard]] double sum() const { return sum_; }

  private:
    double period_;
    std::size_t left_;
    double sum_ = 0;
};

}  // namespace astro::market
