#include "capabilities/market/engine/indicators/strength.hpp"

#include <cmath>

namespace astro::market {
namespace {

/// Sums that have decayed to less hold nothing but rounding.
constexpr double kGone = std::numeric_limits<double>::min() * 1e16;

/// Of a price: what adding three of them and dividing may be wrong by. Equal typical prices count
/// as neither risen nor fallen.
constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();

double share_of(double part, double rest) {
    const double all = part + rest;
    return all > kGone ? 100 * (part / all) : 0;
}

double true_range(const Bar& bar, double close_before) {
    return std::max(
        {bar.high - bar.low, std::abs(bar.high - close_before), std::abs(bar.low - close_before)});
}

}  // namespace

double RelativeStrength::next(double close) {
    const double change = close - last_;
    last_ = close;
    if (std::isnan(change)) return kNothing;
    const double gain = gains_.next(std::max(change, 0.0));
    const double loss = losses_.next(std::max(-change, 0.0));
    return std::isnan(gain) ? kNothing : share_of(gain, loss);
}

Macd::Value Macd::next(double close) {
    const double slow = slow_.next(close);
    if (skipped_ > 0) {
        --skipped_;
        return {};
    }
    const double fast = fast_.next(close);
    if (std::isnan(slow)) return {};
    const double macd = fast - slow;
    const double signal = signal_.next(macd);
    return std::isnan(signal) ? Value{} : Value{macd, signal, macd - signal};
}

Stochastic::Value Stochastic::next(const Bar& bar) {
    high_.push(bar.high);
    low_.push(bar.low);
    if (!high_.full()) return {};
    const double range = (high_.value() - low_.value()) / 100;
    const double slow_k = slow_k_.next(range > 0 ? (bar.close - low_.value()) / range : 0);
    if (std::isnan(slow_k)) return {};
    const double slow_d = slow_d_.next(slow_k);
    return std::isnan(slow_d) ? Value{} : Value{slow_k, slow_d};
}

double MoneyFlow::next(const Bar& bar) {
    const double typical = (bar.high + bar.low + bar.close) / 3;
    const double change = typical - last_;
    last_ = typical;
    if (std::isnan(change)) return kNothing;
    const double flow = typical * bar.volume;
    const double rounding = typical * kRounding;
    rising_.push(change > rounding ? flow : 0);
    falling_.push(change < -rounding ? flow : 0);
    return rising_.full() ? share_of(rising_.sum(), falling_.sum()) : kNothing;
}

DirectionalMovement::Value DirectionalMovement::next(const Bar& bar) {
    const Bar before = last_;
    last_ = bar;
    if (!any_) {
        any_ = true;
        return {};
    }
    const double up = bar.high - before.high, down = before.low - bar.low;
    plus_.push(up > 0 && up > down ? up : 0);
    minus_.push(down > 0 && down > up ? down : 0);
    if (!range_.push(true_range(bar, before.close))) return {};
    Value out{0, 0, kNothing};
    if (range_.sum() > kGone) {
        out.plus = 100 * (plus_.sum() / range_.sum());
        out.minus = 100 * (minus_.sum() / range_.sum());
    }
    const double all = out.plus + out.minus;
    average(all > 0 ? 100 * (std::abs(out.minus - out.plus) / all) : 0, all > 0);
    if (counted_ >= period_) out.adx = adx_;
    return out;
}

/// A bar that says nothing leaves the average as it is.
void DirectionalMovement::average(double dx, bool any) {
    if (counted_ < period_) {
        adx_ += dx;
        if (++counted_ == period_) adx_ /= period_;
    } else if (any) {
        adx_ = (adx_ * (period_ - 1) + dx) / period_;
    }
}

}  // namespace astro::market
