#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/engine/price_state.hpp"
#include "capabilities/market/engine/candle.hpp"
#include "foundation/journal/journal.hpp"

/// What everybody may see of the venue, as REST and the channels `exchange.*` give it. Wherever a
/// `seq` stands it is the place of a command in the venue's journal: the value is that after this
/// command.
namespace astro::exchange {

using journal::Sequence;
using market::Candle;
using market::kCandleIntervals;

/// One price level; `size` is what is shown of all its orders.
struct BookLevel {
    Price price{};
    Base size{};
    bool operator==(const BookLevel&) const = default;
};
BOOST_DESCRIBE_STRUCT(BookLevel, (), (price, size))

/// The book after command `seq`, best levels first.
struct BookSnapshot {
    std::string market{};
    Sequence seq{};
    TimeMs time{};
    std::uint32_t checksum = 0;  ///< book_checksum() of all levels, not only of those given
    std::vector<BookLevel> bids{}, asks{};
};
BOOST_DESCRIBE_STRUCT(BookSnapshot, (), (market, seq, time, checksum, bids, asks))

struct BookSnapshots {
    std::vector<BookSnapshot> books{};
};
BOOST_DESCRIBE_STRUCT(BookSnapshots, (), (books))

/// Leads from the book after `prev_seq` to the one after `seq`. Sizes are absolute; 0: no level.
struct BookDelta {
    std::string market{};
    Sequence seq{}, prev_seq{};
    TimeMs time{};
    std::uint32_t checksum = 0;  ///< book_checksum() of the book when this has been applied
    std::vector<BookLevel> bids{}, asks{};
};
BOOST_DESCRIBE_STRUCT(BookDelta, (), (market, seq, prev_seq, time, checksum, bids, asks))

/// A resting order, of whom is not said.
struct BookOrder {
    OrderId order{};
    Price price{};
    Base size{};  ///< what is shown of it
};
BOOST_DESCRIBE_STRUCT(BookOrder, (), (order, price, size))

/// Orders as they would be met: best price first, oldest first at each.
struct BookOrders {
    std::string market{};
    Sequence seq{};
    TimeMs time{};
    std::vector<BookOrder> bids{}, asks{};
};
BOOST_DESCRIBE_STRUCT(BookOrders, (), (market, seq, time, bids, asks))

struct PublicTrade {
    TradeId trade{};
    std::string market{};
    Sequence seq{};
    TimeMs time{};
    Price price{};
    Base size{};
    Side side = Side::buy;     ///< of who took
    bool liquidation = false;  ///< the venue took, for an account without margin
};
BOOST_DESCRIBE_STRUCT(PublicTrade, (), (trade, market, seq, time, price, size, side, liquidation))

struct TradeList {
    std::vector<PublicTrade> trades{};  ///< newest first
};
BOOST_DESCRIBE_STRUCT(TradeList, (), (trades))

/// One market at a glance. A price of 0: there is none yet.
struct Ticker {
    std::string market{};
    Sequence seq{};
    TimeMs time{};
    MarketState state = MarketState::open;
    Price index{}, mark{}, last{};
    std::optional<Price> best_bid{}, best_ask{};
    OracleVerdict oracle = OracleVerdict::non_positive;
    formulas::Rate funding_rate{};       ///< of the running period, if it ended now
    formulas::Rate funding_rate_last{};  ///< of the period before
    TimeMs funding_at{};                 ///< when the running period ends; 0: not known yet
    Base open_interest{};                ///< of all longs, which is that of all shorts
    // Of the last 24 hours, in whole minutes.
    Price open_24h{}, high_24h{}, low_24h{};
    std::int64_t change_24h_bps = 0;
    Base volume_24h{};
    Quote value_24h{};
    std::int64_t trades_24h = 0;
};
BOOST_DESCRIBE_STRUCT(Ticker, (),
                      (market, seq, time, state, index, mark, last, best_bid, best_ask, oracle,
                       funding_rate, funding_rate_last, funding_at, open_interest, open_24h,
                       high_24h, low_24h, change_24h_bps, volume_24h, value_24h, trades_24h))

struct TickerList {
    bool simulated = false;  ///< a venue of play money
    std::vector<Ticker> tickers{};
};
BOOST_DESCRIBE_STRUCT(TickerList, (), (simulated, tickers))

struct MarketAnswer {
    bool simulated = false;
    MarketSettings settings{};
    Ticker ticker{};
};
BOOST_DESCRIBE_STRUCT(MarketAnswer, (), (simulated, settings, ticker))

/// What the oracle says of a market, what the guard thinks of it, and what it may be used for.
struct OraclePrice {
    std::string market{};
    Sequence seq{};
    TimeMs time{};
    Price index{}, mark{};
    OracleVerdict verdict = OracleVerdict::non_positive;
    std::string reason{};  ///< the verdict in words, with the limit it was judged by
    std::vector<OracleAction> allowed{};
    Price confidence{};  ///< half width of the source's band
    Price average{};     ///< of the index, five minutes; 0: none
    Price reference{};   ///< of the other sources; 0: none
    TimeMs published{};  ///< by the source
    bool sources_suffice = false;
};
BOOST_DESCRIBE_STRUCT(OraclePrice, (),
                      (market, seq, time, index, mark, verdict, reason, allowed, confidence,
                       average, reference, published, sources_suffice))

struct OraclePriceList {
    std::vector<OraclePrice> prices{};
};
BOOST_DESCRIBE_STRUCT(OraclePriceList, (), (prices))

struct CandleUpdate {
    std::string market{}, interval{};
    Sequence seq{};
    bool closed = false;  ///< its time is over: it does not change any more
    Candle candle{};
};
BOOST_DESCRIBE_STRUCT(CandleUpdate, (), (market, interval, seq, closed, candle))

struct CandleUpdates {
    std::vector<CandleUpdate> candles{};
};
BOOST_DESCRIBE_STRUCT(CandleUpdates, (), (candles))

struct CandleList {
    std::string market{}, interval{};
    std::vector<Candle> candles{};  ///< oldest first
    std::optional<TimeMs> next{};   ///< `from` of the next page
};
BOOST_DESCRIBE_STRUCT(CandleList, (), (market, interval, candles, next))

/// A funding period that has ended.
struct FundingPoint {
    std::string market{};
    Sequence seq{};
    TimeMs period_end{};
    formulas::Rate rate{};  ///< what longs paid shorts
    Price index{};
    formulas::FundingPerBase per_base{};  ///< quote that one base paid
    std::int64_t samples = 0;
};
BOOST_DESCRIBE_STRUCT(FundingPoint, (), (market, seq, period_end, rate, index, per_base, samples))

struct FundingList {
    std::vector<FundingPoint> funding{};  ///< newest first
};
BOOST_DESCRIBE_STRUCT(FundingList, (), (funding))

enum class LiquidationKind : std::uint8_t {
    liquidation,      ///< a part of a position was closed on the book
    deleveraging,     ///< closed against somebody who had won
    backstop,         ///< a backstop took over a part of a position
    collateral_sale,  ///< the insurance fund took other collateral for what was owed
    deficit,          ///< the insurance fund paid what was owed
    socialized_loss   ///< the market's positions bear what nobody else could pay
};
BOOST_DESCRIBE_ENUM(LiquidationKind, liquidation, deleveraging, backstop, collateral_sale, deficit,
                    socialized_loss)

/// What became of an account whose margin was gone; those of one command belong together. Of whom
/// is not said.
struct LiquidationNotice {
    LiquidationKind kind = LiquidationKind::liquidation;
    Sequence seq{};
    TimeMs time{};
    std::optional<std::string> market{};
    std::optional<Side> side{};  ///< of the order that closes: `sell` closes a long position
    std::optional<Price> price{}, mark{};
    std::optional<Base> size{};
    std::optional<Quote> value{};
    std::optional<Quote> fee{};                        ///< to the insurance fund
    std::optional<Quote> collateral{}, requirement{};  ///< of the account before it
    std::optional<std::int64_t> rank{};                ///< of who had won: profit by leverage
    std::optional<std::string> asset{};                ///< of a collateral sale
    std::optional<Quote> paid{}, uncovered{};          ///< by the fund; by nobody
    std::optional<Quote> insurance{};  ///< in the fund after the command; not of older ones
};
BOOST_DESCRIBE_STRUCT(LiquidationNotice, (),
                      (kind, seq, time, market, side, price, mark, size, value, fee, collateral,
                       requirement, rank, asset, paid, uncovered, insurance))

struct LiquidationList {
    std::vector<LiquidationNotice> liquidations{};  ///< newest first
};
BOOST_DESCRIBE_STRUCT(LiquidationList, (), (liquidations))

enum class MarketChangeKind : std::uint8_t {
    listed,
    settings,
    state,
    opening,  ///< what would trade if the market opened now
    opened,   ///< the auction is over: all that crossed has traded at one price
    settled   ///< all positions were closed at the price
};
BOOST_DESCRIBE_ENUM(MarketChangeKind, listed, settings, state, opening, opened, settled)

struct MarketNotice {
    std::string market{};
    MarketChangeKind change = MarketChangeKind::listed;
    Sequence seq{};
    TimeMs time{};
    std::optional<MarketSettings> settings{};   ///< in force from here on
    std::optional<Price> price{};               ///< of the auction (0: nothing crosses), settlement
    std::optional<Base> volume{}, imbalance{};  ///< of the auction; demand less supply
};
BOOST_DESCRIBE_STRUCT(MarketNotice, (),
                      (market, change, seq, time, settings, price, volume, imbalance))

struct OpenInterest {
    std::string market{};
    Base open_interest{};
    Base open_interest_max{};
    Quote value{};  ///< at the mark price
};
BOOST_DESCRIBE_STRUCT(OpenInterest, (), (market, open_interest, open_interest_max, value))

struct OpenInterestList {
    Sequence seq{};
    TimeMs time{};
    std::vector<OpenInterest> markets{};
};
BOOST_DESCRIBE_STRUCT(OpenInterestList, (), (seq, time, markets))

struct InsurancePoint {
    TimeMs time{};
    Quote insurance{}, uncovered{};
};
BOOST_DESCRIBE_STRUCT(InsurancePoint, (), (time, insurance, uncovered))

struct InsuranceAnswer {
    Sequence seq{};
    TimeMs time{};
    Quote insurance{};                      ///< of the fund, in USDC
    Quote uncovered{};                      ///< losses that it could not pay, below zero
    Quote fees{};                           ///< earned by the venue and not yet distributed
    std::vector<InsurancePoint> history{};  ///< oldest first, one a minute in which it changed
};
BOOST_DESCRIBE_STRUCT(InsuranceAnswer, (), (seq, time, insurance, uncovered, fees, history))

struct VenueStats {
    bool simulated = false;
    Sequence seq{};
    TimeMs time{};
    std::int64_t markets = 0, accounts = 0, resting_orders = 0;
    std::int64_t trades = 0;  ///< since the first
    std::int64_t trades_24h = 0;
    Quote value_24h{};
    Quote open_interest{};  ///< of all markets, at mark prices
    Quote insurance{};
};
BOOST_DESCRIBE_STRUCT(VenueStats, (),
                      (simulated, seq, time, markets, accounts, resting_orders, trades, trades_24h,
                       value_24h, open_interest, insurance))

}  // namespace astro::exchange
