#pragma once

#include <optional>
#include <string>

#include "capabilities/exchange/engine/events.hpp"
#include "capabilities/market/engine/candle_row.hpp"

/// What is kept in tables of what has happened: one struct a table, whose members are its columns.
/// All of it follows from the journal; `place` says from where.
namespace astro::exchange {

struct PlaceTag : astro::tags::Number<std::int64_t, false, JsonForm::string> {};
/// Where an event stands: the journal sequence of its command, and which of its events it is. Grows
/// with time over all tables, so that it serves as a cursor.
using Place = Strong<PlaceTag>;
inline constexpr int kPlaceBits = 24;  ///< of the number within a command
[[nodiscard]] constexpr Place place_of(std::uint64_t sequence, std::size_t event) {
    return Place{static_cast<std::int64_t>(sequence << kPlaceBits | event)};
}
[[nodiscard]] constexpr std::uint64_t sequence_of(Place place) {
    return static_cast<std::uint64_t>(place.value()) >> kPlaceBits;
}

enum class OrderStatus : std::uint8_t { open, waiting, closed };
BOOST_DESCRIBE_ENUM(OrderStatus, open, waiting, closed)

/// An order's whole life. One that waits for a price has a trigger; once it is met, the order that
/// is placed has a record of its own, and this one names it.
struct OrderRecord {
    OrderId order_id{};
    Place place{};  ///< of its acceptance
    TimeMs time{};
    AccountId account{};
    MarketId market{};
    Side side = Side::buy;
    Leg leg = Leg::net;
    bool reduce_only = false;
    Price price{};
    Base size{}, display{};
    TimeMs expires{};
    std::optional<ClientId> client_id{};
    std::optional<TriggerKind> trigger_kind{};
    std::optional<TriggerSource> trigger_source{};
    std::optional<Price> trigger_price{};
    std::optional<std::int64_t> trail_bps{};
    OrderStatus status = OrderStatus::open;
    Base open_size{};  ///< that has not traded; of a closed order, that never will
    Base filled{};
    Quote filled_quote{}, fee{};
    bool traded = false;
    std::optional<CloseReason> closed_reason{};
    std::optional<TimeMs> closed{};
    std::optional<OrderId> placed_id{};    ///< what came of one that waited
    std::optional<RefusalCode> refused{};  ///< why nothing came of it
    Place changed{};                       ///< last
};
BOOST_DESCRIBE_STRUCT(OrderRecord, (),
                      (order_id, place, time, account, market, side, leg, reduce_only, price, size,
                       display, expires, client_id, trigger_kind, trigger_source, trigger_price,
                       trail_bps, status, open_size, filled, filled_quote, fee, traded,
                       closed_reason, closed, placed_id, refused, changed))

/// One side of a trade.
struct FillRecord {
    Place place{};
    AccountId account{};
    bool maker = false;
    TimeMs time{};
    MarketId market{};
    OrderId order_id{};
    TradeId trade_id{};
    Side side = Side::buy;
    Price price{};
    Base size{};
    Quote fee{};  ///< negative: a rebate
};
BOOST_DESCRIBE_STRUCT(FillRecord, (),
                      (place, account, maker, time, market, order_id, trade_id, side, price, size,
                       fee))

struct TradeRecord {
    Place place{};
    TimeMs time{};
    MarketId market{};
    TradeId trade_id{};
    Price price{};
    Base size{};
    Side taker_side = Side::buy;
    bool liquidation = false;  ///< the venue took, for an account without margin
};
BOOST_DESCRIBE_STRUCT(TradeRecord, (),
                      (place, time, market, trade_id, price, size, taker_side, liquidation))

/// A change of a position that realised something.
struct RealizedRecord {
    Place place{};
    TimeMs time{};
    AccountId account{};
    MarketId market{};
    Leg leg = Leg::net;
    Base size{};  ///< after it
    Quote entry_quote{}, realized{};
};
BOOST_DESCRIBE_STRUCT(RealizedRecord, (),
                      (place, time, account, market, leg, size, entry_quote, realized))

struct FundingPaymentRecord {
    Place place{};
    TimeMs time{};
    AccountId account{};
    MarketId market{};
    Leg leg = Leg::net;
    Quote received{};  ///< negative: paid
};
BOOST_DESCRIBE_STRUCT(FundingPaymentRecord, (), (place, time, account, market, leg, received))

enum class LiquidationStep : std::uint8_t {
    started,
    closed,           ///< a part of a position, on the book
    collateral_sold,  ///< to the insurance fund
    deficit_covered,  ///< by it
    ended
};
BOOST_DESCRIBE_ENUM(LiquidationStep, started, closed, collateral_sold, deficit_covered, ended)

/// A step of a liquidation, with the margin numbers that caused it.
struct LiquidationRecord {
    Place place{};
    TimeMs time{};
    AccountId account{};
    LiquidationStep step = LiquidationStep::started;
    Quote collateral{}, requirement{};  ///< before the step
    std::optional<MarketId> market{};
    std::optional<Leg> leg{};
    std::optional<OrderId> order_id{};
    std::optional<Side> side{};
    std::optional<Base> size{};
    std::optional<Price> mark{};
    std::optional<Quote> value_quote{};  ///< of what was closed or sold
    std::optional<Quote> fee{};
    std::optional<AssetId> asset{};
    std::optional<Amount> amount{};    ///< of the asset that was sold
    std::optional<Quote> paid{};       ///< by the insurance fund
    std::optional<Quote> uncovered{};  ///< what it could not pay
    std::optional<Quote> insurance{};  ///< the fund at the end
};
BOOST_DESCRIBE_STRUCT(LiquidationRecord, (),
                      (place, time, account, step, collateral, requirement, market, leg, order_id,
                       side, size, mark, value_quote, fee, asset, amount, paid, uncovered,
                       insurance))

struct DeleveragingRecord {
    Place place{};
    TimeMs time{};
    MarketId market{};
    AccountId account{}, against{};
    Side side = Side::buy;
    Price price{};
    Base size{};
    std::int64_t rank_bps = 0;  ///< formulas::deleverage_rank()
};
BOOST_DESCRIBE_STRUCT(DeleveragingRecord, (),
                      (place, time, market, account, against, side, price, size, rank_bps))

/// A balance that changed other than by trading and funding.
struct TransferRecord {
    Place place{};
    TimeMs time{};
    AccountId account{};
    AssetId asset{};
    Amount amount{};  ///< negative: it left
    Amount balance{};
    BalanceReason reason = BalanceReason::deposit;
};
BOOST_DESCRIBE_STRUCT(TransferRecord, (), (place, time, account, asset, amount, balance, reason))

struct FundingRecord {
    Place place{};
    TimeMs time{};
    MarketId market{};
    formulas::Rate rate{};
    Price index_price{};
    formulas::FundingPerBase per_base{};
    std::int64_t samples = 0;
    TimeMs period_end{};
};
BOOST_DESCRIBE_STRUCT(FundingRecord, (),
                      (place, time, market, rate, index_price, per_base, samples, period_end))

/// The last prices of a minute.
struct PriceRecord {
    MarketId market{};
    TimeMs minute{};
    Price index_price{}, mark{};
};
BOOST_DESCRIBE_STRUCT(PriceRecord, (), (market, minute, index_price, mark))

/// A candle of one of market::kCandleIntervals; one without trades has none.
struct CandleRecord {
    MarketId market{};
    std::int64_t length_ms = 0;
    TimeMs start{};
    Price open_price{}, high_price{}, low_price{}, close_price{};
    Base volume{};
    Quote volume_quote{};
    std::int64_t trades = 0;
    TradeId first_trade{}, last_trade{};
};
BOOST_DESCRIBE_STRUCT(CandleRecord, (),
                      (market, length_ms, start, open_price, high_price, low_price, close_price,
                       volume, volume_quote, trades, first_trade, last_trade))

/// What an account was worth in a time of the sampler's interval, which begins at `bucket`.
struct EquityRecord {
    AccountId account{};
    TimeMs bucket{}, time{};
    Quote equity{};
    Quote gross{}, net{};               ///< notional of its positions
    Quote collateral{}, requirement{};  ///< by maintenance margin
};
BOOST_DESCRIBE_STRUCT(EquityRecord, (),
                      (account, bucket, time, equity, gross, net, collateral, requirement))

inline constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace astro::exchange
