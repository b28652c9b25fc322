#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/market/engine/candle.hpp"
#include "capabilities/market/series_model.hpp"
#include "chains/solana/json_document.hpp"

/// What the streams of exchanges tell, in whichever format, as the same values: best bids and asks
/// for prices, trades for candles. Foreign bytes throughout: what makes no sense is counted.
namespace astro::market {

enum class ExchangeFormat : std::uint8_t { binance, coinbase, kraken, kraken_futures };
BOOST_DESCRIBE_ENUM(ExchangeFormat, binance, coinbase, kraken, kraken_futures)

/// Of the source of this name: "coinbase", "kraken", "kraken_futures"; others speak Binance's.
[[nodiscard]] constexpr ExchangeFormat format_of(std::string_view source) {
    if (source == "coinbase") return ExchangeFormat::coinbase;
    if (source == "kraken") return ExchangeFormat::kraken;
    return source == "kraken_futures" ? ExchangeFormat::kraken_futures : ExchangeFormat::binance;
}

/// How many entries of one message are read; more are refused.
inline constexpr std::size_t kEntriesMax = 1'000;

struct ExchangeQuote {
    std::string symbol{};
    Price bid{}, ask{};
    Base bid_size{}, ask_size{};        ///< 0: not told
    std::optional<TimestampNs> time{};  ///< not every format names one
    [[nodiscard]] bool is_crossed() const { return bid <= Price{0} || bid >= ask; }
};

struct ExchangeTrade {
    std::string symbol{};
    CandleTrade trade{};
    Side side = Side::buy;  ///< of who took
};

/// One message. Nothing in it: of a kind that is passed over.
struct ExchangeNews {
    std::string_view source{};  ///< whose it is: "binance_spot", "coinbase", …
    bool recognised = false;    ///< of a kind that this exchange sends about its markets
    std::vector<ExchangeQuote> quotes{};
    std::vector<ExchangeTrade> trades{};  ///< oldest first
    std::size_t unreadable = 0;           ///< entries without sense
    std::string complaint{};              ///< why the exchange does not do what it was asked
};

/// Refusals: "bad_json", and "bad_binance", "bad_coinbase", "bad_kraken" for what is no message of
/// that exchange, or lacks what a message of its kind must have.
///
/// Coinbase: `ticker` and `match`/`last_match` of the Exchange's WebSocket feed
/// (docs.cdp.coinbase.com/exchange/websocket-feed/channels). A match names the side of who was in
/// the book; the other one took.
/// Kraken: `ticker` and `trade` of WebSocket v2
/// (docs.kraken.com/exchange/api-reference/spot-websocket-v2).
/// Kraken futures: `ticker`, `ticker_lite`, `trade`, `trade_snapshot` of WebSocket v1
/// (docs.kraken.com/api/docs/futures-api). Contracts whose names begin with PI or FI are a dollar
/// each; others count the base.
[[nodiscard]] Result<ExchangeNews> read_exchange(ExchangeFormat format,
                                                 solana::JsonDocument& document,
                                                 std::string_view text);

/// The format of a recorded message, by its members.
[[nodiscard]] Result<ExchangeNews> read_recorded(solana::JsonDocument& document,
                                                 std::string_view text);

/// What is sent once connected, so that quotes and trades of these symbols come.
[[nodiscard]] std::vector<std::string> subscriptions(ExchangeFormat format,
                                                     const std::vector<std::string>& symbols);

}  // namespace astro::market
