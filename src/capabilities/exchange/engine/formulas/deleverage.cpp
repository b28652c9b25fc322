#include "capabilities/exchange/engine/formulas/deleverage.hpp"

namespace astro::exchange::formulas {
namespace {

constexpr Int128 kOne = 1'000'000;

std::int64_t ratio(Int128 a, Int128 b, Int128 divisor) {
    const auto value = mul_div_wide(a, b, divisor, Rounding::to_zero);
    if (value) return saturate64(*value);
    return (a < 0) != (b < 0) ? kInt64Min : kInt64Max;
}

Int128 size_of(const RankedPosition& p) {
    return static_cast<Int128>(magnitude(p.size.value()));
}

/// Notional at the mark in 1e-15 of the quote.
Int128 worth(const RankedPosition& p) {
    return size_of(p) * p.mark.value();
}

/// Profit on a base, in 1e-6 of the entry price.
Int128 profit_ppm(const RankedPosition& p) {
    const Int128 rise = static_cast<Int128>(p.mark.value()) - p.entry.value();
    return (p.size > Base{0} ? rise : -rise) * kOne / p.entry.value();
}

}  // namespace

std::int64_t hyperliquid_deleverage_rank(const RankedPosition& p) {
    if (p.account_value <= Quote{0}) return kInt64Max;
    const bool is_long = p.size > Base{0};
    const Int128 gain = static_cast<Int128>((is_long ? p.mark : p.entry).value()) * kOne /
                        (is_long ? p.entry : p.mark).value();
    return ratio(worth(p), gain, static_cast<Int128>(p.account_value.value()) * kBaseUnit);
}

std::int64_t binance_deleverage_rank(const RankedPosition& p) {
    const Int128 profit = profit_ppm(p);
    const Int128 value = p.account_value.value(), needed = p.account_maintenance.value();
    if (profit >= 0) return value <= 0 ? kInt64Max : ratio(profit, needed, value);
    return needed <= 0 || value <= 0 ? kInt64Min : ratio(profit, value, needed);
}

std::int64_t deleverage_rank(const RankedPosition& p) {
    const Int128 profit = profit_ppm(p);
    if (p.account_value <= Quote{0}) return profit > 0 ? kInt64Max : kInt64Min;
    return ratio(worth(p), profit, static_cast<Int128>(p.account_value.value()) * kBaseUnit);
}

}  // namespace astro::exchange::formulas
