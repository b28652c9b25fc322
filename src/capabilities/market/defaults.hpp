#pragma once

#include <string>
#include <vector>

#include "capabilities/market/engine/model.hpp"
#include "foundation/base/result.hpp"

/// Which assets and sources there are unless the settings say otherwise.
namespace astro::market {

/// What the sources call an asset; empty: a source does not have it.
struct AssetNames {
    std::string asset;           ///< "SOL"
    std::string pyth;            ///< feed id
    std::string coingecko;       ///< coin id
    std::string spot;            ///< "SOLUSDT"
    std::string usdm;            ///< "SOLUSDT"
    std::string coinm;           ///< "SOLUSD_PERP"
    std::string coinbase;        ///< "SOL-USD"
    std::string kraken;          ///< "SOL/USD"
    std::string kraken_futures;  ///< "PF_SOLUSD"
};

/// SOL, BTC, ETH, XLM.
[[nodiscard]] const std::vector<AssetNames>& known_assets();
/// Which of the names a source means; of the pools, and of what is no source, none.
[[nodiscard]] std::string AssetNames::* names_at(std::string_view source);
/// The name of one of those, or "ASSET|pyth|coingecko|spot|usdm|coinm|coinbase|kraken|kraken
/// futures", of which the last three may be left out. "bad_asset".
[[nodiscard]] Result<AssetNames> parse_asset(std::string_view text);

/// pyth, binance_spot, coinbase, kraken, coingecko (rank 1), binance_usdm, binance_coinm,
/// kraken_futures and pools (reference), each as "name|role|rank|weight|age in ms".
[[nodiscard]] const std::vector<std::string>& default_source_rules();
/// "bad_source" says what is wrong.
[[nodiscard]] Result<SourceRule> parse_source_rule(std::string_view text);

}  // namespace astro::market
