#pragma once

#include "capabilities/market/engine/trade_gate.hpp"
#include "capabilities/market/sources/exchange_text.hpp"

/// How exchanges are asked for trades that were missed, and what they answer: no I/O.
namespace astro::market {

/// How many trades one answer has at most.
inline constexpr std::size_t kHistoryPage = 1'000;

/// A source that tells its history by the numbers that its stream tells trades with.
[[nodiscard]] bool has_history(std::string_view source);

/// Binance: GET …/historicalTrades?symbol=&fromId=&limit= (/api/v3, /fapi/v1, /dapi/v1).
/// Coinbase: GET /products/…/trades?after=&limit= (docs.cdp.coinbase.com/exchange/rest-api).
/// Kraken: GET /0/public/Trades?pair=&since=&count= (docs.kraken.com, Get Recent Trades).
[[nodiscard]] std::string history_target(std::string_view source, std::string_view symbol,
                                         const TradeGate::Gap& gap);

/// Oldest first. Refusals: "bad_json", "bad_history"; what an exchange complains of is in its text.
[[nodiscard]] Result<std::vector<ExchangeTrade>> read_history(std::string_view source,
                                                              std::string_view symbol,
                                                              solana::JsonDocument& document,
                                                              std::string_view text);

/// Which numbers of the gap the answer speaks of: those that are not in it are not at the exchange.
struct Covered {
    std::uint64_t first = 1, last = 0;
    [[nodiscard]] bool any() const { return first <= last; }
};
[[nodiscard]] Covered covered(std::string_view source, const TradeGate::Gap& gap,
                              const std::vector<ExchangeTrade>& trades);

}  // namespace astro::market
