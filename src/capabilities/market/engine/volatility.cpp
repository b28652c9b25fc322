#include "capabilities/market/engine/volatility.hpp"

#include <cmath>

namespace astro::market {

constexpr double kYearMs = 365.0 * 86'400'000.0;

RealisedVolatility::RealisedVolatility(std::size_t changes, double step_ms)
    : squares_(changes), steps_a_year_(kYearMs / step_ms) {}

void RealisedVolatility::add_square(double x) {
    const double sum = sum_ + x;
    lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
}

void RealisedVolatility::add(double price) {
    if (!(price > 0) || !(last_ > 0)) {
        count_ = next_ = 0;
        sum_ = lost_ = 0;
        last_ = price > 0 ? price : 0;
        return;
    }
    const double change = std::log(price / last_);
    last_ = price;
    if (count_ == squares_.size()) add_square(-squares_[next_]);
    squares_[next_] = change * change;
    add_square(squares_[next_]);
    next_ = (next_ + 1) % squares_.size();
    count_ += count_ < squares_.size() ? 1 : 0;
}

std::optional<double> RealisedVolatility::value() const {
    if (count_ < squares_.size()) return std::nullopt;
    const double mean = std::max(0.0, sum_ + lost_) / static_cast<double>(squares_.size());
    return std::sqrt(mean * steps_a_year_);
}

}  // namespace astro::market
