#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

/// What indicators keep of the last `length` values. Each value costs O(1): of the sums, once in
/// `length` values all are added up anew, so that no rounding error grows older than that.
namespace astro::market {

/// The last values, in the order they came. Length at least 1.
class Window {
  public:
    explicit Window(std::size_t length) : values_(length) {}

    /// The value that falls out; 0 while none does.
    double push(double value) {
        const double out = values_[next_];
        values_[next_] = value;
        next_ = next_ + 1 == values_.size() ? 0 : next_ + 1;
        count_ += full() ? 0 : 1;
        return out;
    }
    [[nodiscard]] bool full() const { return count_ == values_.size(); }
    [[nodiscard]] std::size_t length() const { return values_.size(); }
    /// True once in `length` pushes: the window's oldest value stands first.
    [[nodiscard]] bool wrapped() const { return next_ == 0; }
    /// The value that falls out next, of a full window.
    [[nodiscard]] double oldest() const { return values_[next_]; }
    /// In no particular order, but oldest first when wrapped().
    [[nodiscard]] const std::vector<double>& values() const { return values_; }

  private:
    std::vector<double> values_;
    std::size_t next_ = 0, count_ = 0;
};

/// 0 of zeros, with nothing left of what was there before.
class RollingSum {
  public:
    explicit RollingSum(std::size_t length) : window_(length) {}

    void push(double value) {
        const double out = window_.push(value);
        if (value != 0) ++others_;
        if (out != 0) --others_;
        sum_ += value - out;
        if (others_ == 0) sum_ = 0;
        if (!window_.wrapped()) return;
        sum_ = 0;
        for (const double each : window_.values()) sum_ += each;
    }
    [[nodiscard]] bool full() const { return window_.full(); }
    [[nodiscard]] double sum() const { return sum_; }
    [[nodiscard]] double mean() const { return sum_ / static_cast<double>(window_.length()); }

  private:
    Window window_;
    double sum_ = 0;
    std::size_t others_ = 0;  ///< than 0
};

/// Mean and variance of the population, by Welford's update for a window that slides.
class RollingMoments {
  public:
    explicit RollingMoments(std::size_t length) : window_(length) {}

    void push(double value);
    [[nodiscard]] bool full() const { return window_.full(); }
    [[nodiscard]] double mean() const { return mean_; }
    /// 0 of values that are all equal, however small they are.
    [[nodiscard]] double deviation() const {
        return std::sqrt(std::max(0.0, squares_) / static_cast<double>(window_.length()));
    }

  private:
    void add_up();

    Window window_;
    double mean_ = 0, squares_ = 0;
    double last_ = 0;
    std::size_t count_ = 0, equal_ = 0;  ///< so many of the newest values are equal
};

/// The greatest (std::greater) or least (std::less) of the window: a queue of those values that no
/// newer one beats, the answer in front.
template <class Beats>
class RollingExtreme {
  public:
    explicit RollingExtreme(std::size_t length) : queue_(length) {}

    void push(double value) {
        const std::size_t length = queue_.size();
        if (size_ > 0 && queue_[first_].number + length == pushed_) {
            first_ = first_ + 1 == length ? 0 : first_ + 1;
            --size_;
        }
        while (size_ > 0 && !Beats{}(queue_[place(size_ - 1)].value, value)) --size_;
        queue_[place(size_++)] = {value, pushed_++};
    }
    [[nodiscard]] bool full() const { return pushed_ >= queue_.size(); }
    [[nodiscard]] double value() const { return queue_[first_].value; }

  private:
    struct Entry {
        double value = 0;
        std::uint64_t number = 0;
    };
    [[nodiscard]] std::size_t place(std::size_t i) const {
        const std::size_t at = first_ + i;
        return at < queue_.size() ? at : at - queue_.size();
    }
    std::vector<Entry> queue_;
    std::size_t first_ = 0, size_ = 0;
    std::uint64_t pushed_ = 0;
};
using RollingMax = RollingExtreme<std::greater<>>;
using RollingMin = RollingExtreme<std::less<>>;

}  // namespace astro::market
