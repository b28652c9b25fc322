#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "capabilities/market/engine/decimal.hpp"
#include "capabilities/market/engine/model.hpp"
#include "chains/solana/json_document.hpp"

/// What price sources send, read into values: no I/O. Foreign bytes throughout: a message that is
/// not what it should be is refused with a code, members that are not known are passed over.
namespace astro::market {

using solana::JsonDocument;

/// Of an order book, in 1e-8 of the base.
struct QuantityTag : astro::tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 8;
};
using Quantity = Strong<QuantityTag>;

/// Pyth, as Hermes gives it: GET /v2/updates/price/latest, and each event of
/// /v2/updates/price/stream. Source: Hermes' OpenAPI document, ParsedPriceUpdate.
struct PythPrice {
    std::string id{};  ///< 64 hex digits, lower case
    Price price{}, confidence{};
    std::optional<Price> average{};  ///< ema_price
    TimestampNs published{};
};
/// Refusals: "bad_json", "bad_hermes". Feeds whose numbers do not fit are left out and counted.
struct PythUpdate {
    std::vector<PythPrice> prices{};
    std::size_t unreadable = 0;
};
[[nodiscard]] Result<PythUpdate> parse_hermes(JsonDocument& document, std::string_view text);

/// GET /api/v3/simple/price?…&vs_currencies=usd&include_last_updated_at=true
struct CoinPrice {
    std::string id{};  ///< "solana"
    Price price{};
    std::optional<TimestampNs> updated{};
};
struct CoinPrices {
    std::vector<CoinPrice> prices{};
    std::size_t unreadable = 0;  ///< coins without a usable price
};
/// Refusals: "bad_json", "bad_coingecko".
[[nodiscard]] Result<CoinPrices> parse_coingecko(JsonDocument& document, std::string_view text);

/// Binance's streams: spot, USD-M and COIN-M, bare or in the {"stream":…,"data":…} of combined
/// ones. Source: Binance's API documents, WebSocket market streams of the three.
enum class BinanceVenue : std::uint8_t { spot, usd_m, coin_m };
/// What its source is called: "binance_spot", …
[[nodiscard]] constexpr std::string_view source_name(BinanceVenue venue) {
    return venue == BinanceVenue::spot    ? "binance_spot"
           : venue == BinanceVenue::usd_m ? "binance_usdm"
                                          : "binance_coinm";
}

struct BookTicker {
    std::string symbol{};  ///< "BTCUSDT", upper case
    Price bid{}, ask{};
    Quantity bid_size{}, ask_size{};
    std::uint64_t update = 0;
    std::optional<TimestampNs> time{};  ///< spot names none
};
struct PublicTrade {  ///< trade and aggTrade
    std::string symbol{};
    Price price{};
    Quantity size{};
    std::uint64_t id = 0;
    bool buyer_is_maker = false;
    TimestampNs time{};
};
struct MarkPrice {
    std::string symbol{};
    Price mark{}, index{};
    std::int64_t funding_rate = 0;  ///< 1e-8
    TimestampNs next_funding{}, time{};
};
struct BookLevel {
    Price price{};
    Quantity size{};  ///< 0: the level is gone
};
struct DepthDiff {
    std::string symbol{};
    std::uint64_t first = 0, last = 0, previous = 0;  ///< previous: 0 for spot, which names none
    std::vector<BookLevel> bids{}, asks{};
    TimestampNs time{};
};
/// A whole book, from the REST answer that captures hold beside the streams.
struct DepthSnapshot {
    std::uint64_t last = 0;
    std::vector<BookLevel> bids{}, asks{};
};
/// Anything else that is well formed: answers to subscriptions, kinds nobody asked for.
struct OtherMessage {};

struct BinanceMessage {
    BinanceVenue venue = BinanceVenue::spot;  ///< as its members tell, where they do
    std::variant<OtherMessage, BookTicker, PublicTrade, MarkPrice, DepthDiff, DepthSnapshot> body{};
};
/// Refusals: "bad_json", "bad_binance" for a known kind that lacks what it must have.
[[nodiscard]] Result<BinanceMessage> parse_binance(JsonDocument& document, std::string_view text);

/// How many levels of one side of a message are read; more are refused.
inline constexpr std::size_t kLevelsMax = 5'000;

}  // namespace astro::market
