#include "capabilities/exchange/engine/formulas/interest.hpp"

#include <algorithm>
#include <array>

namespace astro::exchange::formulas {
namespace {

constexpr std::int64_t kPpm = 1'000'000, kRateMax = 10'000'000, kFirstStep = 850'000;
constexpr std::int64_t kYearSeconds = 31'536'000;

struct Step {
    std::int64_t to_ppm, part_percent;
};
constexpr std::array kSteps{Step{kFirstStep, 5}, Step{900'000, 10}, Step{950'000, 15},
                            Step{990'000, 20},   Step{995'000, 25}, Step{kPpm, 25}};

Unexpected bad(std::string_view field, const std::string& message) {
    return refusal("bad_borrow_curve", std::string(field) + " " + message, std::string(field));
}

std::int64_t steep_rate(const BorrowCurve& curve, std::int64_t used) {
    const std::int64_t span = curve.max_rate_ppm - curve.optimal_rate_ppm;
    std::int64_t rate = curve.optimal_rate_ppm;
    std::int64_t from = curve.optimal_utilization_ppm;
    for (const auto& step : kSteps) {
        const std::int64_t rise = span * step.part_percent / 100;
        if (used <= step.to_ppm) return rate + rise * (used - from) / (step.to_ppm - from);
        rate += rise;
        from = step.to_ppm;
    }
    return rate;
}

}  // namespace

static_assert(kRateMax < kInt64Max / kPpm / 100);

Result<void> check_borrow_curve(const BorrowCurve& c) {
    if (c.optimal_utilization_ppm < 1 || c.optimal_utilization_ppm > kFirstStep)
        return bad("optimal_utilization_ppm", "is from 1 to 850000, where the steps begin");
    if (c.max_rate_ppm < 0 || c.max_rate_ppm > kRateMax)
        return bad("max_rate_ppm", "is from 0 to 10000000");
    if (c.optimal_rate_ppm < 0 || c.optimal_rate_ppm > c.max_rate_ppm)
        return bad("optimal_rate_ppm", "is from 0 to max_rate_ppm");
    if (c.min_rate_ppm < 0 || c.min_rate_ppm > c.max_rate_ppm)
        return bad("min_rate_ppm", "is from 0 to max_rate_ppm");
    return {};
}

std::int64_t utilization_ppm(Int128 deposits, Int128 borrows) {
    if (borrows == 0) return 0;
    if (borrows >= deposits) return kPpm;
    return static_cast<std::int64_t>(
        mul_div_wide(borrows, kPpm, deposits, Rounding::to_zero).value_or(kPpm));
}

std::int64_t borrow_rate_ppm(const BorrowCurve& curve, std::int64_t used) {
    std::int64_t rate = 0;
    if (used <= curve.optimal_utilization_ppm) {
        const std::int64_t slope = curve.optimal_rate_ppm * kPpm / curve.optimal_utilization_ppm;
        rate = static_cast<std::int64_t>(static_cast<Int128>(used) * slope / kPpm);
    } else {
        rate = steep_rate(curve, used);
    }
    return std::max(rate, curve.min_rate_ppm);
}

std::int64_t deposit_rate_ppm(std::int64_t borrow_rate, std::int64_t used,
                              std::int64_t insurance_share_ppm) {
    return static_cast<std::int64_t>(static_cast<Int128>(borrow_rate) *
                                     (kPpm - insurance_share_ppm) * used / kPpm / kPpm);
}

Int128 interest(Int128 amount, std::int64_t rate_ppm, std::int64_t seconds, Rounding rounding) {
    const Int128 speed = static_cast<Int128>(rate_ppm) * seconds;
    return mul_div_wide(amount, speed, static_cast<Int128>(kYearSeconds) * kPpm, rounding)
        .value_or(kInt128Max);
}

}  // namespace astro::exchange::formulas
