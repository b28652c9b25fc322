#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "capabilities/market/sources/source_text.hpp"
#include "foundation/net/message.hpp"

namespace astro::feeds {

/// The trades that the loopback server has told, or would have: what exchanges answer over REST to
/// who missed some. Not thread-safe.
class PriceHistory {
  public:
    static constexpr std::size_t kKept = 5'000;  ///< of a market

    /// `path`: "/spot", "/coinbase", "/kraken"; `symbol` as its stream names it.
    void note(const std::string& path, const std::string& symbol, const market::PublicTrade& trade);
    /// Binance's historicalTrades, Coinbase's products/…/trades, Kraken's public/Trades, below
    /// those paths. Nothing: it is another request.
    [[nodiscard]] std::optional<std::string> answer(const net::Request& request) const;

  private:
    using Trades = std::deque<market::PublicTrade>;
    [[nodiscard]] const Trades& find(const std::string& path, std::string_view symbol) const;

    std::map<std::string, Trades, std::less<>> trades_;  ///< by path and symbol; oldest first
};

}  // namespace astro::feeds
