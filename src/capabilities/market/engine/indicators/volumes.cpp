#include "capabilities/market/engine/indicators/volumes.hpp"

#include <algorithm>
#include <cmath>

namespace astro::market {

double OnBalanceVolume::next(const Bar& bar) {
    if (std::isnan(last_) || bar.close > last_)
        volume_ += bar.volume;
    else if (bar.close < last_)
        volume_ -= bar.volume;
    last_ = bar.close;
    return volume_;
}

VolumePrice::Value VolumePrice::next(const Bar& bar) {
    const std::int64_t anchor = bar.start_ms / anchor_ms_;
    if (anchor != anchor_) {
        anchor_ = anchor;
        volume_ = mean_ = squares_ = 0;
    }
    if (bar.volume > 0) {
        const double typical = (bar.high + bar.low + bar.close) / 3;
        volume_ += bar.volume;
        const double before = mean_;
        mean_ += (typical - before) * (bar.volume / volume_);
        squares_ += bar.volume * (typical - before) * (typical - mean_);
    }
    if (!(volume_ > 0)) return {};
    return {mean_, std::sqrt(std::max(0.0, squares_) / volume_)};
}

VolumeProfile::VolumeProfile(double low, double width, std::size_t bins)
    : low_(low), width_(width), bins_(std::clamp<std::size_t>(bins, 1, kBinsMax)) {}

std::size_t VolumeProfile::bin_of(double price) const {
    const double place = (price - low_) / width_;
    if (!(place > 0)) return 0;
    return std::min(static_cast<std::size_t>(std::min(place, 1e9)), bins_.size() - 1);
}

void VolumeProfile::add(const Bar& bar) {
    if (!(bar.volume > 0)) return;
    volume_ += bar.volume;
    const std::size_t first = bin_of(bar.low), last = bin_of(bar.high);
    const double range = bar.high - bar.low;
    if (first == last || !(range > 0)) return put(first, bar.volume);
    for (std::size_t i = first; i <= last; ++i) {
        const double begin = i == first ? bar.low : low_ + width_ * static_cast<double>(i);
        const double end = i == last ? bar.high : low_ + width_ * static_cast<double>(i + 1);
        put(i, bar.volume * (std::max(0.0, end - begin) / range));
    }
}

/// Bins only grow: the greatest is found without looking at the others.
void VolumeProfile::put(std::size_t bin, double volume) {
    const double now = bins_[bin] += volume;
    if (now > bins_[control_] || (now == bins_[control_] && bin < control_)) control_ = bin;
}

ProfileFigures VolumeProfile::figures(double share) const {
    ProfileFigures out{.volume = volume_};
    if (!(volume_ > 0)) return out;
    std::size_t low = control_, high = control_;  // both within the area
    double inside = bins_[control_];
    const auto above = [&](std::size_t count) {
        double sum = 0;
        for (std::size_t i = 1; i <= count && high + i < bins_.size(); ++i) sum += bins_[high + i];
        return sum;
    };
    const auto below = [&](std::size_t count) {
        double sum = 0;
        for (std::size_t i = 1; i <= count && i <= low; ++i) sum += bins_[low - i];
        return sum;
    };
    while (inside < share * volume_ && (low > 0 || high + 1 < bins_.size())) {
        const double up = above(2), down = below(2);
        if (high + 1 < bins_.size() && (up >= down || low == 0)) {
            inside += up;
            high = std::min(high + 2, bins_.size() - 1);
        } else {
            inside += down;
            low = low > 2 ? low - 2 : 0;
        }
    }
    const auto edge = [&](std::size_t bin) { return low_ + width_ * static_cast<double>(bin); };
    out.control = edge(control_) + width_ / 2;
    out.value_low = edge(low);
    out.value_high = edge(high + 1);
    out.share = inside / volume_;
    return out;
}

VolumeProfile profile_of(std::span<const Bar> bars, std::size_t bins) {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (const auto& bar : bars) {
        low = std::min(low, bar.low);
        high = std::max(high, bar.high);
    }
    const double width = (high - low) / static_cast<double>(bins);
    // One price alone has no width: everything is in one bin.
    VolumeProfile out(bars.empty() ? 0 : low, width > 0 ? width : 1, width > 0 ? bins : 1);
    for (const auto& bar : bars) out.add(bar);
    return out;
}

}  // namespace astro::market
