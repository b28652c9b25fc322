#include "capabilities/exchange/new_venue.hpp"

namespace astro::exchange {

const std::vector<AssetSettings>& default_assets() {
    static const std::vector<AssetSettings> kAssets{
        {.symbol = "USDC",
         .decimals = 6,
         .initial_weight_bps = 10'000,
         .maintenance_weight_bps = 10'000},
        {.symbol = "SOL",
         .decimals = 9,
         .initial_weight_bps = 8'000,
         .maintenance_weight_bps = 9'000},
        {.symbol = "XLM",
         .decimals = 7,
         .initial_weight_bps = 7'000,
         .maintenance_weight_bps = 8'000},
        {.symbol = "BTC",
         .decimals = 8,
         .initial_weight_bps = 8'500,
         .maintenance_weight_bps = 9'200},
        {.symbol = "ETH",
         .decimals = 9,
         .initial_weight_bps = 8'500,
         .maintenance_weight_bps = 9'200},
        default_governance_asset(),
    };
    return kAssets;
}

std::vector<CommandBody> first_commands(const std::vector<MarketSettings>& markets) {
    std::vector<CommandBody> out;
    for (const auto& asset : default_assets()) out.emplace_back(SetAsset{asset});
    for (const auto& market : markets) out.emplace_back(SetMarket{market});
    return out;
}

}  // namespace astro::exchange
