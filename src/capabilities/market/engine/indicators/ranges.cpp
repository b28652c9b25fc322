#include "capabilities/market/engine/indicators/ranges.hpp"

#include <cmath>

namespace astro::market {

Bollinger::Value Bollinger::next(double close) {
    moments_.push(close);
    if (!moments_.full()) return {};
    const double width = deviations_ * moments_.deviation();
    return {moments_.mean() + width, moments_.mean(), moments_.mean() - width};
}

double AverageTrueRange::next(const Bar& bar) {
    const double before = last_;
    last_ = bar.close;
    if (std::isnan(before)) return kNothing;
    return average_.next(
        std::max({bar.high - bar.low, std::abs(bar.high - before), std::abs(bar.low - before)}));
}

double Ichimoku::Middle::next(const Bar& bar) {
    high_.push(bar.high);
    low_.push(bar.low);
    return high_.full() ? (high_.value() + low_.value()) / 2 : kNothing;
}

Ichimoku::Ichimoku(std::size_t conversion, std::size_t base, std::size_t span_b)
    : conversion_(conversion), base_(base), span_b_(span_b), later_a_(base), later_b_(base) {}

Ichimoku::Value Ichimoku::next(const Bar& bar) {
    Value out{.conversion = conversion_.next(bar), .base = base_.next(bar)};
    out.span_a_ahead = (out.conversion + out.base) / 2;
    out.span_b_ahead = span_b_.next(bar);
    const bool full = later_a_.full();
    const double a = later_a_.push(out.span_a_ahead), b = later_b_.push(out.span_b_ahead);
    if (full) {
        out.span_a = a;
        out.span_b = b;
    }
    return out;
}

SuperTrend::Value SuperTrend::next(const Bar& bar) {
    const double range = range_.next(bar);
    const double before = close_before_;
    close_before_ = bar.close;
    if (std::isnan(range)) return {};
    const double middle = (bar.high + bar.low) / 2;
    const double upper = middle + ranges_ * range, lower = middle - ranges_ * range;
    if (std::isnan(upper_)) {
        rising_ = bar.close >= middle;
        upper_ = upper;
        lower_ = lower;
    }
    if (upper < upper_ || before > upper_) upper_ = upper;
    if (lower > lower_ || before < lower_) lower_ = lower;
    rising_ = bar.close > (rising_ ? lower_ : upper_);
    return {rising_ ? lower_ : upper_, rising_ ? 1.0 : -1.0};
}

}  // namespace astro::market
