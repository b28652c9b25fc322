#pragma once

#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/market_model.hpp"

/// What a market's ticker and book are at Binance: for REST and the streams.
namespace astro::binance {

[[nodiscard]] Ticker24h ticker_24h(const Around& around, const Listed& listed,
                                   const exchange::Ticker& ticker);
[[nodiscard]] BookTicker book_ticker(const Around& around, const Listed& listed);
[[nodiscard]] PremiumIndex premium_index(const Listed& listed, const exchange::Ticker& ticker);
/// Of a market that is listed.
[[nodiscard]] exchange::Ticker ticker_of(const Around& around, const Listed& listed);

}  // namespace astro::binance
