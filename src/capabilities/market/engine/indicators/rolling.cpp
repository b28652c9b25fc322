#include "capabilities/market/engine/indicators/rolling.hpp"

namespace astro::market {

void RollingMoments::push(double value) {
    equal_ = count_ > 0 && value == last_ ? std::min(equal_ + 1, window_.length()) : 1;
    last_ = value;
    const bool was_full = window_.full();
    const double out = window_.push(value);
    count_ += was_full ? 0 : 1;
    const double before = mean_;
    if (was_full) {
        mean_ += (value - out) / static_cast<double>(count_);
        squares_ += (value - out) * ((value - mean_) + (out - before));
    } else {
        mean_ += (value - before) / static_cast<double>(count_);
        squares_ += (value - before) * (value - mean_);
    }
    if (window_.wrapped()) add_up();
    if (equal_ == window_.length()) {
        mean_ = value;
        squares_ = 0;
    }
}

void RollingMoments::add_up() {
    double sum = 0;
    for (const double each : window_.values()) sum += each;
    mean_ = sum / static_cast<double>(window_.length());
    squares_ = 0;
    for (const double each : window_.values()) squares_ += (each - mean_) * (each - mean_);
}

}  // namespace astro::market
