#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/events.hpp"
#include "capabilities/exchange/engine/margin_explain.hpp"
#include "foundation/base/time.hpp"

/// What the private API takes and gives. Markets and assets go by their symbols, prices, sizes and
/// money are decimal text.
namespace astro::exchange {

[[nodiscard]] constexpr TimestampNs to_timestamp(TimeMs time) {
    return TimestampNs{time.value() * milliseconds(1).value()};
}
[[nodiscard]] constexpr TimeMs to_time_ms(TimestampNs time) {
    return TimeMs{time.value() / milliseconds(1).value()};
}

/// An amount of any asset, as decimal text; its decimals are the asset's.
struct AssetAmount {
    std::string asset = "USDC";
    std::string amount{};
};
BOOST_DESCRIBE_STRUCT(AssetAmount, (), (asset, amount))

struct NewAccount {
    std::optional<std::string> isolated{};  ///< the one market that it may trade
};
BOOST_DESCRIBE_STRUCT(NewAccount, (), (isolated))

struct FundingWish {
    std::optional<AccountId> account{};
    std::string asset = "USDC";
    std::string amount{};
};
BOOST_DESCRIBE_STRUCT(FundingWish, (), (account, asset, amount))

struct TransferWish {
    AccountId from{}, to{};
    std::string asset = "USDC";
    std::string amount{};
};
BOOST_DESCRIBE_STRUCT(TransferWish, (), (from, to, asset, amount))

/// Without a chain: at once, on a venue of play money.
struct WithdrawalWish {
    std::optional<AccountId> account{};
    std::string asset = "USDC";
    std::string amount{};
    std::optional<Chain> chain{};
    std::optional<std::string> address{}, memo{};
};
BOOST_DESCRIBE_STRUCT(WithdrawalWish, (), (account, asset, amount, chain, address, memo))

struct TriggerWish {
    TriggerKind kind = TriggerKind::stop;
    std::optional<TriggerSource> source{};    ///< mark
    std::optional<Price> price{};             ///< not of a trailing stop
    std::optional<std::int64_t> trail_bps{};  ///< of a trailing stop
};
BOOST_DESCRIBE_STRUCT(TriggerWish, (), (kind, source, price, trail_bps))

/// The other half of a one-cancels-the-other: market, side and account are those of the order.
struct StopWish {
    TriggerWish trigger{};
    std::optional<Price> price{};  ///< of a limit order; none: a market order
    std::optional<Base> size{};    ///< none: that of the order
};
BOOST_DESCRIBE_STRUCT(StopWish, (), (trigger, price, size))

/// The order's price follows the index, at a distance; `price` is what it never goes beyond.
struct PegWish {
    Price offset{};
};
BOOST_DESCRIBE_STRUCT(PegWish, (), (offset))

/// The order is offered to makers first, at a price that goes from `start` to `end`; without both
/// they are the venue's.
struct AuctionWish {
    std::optional<std::int64_t> duration_ms{};
    std::optional<Price> start{}, end{};
    std::optional<bool> oracle_relative{};  ///< start and end are distances from the index
};
BOOST_DESCRIBE_STRUCT(AuctionWish, (), (duration_ms, start, end, oracle_relative))

struct OrderWish {
    std::optional<AccountId> account{};  ///< none: the caller's first
    std::string market{};
    Side side = Side::buy;
    Base size{};
    std::optional<OrderType> type{};  ///< limit with a price, else market
    std::optional<Price> price{};
    std::optional<TimeInForce> time_in_force{};  ///< gtc of a limit order, ioc of a market order
    std::optional<PostOnly> post_only{};
    std::optional<SelfTrade> self_trade{};
    std::optional<bool> reduce_only{};
    std::optional<Leg> leg{};
    std::optional<Base> display{};         ///< of an iceberg
    std::optional<TimestampNs> expires{};  ///< makes it gtt
    std::optional<ClientId> client_id{};
    std::optional<AccountId> builder{};  ///< who earns the builder fee
    std::optional<std::uint32_t> builder_fee_ppm{};
    std::optional<TriggerWish> trigger{};                   ///< it waits for a price
    std::optional<StopWish> oco{};                          ///< one cancels the other
    std::optional<TriggerWish> take_profit{}, stop_loss{};  ///< a bracket
    std::optional<PegWish> peg{};
    std::optional<AuctionWish> auction{};
};
BOOST_DESCRIBE_STRUCT(OrderWish, (),
                      (account, market, side, size, type, price, time_in_force, post_only,
                       self_trade, reduce_only, leg, display, expires, client_id, builder,
                       builder_fee_ppm, trigger, oco, take_profit, stop_loss, peg, auction))

struct AmendWish {
    std::optional<AccountId> account{};
    std::optional<Price> price{};
    std::optional<Base> size{};  ///< of the whole order, with what has traded
};
BOOST_DESCRIBE_STRUCT(AmendWish, (), (account, price, size))

struct AmendItem {
    OrderId order{};
    std::optional<Price> price{};
    std::optional<Base> size{};
};
BOOST_DESCRIBE_STRUCT(AmendItem, (), (order, price, size))
struct CancelItem {
    std::optional<OrderId> order{};
    std::optional<ClientId> client_id{};
};
BOOST_DESCRIBE_STRUCT(CancelItem, (), (order, client_id))

/// One of the three.
struct BatchItemWish {
    std::optional<OrderWish> place{};
    std::optional<AmendItem> amend{};
    std::optional<CancelItem> cancel{};
};
BOOST_DESCRIBE_STRUCT(BatchItemWish, (), (place, amend, cancel))
struct BatchWish {
    std::optional<AccountId> account{};
    std::optional<BatchMode> mode{};  ///< atomic
    std::vector<BatchItemWish> items{};
};
BOOST_DESCRIBE_STRUCT(BatchWish, (), (account, mode, items))

struct LeverageWish {
    std::string market{};
    std::int64_t initial_margin_bps = 0;  ///< 10000 is leverage 1; 0: the market's
};
BOOST_DESCRIBE_STRUCT(LeverageWish, (), (market, initial_margin_bps))

struct DeadManWish {
    std::int64_t after_ms = 0;  ///< from now; 0 takes the switch away
};
BOOST_DESCRIBE_STRUCT(DeadManWish, (), (after_ms))

enum class Liquidity : std::uint8_t { maker, taker };
BOOST_DESCRIBE_ENUM(Liquidity, maker, taker)

struct FillView {
    TradeId trade_id{};
    Price price{};
    Base size{};
    Quote fee{};          ///< negative: a rebate
    Quote builder_fee{};  ///< beside it
    Liquidity liquidity = Liquidity::taker;
};
BOOST_DESCRIBE_STRUCT(FillView, (), (trade_id, price, size, fee, builder_fee, liquidity))

enum class ReceiptStatus : std::uint8_t { open, waiting, closed };
BOOST_DESCRIBE_ENUM(ReceiptStatus, open, waiting, closed)

/// What an order has led to, to the unit, when it is acknowledged: it is durable then.
struct OrderReceipt {
    OrderId order_id{};
    std::optional<ClientId> client_id{};
    AccountId account{};
    std::string market{};
    ReceiptStatus status = ReceiptStatus::open;
    std::optional<CloseReason> reason{};  ///< of a closed one
    Side side = Side::buy;
    Price price{};  ///< at which it may trade at worst; 0: a waiting market order
    Base size{}, filled{}, remaining{};
    std::optional<Price> average_price{};  ///< of the fills, rounded toward zero
    Quote fee{};                           ///< of all fills, without a builder's
    std::vector<FillView> fills{};
    std::vector<OrderId> attached{};  ///< orders that wait beside it
    std::uint64_t seq = 0;            ///< of the journal
    TimestampNs time{};
    bool repeated = false;  ///< the Idempotency-Key was known: this is what it led to then
};
BOOST_DESCRIBE_STRUCT(OrderReceipt, (),
                      (order_id, client_id, account, market, status, reason, side, price, size,
                       filled, remaining, average_price, fee, fills, attached, seq, time, repeated))

/// What one item of a batch has led to, or why it was not done.
struct BatchItemReceipt {
    std::optional<std::string> code{}, detail{};
    std::optional<OrderReceipt> order{};  ///< that was placed or changed
    std::optional<OrderId> cancelled{};
};
BOOST_DESCRIBE_STRUCT(BatchItemReceipt, (), (code, detail, order, cancelled))
struct BatchReceipt {
    std::vector<BatchItemReceipt> items{};
    std::uint64_t seq = 0;
    TimestampNs time{};
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(BatchReceipt, (), (items, seq, time, repeated))

/// Of a command that has no more to say.
struct Receipt {
    std::uint64_t seq = 0;
    TimestampNs time{};
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (seq, time, repeated))

struct CancelReceipt {
    std::vector<OrderId> cancelled{};
    std::uint64_t seq = 0;
    TimestampNs time{};
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(CancelReceipt, (), (cancelled, seq, time, repeated))

struct BalanceReceipt {
    AccountId account{};
    std::string asset{}, amount{}, balance{};
    std::uint64_t seq = 0;
    TimestampNs time{};
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(BalanceReceipt, (), (account, asset, amount, balance, seq, time, repeated))

struct AccountReceipt {
    AccountId account{};
    std::optional<std::string> isolated{};
    std::uint64_t seq = 0;
    TimestampNs time{};
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(AccountReceipt, (), (account, isolated, seq, time, repeated))

struct BalanceView {
    std::string asset{}, amount{};
    Price price{};
    Quote value{};  ///< unweighted, at that price
};
BOOST_DESCRIBE_STRUCT(BalanceView, (), (asset, amount, price, value))

struct HealthView {
    Quote collateral{}, requirement{}, free{};
};
BOOST_DESCRIBE_STRUCT(HealthView, (), (collateral, requirement, free))

struct PositionView {
    AccountId account{};
    std::string market{};
    Leg leg = Leg::net;
    Base size{};  ///< long is positive
    std::optional<Price> entry_price{}, liquidation_price{};
    Price mark{};
    Quote notional{}, unrealized{}, funding_due{};
    Quote initial_requirement{}, maintenance_requirement{};
    std::int64_t own_margin_bps = 0;
    Base open_buy{}, open_sell{};
};
BOOST_DESCRIBE_STRUCT(PositionView, (),
                      (account, market, leg, size, entry_price, liquidation_price, mark, notional,
                       unrealized, funding_due, initial_requirement, maintenance_requirement,
                       own_margin_bps, open_buy, open_sell))

struct AccountView {
    AccountId account{};
    std::optional<std::string> isolated{};
    std::vector<BalanceView> balances{};
    Quote equity{};  ///< all balances and unrealised profit, unweighted
    HealthView initial{}, maintenance{};
    std::optional<std::int64_t> margin_ratio_ppm{};  ///< at 1,000,000 it is liquidated
    std::int64_t open_orders = 0, waiting_orders = 0;
    std::optional<TimestampNs> dead_man{};
};
BOOST_DESCRIBE_STRUCT(AccountView, (),
                      (account, isolated, balances, equity, initial, maintenance, margin_ratio_ppm,
                       open_orders, waiting_orders, dead_man))

struct OpenOrder {
    OrderId order_id{};
    std::optional<ClientId> client_id{};
    AccountId account{};
    std::string market{};
    ReceiptStatus status = ReceiptStatus::open;
    Side side = Side::buy;
    Leg leg = Leg::net;
    bool reduce_only = false;
    Price price{};  ///< 0: a market order that waits
    Base size{}, remaining{}, shown{};
    std::optional<TriggerWish> trigger{};
    std::optional<PegWish> peg{};
    bool in_auction = false;  ///< makers may fill it: it does not rest yet
};
BOOST_DESCRIBE_STRUCT(OpenOrder, (),
                      (order_id, client_id, account, market, status, side, leg, reduce_only, price,
                       size, remaining, shown, trigger, peg, in_auction))

}  // namespace astro::exchange
