#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities/market/sources/source_text.hpp"

/// What the loopback server says in the formats of other exchanges than Binance's: the same best
/// bids and asks and the same trades, made into their messages.
namespace astro::feeds {

/// Of Coinbase's and Kraken's spot markets.
enum class OtherFormat : std::uint8_t { coinbase, kraken };

[[nodiscard]] std::string ticker_text(OtherFormat format, std::string_view symbol,
                                      const market::BookTicker& ticker, TimestampNs now);
[[nodiscard]] std::string trade_text(OtherFormat format, std::string_view symbol,
                                     const market::PublicTrade& trade);
/// What a subscription asks for: the markets it names. Empty when it is none.
[[nodiscard]] std::vector<std::string> subscribed_symbols(market::JsonDocument& document,
                                                          std::string_view text);

}  // namespace astro::feeds
