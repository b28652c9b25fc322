#include "capabilities/exchange/engine/formulas/liquidation.hpp"

#include <algorithm>

namespace astro::exchange::formulas {
namespace {

std::optional<Price> as_price(std::optional<Int128> value) {
    if (!value || *value <= 0 || *value > kInt64Max) return std::nullopt;
    return Price{static_cast<std::int64_t>(*value)};
}

/// distance * 1e9 / |size|, on the side of the mark where the position loses.
std::optional<Price> away_from(Price mark, Base size, const std::optional<Int128>& distance) {
    if (!distance) return std::nullopt;
    return as_price(size > Base{0} ? mark.value() - *distance : mark.value() + *distance);
}

Int128 size_of(Base size) {
    return static_cast<Int128>(magnitude(size.value()));
}

// close_restores counts in 1e-6 quote * 1e-9 base * 1e-4 ratio * 1e-4 buffer.
constexpr Int128 kBaseScale = kBaseUnit;
constexpr Int128 kRatioScale = static_cast<Int128>(kBpsOne) * kBpsOne;
static_assert(static_cast<Int128>(kNotionalMax.value()) * kBaseScale * kMarginRatioMaxBps <
                  kInt128Max / (2 * kBpsOne) / 8,
              "the requirement of the largest position");
static_assert(static_cast<Int128>(kInt64Max) * kBaseScale * kRatioScale < kInt128Max / 8,
              "any equity");

Int128 loss_per_base(const CloseTerms& t) {  // 1e-6 of Price, with the fee
    const Int128 fall = t.size > Base{0} ? (t.mark - t.exit).value() : (t.exit - t.mark).value();
    return fall * kPpmOne + static_cast<Int128>(t.exit.value()) * t.fee_ppm;
}

}  // namespace

std::optional<Price> dydx_fillable_price(Base size, Price oracle, Quote position_maintenance,
                                         const AccountMargin& account, const DydxFillable& terms) {
    const Int128 total = account.maintenance.value();
    const Int128 missing = total - account.equity.value();
    // The share in 1 / (1e6 * total), clamped to one.
    const Int128 share = std::clamp<Int128>(missing * terms.adjustment_ppm, 0, total * kPpmOne);
    // spread = share * spread ratio * maintenance / |size|, and back into prices (1e9 a base).
    const auto spread_quote_e9 =
        mul_div_wide(share * terms.spread_to_maintenance_ppm,
                     static_cast<Int128>(position_maintenance.value()) * kBaseUnit, total * kPpmOne,
                     Rounding::floor);
    if (!spread_quote_e9) return std::nullopt;
    // Rounding the distance down rounds the price toward the oracle: toward the account.
    return away_from(oracle, size, *spread_quote_e9 / (size_of(size) * kPpmOne));
}

std::optional<Quote> dydx_bankruptcy_quote(Quote notional_change, Quote maintenance_change,
                                           const AccountMargin& account) {
    // -a - x rounded up is -a - (x rounded down).
    const auto share = mul_div_wide(account.equity.value(),
                                    static_cast<Int128>(magnitude(maintenance_change.value())),
                                    account.maintenance.value(), Rounding::floor);
    if (!share) return std::nullopt;
    const auto quote = narrow64(-static_cast<Int128>(notional_change.value()) - *share);
    if (!quote) return std::nullopt;
    return Quote{*quote};
}

std::optional<Price> bankruptcy_price(Base size, Price mark, Quote position_maintenance,
                                      const AccountMargin& account) {
    const Int128 divisor = account.maintenance.value() * size_of(size);
    const Int128 scaled = static_cast<Int128>(account.equity.value()) * kBaseUnit;
    if (divisor == 0) return std::nullopt;
    return away_from(mark, size,
                     mul_div_wide(scaled, position_maintenance.value(), divisor, Rounding::floor));
}

std::optional<Price> liquidation_price(Base size, Price mark, std::int64_t ratio_bps,
                                       const AccountMargin& account) {
    const std::int64_t side = size > Base{0} ? 1 : -1;
    const Int128 left = kBpsOne - static_cast<Int128>(side) * ratio_bps;
    if (left <= 0) return std::nullopt;
    const Int128 available =
        (static_cast<Int128>(account.equity.value()) - account.maintenance.value()) * kBaseUnit;
    return away_from(mark, size,
                     mul_div_wide(available, kBpsOne, size_of(size) * left, Rounding::floor));
}

bool close_restores(const CloseTerms& t, Base part) {
    const Base rest{static_cast<std::int64_t>(size_of(t.size) - part.value())};
    const Int128 lost = loss_per_base(t) * part.value();  // 1e-21 quote
    const Int128 ratio = margin_ratio_bps(t.margin, rest, MarginKind::maintenance);
    const Int128 kept = static_cast<Int128>(t.mark.value()) * rest.value() * ratio;  // 1e-19
    const Int128 wanted = kBpsOne + t.buffer_bps;
    const Int128 needed =
        kept * wanted + t.other_maintenance.value() * kBaseScale * kBpsOne * wanted;
    const Int128 have = t.equity.value() * kBaseScale * kRatioScale;
    return have - lost * (kRatioScale / kPpmOne) >= needed;
}

CloseSize size_to_close(const CloseTerms& t) {
    const auto whole = static_cast<std::int64_t>(size_of(t.size) / t.lot.value());
    const auto restores = [&](std::int64_t lots) {
        return close_restores(t, Base{lots * t.lot.value()});
    };
    if (restores(0)) return {Base{0}, true};
    if (!restores(whole)) return {Base{whole * t.lot.value()}, false};
    // What is enough stays enough, so that halving finds the least. The ratio r never grows with
    // a falling rest: while r(rest) is above the cost, each lot leaves the account better off;
    // from there on the rest needs at most what closing it would cost, so the account is never
    // worse than after closing the whole, which is enough.
    std::int64_t too_few = 0, enough = whole;
    while (enough - too_few > 1) {
        const std::int64_t middle = too_few + (enough - too_few) / 2;
        (restores(middle) ? enough : too_few) = middle;
    }
    return {Base{enough * t.lot.value()}, true};
}

}  // namespace astro::exchange::formulas
