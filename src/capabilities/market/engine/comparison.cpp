#include "capabilities/market/engine/comparison.hpp"

#include <cmath>

namespace astro::market {
namespace {

std::vector<double> changes_of(const std::vector<double>& values) {
    std::vector<double> out;
    for (std::size_t i = 1; i < values.size(); ++i)
        out.push_back(std::log(values[i] / values[i - 1]));
    return out;
}

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

/// Sum of the products of the distances from the means.
double together(const std::vector<double>& a, const std::vector<double>& b) {
    const double a_mean = mean_of(a), b_mean = mean_of(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - a_mean) * (b[i] - b_mean);
    return sum;
}

}  // namespace

std::vector<MovesBeside> compare(std::span<const std::vector<double>> series) {
    std::vector<MovesBeside> out;
    std::vector<double> first;
    for (const auto& values : series) {
        MovesBeside moves;
        for (const double value : values) moves.rebased.push_back(100 * value / values.front());
        if (!values.empty()) moves.change = values.back() / values.front() - 1;
        const auto changes = changes_of(values);
        if (out.empty()) first = changes;
        if (changes.size() >= 2) {
            const double own = together(changes, changes), base = together(first, first),
                         both = together(changes, first);
            moves.deviation = std::sqrt(own / static_cast<double>(changes.size() - 1));
            if (own > 0 && base > 0) {
                moves.correlation = both / std::sqrt(own * base);
                moves.beta = both / base;
            }
        }
        out.push_back(std::move(moves));
    }
    return out;
}

}  // namespace astro::market
