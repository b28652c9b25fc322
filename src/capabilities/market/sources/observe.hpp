#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities/market/engine/candle.hpp"
#include "capabilities/market/sources/exchange_text.hpp"
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

/// The middle of the best prices, and half of their distance, rounded up; 0 < bid < ask. Without a
/// time it counts as published when it was received.
[[nodiscard]] inline Observation observation_of(std::string_view source, const SourceAsset& asset,
                                                const ExchangeQuote& ticker, TimestampNs received) {
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

/// Spot and USD-M tell sizes in the base; a contract of COIN-M is 100 dollars of BTC, 10 of
/// anything else (Binance's contract specifications). Nothing for what does not fit.
[[nodiscard]] inline std::optional<CandleTrade> candle_trade_of(BinanceVenue venue,
                                                                const PublicTrade& trade) {
    CandleTrade out{.seq = TradeSeq{trade.id},
                    .time = TimeMs{trade.time.value() / milliseconds(1).value()},
                    .price = trade.price};
    Int128 size = static_cast<Int128>(trade.size.value()) * 10;  // 1e-8 to 1e-9
    if (venue == BinanceVenue::coin_m) {
        if (trade.price <= Price{0}) return std::nullopt;
        const int dollars = trade.symbol.starts_with("BTCUSD") ? 100 : 10;
        const Int128 value = static_cast<Int128>(trade.size.value()) * dollars / 100;  // 1e-6
        if (value > INT64_MAX) return std::nullopt;
        out.value = Quote{static_cast<std::int64_t>(value)};
        size = value * exchange::kBaseUnit / trade.price.value();
    }
    if (size > INT64_MAX) return std::nullopt;
    out.size = Base{static_cast<std::int64_t>(size)};
    if (venue != BinanceVenue::coin_m) out.value = trade_value(out.price, out.size);
    return out;
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
