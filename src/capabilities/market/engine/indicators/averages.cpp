#include "capabilities/market/engine/indicators/averages.hpp"

namespace astro::market {

double WeightedAverage::next(double value) {
    const auto period = static_cast<double>(window_.length());
    const bool was_full = window_.full();
    const double before = sum_;
    const double out = window_.push(value);
    sum_ += value - out;
    if (was_full) {
        weighted_ += period * value - before;  // each of those before weighs one less
    } else {
        weighted_ = 0;  // added up below, once the window is full
    }
    if (window_.wrapped()) {
        sum_ = weighted_ = 0;
        double weight = 0;
        for (const double each : window_.values()) {
            sum_ += each;
            weighted_ += each * ++weight;
        }
    }
    return window_.full() ? weighted_ / (period * (period + 1) / 2) : kNothing;
}

}  // namespace astro::market
