#include "capabilities/market/engine/time_average.hpp"

#include <algorithm>

namespace astro::market {

void TimeAverage::set(std::optional<Price> price, TimestampNs now) {
    if (!steps_.empty()) {
        Step& last = steps_.back();
        now = std::max(now, last.begin);
        if (last.price == price) return;
        if (last.begin == now) {
            last.price = price;
            return;
        }
        if (last.price) {
            const std::int64_t stood = (now - last.begin).value();
            sum_ += static_cast<Int128>(last.price->value()) * stood;
            covered_ns_ += stood;
        }
    }
    steps_.push_back({now, price});
    forget(TimestampNs{now.value() - window_.value()});
}

/// Steps that ended before then, and the front part of the one that stood then.
void TimeAverage::forget(TimestampNs before) {
    const auto take = [&](Step& step, TimestampNs end) {
        if (!step.price) return;
        const std::int64_t stood = (end - step.begin).value();
        sum_ -= static_cast<Int128>(step.price->value()) * stood;
        covered_ns_ -= stood;
    };
    while (steps_.size() > 1 && (steps_[1].begin <= before || steps_.size() > kStepsMax)) {
        take(steps_[0], steps_[1].begin);
        steps_.pop_front();
    }
    if (steps_.size() > 1 && steps_[0].begin < before) {
        take(steps_[0], before);
        steps_[0].begin = before;
    }
}

std::optional<Price> TimeAverage::value(TimestampNs now) const {
    if (steps_.empty()) return std::nullopt;
    now = std::max(now, steps_.back().begin);
    const TimestampNs from{now.value() - window_.value()};
    Int128 sum = sum_;
    std::int64_t covered = covered_ns_;
    const auto add = [&](const Step& step, TimestampNs begin, TimestampNs end, int sign) {
        if (!step.price || end <= begin) return;
        sum += static_cast<Int128>(step.price->value()) * (end - begin).value() * sign;
        covered += (end - begin).value() * sign;
    };
    for (std::size_t i = 0; i + 1 < steps_.size() && steps_[i].begin < from; ++i)
        add(steps_[i], steps_[i].begin, std::min(steps_[i + 1].begin, from), -1);
    add(steps_.back(), std::max(steps_.back().begin, from), now, 1);
    if (covered > 0) return Price{static_cast<std::int64_t>(sum / covered)};
    return steps_.back().price;
}

}  // namespace astro::market
