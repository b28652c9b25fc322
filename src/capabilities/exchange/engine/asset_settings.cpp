#include "capabilities/exchange/engine/asset_settings.hpp"

#include <algorithm>
#include <array>

namespace astro::exchange {
namespace {

constexpr std::int64_t kAmountMax = std::int64_t{1} << 60;

bool is_asset_name(std::string_view text) {
    return !text.empty() && text.size() <= 12 && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

Unexpected bad(std::string_view field, const std::string& message) {
    return refusal("bad_asset", std::string(field) + " " + message, std::string(field));
}

struct Bound {
    std::string_view field;
    std::int64_t AssetSettings::* value;
    std::int64_t min, max;
};
constexpr std::array kBounds{
    Bound{"decimals", &AssetSettings::decimals, 0, 12},
    Bound{"maintenance_weight_bps", &AssetSettings::maintenance_weight_bps, 0, 10'000},
    Bound{"maintenance_liability_weight_bps", &AssetSettings::maintenance_liability_weight_bps,
          10'000, 50'000},
    Bound{"imf_factor_ppm", &AssetSettings::imf_factor_ppm, 0, 1'000'000},
    Bound{"borrow_utilization_max_ppm", &AssetSettings::borrow_utilization_max_ppm, 0, 1'000'000},
    Bound{"interest_insurance_ppm", &AssetSettings::interest_insurance_ppm, 0, 1'000'000},
    Bound{"liquidation_fee_ppm", &AssetSettings::liquidation_fee_ppm, 0, 200'000}};

struct AmountBound {
    std::string_view field;
    Amount AssetSettings::* value;
};
constexpr std::array kAmounts{AmountBound{"deposit_cap", &AssetSettings::deposit_cap},
                              AmountBound{"borrow_account_max", &AssetSettings::borrow_account_max},
                              AmountBound{"interest_free", &AssetSettings::interest_free}};

}  // namespace

Result<void> check_asset(const AssetSettings& asset) {
    if (!is_asset_name(asset.symbol)) return bad("symbol", "has 1 to 12 of A-Z and 0-9");
    for (const auto& bound : kBounds)
        if (const auto value = asset.*bound.value; value < bound.min || value > bound.max)
            return bad(bound.field,
                       "is from " + std::to_string(bound.min) + " to " + std::to_string(bound.max));
    for (const auto& bound : kAmounts)
        if (asset.*bound.value < Amount{0} || asset.*bound.value > Amount{kAmountMax})
            return bad(bound.field, "is from 0 to " + std::to_string(kAmountMax));
    if (asset.initial_weight_bps < 0 || asset.initial_weight_bps > asset.maintenance_weight_bps)
        return bad("initial_weight_bps", "is from 0 to maintenance_weight_bps");
    if (asset.initial_liability_weight_bps < asset.maintenance_liability_weight_bps ||
        asset.initial_liability_weight_bps > 50'000)
        return bad("initial_liability_weight_bps",
                   "is from maintenance_liability_weight_bps to 50000");
    if (const auto curve = formulas::check_borrow_curve(borrow_curve(asset)); !curve)
        return bad("borrow_" + curve.error().where, curve.error().message);
    return {};
}

}  // namespace astro::exchange
