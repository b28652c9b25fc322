#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "capabilities/exchange/engine/asset_settings.hpp"
#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/engine/proposition.hpp"
#include "capabilities/exchange/engine/transfers.hpp"
#include "capabilities/exchange/engine/venue_settings.hpp"
#include "foundation/base/boxed.hpp"

/// All that changes the venue. A command is journalled before it is applied; the same commands in
/// the same order give the same state.
namespace astro::exchange {

/// Lists a market (version 0, the next MarketId) or changes one, by its symbol.
struct SetMarket {
    Boxed<MarketSettings> settings{};
    std::optional<std::int64_t> changes{};  ///< the version that has to be in force; absent: any
};
BOOST_DESCRIBE_STRUCT(SetMarket, (), (settings, changes))

/// Lists a collateral (the next AssetId) or changes one, by its symbol. The first is USDC.
struct SetAsset {
    Boxed<AssetSettings> settings{};
};
BOOST_DESCRIBE_STRUCT(SetAsset, (), (settings))

/// Changes what holds for the whole venue; its version is one above that in force.
struct SetVenue {
    Boxed<VenueSettings> settings{};
};
BOOST_DESCRIBE_STRUCT(SetVenue, (), (settings))

/// An account for an owner. With `isolated` it may trade that market only: its collateral is all
/// that a position there can lose.
struct OpenAccount {
    OwnerId owner{};
    std::optional<MarketId> isolated{};
};
BOOST_DESCRIBE_STRUCT(OpenAccount, (), (owner, isolated))

/// Credits what has arrived on a chain, once for each observation, or a faucet's play money.
struct Deposit {
    AccountId account{};
    AssetId asset{};
    Amount amount{};
    Observation observation{};
};
BOOST_DESCRIBE_STRUCT(Deposit, (), (account, asset, amount, observation))

/// At once and without a chain: play money, where the venue's settings allow it.
struct Withdraw {
    AccountId account{};
    AssetId asset{};
    Amount amount{};
};
BOOST_DESCRIBE_STRUCT(Withdraw, (), (account, asset, amount))

/// Takes money out of an account until it has left the venue: when its delay is over, it has been
/// approved if its value asks for that, and a transaction has been confirmed.
struct WithdrawalRequest {
    AccountId account{};
    AssetId asset{};
    Amount amount{};
    Chain chain = Chain::none;
    std::string address{}, memo{};
};
BOOST_DESCRIBE_STRUCT(WithdrawalRequest, (), (account, asset, amount, chain, address, memo))
struct RequestWithdrawal : Boxed<WithdrawalRequest> {
    using Boxed::Boxed;
};
/// By its owner, before it has been sent.
struct CancelWithdrawal {
    AccountId account{};
    WithdrawalId withdrawal{};
};
BOOST_DESCRIBE_STRUCT(CancelWithdrawal, (), (account, withdrawal))
/// By an operator.
struct DecideWithdrawal {
    WithdrawalId withdrawal{};
    bool approved = false;
};
BOOST_DESCRIBE_STRUCT(DecideWithdrawal, (), (withdrawal, approved))
/// What has become of one that is ready: sent, confirmed or failed.
struct ReportWithdrawal {
    WithdrawalId withdrawal{};
    WithdrawalState state = WithdrawalState::sent;
    ChainTransaction transaction{};
};
BOOST_DESCRIBE_STRUCT(ReportWithdrawal, (), (withdrawal, state, transaction))

/// Who has brought the account's owner here: once and for all.
struct SetReferrer {
    AccountId account{}, referrer{};
};
BOOST_DESCRIBE_STRUCT(SetReferrer, (), (account, referrer))

/// Allows orders of the account's owner to name a builder, up to a fee; 0: no more.
struct ApproveBuilder {
    AccountId account{}, builder{};
    std::int64_t fee_max_ppm = 0;
};
BOOST_DESCRIBE_STRUCT(ApproveBuilder, (), (account, builder, fee_max_ppm))

/// USDC into the insurance fund, for shares of it.
struct StakeInsurance {
    AccountId account{};
    Quote amount{};
};
BOOST_DESCRIBE_STRUCT(StakeInsurance, (), (account, amount))
/// Begins the cool-down of some shares. From now on they gain no more, but may lose.
struct RequestUnstakeInsurance {
    AccountId account{};
    std::int64_t shares = 0;
};
BOOST_DESCRIBE_STRUCT(RequestUnstakeInsurance, (), (account, shares))
/// The shares stay, without what they would have gained.
struct CancelUnstakeInsurance {
    AccountId account{};
};
BOOST_DESCRIBE_STRUCT(CancelUnstakeInsurance, (), (account))
/// Pays what was requested, after the cool-down.
struct UnstakeInsurance {
    AccountId account{};
};
BOOST_DESCRIBE_STRUCT(UnstakeInsurance, (), (account))

/// The account takes over positions, collateral and debts that the book did not take, up to a sum
/// of its positions' notionals; 0: no more.
struct SetBackstop {
    AccountId account{};
    Quote notional_max{};
};
BOOST_DESCRIBE_STRUCT(SetBackstop, (), (account, notional_max))

/// Books what the account's balances have earned or owe; a change of a balance does so by itself.
struct SettleInterest {
    AccountId account{};
};
BOOST_DESCRIBE_STRUCT(SettleInterest, (), (account))

/// Out of the treasury into an account. Only an operator or a vote commands it.
struct PayTreasury {
    AccountId account{};
    Quote amount{};
    std::uint64_t reference = 0;  ///< of the decision, such as a proposal's number; 0: none
};
BOOST_DESCRIBE_STRUCT(PayTreasury, (), (account, amount, reference))

/// Between accounts of one owner.
struct Transfer {
    AccountId from{}, to{};
    AssetId asset{};
    Amount amount{};
};
BOOST_DESCRIBE_STRUCT(Transfer, (), (from, to, asset, amount))

/// The margin one asks of oneself, above the market's: 10,000 bps is leverage 1. 0: the market's.
struct SetLeverage {
    AccountId account{};
    MarketId market{};
    std::int64_t initial_margin_bps = 0;
};
BOOST_DESCRIBE_STRUCT(SetLeverage, (), (account, market, initial_margin_bps))

struct PlaceOrder {
    AccountId account{};
    MarketId market{};
    Side side = Side::buy;
    Leg leg = Leg::net;
    OrderType type = OrderType::limit;
    TimeInForce time_in_force = TimeInForce::gtc;
    PostOnly post_only = PostOnly::no;
    SelfTrade self_trade = SelfTrade::cancel_newest;
    bool reduce_only = false;
    Price price{};     ///< of a limit order; a market order has its band
    Base size{};       ///< above zero
    Base display{};    ///< of an iceberg, what is shown at a time; 0: all
    TimeMs expires{};  ///< of a gtt order
    ClientId client_id{};
    AccountId builder{};                ///< earns the builder fee; see ApproveBuilder
    std::uint32_t builder_fee_ppm = 0;  ///< of the notional, on top; 0: no builder
};
BOOST_DESCRIBE_STRUCT(PlaceOrder, (),
                      (account, market, side, leg, type, time_in_force, post_only, self_trade,
                       reduce_only, price, size, display, expires, client_id, builder,
                       builder_fee_ppm))

/// What an order waits for.
enum class TriggerKind : std::uint8_t {
    stop,         ///< the price goes against whom it protects: up for a buy, down for a sell
    take_profit,  ///< the other way
    trailing      ///< a stop at a distance from the best price since it was placed
};
BOOST_DESCRIBE_ENUM(TriggerKind, stop, take_profit, trailing)
enum class TriggerSource : std::uint8_t { mark, index, last };
BOOST_DESCRIBE_ENUM(TriggerSource, mark, index, last)

struct Trigger {
    TriggerKind kind = TriggerKind::stop;
    TriggerSource source = TriggerSource::mark;
    Price price{};               ///< not of a trailing stop
    std::int64_t trail_bps = 0;  ///< of a trailing stop: 1 to 5000
};
BOOST_DESCRIBE_STRUCT(Trigger, (), (kind, source, price, trail_bps))

/// An order that is placed when the price has come; its margin is asked for then.
struct WaitingOrder {
    PlaceOrder order{};
    Trigger trigger{};
};
BOOST_DESCRIBE_STRUCT(WaitingOrder, (), (order, trigger))
struct PlaceConditional : Boxed<WaitingOrder> {
    using Boxed::Boxed;
};

/// One cancels the other: as soon as either trades, is triggered or ends.
struct OcoOrder {
    PlaceOrder order{};
    WaitingOrder stop{};
};
BOOST_DESCRIBE_STRUCT(OcoOrder, (), (order, stop))
struct PlaceOco : Boxed<OcoOrder> {
    using Boxed::Boxed;
};

/// An order, and what closes its position: both wait from its first trade on, for market orders
/// that only reduce, and one cancels the other.
struct Bracket {
    PlaceOrder entry{};
    std::optional<Trigger> take_profit{}, stop_loss{};
};
BOOST_DESCRIBE_STRUCT(Bracket, (), (entry, take_profit, stop_loss))
struct PlaceBracket : Boxed<Bracket> {
    using Boxed::Boxed;
};

struct CancelOrder {
    AccountId account{};
    OrderId order{};
};
BOOST_DESCRIBE_STRUCT(CancelOrder, (), (account, order))

struct CancelByClientId {
    AccountId account{};
    ClientId client_id{};
};
BOOST_DESCRIBE_STRUCT(CancelByClientId, (), (account, client_id))

struct CancelAll {
    AccountId account{};
    std::optional<MarketId> market{};
    std::optional<Side> side{};
};
BOOST_DESCRIBE_STRUCT(CancelAll, (), (account, market, side))

/// A dead man's switch: when the time comes and it has not been set anew, all orders of the account
/// are cancelled. 0 takes it away.
struct SetDeadMan {
    AccountId account{};
    TimeMs at{};
};
BOOST_DESCRIBE_STRUCT(SetDeadMan, (), (account, at))

/// A smaller size at the same price keeps its place; all else gives it up and is judged anew.
struct AmendOrder {
    AccountId account{};
    OrderId order{};
    std::optional<Price> price{};
    std::optional<Base> size{};  ///< of the whole order, with what has traded
};
BOOST_DESCRIBE_STRUCT(AmendOrder, (), (account, order, price, size))

/// A limit order whose price follows the oracle: index + offset, on a tick (a buy down, a sale up),
/// but never worse than `order.price` (0: no such limit). With each change of the index it is
/// judged and queued anew at its new price; with post_only it then never takes: it stands one tick
/// before whom it would meet.
struct PeggedOrder {
    PlaceOrder order{};
    Price offset{};
};
BOOST_DESCRIBE_STRUCT(PeggedOrder, (), (order, offset))
struct PlacePegged : Boxed<PeggedOrder> {
    using Boxed::Boxed;
};

/// A taker order that makers may fill for a while before it meets the book: see venue_jit.cpp. Its
/// price goes from `start` to `end` in `duration_ms`; 0: the market's auction_ms, which is the
/// most. With both prices 0 they are Drift's (formulas/auction.hpp). `oracle_relative`: they are
/// offsets to the index as it is at each moment. What is left meets the book within the order's
/// limit.
struct AuctionOrder {
    PlaceOrder order{};  ///< market, or limit; not fill-or-kill, post-only or iceberg
    std::int64_t duration_ms = 0;
    Price start{}, end{};
    bool oracle_relative = false;
};
BOOST_DESCRIBE_STRUCT(AuctionOrder, (), (order, duration_ms, start, end, oracle_relative))
struct PlaceAuction : Boxed<AuctionOrder> {
    using Boxed::Boxed;
};

/// A maker trades with an order in its auction, at once: all of `size` that is left of it.
struct FillAuction {
    AccountId account{};
    OrderId auction{};
    Leg leg = Leg::net;
    bool reduce_only = false;
    Price price{};  ///< as good for the taker as the auction's and the book's; 0: that one
    Base size{};
    ClientId client_id{};
};
BOOST_DESCRIBE_STRUCT(FillAuction, (), (account, auction, leg, reduce_only, price, size, client_id))

/// Ends a market that is settling: all positions are closed at the price (0: the oracle's average
/// of five minutes), and it is closed.
struct SettleMarket {
    MarketId market{};
    Price price{};
};
BOOST_DESCRIBE_STRUCT(SettleMarket, (), (market, price))

using BatchAction =
    std::variant<PlaceOrder, PlacePegged, AmendOrder, CancelOrder, CancelByClientId>;
enum class BatchMode : std::uint8_t {
    atomic,      ///< all of them or none
    best_effort  ///< those that are not refused
};
BOOST_DESCRIBE_ENUM(BatchMode, atomic, best_effort)
inline constexpr std::size_t kBatchMax = 100;

/// Actions of one account, one after the other: each sees what those before it have done.
struct OrderBatch {
    AccountId account{};
    BatchMode mode = BatchMode::atomic;
    std::vector<BatchAction> actions{};
};
BOOST_DESCRIBE_STRUCT(OrderBatch, (), (account, mode, actions))
struct BatchOrders : Boxed<OrderBatch> {
    using Boxed::Boxed;
};

/// What the oracle says of a market's base: the median of its sources. What it may be used for, the
/// engine judges (see formulas/oracle.hpp).
struct SetIndexPrice {
    MarketId market{};
    Price index{};
    Price confidence{};  ///< half width of the source's own band
    Price reference{};   ///< of sources that are not in the median; 0: none
    TimeMs published{};  ///< by the source; 0: now
    bool sources_suffice = true;
};
BOOST_DESCRIBE_STRUCT(SetIndexPrice, (),
                      (market, index, confidence, reference, published, sources_suffice))

/// Books what the account's positions owe or are owed of funding; trading does so by itself.
struct SettleFunding {
    AccountId account{};
};
BOOST_DESCRIBE_STRUCT(SettleFunding, (), (account))

struct SetAssetPrice {
    AssetId asset{};
    Price price{};
};
BOOST_DESCRIBE_STRUCT(SetAssetPrice, (), (asset, price))

/// The rules of votes. When they bind, a proposal changes them and nothing else does.
struct SetGovernance {
    Boxed<governance::Settings> settings{};
};
BOOST_DESCRIBE_STRUCT(SetGovernance, (), (settings))

/// Free balance of the governance asset becomes stake, which votes.
struct StakeGovernance {
    AccountId account{};
    governance::Power amount{};
};
BOOST_DESCRIBE_STRUCT(StakeGovernance, (), (account, amount))

/// It votes no more from now on, and is free after the cooldown.
struct UnstakeGovernance {
    AccountId account{};
    governance::Power amount{};
};
BOOST_DESCRIBE_STRUCT(UnstakeGovernance, (), (account, amount))

/// Who votes with the account's stake; itself: takes it back. Votes that are open stay as they are.
struct DelegateGovernance {
    AccountId account{}, to{};
};
BOOST_DESCRIBE_STRUCT(DelegateGovernance, (), (account, to))

/// Takes the deposit from the account's free balance.
struct Propose {
    AccountId account{};
    Boxed<Proposition> proposition{};
};
BOOST_DESCRIBE_STRUCT(Propose, (), (account, proposition))

/// With the power the account had when the proposal was made; takes the place of its vote before.
struct VoteOnProposal {
    AccountId account{};
    ProposalId proposal{};
    governance::Choice choice = governance::Choice::against;
};
BOOST_DESCRIBE_STRUCT(VoteOnProposal, (), (account, proposal, choice))

/// By a guardian, in the timelock. All accounts of one owner are one guardian.
struct VetoProposal {
    AccountId account{};
    ProposalId proposal{};
};
BOOST_DESCRIBE_STRUCT(VetoProposal, (), (account, proposal))

/// By the account that made it.
struct CancelProposal {
    AccountId account{};
    ProposalId proposal{};
};
BOOST_DESCRIBE_STRUCT(CancelProposal, (), (account, proposal))

/// By any account. Refused as the operator's command would be, in which case it can be tried again.
struct ExecuteProposal {
    AccountId account{};
    ProposalId proposal{};
};
BOOST_DESCRIBE_STRUCT(ExecuteProposal, (), (account, proposal))

/// Time passes: what was to end has ended.
struct Tick {};
BOOST_DESCRIBE_STRUCT(Tick, (), ())

using CommandBody =
    std::variant<SetMarket, SetAsset, SetVenue, OpenAccount, Deposit, Withdraw, RequestWithdrawal,
                 CancelWithdrawal, DecideWithdrawal, ReportWithdrawal, SetReferrer, ApproveBuilder,
                 StakeInsurance, RequestUnstakeInsurance, CancelUnstakeInsurance, UnstakeInsurance,
                 SetBackstop, SettleInterest, PayTreasury, Transfer, SetLeverage, PlaceOrder,
                 PlaceConditional, PlaceOco, PlaceBracket, CancelOrder, CancelByClientId, CancelAll,
                 SetDeadMan, AmendOrder, SetIndexPrice, SettleFunding, SetAssetPrice, Tick,
                 PlacePegged, BatchOrders, PlaceAuction, FillAuction, SettleMarket, SetGovernance,
                 StakeGovernance, UnstakeGovernance, DelegateGovernance, Propose, VoteOnProposal,
                 VetoProposal, CancelProposal, ExecuteProposal>;

struct Command {
    TimeMs time{};  ///< never below that of the command before
    CommandBody body;
};
BOOST_DESCRIBE_STRUCT(Command, (), (time, body))

}  // namespace astro::exchange
