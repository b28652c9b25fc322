#include "capabilities/exchange/engine/formulas/drift_spot.hpp"

#include <algorithm>

namespace astro::exchange::formulas {
namespace {

constexpr std::int64_t kPpm = 1'000'000, kPpmOfBps = 100;
constexpr int kQuoteDecimals = 6;

/// amount in the decimals of another token: scaled up before, or cut after, the division.
struct Scale {
    Int128 up, down;
};
Scale scale(int from, int to) {
    return {power_of_ten(std::max(0, to - from)), power_of_ten(std::max(0, from - to))};
}

/// amount of `from` worth as much of `to`, at their prices and multipliers.
std::optional<Int128> convert(Int128 amount, const SpotLeg& from, const SpotLeg& to,
                              Rounding rounding) {
    const auto [up, down] = scale(from.decimals, to.decimals);
    const auto scaled = checked_mul(amount, up);
    if (!scaled) return std::nullopt;
    const Int128 gain = static_cast<Int128>(from.price.value()) * to.multiplier_ppm;
    const Int128 cost = static_cast<Int128>(to.price.value()) * from.multiplier_ppm;
    const auto whole = mul_div_wide(*scaled, gain, cost, rounding);
    if (!whole) return std::nullopt;
    return div_round(*whole, down, rounding);
}

}  // namespace

std::optional<Int128> drift_liability_to_cover(Quote shortage, const SpotLeg& asset,
                                               const SpotLeg& liability,
                                               std::int64_t insurance_fee_ppm) {
    constexpr Int128 kTenthBps = 10;  // ten times finer weights, as the source
    constexpr Int128 kWeightOne = kTenthBps * 10'000;
    const Int128 price = liability.price.value();
    const Int128 counted =
        kTenthBps * asset.weight_bps * asset.multiplier_ppm / liability.multiplier_ppm;
    const Int128 freed = price * (kTenthBps * liability.weight_bps - counted);
    const Int128 spent = price * insurance_fee_ppm / kPpm * liability.weight_bps * kTenthBps;
    if (freed <= spent) return std::nullopt;
    const auto [up, down] = scale(kQuoteDecimals, liability.decimals);
    const auto whole = mul_div_wide(shortage.value() * up, kQuoteUnit * kWeightOne, freed - spent,
                                    Rounding::to_zero);
    if (!whole) return std::nullopt;
    return *whole / down;
}

std::optional<Int128> drift_liability_for_asset(Int128 asset_amount, const SpotLeg& asset,
                                                const SpotLeg& liability) {
    return convert(asset_amount, asset, liability, Rounding::ceil);
}

std::optional<Int128> drift_asset_for_liability(Int128 liability_amount, Int128 asset_amount,
                                                const SpotLeg& asset, const SpotLeg& liability) {
    const auto paid = convert(liability_amount, liability, asset, Rounding::to_zero);
    if (!paid) return std::nullopt;
    const Int128 left = static_cast<Int128>(magnitude(*paid - asset_amount));
    const auto worth =
        mul_div_wide(left, asset.price.value(), power_of_ten(asset.decimals), Rounding::to_zero);
    return worth && *worth < kQuoteUnit ? asset_amount : *paid;
}

std::int64_t drift_spot_insurance_fee_ppm(Quote shortage, Int128 liability_amount,
                                          const SpotLeg& asset, const SpotLeg& liability,
                                          std::int64_t max_ppm) {
    if (asset.weight_bps >= liability.weight_bps || liability_amount <= 0) return 0;
    const Int128 owed = static_cast<Int128>(liability.weight_bps) * kPpmOfBps;
    const Int128 counted = static_cast<Int128>(asset.weight_bps) * kPpmOfBps *
                           asset.multiplier_ppm / liability.multiplier_ppm;
    const auto per_token = mul_div_wide(shortage.value(), power_of_ten(liability.decimals),
                                        liability_amount, Rounding::to_zero);
    if (!per_token) return 0;
    const auto needed =
        mul_div_wide(*per_token, kQuoteUnit, liability.price.value(), Rounding::to_zero);
    if (!needed || owed <= counted || owed - counted <= *needed) return 0;
    const Int128 fee = (owed - counted - *needed) * kPpm / owed;
    return static_cast<std::int64_t>(std::min<Int128>(fee, max_ppm));
}

}  // namespace astro::exchange::formulas
