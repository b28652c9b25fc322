#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "capabilities/exchange/engine/account.hpp"
#include "capabilities/exchange/engine/batch_undo.hpp"
#include "capabilities/exchange/engine/client_ids.hpp"
#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/engine/deleverage_queue.hpp"
#include "capabilities/exchange/engine/events.hpp"
#include "capabilities/exchange/engine/formulas/drift_spot.hpp"
#include "capabilities/exchange/engine/formulas/margin.hpp"
#include "capabilities/exchange/engine/insurance_fund.hpp"
#include "capabilities/exchange/engine/margin.hpp"
#include "capabilities/exchange/engine/market.hpp"
#include "capabilities/exchange/engine/order_info.hpp"
#include "capabilities/exchange/engine/order_plan.hpp"
#include "capabilities/exchange/engine/order_preview.hpp"
#include "capabilities/exchange/engine/taker_auction.hpp"
#include "capabilities/exchange/engine/uncross.hpp"
#include "capabilities/governance/engine/governance.hpp"
#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// Money that is no account's.
struct Pools {
    Quote fees;       ///< earned and not yet distributed; rebates are paid from it
    Quote insurance;  ///< the vault of the insurance fund, 0 or more
    Quote treasury;
    Quote funding;    ///< paid by those who have, and not yet received by the others
    Quote uncovered;  ///< losses that nobody could pay, below zero
};
BOOST_DESCRIBE_STRUCT(Pools, (), (fees, insurance, treasury, funding, uncovered))

/// What the venue holds of one asset beside balances.
struct HeldAsset {
    Amount pending{};  ///< withdrawals that have not left
};
BOOST_DESCRIBE_STRUCT(HeldAsset, (), (pending))

/// What a proposal is about, and what was in force when it was made.
struct StoredProposition {
    Boxed<Proposition> proposition{};
    ProposalAction base{};  ///< nothing of what was to be listed
};
BOOST_DESCRIBE_STRUCT(StoredProposition, (), (proposition, base))

/// Who takes over what the book did not; see SetBackstop.
struct Backstop {
    AccountId account{};
    Quote notional_max{};
};
BOOST_DESCRIBE_STRUCT(Backstop, (), (account, notional_max))
inline constexpr std::size_t kBackstopsMax = 64;

/// The venue as a state machine: commands in, events out. Deterministic, without I/O; one thread.
///
/// A command is judged as a whole before anything changes: it is done, or refused with its numbers
/// and nothing has happened. What an order will trade is counted first (walk()), so that its margin
/// is known to the unit, and then done (match()).
class Venue {
  public:
    Venue() = default;
    Venue(const Venue&) = delete;
    Venue& operator=(const Venue&) = delete;

    /// Appends what happened to `events`. The time is never below that of the command before.
    void apply(TimeMs time, const CommandBody& command, Events& events);
    void apply(const Command& command, Events& events) {
        apply(command.time, command.body, events);
    }

    /// For LookAhead. Asks the memory for what a command will touch that comes soon: its account
    /// and its order (step 0), what those lead to (1), and whom it will meet first (2). Each step
    /// waits for what the one before asked for.
    void prefetch(const CommandBody& command, int step, MetAhead& met) const;
    /// Then, as often as there is time for: what a trade with him touches, and whom it meets next.
    void prefetch_next(MetAhead& met) const;

    [[nodiscard]] TimeMs now() const { return now_; }
    /// When something is to happen that needs no command but time: a Tick then brings it about.
    [[nodiscard]] std::optional<TimeMs> next_due() const;
    [[nodiscard]] const std::vector<Market>& markets() const { return markets_; }
    [[nodiscard]] const std::vector<Collateral>& assets() const { return assets_; }
    [[nodiscard]] const Accounts& accounts() const { return accounts_; }
    [[nodiscard]] const Pools& pools() const { return pools_; }
    [[nodiscard]] MarginContext margin_context() const { return {assets_, markets_}; }
    [[nodiscard]] const VenueSettings& settings() const { return settings_; }
    [[nodiscard]] const Owner& owner_of(AccountId account) const {
        return owner_states_[of(account).owner_index];
    }
    /// What an account's shares of the insurance fund are worth.
    [[nodiscard]] Quote insured(AccountId account) const;
    [[nodiscard]] const InsuranceShares& insurance_shares() const { return insurance_; }
    [[nodiscard]] const std::map<AccountId, InsuranceStake>& insurance_stakes() const {
        return insurance_stakes_;
    }
    /// Those that are open.
    [[nodiscard]] const std::map<WithdrawalId, Withdrawal>& withdrawals() const {
        return withdrawals_;
    }
    [[nodiscard]] const std::vector<Backstop>& backstops() const { return backstops_; }
    /// Other collateral of the insurance fund; below zero: what it owes.
    [[nodiscard]] Amount fund_asset(AssetId asset) const { return fund_assets_[asset.value()]; }
    [[nodiscard]] const HeldAsset& held(AssetId asset) const { return held_[asset.value()]; }
    /// An account's rates of fees as of the last command.
    [[nodiscard]] FeeRates fee_rates_of(AccountId account) const;
    [[nodiscard]] std::size_t resting_orders() const { return orders_.live(); }
    [[nodiscard]] const governance::Governance& governance() const { return governance_; }
    /// Of all proposals that governance() knows.
    [[nodiscard]] const std::map<ProposalId, StoredProposition>& propositions() const {
        return propositions_;
    }
    /// None while it is not listed.
    [[nodiscard]] std::optional<AssetId> governance_asset() const;

    /// A resting order as its owner sees it.
    struct OrderView {
        OrderId order{};
        AccountId account{};
        MarketId market{};
        Side side = Side::buy;
        Leg leg = Leg::net;
        bool reduce_only = false;
        Price price{};
        Base size{}, open{}, shown{};
        ClientId client_id{};
        std::optional<Price> offset{};  ///< of a pegged one
        bool in_auction = false;        ///< it does not rest: makers may fill it
    };
    /// That rests or is in its auction.
    [[nodiscard]] std::optional<OrderView> find_order(OrderId order) const;
    [[nodiscard]] OrderId find_client_id(AccountId account, const ClientId& name) const {
        return client_ids_.find(account, name);
    }
    [[nodiscard]] const Conditional* find_conditional(OrderId order) const;
    /// Those that rest, oldest first.
    [[nodiscard]] std::vector<OrderView> orders_of(AccountId account) const;
    [[nodiscard]] std::vector<Conditional> conditionals_of(AccountId account) const;

    /// What an order of any kind would lead to if it came now. Changes nothing that is part of the
    /// state; on the thread that applies. Of another command: refused, order_inconsistent.
    [[nodiscard]] PreviewedOrder preview(const CommandBody& order) const;

    /// Orders that run in their auctions, oldest first.
    [[nodiscard]] const std::map<OrderId, TakerAuction>& auctions() const { return auctions_; }
    [[nodiscard]] TakersDue due_of(const TakerAuction& auction) const;
    /// What would trade, and at what price, if a market that is not open yet opened now.
    [[nodiscard]] Clearing clearing_of(const Market& market) const;

    /// The first `count` orders of a side as they would be met: best price first, oldest first at
    /// each.
    [[nodiscard]] std::vector<OrderView> orders_on(MarketId market, Side side,
                                                   std::size_t count) const;

    /// Whether all that is kept twice agrees: indexes, sums and books are counted anew. Slow; what
    /// is wrong, or nothing.
    [[nodiscard]] std::string audit() const;

    /// All that later events depend on, as bytes: the same state gives the same bytes. Appends. See
    /// venue_state.hpp.
    void save(Bytes& out) const;
    /// The same in pieces of up to 1 MiB, valid during the call, in little memory.
    void save(const std::function<void(ByteView)>& sink) const;
    /// The venue that was saved. Bytes of any origin: what a venue cannot be is refused, code
    /// "bad_state", with the place; what was loaded passes audit().
    [[nodiscard]] static Result<std::unique_ptr<Venue>> load(ByteView bytes);

  private:
    friend struct VenueState;
    friend class MoneyLoader;
    using Plan = OrderPlan;
    using Walk = OrderWalk;
    using Fill = OrderFill;

    Refusal on(const SetMarket& c);
    Refusal on(const SetAsset& c);
    Refusal on(const SetVenue& c);
    Refusal on(const OpenAccount& c);
    Refusal on(const Deposit& c);
    Refusal on(const Withdraw& c);
    Refusal on(const RequestWithdrawal& c);
    Refusal on(const CancelWithdrawal& c);
    Refusal on(const DecideWithdrawal& c);
    Refusal on(const ReportWithdrawal& c);
    Refusal on(const SetReferrer& c);
    Refusal on(const ApproveBuilder& c);
    Refusal on(const StakeInsurance& c);
    Refusal on(const RequestUnstakeInsurance& c);
    Refusal on(const CancelUnstakeInsurance& c);
    Refusal on(const UnstakeInsurance& c);
    Refusal on(const SetBackstop& c);
    Refusal on(const SettleInterest& c);
    Refusal on(const PayTreasury& c);
    Refusal on(const Transfer& c);
    Refusal on(const SetLeverage& c);
    Refusal on(const PlaceOrder& c);
    Refusal on(const PlaceConditional& c);
    Refusal on(const PlaceOco& c);
    Refusal on(const PlaceBracket& c);
    Refusal on(const PlacePegged& c);
    Refusal on(const BatchOrders& c);
    Refusal on(const PlaceAuction& c);
    Refusal on(const FillAuction& c);
    Refusal on(const SettleMarket& c);
    Refusal on(const CancelOrder& c);
    Refusal on(const CancelByClientId& c);
    Refusal on(const CancelAll& c);
    Refusal on(const SetDeadMan& c);
    Refusal on(const AmendOrder& c);
    Refusal on(const SetIndexPrice& c);
    Refusal on(const SettleFunding& c);
    Refusal on(const SetAssetPrice& c);
    Refusal on(const SetGovernance& c);
    Refusal on(const StakeGovernance& c);
    Refusal on(const UnstakeGovernance& c);
    Refusal on(const DelegateGovernance& c);
    Refusal on(const Propose& c);
    Refusal on(const VoteOnProposal& c);
    Refusal on(const VetoProposal& c);
    Refusal on(const CancelProposal& c);
    Refusal on(const ExecuteProposal& c);
    Refusal on(const Tick& c);

    template <class E>
    void tell(E&& event) {
        events_->emplace_back(std::forward<E>(event));
    }

    // venue.cpp
    void prefetch(const PlaceOrder& order, int step, MetAhead& met) const;
    void prefetch(const CancelOrder& order, int step) const;
    void prefetch_order(OrderSlot slot) const {
        if (slot >= infos_.size()) return;
        prefetch_line(&orders_[slot]);
        prefetch_line(&infos_[slot]);
    }
    void prefetch_maker(OrderSlot slot) const;
    void join_owner(AccountId id, Account& account);
    [[nodiscard]] bool has(AccountId account) const { return account.value() < accounts_.size(); }
    [[nodiscard]] Account& of(AccountId account) {
        Account& out = accounts_[account.value()];
        if (undo_ != nullptr) [[unlikely]]
            note_account(account);
        return out;
    }
    [[nodiscard]] const Account& of(AccountId account) const { return accounts_[account.value()]; }
    [[nodiscard]] Refusal check_amount(AccountId account, AssetId asset, Amount amount) const;
    [[nodiscard]] Refusal check_outflow(AccountId account, AssetId asset, Amount amount,
                                        bool may_borrow = false);
    /// Initial margin of an account's positions at present prices.
    void count_margin(Account& account);
    /// After a position or what it has on the book has changed.
    void recount(Account& account, Position& position);
    void change_balance(AccountId account, AssetId asset, Amount change, BalanceReason reason);
    /// What was to end by now: orders, and all orders of whom the switch has not been set anew.
    void let_time_pass();
    void cancel_all(AccountId account, std::optional<MarketId> market, std::optional<Side> side,
                    CloseReason reason);

    // venue_audit.cpp
    [[nodiscard]] std::string audit_funds() const;
    [[nodiscard]] std::string audit_interest() const;

    // venue_interest.cpp
    void accrue_interest();
    void give_fund(AssetId asset, Amount amount);
    void book_interest(AccountId account, AssetId asset);
    void mark_interest(AccountId account, AssetId asset, Amount before);
    void list_borrower(AccountId account);
    void change_asset(AssetId id, const AssetSettings& settings);
    [[nodiscard]] Refusal check_borrowing(const Collateral& asset, Amount have,
                                          Amount amount) const;

    // venue_fees.cpp
    void begin_day();
    /// Counts the volume of the days before and looks up the rates, for all accounts of the owner.
    void refresh_fees(Account& account);
    [[nodiscard]] const FeeRates& rates_of(Account& account) {
        if (account.fees.epoch != fee_epoch_) refresh_fees(account);
        return account.fees;
    }
    [[nodiscard]] std::int64_t taker_ppm(const Market& market, AccountId account) {
        return taker_rate_ppm(market.settings.taker_fee_ppm, rates_of(of(account)));
    }
    /// Of one trade; counts its volume.
    [[nodiscard]] TradeFees fees_of(const Plan& plan, AccountId maker, const OrderInfo& info,
                                    Quote value);
    [[nodiscard]] Refusal check_builder(const PlaceOrder& c) const;
    void split_revenue();

    // venue_funds.cpp
    InsuranceStake* stake_of(AccountId account);
    void tell_stake(AccountId account, InsuranceAction action, Quote amount);
    void add_revenue_shares(Quote own, Quote stakers);

    // venue_transfers.cpp
    [[nodiscard]] Quote value_of(AssetId asset, Amount amount) const;
    [[nodiscard]] Refusal check_liquidity(AssetId asset, Amount amount) const;
    void plan_delay(Withdrawal& withdrawal) const;
    void change_withdrawal(Withdrawal& withdrawal, WithdrawalState state,
                           const ChainTransaction& transaction = {});
    /// It ends: given back to its account, or gone.
    void end_withdrawal(WithdrawalId id, WithdrawalState state,
                        const ChainTransaction& transaction = {});
    void release_withdrawals();

    // venue_prices.cpp
    void schedule_sampling(MarketId market);
    void refresh_oracle(MarketId market);
    [[nodiscard]] bool may(const Market& market, OracleAction action) const;
    [[nodiscard]] std::pair<std::optional<Price>, std::optional<Price>> impact_prices(
        const Market& market) const;
    void set_mark(MarketId market);
    void sample_premium(MarketId market, TimeMs until);
    void settle_funding_period(MarketId market);
    void run_sampling();
    void pay_funding(AccountId account, Position& position);

    // venue_liquidation.cpp
    /// What an account has above its margin may have become less.
    void touch(AccountId account);
    void unwatch(AccountId account, Position& position);
    void watch(AccountId account);
    void check_accounts(MarketId market);
    void liquidate(AccountId account);
    [[nodiscard]] bool is_restored(AccountId account) const;
    void cancel_risk(AccountId account);
    bool liquidate_step(AccountId account);
    [[nodiscard]] std::vector<std::pair<std::int64_t, Position>> by_requirement(
        AccountId account) const;
    [[nodiscard]] static formulas::MarginTerms close_terms(const Market& market,
                                                           const Position& position);
    [[nodiscard]] static Quote spare_above(Price ruin, Side side, Base size, Quote value);
    bool close_part(AccountId account, const Position& position);
    [[nodiscard]] std::int64_t liquidation_limit(const Position& position,
                                                 std::optional<Price> ruin) const;
    [[nodiscard]] std::int64_t bearable_limit(const Position& position, std::optional<Price> ruin,
                                              std::int64_t limit) const;

    // venue_backstop.cpp
    bool backstop_step(AccountId account);
    bool backstop_part(AccountId account, const Position& position);
    [[nodiscard]] std::int64_t takeover_limit(const Position& position, std::optional<Price> ruin,
                                              std::int64_t fee_ppm) const;
    [[nodiscard]] std::uint64_t backstop_lots(const Backstop& backstop, AccountId account,
                                              const Position& position, std::int64_t ticks,
                                              std::uint64_t wanted) const;
    [[nodiscard]] bool can_take(const Account& account, const Position& position,
                                std::int64_t ticks, std::uint64_t lots) const;
    void take_over(AccountId backstop, AccountId account, const Position& position,
                   std::int64_t ticks, std::uint64_t lots, const Health& health,
                   std::optional<Price> ruin);
    bool backstop_collateral(AccountId account);
    [[nodiscard]] std::optional<AssetId> largest_debt(AccountId account) const;
    [[nodiscard]] formulas::SpotLeg spot_leg(AssetId asset, Amount balance) const;
    bool move_debt(AccountId account, AssetId asset, AssetId debt);
    [[nodiscard]] bool can_take(const Account& account, AssetId asset, Amount amount, AssetId debt,
                                Amount covered) const;
    void swap_collateral(AccountId backstop, AccountId account, AssetId asset, Amount amount,
                         AssetId debt, Amount covered);

    // venue_bankruptcy.cpp
    void deleverage_account(AccountId account);
    void deleverage_pair(Market& market, const Position& position, AccountId loser,
                         const QueuedPosition& winner, Side side, std::int64_t ticks);
    void cover_deficit(AccountId account);
    void take_debt(AccountId account, AssetId asset);
    [[nodiscard]] Quote socialize(Quote loss);
    [[nodiscard]] boost::container::small_vector<AssetId, kAssetsMax> collateral_order(
        AccountId account) const;
    void sell_collateral(AccountId account, AssetId asset);

    // venue_governance.cpp
    /// Whether the operator may not do that by himself.
    [[nodiscard]] bool is_governed(const SetMarket& c) const;
    [[nodiscard]] bool is_governed() const { return governance_.settings().binds; }
    /// What each of these would be refused for, and doing it when that is nothing.
    [[nodiscard]] Refusal check(const SetMarket& c) const;
    [[nodiscard]] Refusal check(const SetAsset& c) const;
    [[nodiscard]] Refusal check(const SetGovernance& c) const;
    [[nodiscard]] Refusal check(const SetVenue& c) const;
    [[nodiscard]] Refusal check(const PayTreasury& c) const;
    void carry_out(const SetMarket& c);
    void carry_out(const SetAsset& c);
    void carry_out(const SetGovernance& c);
    void carry_out(const SetVenue& c);
    void carry_out(const PayTreasury& c);
    /// What is in force of that which the action would change.
    [[nodiscard]] ProposalAction in_force(const ProposalAction& action) const;
    /// Calls `f` with the command that the proposal stands for now.
    template <class F>
    [[nodiscard]] Refusal with_command(ProposalId id, const ProposalAction& action,
                                       const ProposalAction& base, F&& f) const;
    [[nodiscard]] Refusal check_proposition(const Proposition& proposition) const;
    void run_votes();
    void tell_moved(const governance::Moved& moved);
    void pay_governance(AccountId account, Amount change, BalanceReason reason);
    /// The owner's stake, which lowers fees, is that of all his accounts.
    void change_stake(AccountId account, governance::Power change);

    // venue_preview.cpp
    struct Foreseen;
    [[nodiscard]] OracleVerdict verdict_now(MarketId market) const;
    [[nodiscard]] Refusal judge_plain(const PlaceOrder& c, Plan& plan) const;
    [[nodiscard]] std::optional<Base> size_that_fits(const PlaceOrder& c, const Plan& plan) const;
    void find_nearest(const PlaceOrder& c, const Plan& plan, PreviewedOrder& out) const;
    void begin_preview(const Plan& plan, PreviewedOrder& out) const;
    void preview_plain(const PlaceOrder& c, PreviewedOrder& out) const;
    void preview_auction(const AuctionOrder& c, PreviewedOrder& out) const;
    void preview_exits(const Bracket& c, PreviewedOrder& out) const;

    // venue_plan.cpp
    /// By what the oracle was found to be last.
    [[nodiscard]] Refusal plan_order(const PlaceOrder& c, Plan& plan) const;
    [[nodiscard]] Refusal plan_order(const PlaceOrder& c, Plan& plan, OracleVerdict verdict) const;
    [[nodiscard]] Refusal check_state(const Market& market, const PlaceOrder& c,
                                      bool reduces) const;
    [[nodiscard]] Refusal check_price(const Market& market, Side side, Price price) const;
    [[nodiscard]] Refusal check_size(const Market& market, const Plan& plan, Base size) const;
    [[nodiscard]] Refusal check_post_only(const PlaceOrder& c, Plan& plan) const;
    /// `replaced` orders of the account are there now and will not be.
    [[nodiscard]] Refusal judge(const Plan& plan, const Walk& walk, bool all_or_nothing,
                                std::size_t replaced = 0) const;
    [[nodiscard]] Refusal check_risk(const Plan& plan, const Walk& walk) const;
    [[nodiscard]] static bool is_consistent(const PlaceOrder& c);
    [[nodiscard]] std::int64_t band_limit(const Market& market, Side side,
                                          std::int64_t band_bps) const;

    // venue_match.cpp
    [[nodiscard]] Walk walk(const Plan& plan) {
        return walk(plan, taker_ppm(*plan.market, plan.account));
    }
    [[nodiscard]] Walk walk(const Plan& plan, std::int64_t fee_ppm) const;
    // venue_walk.hpp
    template <class Watch>
    struct Walking;
    template <class Watch>
    [[nodiscard]] Walk walk_gathering(const Plan& plan, Watch& watch) const;
    /// `slot` is allocated for it, and released when nothing of it rests.
    void execute(const Plan& plan, OrderId id, OrderSlot slot);
    /// Orders of the owner on the other side that its price meets, the oldest account's first: what
    /// self-trade prevention is about before the opening.
    [[nodiscard]] std::vector<OrderSlot> own_met(const Plan& plan) const;
    void gather(const Plan& plan, OrderId id, std::uint64_t& left, CloseReason& why);
    void match(const Plan& plan, OrderId id, Fill& fill, std::uint64_t& left, CloseReason& why);
    std::uint64_t prevent_self_trade(const Plan& plan, OrderSlot maker, std::uint64_t left);
    void trade(const Plan& plan, OrderId id, OrderSlot maker, std::uint64_t lots, Fill& fill);
    /// One side of a trade: its position and its balance.
    Position& settle_side(Market& market, AccountId account, Leg leg, Side side, Base size,
                          Quote value, Quote fee);
    /// Parts of a taker's fee that go to others.
    void pay_shares(AccountId taker, Quote referral, AccountId builder, Quote builder_fee);
    void pay_maker_builder(const TradeFees& fees);
    /// What only reduces goes with the position.
    void drop_if_closed(AccountId account, MarketId market, Leg leg);
    Quote move_position(Market& market, AccountId account, Position& position, Side side, Base size,
                        Quote value);
    void rest(const Plan& plan, OrderId id, OrderSlot slot, std::uint64_t lots);
    /// A part or all of what an order shows has traded; more of an iceberg is shown.
    void fill_resting(OrderSlot slot, std::uint64_t lots);

    // venue_batch.cpp
    /// Beside what undo_ notes.
    struct Before {
        std::size_t events, infos, touched;
        Pools pools;
        std::vector<Interest> interest;  ///< by asset
        std::vector<Amount> fund_assets;
        std::uint64_t orders_accepted;
        TradeId last_trade;
    };
    Refusal act(const OrderBatch& batch, std::uint32_t item);
    [[nodiscard]] Before begin_undo();
    void undo(const Before& before);
    struct TakeBack;  ///< of one step
    /// Before it changes.
    template <class S>
    void note(S&& step) {
        if (undo_ != nullptr) [[unlikely]]
            undo_->steps.emplace_back(std::forward<S>(step));
    }
    void note_info(OrderSlot slot) {
        if (undo_ != nullptr) [[unlikely]]
            undo_->steps.emplace_back(BatchUndo::InfoStep{slot, infos_[slot]});
    }
    void note_book(OrderSlot slot, bool there_after) {
        if (undo_ != nullptr) [[unlikely]]
            undo_->steps.emplace_back(BatchUndo::BookStep{slot, orders_[slot], there_after});
    }
    void note_account(AccountId account);
    void note_partner(OrderId order);
    [[nodiscard]] OrderSlot allocate_slot();
    void release_slot(OrderSlot slot);

    // venue_opening.cpp
    [[nodiscard]] Refusal check_change(const Market& market, const MarketSettings& to) const;
    /// What follows from a change of the state.
    void change_state(MarketId market, MarketState was);
    void cancel_market(MarketId market);
    void uncross(MarketId market);
    /// Who may not take part in the opening, or not with all of it.
    void cancel_unfunded(MarketId market);
    void trim_reduce_only(MarketId market);
    void cross(MarketId market, OrderSlot bid, OrderSlot ask, std::int64_t ticks,
               std::uint64_t lots);
    void tell_indication(MarketId market);
    [[nodiscard]] std::vector<OrderSlot> resting_in(const Market& market, Side side) const;
    void settle_position(MarketId market, AccountId account, Leg leg, std::int64_t ticks);

    // venue_jit.cpp
    [[nodiscard]] Refusal check_auction(const AuctionOrder& c) const;
    [[nodiscard]] Refusal plan_auction(const AuctionOrder& c, Plan& plan,
                                       formulas::AuctionRange& range, OracleVerdict verdict) const;
    void open_auction(const AuctionOrder& c, const Plan& plan, const formulas::AuctionRange& range);
    [[nodiscard]] Refusal plan_fill(const FillAuction& c, const TakerAuction& auction, Price due,
                                    Plan& plan) const;
    void fill_auction(OrderId id, const FillAuction& c, const Plan& plan, const Walk& walked);
    /// Takes lots off what it holds of its account's margin.
    void release_auction(TakerAuction& auction, std::uint64_t lots);
    void tell_auction_ended(OrderId id, const TakerAuction& auction);
    /// Out of all indexes; its slot is still allocated.
    TakerAuction remove_auction(OrderId id);
    void close_auction(OrderId id, CloseReason reason);
    void close_auctions(AccountId account, std::optional<MarketId> market, std::optional<Side> side,
                        CloseReason reason);
    void close_reducing_auctions(AccountId account, MarketId market, Leg leg);
    /// Its time is over: what is left meets the book.
    void finish_auction(OrderId id);
    [[nodiscard]] OrderView view(OrderId id, const TakerAuction& auction) const;
    [[nodiscard]] std::string audit_auctions() const;

    // venue_pegs.cpp
    Refusal place_pegged(const PlacePegged& c, OrderId* placed);
    [[nodiscard]] Refusal check_peg(const Market& market, const PeggedOrder& c) const;
    /// The plain order that a pegged one is at this moment.
    [[nodiscard]] Refusal unpeg(const PeggedOrder& c, PlaceOrder& plain) const;
    /// All pegged orders of the market, after its index has changed; whether one has moved.
    bool move_pegs(MarketId market);
    [[nodiscard]] Plan plan_of_resting(OrderSlot slot) const;
    void queue_anew(MarketId market, OrderId id, Plan plan);
    [[nodiscard]] Refusal fit(Plan& plan, CloseReason& why);
    void drop_peg(MarketId market, OrderId order);
    [[nodiscard]] std::string audit_pegs() const;

    // venue_triggers.cpp
    [[nodiscard]] Refusal check_conditional(const PlaceOrder& order, const Trigger& trigger) const;
    [[nodiscard]] Refusal check(const PlaceOco& c) const;
    [[nodiscard]] Refusal check(const PlaceBracket& c) const;
    /// Where an exit of a bracket would wait if it began now.
    [[nodiscard]] Price first_trigger(const Bracket& bracket, const Trigger& trigger) const;
    OrderId add_conditional(const PlaceOrder& order, const Trigger& trigger);
    [[nodiscard]] std::optional<std::uint32_t> conditional_of(OrderId order) const;
    void drop_conditional(std::uint32_t place, CloseReason reason);
    void drop_reduce_only_conditionals(AccountId account, MarketId market, Leg leg);
    [[nodiscard]] bool has_reduce_only(AccountId account, const Position& position) const {
        return position.reduce_orders > 0 || !of(account).conditionals.empty();
    }
    void note_moved(MarketId market) {
        if (std::ranges::find(moved_, market) == moved_.end()) moved_.push_back(market);
    }
    void note_priced(MarketId market) {
        if (std::ranges::find(priced_, market) == priced_.end()) priced_.push_back(market);
    }
    /// It has traded, or is no more: what was bound to it follows in settle().
    void traded(OrderId order);
    void ended(OrderId order);
    void add_exits(const Bracket& bracket);
    void settle();
    bool run_one_trigger(MarketId market);

    // venue_orders.cpp
    /// `partner` waits beside it, and one cancels the other; `bracket` begins when it trades.
    Refusal place(const PlaceOrder& c, OrderId* placed, const WaitingOrder* partner = nullptr,
                  const Bracket* bracket = nullptr);
    [[nodiscard]] Position& position_at(AccountId account, MarketId market, Leg leg);
    void drop_if_idle(AccountId account, MarketId market, Leg leg);
    /// kNoOrder when it does not rest.
    [[nodiscard]] OrderSlot slot_of(OrderId order) const {
        const OrderSlot slot = slot_in(order);
        return slot < infos_.size() && infos_[slot].id == order && order != OrderId{0} ? slot
                                                                                       : kNoOrder;
    }
    [[nodiscard]] std::uint64_t open_lots(OrderSlot slot) const {
        return orders_[slot].quantity + infos_[slot].hidden;
    }
    /// Takes lots off what is open of an order, in all sums; the order itself is changed after.
    void release_open(OrderSlot slot, std::uint64_t lots);
    /// What goes with them of what the order would lose to the mark price.
    [[nodiscard]] Quote adverse_released(OrderSlot slot, std::uint64_t lots) const;
    void reduce_open(OrderSlot slot, std::uint64_t lots);
    Refusal replace(OrderSlot slot, const OrderView& old, Price price, Base open);
    /// After its lots have been released: out of the book and of all indexes, its slot still
    /// allocated.
    void take_off(OrderSlot slot);
    /// The same; it is told, and the slot is free.
    void close(OrderSlot slot, CloseReason reason, std::uint64_t lots_left);
    void cancel(OrderSlot slot, CloseReason reason);
    void cancel_reduce_only(AccountId account, MarketId market, Leg leg);
    [[nodiscard]] OrderView view(OrderSlot slot) const;
    [[nodiscard]] static Quote fee_of(Quote notional, std::int64_t ppm);

    TimeMs now_{0};
    std::uint64_t epoch_ = 1;  ///< of mark prices and market settings
    std::vector<Market> markets_;
    std::vector<Collateral> assets_;
    std::vector<Amount> deposited_;  ///< by asset, of all accounts
    Accounts accounts_;
    std::unordered_map<OwnerId, std::uint32_t> owners_;  ///< and the first account of each
    Pools pools_;
    VenueSettings settings_;
    std::deque<Owner> owner_states_;  ///< by Account::owner_index
    std::uint32_t fee_epoch_ = 1;     ///< of the day and of settings_
    std::int64_t day_ = 0;            ///< UTC, since 1970
    TimeMs next_revenue_{};           ///< 0: nothing is split
    InsuranceShares insurance_;
    std::map<AccountId, InsuranceStake> insurance_stakes_;
    std::vector<HeldAsset> held_;  ///< by asset
    std::vector<Backstop> backstops_;
    std::set<AccountId> borrowers_;        ///< who owe what bears interest
    std::int64_t interest_second_ = 0;     ///< until when it is counted, since 1970
    std::optional<MarketId> loss_market_;  ///< of the liquidation under way: where it last closed
    DepositLog deposit_log_;
    std::map<WithdrawalId, Withdrawal> withdrawals_;
    std::set<std::pair<TimeMs, WithdrawalId>> delayed_;  ///< withdrawals, by when they are ready
    WithdrawalId last_withdrawal_{0};
    std::unordered_map<OrderId, BuilderFee> builder_fees_;  ///< of resting orders that name one
    std::vector<Amount> fund_assets_;  ///< other collateral of the insurance fund, by asset
    std::vector<AccountId> touched_;
    OrderPool orders_;
    std::vector<OrderInfo> infos_;  ///< by slot
    ClientIds client_ids_;
    std::set<std::pair<TimeMs, OrderId>> expiring_;
    std::set<std::pair<TimeMs, AccountId>> dead_men_;
    std::set<std::pair<TimeMs, MarketId>> sampling_;  ///< when each market is sampled next
    std::map<OrderId, TakerAuction> auctions_;
    std::set<std::pair<TimeMs, OrderId>> auction_ends_;  ///< by their last moment
    std::vector<Conditional> conditionals_;
    std::vector<std::uint32_t> free_conditionals_;
    std::unordered_map<OrderId, OrderId> partners_;  ///< one cancels the other
    std::unordered_map<OrderId, Bracket> brackets_;  ///< of entries that have not traded
    // What follows from the command that is being applied.
    std::vector<OrderId> going_;
    std::vector<Bracket> coming_;
    std::vector<MarketId> priced_;  ///< whose mark price or funding changed
    std::vector<AccountId> to_liquidate_;
    std::vector<MarketId> moved_;      ///< whose prices changed and where orders wait
    std::unique_ptr<BatchUndo> undo_;  ///< of the atomic batch that is being done
    std::optional<std::uint32_t> refused_item_;
    governance::Governance governance_;
    std::map<ProposalId, StoredProposition> propositions_;
    std::uint64_t orders_accepted_ = 0;
    TradeId last_trade_{0};
    Events* events_ = nullptr;
};

}  // namespace astro::exchange
