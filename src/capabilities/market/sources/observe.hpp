#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities/market/sources/source.hpp"
#include "capabilities/market/sources/source_text.hpp"

/// What a source's values say of an asset.
namespace astro::market {

[[nodiscard]] inline const SourceAsset* find_asset(const std::vector<SourceAsset>& assets,
                                                   std::string_view foreign) {
    for (const auto& asset : assets)
        if (asset.foreign == foreign) return &asset;
    return nullptr;
}

/// The middle of the best prices, and half of their distance, rounded up; 0 < bid < ask. Spot names
/// no time: it counts as published when it was received.
[[nodiscard]] inline Observation observation_of(std::string_view source, const SourceAsset& asset,
                                                const BookTicker& ticker, TimestampNs received) {
    const std::int64_t spread = (ticker.ask - ticker.bid).value();
    return {.source = std::string(source),
            .asset = asset.asset,
            .price = Price{ticker.bid.value() + spread / 2},
            .confidence = Price{(spread + 1) / 2},
            .published = ticker.time.value_or(received),
            .received = received,
            .label = asset.label};
}

[[nodiscard]] inline Observation observation_of(std::string_view source, const SourceAsset& asset,
                                                const PythPrice& price, TimestampNs received) {
    return {.source = std::string(source),
            .asset = asset.asset,
            .price = price.price,
            .confidence = price.confidence,
            .average = price.average,
            .published = price.published,
            .received = received,
            .label = asset.label};
}

[[nodiscard]] inline Observation observation_of(std::string_view source, const SourceAsset& asset,
                                                const CoinPrice& price, TimestampNs received) {
    return {.source = std::string(source),
            .asset = asset.asset,
            .price = price.price,
            .published = price.updated.value_or(received),
            .received = received,
            .label = asset.label};
}

/// The worst label of its assets is the source's.
[[nodiscard]] inline SourceStatus initial_status(const SourceOptions& options, SourceKind kind) {
    SourceStatus out{
        .source = options.name, .kind = kind, .state = "connecting", .endpoint = options.url};
    for (const auto& asset : options.assets) {
        out.assets.push_back(asset.asset);
        out.label = std::max(out.label, asset.label);
    }
    return out;
}

}  // namespace astro::market
