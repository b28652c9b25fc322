#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/market/engine/book_figures.hpp"
#include "capabilities/market/engine/candle.hpp"
#include "capabilities/market/engine/model.hpp"

/// Series of trades as the API gives them: the venue's markets and what foreign exchanges trade.
namespace astro::market {

using exchange::Side;

/// A trade that a source has told.
struct SourceTrade {
    std::string source{}, symbol{};  ///< "binance_spot", "BTCUSDT"
    std::string asset{};
    PriceLabel label = PriceLabel::live;
    CandleTrade trade{};
    Side side = Side::buy;  ///< of who took
    std::string quote{};    ///< what prices are told in; empty: as the symbol says
};

struct SourceQuote {
    std::string_view source{}, symbol{};
    DepthLevel bid{}, ask{};
    TimeMs time{};
};

/// "SOL-PERP" of the venue; "binance_spot:BTCUSDT" of a source.
struct SeriesInfo {
    std::string symbol{}, source{}, base{}, quote{};
    PriceLabel label = PriceLabel::live;
    bool simulated = false;  ///< traded with play money
    Price tick{1};           ///< prices are multiples of it
    bool operator==(const SeriesInfo&) const = default;
};
BOOST_DESCRIBE_STRUCT(SeriesInfo, (), (symbol, source, base, quote, label, simulated, tick))

/// A price of 0: there is none yet.
struct SeriesTicker {
    std::string symbol{}, source{};
    PriceLabel label = PriceLabel::live;
    bool simulated = false;
    TimeMs time{};
    Price last{};
    std::optional<Price> best_bid{}, best_ask{};
    // Of the last 24 hours, in whole minutes.
    Price open_24h{}, high_24h{}, low_24h{};
    std::int64_t change_24h_bps = 0;
    Base volume_24h{};
    Quote value_24h{};
    std::int64_t trades_24h = 0;
    std::optional<Price> vwap_24h{};
};
BOOST_DESCRIBE_STRUCT(SeriesTicker, (),
                      (symbol, source, label, simulated, time, last, best_bid, best_ask, open_24h,
                       high_24h, low_24h, change_24h_bps, volume_24h, value_24h, trades_24h,
                       vwap_24h))

struct SeriesTrade {
    TradeSeq trade{};
    TimeMs time{};
    Price price{};
    Base size{};
    Side side = Side::buy;
};
BOOST_DESCRIBE_STRUCT(SeriesTrade, (), (trade, time, price, size, side))

struct SeriesLevel {
    Price price{};
    Base size{};
};
BOOST_DESCRIBE_STRUCT(SeriesLevel, (), (price, size))

/// Best levels first; of a foreign exchange the best one of each side alone.
struct SeriesDepth {
    std::string symbol{};
    TimeMs time{};
    std::vector<SeriesLevel> bids{}, asks{};
    BookFigures figures{};
};
BOOST_DESCRIBE_STRUCT(SeriesDepth, (), (symbol, time, bids, asks, figures))

struct SeriesCandleUpdate {
    std::string symbol{}, interval{};
    bool closed = false;  ///< its time is over: it changes by late trades only
    Candle candle{};
};
BOOST_DESCRIBE_STRUCT(SeriesCandleUpdate, (), (symbol, interval, closed, candle))

struct SeriesTradeEvent {
    std::string symbol{};
    SeriesTrade trade{};
};
BOOST_DESCRIBE_STRUCT(SeriesTradeEvent, (), (symbol, trade))

/// A series of a source, with what of it was set aside.
struct SeriesHealth {
    std::string symbol{};
    PriceLabel label = PriceLabel::live;
    TradeSeq last_trade{};
    TimeMs last_time{};
    std::uint64_t taken = 0, not_positive = 0, zero_size = 0, too_large = 0, from_future = 0,
                  duplicate = 0, out_of_order = 0, too_old = 0;
    std::uint64_t missed = 0;  ///< numbers that were left out and have not come since
    std::uint64_t filled = 0;  ///< of such, those that were asked for and came
    std::uint64_t absent = 0;  ///< and those that the exchange itself does not have
    std::uint64_t undone = 0;  ///< taken back, as the chain went another way
    /// Of such, those that could not be, as too much has come since.
    std::uint64_t not_undone = 0;
};
BOOST_DESCRIBE_STRUCT(SeriesHealth, (),
                      (symbol, label, last_trade, last_time, taken, not_positive, zero_size,
                       too_large, from_future, duplicate, out_of_order, too_old, missed, filled,
                       absent, undone, not_undone))

}  // namespace astro::market
