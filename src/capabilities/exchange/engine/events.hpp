#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/engine/insurance_fund.hpp"
#include "capabilities/exchange/engine/price_state.hpp"
#include "capabilities/exchange/engine/refusal_code.hpp"

/// All that has happened. Whoever applies the events in order knows every balance, position and
/// order without the engine.
namespace astro::exchange {

/// Nothing of the command was done.
struct Refused {
    Refusal refusal;
    AccountId account{};
    ClientId client_id{};
    std::optional<std::uint32_t> item{};  ///< of an atomic batch, which action; from 0
};
BOOST_DESCRIBE_STRUCT(Refused, (), (refusal, account, client_id, item))

/// After what an action of a batch has led to; not in an atomic batch that is refused.
struct BatchItem {
    AccountId account{};
    std::uint32_t item = 0;  ///< from 0
    OrderId order{};         ///< that was placed, amended or cancelled
    Refusal refusal{};       ///< why it was not done
};
BOOST_DESCRIBE_STRUCT(BatchItem, (), (account, item, order, refusal))

struct MarketSet {
    MarketId market{};
    Boxed<MarketSettings> settings{};
};
BOOST_DESCRIBE_STRUCT(MarketSet, (), (market, settings))

struct AssetSet {
    AssetId asset{};
    Boxed<AssetSettings> settings{};
};
BOOST_DESCRIBE_STRUCT(AssetSet, (), (asset, settings))

struct VenueSet {
    Boxed<VenueSettings> settings{};
};
BOOST_DESCRIBE_STRUCT(VenueSet, (), (settings))

struct AccountOpened {
    AccountId account{};
    OwnerId owner{};
    std::optional<MarketId> isolated{};
};
BOOST_DESCRIBE_STRUCT(AccountOpened, (), (account, owner, isolated))

enum class BalanceReason : std::uint8_t {
    deposit,
    withdrawal,
    transfer,
    trade,
    funding,
    liquidation,
    deleveraging,
    insurance,
    referral,             ///< a share of what somebody else paid
    builder,              ///< for an order that named the account
    stake,                ///< to what votes, and back after the cooldown
    proposal,             ///< its deposit
    insurance_stake,      ///< into the insurance fund, or out of it
    treasury,             ///< a payment from it
    withdrawal_returned,  ///< it has not left the venue
    settlement,           ///< its market has ended
    interest,             ///< of what is lent or borrowed
    backstop              ///< took over from an account in liquidation
};
BOOST_DESCRIBE_ENUM(BalanceReason, deposit, withdrawal, transfer, trade, funding, liquidation,
                    deleveraging, insurance, referral, builder, stake, proposal, insurance_stake,
                    treasury, withdrawal_returned, settlement, interest, backstop)

/// A balance is now `balance`, having changed by `change`. Of a trade: realised profit less fees.
struct BalanceChanged {
    AccountId account{};
    AssetId asset{};
    Amount change{}, balance{};
    BalanceReason reason = BalanceReason::deposit;
};
BOOST_DESCRIBE_STRUCT(BalanceChanged, (), (account, asset, change, balance, reason))

struct LeverageSet {
    AccountId account{};
    MarketId market{};
    std::int64_t initial_margin_bps = 0;
};
BOOST_DESCRIBE_STRUCT(LeverageSet, (), (account, market, initial_margin_bps))

struct DeadManSet {
    AccountId account{};
    TimeMs at{};
};
BOOST_DESCRIBE_STRUCT(DeadManSet, (), (account, at))

/// It has passed all checks. Trades follow; what is left then rests, unless OrderClosed follows.
struct OrderAccepted {
    OrderId order{};
    AccountId account{};
    MarketId market{};
    Side side = Side::buy;
    Leg leg = Leg::net;
    bool reduce_only = false;
    Price price{};  ///< at which it may trade at worst
    Base size{};
    Base display{};
    TimeMs expires{};
    ClientId client_id{};
    PostOnly post_only = PostOnly::no;
    SelfTrade self_trade = SelfTrade::cancel_newest;
};
BOOST_DESCRIBE_STRUCT(OrderAccepted, (),
                      (order, account, market, side, leg, reduce_only, price, size, display,
                       expires, client_id, post_only, self_trade))

/// An order that rests now follows the oracle: see PlacePegged. When its price changes,
/// OrderClosed (amended) and OrderAccepted with the same id are told.
struct OrderPegged {
    OrderId order{};
    Price offset{}, limit{};
    PostOnly post_only = PostOnly::no;
    SelfTrade self_trade = SelfTrade::cancel_newest;
};
BOOST_DESCRIBE_STRUCT(OrderPegged, (), (order, offset, limit, post_only, self_trade))

/// What is offered to makers. Kept elsewhere, so that it does not make all events larger.
struct AuctionTerms {
    MarketId market{};
    Side side = Side::buy;
    Leg leg = Leg::net;
    bool reduce_only = false;
    Price limit{};  ///< at which it may trade at worst
    Base size{};
    Price start{}, end{};
    bool oracle_relative = false;
    std::int64_t duration_ms = 0;
    TimeMs opened{};
    TimeInForce time_in_force = TimeInForce::ioc;  ///< of what is left
    SelfTrade self_trade = SelfTrade::cancel_newest;
    TimeMs expires{};
};
BOOST_DESCRIBE_STRUCT(AuctionTerms, (),
                      (market, side, leg, reduce_only, limit, size, start, end, oracle_relative,
                       duration_ms, opened, time_in_force, self_trade, expires))

/// An order is offered to makers; it does not rest. OrderClosed with the reason `amended` and
/// OrderAccepted with the same id follow when what is left of it meets the book. From these events,
/// PriceSet and the book anybody can tell that each fill was the best of auction and book.
struct AuctionOpened {
    OrderId order{};
    AccountId account{};
    ClientId client_id{};
    Boxed<AuctionTerms> terms{};
    Price price{};                ///< of the auction now
    std::optional<Price> book{};  ///< best of the other side, and how much is shown there
    Base book_size{};
};
BOOST_DESCRIBE_STRUCT(AuctionOpened, (), (order, account, client_id, terms, price, book, book_size))

/// Before the maker's OrderAccepted and Traded.
struct AuctionFilled {
    OrderId order{}, maker_order{};
    TimeMs at{};
    Price auction{};  ///< its price then
    std::optional<Price> book{};
    Base book_size{};
    Price price{};  ///< of the fill
    Base size{}, left{};
};
BOOST_DESCRIBE_STRUCT(AuctionFilled, (),
                      (order, maker_order, at, auction, book, book_size, price, size, left))

/// OrderClosed follows.
struct AuctionEnded {
    OrderId order{};
    TimeMs at{};
    Price auction{};
    std::optional<Price> book{};
    Base book_size{}, left{};
};
BOOST_DESCRIBE_STRUCT(AuctionEnded, (), (order, at, auction, book, book_size, left))

/// What would trade, and at what price, if the market opened now.
struct OpeningIndicated {
    MarketId market{};
    Price price{};
    Base volume{};
    Base imbalance{};  ///< demand less supply at the price
};
BOOST_DESCRIBE_STRUCT(OpeningIndicated, (), (market, price, volume, imbalance))

/// All trades of the market that follow until its next PriceSet are the auction's. price 0: nothing
/// crossed.
struct Opened {
    MarketId market{};
    Price price{};
    Base volume{};
    Base imbalance{};
    Price reference{};  ///< nearest to which the price is, among those as good
};
BOOST_DESCRIBE_STRUCT(Opened, (), (market, price, volume, imbalance, reference))

/// All its positions are closed at this price.
struct MarketSettled {
    MarketId market{};
    Price price{};
};
BOOST_DESCRIBE_STRUCT(MarketSettled, (), (market, price))

/// It waits for its price.
struct ConditionalAccepted {
    OrderId order{};
    PlaceOrder spec{};
    Trigger trigger{};
};
BOOST_DESCRIBE_STRUCT(ConditionalAccepted, (), (order, spec, trigger))

/// After OrderClosed of the order that waited, and what placing it has led to.
struct OrderTriggered {
    OrderId waited{}, placed{};
    Refusal refusal{};  ///< why it was not placed
};
BOOST_DESCRIBE_STRUCT(OrderTriggered, (), (waited, placed, refusal))

/// Of two that both rested, in the auction of an opening, the younger is the taker; the price is
/// then neither's own.
struct Traded {
    TradeId trade{};
    MarketId market{};
    Price price{};
    Base size{};
    Side taker_side = Side::buy;
    OrderId taker_order{}, maker_order{};
    AccountId taker{}, maker{};
    Quote taker_fee{}, maker_fee{};  ///< negative: a rebate
    Base maker_open{};               ///< of the maker's order, with what is hidden
    Quote referral{};                ///< of taker_fee, what goes to whom has referred the taker
    Quote taker_builder_fee{}, maker_builder_fee{};  ///< beside the fees
};
BOOST_DESCRIBE_STRUCT(Traded, (),
                      (trade, market, price, size, taker_side, taker_order, maker_order, taker,
                       maker, taker_fee, maker_fee, maker_open, referral, taker_builder_fee,
                       maker_builder_fee))

/// Smaller, keeping its place; an amendment, or what self-trade prevention took.
struct OrderReduced {
    OrderId order{};
    Base open{};
};
BOOST_DESCRIBE_STRUCT(OrderReduced, (), (order, open))

enum class CloseReason : std::uint8_t {
    filled,
    cancelled,
    not_traded,  ///< what is left of an immediate-or-cancel or market order
    expired,
    self_trade,
    reduce_only,  ///< there is no more position that it could reduce
    amended,      ///< another one takes its place
    liquidation,
    triggered,     ///< an order that waited is placed now
    partner_done,  ///< one cancels the other
    dead_man,      ///< the account's switch was not set anew
    refused,       ///< a pegged order or one from an auction may not be what it would be now
    market         ///< its market does not trade any more, or was not opened
};
BOOST_DESCRIBE_ENUM(CloseReason, filled, cancelled, not_traded, expired, self_trade, reduce_only,
                    amended, liquidation, triggered, partner_done, dead_man, refused, market)

struct OrderClosed {
    OrderId order{};
    AccountId account{};
    CloseReason reason = CloseReason::filled;
    Base open{};  ///< that did not trade
};
BOOST_DESCRIBE_STRUCT(OrderClosed, (), (order, account, reason, open))

/// After the trades of one command, and for a maker after each.
struct PositionChanged {
    AccountId account{};
    MarketId market{};
    Leg leg = Leg::net;
    Base size{};
    Quote entry_quote{};  ///< what was paid for it: negative for a long position
    Quote realized{};     ///< profit that this change realised, before fees
};
BOOST_DESCRIBE_STRUCT(PositionChanged, (), (account, market, leg, size, entry_quote, realized))

struct PriceSet {
    MarketId market{};
    Price index{}, mark{};
};
BOOST_DESCRIBE_STRUCT(PriceSet, (), (market, index, mark))

/// The guard has another verdict on the oracle's price, and with it on what it may be used for.
struct OracleJudged {
    MarketId market{};
    OracleVerdict verdict = OracleVerdict::non_positive;
    Price index{}, confidence{}, average{};
    TimeMs published{};
};
BOOST_DESCRIBE_STRUCT(OracleJudged, (), (market, verdict, index, confidence, average, published))

/// A period has ended: each base of a long position owes `per_base` (a negative one: is owed).
struct FundingSettled {
    MarketId market{};
    formulas::Rate rate{};
    Price index{};
    formulas::FundingPerBase per_base{};
    std::int64_t samples = 0;
    TimeMs period_end{};
};
BOOST_DESCRIBE_STRUCT(FundingSettled, (), (market, rate, index, per_base, samples, period_end))

struct FundingPaid {
    AccountId account{};
    MarketId market{};
    Leg leg = Leg::net;
    Quote received{};  ///< negative: paid
};
BOOST_DESCRIBE_STRUCT(FundingPaid, (), (account, market, leg, received))

/// The account's collateral is below its maintenance requirement; its orders go, but for those that
/// only reduce.
struct LiquidationStarted {
    AccountId account{};
    Quote collateral{}, requirement{};
};
BOOST_DESCRIBE_STRUCT(LiquidationStarted, (), (account, collateral, requirement))

/// A part of a position was closed on the book for the account; the numbers are those before it.
struct Liquidated {
    AccountId account{};
    MarketId market{};
    Leg leg = Leg::net;
    OrderId order{};
    Side side = Side::buy;
    Base size{};
    Quote value{}, fee{};
    Price mark{};
    Quote collateral{}, requirement{};
    Quote treasury_fee{};  ///< of the fee, what is the treasury's; the rest is the insurance fund's
};
BOOST_DESCRIBE_STRUCT(Liquidated, (),
                      (account, market, leg, order, side, size, value, fee, mark, collateral,
                       requirement, treasury_fee))

/// Nobody else took it: closed against somebody who had won, at the price at which the account has
/// nothing left.
struct Deleveraged {
    MarketId market{};
    AccountId account{}, against{};
    Side side = Side::buy;
    Price price{};
    Base size{};
    std::int64_t rank = 0;              ///< formulas::deleverage_rank()
    Quote collateral{}, requirement{};  ///< of the account, before it
    Quote against_value{};              ///< collateral of the other, which made its rank
};
BOOST_DESCRIBE_STRUCT(Deleveraged, (),
                      (market, account, against, side, price, size, rank, collateral, requirement,
                       against_value))

/// The insurance fund took other collateral for USDC that the account owed.
struct CollateralSold {
    AccountId account{};
    AssetId asset{};
    Amount amount{};
    Quote proceeds{};
    Quote uncovered{};  ///< of the proceeds, what the fund had not got
};
BOOST_DESCRIBE_STRUCT(CollateralSold, (), (account, asset, amount, proceeds, uncovered))

/// A backstop paid `covered` of what the account owed of `debt`, and got collateral for it. The
/// numbers are those before it.
struct CollateralTaken {
    AccountId account{}, backstop{};
    AssetId asset{};
    Amount amount{};
    AssetId debt{};
    Amount covered{};
    Quote collateral{}, requirement{};
};
BOOST_DESCRIBE_STRUCT(CollateralTaken, (),
                      (account, backstop, asset, amount, debt, covered, collateral, requirement))

/// The insurance fund paid what the account owed; `uncovered` is what it could not.
struct DeficitCovered {
    AccountId account{};
    Quote paid{}, uncovered{};
    Quote socialized{};  ///< borne by the positions of a market, see LossSocialized
};
BOOST_DESCRIBE_STRUCT(DeficitCovered, (), (account, paid, uncovered, socialized))

/// The insurance fund owes a debt in place of the account, which has paid `price` for it.
struct DebtTaken {
    AccountId account{};
    AssetId asset{};
    Amount amount{};
    Quote price{};
};
BOOST_DESCRIBE_STRUCT(DebtTaken, (), (account, asset, amount, price))

/// Each base of the market's open interest, on both sides, bears `per_base` of a loss.
struct LossSocialized {
    MarketId market{};
    Quote loss{};
    formulas::FundingPerBase per_base{};
    Base open_interest{};
};
BOOST_DESCRIBE_STRUCT(LossSocialized, (), (market, loss, per_base, open_interest))

struct BackstopSet {
    AccountId account{};
    Quote notional_max{};
};
BOOST_DESCRIBE_STRUCT(BackstopSet, (), (account, notional_max))

/// A backstop took over a part of a position at a price less the fee; the numbers are those of the
/// account before it. `fee` is what the insurance fund got of it.
struct BackstopTook {
    MarketId market{};
    AccountId account{}, backstop{};
    Leg leg = Leg::net;
    Side side = Side::buy;  ///< of the account
    Price price{};
    Base size{};
    Quote value{}, fee{};
    Price mark{};
    Quote collateral{}, requirement{};
};
BOOST_DESCRIBE_STRUCT(BackstopTook, (),
                      (market, account, backstop, leg, side, price, size, value, fee, mark,
                       collateral, requirement))

/// Whole units of interest became the insurance fund's.
struct InterestShared {
    AssetId asset{};
    Amount amount{};
};
BOOST_DESCRIBE_STRUCT(InterestShared, (), (asset, amount))

struct LiquidationEnded {
    AccountId account{};
    Quote collateral{}, requirement{}, insurance{};
};
BOOST_DESCRIBE_STRUCT(LiquidationEnded, (), (account, collateral, requirement, insurance))

struct ReferrerSet {
    AccountId account{}, referrer{};
};
BOOST_DESCRIBE_STRUCT(ReferrerSet, (), (account, referrer))

struct BuilderApproved {
    AccountId account{}, builder{};
    std::int64_t fee_max_ppm = 0;
};
BOOST_DESCRIBE_STRUCT(BuilderApproved, (), (account, builder, fee_max_ppm))

enum class InsuranceAction : std::uint8_t { staked, requested, cancelled, unstaked };
BOOST_DESCRIBE_ENUM(InsuranceAction, staked, requested, cancelled, unstaked)

/// A staker's part of the insurance fund has changed; `amount` came in, was frozen or was paid.
struct InsuranceStakeChanged {
    AccountId account{};
    InsuranceAction action = InsuranceAction::staked;
    Quote amount{};
    InsuranceStake stake{};
    InsuranceShares shares{};
    Quote vault{};
};
BOOST_DESCRIBE_STRUCT(InsuranceStakeChanged, (), (account, action, amount, stake, shares, vault))

/// The end of a period: the fees that there were, where they went, and what is left of them.
struct RevenueSplit {
    Quote fees{}, insurance{}, stakers{}, treasury{}, left{};
};
BOOST_DESCRIBE_STRUCT(RevenueSplit, (), (fees, insurance, stakers, treasury, left))

struct TreasuryPaid {
    AccountId account{};
    Quote amount{}, left{};
    std::uint64_t reference = 0;
};
BOOST_DESCRIBE_STRUCT(TreasuryPaid, (), (account, amount, left, reference))

/// A deposit of a chain was credited; BalanceChanged follows.
struct DepositCredited {
    AccountId account{};
    AssetId asset{};
    Amount amount{};
    Observation observation{};
};
BOOST_DESCRIBE_STRUCT(DepositCredited, (), (account, asset, amount, observation))

/// A withdrawal was asked for, or has another state.
struct WithdrawalChanged {
    Boxed<Withdrawal> withdrawal{};
    ChainTransaction transaction{};
};
BOOST_DESCRIBE_STRUCT(WithdrawalChanged, (), (withdrawal, transaction))

struct AssetPriceSet {
    AssetId asset{};
    Price price{};
};
BOOST_DESCRIBE_STRUCT(AssetPriceSet, (), (asset, price))

struct GovernanceSet {
    Boxed<governance::Settings> settings{};
};
BOOST_DESCRIBE_STRUCT(GovernanceSet, (), (settings))

/// The account's stake is now `stake`; what it took out is free at `free_at`.
struct StakeChanged {
    AccountId account{};
    governance::Power change{}, stake{};
    TimeMs free_at{};  ///< 0: it has staked more
};
BOOST_DESCRIBE_STRUCT(StakeChanged, (), (account, change, stake, free_at))

struct StakeDelegated {
    AccountId account{}, to{};
};
BOOST_DESCRIBE_STRUCT(StakeDelegated, (), (account, to))

struct Proposed {
    ProposalId proposal{};
    AccountId account{};
    Boxed<Proposition> proposition{};
    Boxed<governance::Terms> terms{};
};
BOOST_DESCRIBE_STRUCT(Proposed, (), (proposal, account, proposition, terms))

struct Voted {
    ProposalId proposal{};
    AccountId account{};
    governance::Choice choice = governance::Choice::against;
    governance::Power power{};
    governance::Tally tally{};  ///< with this vote
};
BOOST_DESCRIBE_STRUCT(Voted, (), (proposal, account, choice, power, tally))

struct Vetoed {
    ProposalId proposal{};
    AccountId account{};
    std::int64_t given = 0, needed = 0;  ///< guardians
};
BOOST_DESCRIBE_STRUCT(Vetoed, (), (proposal, account, given, needed))

/// A proposal has come to another state; when it is executed, what it does follows.
struct ProposalMoved {
    ProposalId proposal{};
    AccountId account{};  ///< who proposed it
    governance::ProposalState from{}, to{};
    TimeMs at{};  ///< when it was due; the command that told of it may have come later
    governance::Tally tally{};
    governance::Verdict verdict{};
    governance::Power deposit_returned{}, deposit_lost{};
};
BOOST_DESCRIBE_STRUCT(ProposalMoved, (),
                      (proposal, account, from, to, at, tally, verdict, deposit_returned,
                       deposit_lost))

using Event =
    std::variant<Refused, BatchItem, MarketSet, AssetSet, AccountOpened, BalanceChanged,
                 LeverageSet, DeadManSet, OrderAccepted, OrderPegged, AuctionOpened, AuctionFilled,
                 AuctionEnded, OpeningIndicated, Opened, MarketSettled, ConditionalAccepted,
                 OrderTriggered, Traded, OrderReduced, OrderClosed, PositionChanged, PriceSet,
                 OracleJudged, FundingSettled, FundingPaid, LiquidationStarted, Liquidated,
                 Deleveraged, CollateralSold, DeficitCovered, LiquidationEnded, AssetPriceSet,
                 VenueSet, ReferrerSet, BuilderApproved, StakeChanged, InsuranceStakeChanged,
                 RevenueSplit, TreasuryPaid, DebtTaken, LossSocialized, BackstopSet, BackstopTook,
                 CollateralTaken, InterestShared, DepositCredited, WithdrawalChanged, GovernanceSet,
                 StakeDelegated, Proposed, Voted, Vetoed, ProposalMoved>;
static_assert(sizeof(Event) <= 136, "a command leads to several: box what is large and rare");
using Events = std::vector<Event>;

}  // namespace astro::exchange
