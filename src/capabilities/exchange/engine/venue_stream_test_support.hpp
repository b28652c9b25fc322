#pragma once

#include <map>

#include "capabilities/exchange/engine/venue_test_support.hpp"

/// Streams of commands from a seed, with sizes and prices that hurt, and a reader of events.
namespace astro::exchange {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {  // splitmix64
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
    }
    bool one_in(std::int64_t n) { return below(n) == 0; }
    template <class E>
    E any(E last) {
        return static_cast<E>(below(static_cast<std::int64_t>(last) + 1));
    }

  private:
    std::uint64_t state_;
};

/// What the events alone say.
class Reader {
  public:
    void read(const Events& events) {
        for (const auto& event : events) std::visit([this](const auto& e) { on(e); }, event);
    }
    std::map<std::pair<AccountId, AssetId>, Amount> balances;
    std::map<std::tuple<AccountId, MarketId, Leg>, std::pair<Base, Quote>> positions;
    std::map<OrderId, Base> open, waiting;
    std::map<WithdrawalId, std::pair<AssetId, Amount>> pending;
    Quote fees{}, other{}, treasury{};
    governance::Power staked{};

  private:
    void on(const BalanceChanged& e) {
        auto& known = balances[{e.account, e.asset}];
        known += e.change;
        EXPECT_EQ(known, e.balance);
    }
    void on(const OrderAccepted& e) {
        EXPECT_FALSE(open.contains(e.order));
        open[e.order] = e.size;
    }
    void on(const Traded& e) {
        open.at(e.taker_order) -= e.size;
        open.at(e.maker_order) -= e.size;
        EXPECT_EQ(open.at(e.maker_order), e.maker_open);
        EXPECT_GE(open.at(e.taker_order), Base{0});
        fees += e.taker_fee + e.maker_fee - e.referral;
    }
    void on(const AuctionOpened& e) {
        EXPECT_FALSE(open.contains(e.order));
        open[e.order] = e.terms->size;
    }
    void on(const ConditionalAccepted& e) { waiting[e.order] = e.spec.size; }
    void on(const OrderReduced& e) { open.at(e.order) = e.open; }
    void on(const OrderClosed& e) { EXPECT_EQ(open.erase(e.order) + waiting.erase(e.order), 1U); }
    void on(const FundingPaid& e) { other -= e.received; }
    void on(const RevenueSplit& e) {
        EXPECT_EQ(fees, e.fees);
        fees = e.left;
        other += e.insurance + e.stakers;
        treasury += e.treasury;
    }
    void on(const TreasuryPaid& e) {
        treasury -= e.amount;
        EXPECT_EQ(treasury, e.left);
    }
    void on(const InsuranceStakeChanged& e) {
        if (e.action == InsuranceAction::staked) other += e.amount;
        if (e.action == InsuranceAction::unstaked) other -= e.amount;
    }
    void on(const StakeChanged& e) { staked += e.change; }
    void on(const WithdrawalChanged& e) {
        const Withdrawal& w = *e.withdrawal;
        switch (w.state) {
            case WithdrawalState::held:
            case WithdrawalState::needs_approval:
            case WithdrawalState::ready:
            case WithdrawalState::sent:
                pending[w.id] = {w.asset, w.amount};
                return;
            default:
                EXPECT_EQ(pending.erase(w.id), 1U);
        }
    }
    void on(const Liquidated& e) {
        other += e.fee - e.treasury_fee;
        treasury += e.treasury_fee;
    }
    void on(const CollateralSold& e) { other -= e.proceeds; }
    void on(const DeficitCovered& e) { other -= e.paid + e.uncovered + e.socialized; }
    void on(const DebtTaken& e) { other += e.price; }
    void on(const BackstopTook& e) { other += e.fee; }
    void on(const InterestShared& e) {
        if (e.asset == kUsdc) other += Quote{e.amount.value()};
    }
    void on(const PositionChanged& e) {
        positions[{e.account, e.market, e.leg}] = {e.size, e.entry_quote};
    }
    void on(const auto&) {}
};

struct Stream {
    explicit Stream(std::uint64_t seed) : dice(seed) {
        add(SetAsset{AssetSettings{.symbol = "USDC",
                                   .decimals = 6,
                                   .initial_weight_bps = 10'000,
                                   .maintenance_weight_bps = 10'000,
                                   .borrow_enabled = seed % 2 == 0,
                                   .interest_free = dollars(seed % 4 == 0 ? 5 : 0)}});
        add(SetAsset{
            AssetSettings{.symbol = "SOL", .imf_factor_ppm = 3'000, .borrow_enabled = true}});
        add(SetAsset{default_governance_asset()});
        add(SetGovernance{governance::Settings{.quorum_ppm = 200'000,
                                               .threshold_ppm = 100'000,
                                               .voting_ms = 40'000,
                                               .timelock_ms = 20'000,
                                               .expiry_ms = 500'000,
                                               .cooldown_ms = 250'000,
                                               .deposit = governance::Power{50},
                                               .proposer_power_min = governance::Power{100}}});
        add(SetVenue{venue_settings()});
        for (std::uint16_t m = 0; m < 3; ++m) {
            add(SetMarket{market_settings(m, seed)});
            mid[m] = m == 1 ? 600'000 : 10'000;
            add(SetIndexPrice{.market = MarketId{m}, .index = at(m, mid[m])});
        }
        add(SetAssetPrice{AssetId{1}, Price{100 * kQuoteUnit}});
        for (std::uint32_t a = 0; a < kAccounts; ++a) {
            OwnerId owner;
            owner.bytes[0] = static_cast<std::uint8_t>(a / 2);
            add(OpenAccount{owner, {}});
            add(Deposit{
                AccountId{a}, kUsdc, dollars(1 + dice.below(a % 2 == 0 ? 100'000 : 40)), {}});
            add(Deposit{AccountId{a}, AssetId{2}, Amount{1'000}, {}});
            add(StakeGovernance{AccountId{a}, governance::Power{dice.below(600)}});
        }
    }
    void add(CommandBody body) { commands.push_back({TimeMs{time}, std::move(body)}); }
    Price at(std::uint16_t m, std::int64_t ticks) const {
        return Price{ticks * default_markets()[m].tick_size.value()};
    }

    /// Each formula of margin, and losses that all bear, in some streams.
    static MarketSettings market_settings(std::uint16_t m, std::uint64_t seed) {
        MarketSettings out = default_markets()[m];
        out.socialize_losses = seed % 3 == 0;
        if (m == 1 && seed % 2 == 1) {
            out.margin_formula = MarginFormula::brackets;
            out.brackets = {{usd(0), usd(10'000), 15'000, 40, usd(0)},
                            {usd(10'000), usd(100'000), 25'000, 20, usd(100)},
                            {usd(100'000), usd(10'000'000), 50'000, 10, usd(2'600)}};
        }
        if (m == 2 && seed % 2 == 0) {
            out.margin_formula = MarginFormula::dydx;
            out.open_interest_lower = usd(2'000);
            out.open_interest_upper = usd(100'000);
        }
        return out;
    }
    static VenueSettings venue_settings() {
        VenueSettings v;
        v.version = 1;
        v.fee_tiers = {{Quote{0}, 0, 0}, {usd(1'000'000), 300'000, 60}};
        v.stake_tiers = {{governance::Power{1'000'000}, 123'457}};
        v.referral_share_ppm = 99'999;
        v.referral_discount_ppm = 40'001;
        v.liquidation_treasury_ppm = 333'333;
        v.revenue_period_s = 60;
        v.revenue_insurance_ppm = 200'000;
        v.revenue_stakers_ppm = 300'000;
        v.revenue_treasury_ppm = 400'000;
        v.insurance_cooldown_ms = 60'000;
        v.withdrawal_delay_ms = 50;
        v.withdrawal_large_value = usd(1'000);
        v.withdrawal_large_delay_ms = 500;
        v.withdrawal_approval_value = usd(2'000);
        v.withdrawal_daily_max = usd(3'500);
        return v;
    }
    AccountId anybody() { return AccountId{static_cast<std::uint32_t>(dice.below(kAccounts))}; }
    Amount some(std::int64_t most) { return Amount{dice.below(most)}; }
    /// What is about money and no order.
    void money_step(AccountId account) {
        const WithdrawalId withdrawal{static_cast<std::uint64_t>(1 + dice.below(9))};
        switch (dice.below(17)) {
            case 14:
                return add(SetBackstop{account, usd(dice.below(3) * 4'000)});
            case 15:
                return add(SettleInterest{account});
            case 16:
                return add(SetAssetPrice{AssetId{1}, Price{(70 + dice.below(60)) * kQuoteUnit}});
            case 0:
                return add(Deposit{account, AssetId{2}, some(3'000'000), {}});
            case 1:
                return add(StakeGovernance{account, governance::Power{dice.below(2'000'000)}});
            case 2:
                return add(UnstakeGovernance{account, governance::Power{dice.below(1'000'000)}});
            case 3:
                return add(SetReferrer{account, anybody()});
            case 4:
                return add(ApproveBuilder{account, anybody(), dice.below(900)});
            case 5:
            case 6:
                return add(StakeInsurance{account, Quote{dice.below(3'000'000'000)}});
            case 7:
                return add(RequestUnstakeInsurance{
                    account, 1 + dice.below(dice.one_in(2) ? 1'000'000 : 3'000'000'000)});
            case 8:
                if (dice.one_in(4)) return add(CancelUnstakeInsurance{account});
                return add(UnstakeInsurance{account});
            case 9:
                return add(PayTreasury{account, Quote{dice.below(3'000'000)}, 1});
            case 10:
            case 11:
                return add(RequestWithdrawal{
                    WithdrawalRequest{.account = account,
                                      .asset = AssetId{static_cast<std::uint8_t>(dice.below(3))},
                                      .amount = some(4'000'000'000),
                                      .chain = Chain::solana,
                                      .address = "somewhere"}});
            case 12:
                if (dice.one_in(2)) return add(DecideWithdrawal{withdrawal, dice.one_in(2)});
                return add(CancelWithdrawal{account, withdrawal});
            default:
                return add(ReportWithdrawal{withdrawal, dice.any(WithdrawalState::failed), {}});
        }
    }

    PlaceOrder order() {
        const auto m = static_cast<std::uint16_t>(dice.below(3));
        const MarketSettings& settings = default_markets()[m];
        PlaceOrder o;
        o.account = AccountId{static_cast<std::uint32_t>(dice.below(kAccounts))};
        o.market = MarketId{m};
        o.side = dice.any(Side::sell);
        o.type = dice.one_in(6) ? OrderType::market : OrderType::limit;
        o.time_in_force =
            o.type == OrderType::market ? TimeInForce::ioc : dice.any(TimeInForce::fok);
        o.self_trade = dice.any(SelfTrade::decrement);
        o.reduce_only = dice.one_in(5);
        const bool rests =
            o.time_in_force == TimeInForce::gtc || o.time_in_force == TimeInForce::gtt;
        if (rests && dice.one_in(4)) o.post_only = dice.any(PostOnly::slide);
        if (o.type == OrderType::limit) o.price = at(m, mid[m] + dice.below(61) - 30);
        const std::int64_t lots = dice.one_in(20) ? 1 + dice.below(1'000'000) : 1 + dice.below(300);
        o.size = Base{lots * settings.lot_size.value() + (dice.one_in(50) ? 1 : 0)};
        if (rests && dice.one_in(6))
            o.display = Base{(1 + dice.below(lots)) * settings.lot_size.value()};
        if (o.time_in_force == TimeInForce::gtt) o.expires = TimeMs{time + 1 + dice.below(200)};
        if (dice.one_in(3)) o.client_id = ClientId("c" + std::to_string(dice.below(40)));
        if (dice.one_in(10)) {
            o.builder = anybody();
            o.builder_fee_ppm = static_cast<std::uint32_t>(dice.below(300));
        }
        if (o.account.value() % 5 == 0) o.leg = dice.one_in(2) ? Leg::long_leg : Leg::short_leg;
        return o;
    }
    /// Stands for one of the orders that rest then; see with_order().
    OrderId some_order() { return OrderId{dice.next()}; }
    Trigger trigger(std::uint16_t m) {
        Trigger out{.kind = dice.any(TriggerKind::trailing),
                    .source = dice.any(TriggerSource::last)};
        if (out.kind == TriggerKind::trailing)
            out.trail_bps = 1 + dice.below(60);
        else
            out.price = at(m, mid[m] + dice.below(81) - 40);
        return out;
    }
    void waiting_order() {
        PlaceOrder waits = order();
        waits.expires = TimeMs{0};
        if (waits.time_in_force == TimeInForce::gtt) waits.time_in_force = TimeInForce::gtc;
        const Trigger when = trigger(waits.market.value());
        if (dice.one_in(3)) {
            PlaceOrder other = order();
            other.account = waits.account;
            other.market = waits.market;
            other.side = waits.side;
            other.leg = waits.leg;
            if (other.type == OrderType::limit)
                other.price = at(other.market.value(), mid[other.market.value()] + 10);
            add(PlaceOco{OcoOrder{other, {waits, when}}});
        } else if (dice.one_in(2)) {
            Bracket bracket{.entry = order()};
            bracket.entry.reduce_only = false;
            const auto m = bracket.entry.market.value();
            const std::int64_t up = bracket.entry.side == Side::buy ? 1 : -1;
            bracket.take_profit =
                Trigger{.kind = TriggerKind::take_profit, .price = at(m, mid[m] + up * 20)};
            bracket.stop_loss =
                Trigger{.kind = TriggerKind::stop, .price = at(m, mid[m] - up * 20)};
            add(PlaceBracket{bracket});
        } else {
            add(PlaceConditional{WaitingOrder{waits, when}});
        }
    }
    PlacePegged pegged() {
        PeggedOrder out{.order = order()};
        PlaceOrder& o = out.order;
        const auto m = o.market.value();
        o.type = OrderType::limit;
        if (o.time_in_force != TimeInForce::gtt) o.time_in_force = TimeInForce::gtc;
        o.price = dice.one_in(3) ? at(m, mid[m] + dice.below(41) - 20) : Price{0};
        out.offset = Price{(dice.below(41) - 20) * at(m, 1).value() + dice.below(3)};
        if (dice.one_in(3)) o.post_only = dice.any(PostOnly::slide);
        return out;
    }
    PlaceAuction auction() {
        AuctionOrder out{.order = order()};
        PlaceOrder& o = out.order;
        o.post_only = PostOnly::no;
        o.display = Base{0};
        if (o.time_in_force == TimeInForce::fok) o.time_in_force = TimeInForce::ioc;
        if (o.time_in_force == TimeInForce::gtt) o.expires = TimeMs{time + 900 + dice.below(400)};
        out.duration_ms = dice.below(4) * 300;
        if (dice.one_in(2)) return out;
        const auto m = o.market.value();
        const std::int64_t sign = o.side == Side::buy ? 1 : -1;
        const std::int64_t start = -dice.below(30), end = start + dice.below(40);
        out.oracle_relative = dice.one_in(2);
        const std::int64_t base = out.oracle_relative ? 0 : mid[m];
        out.start = at(m, base + sign * start);
        out.end = at(m, base + sign * end);
        return out;
    }
    FillAuction fill(AccountId account) {
        FillAuction out{.account = account, .auction = some_order()};
        const auto m = static_cast<std::uint16_t>(dice.below(3));
        if (dice.one_in(3)) out.price = at(m, mid[m] + dice.below(41) - 20);
        out.size = Base{(1 + dice.below(200)) * default_markets()[m].lot_size.value()};
        out.reduce_only = dice.one_in(8);
        if (account.value() % 5 == 0) out.leg = dice.one_in(2) ? Leg::long_leg : Leg::short_leg;
        return out;
    }
    /// Away from trading for a while, or a market's end; then it opens again.
    void change_state() {
        const auto m = static_cast<std::uint16_t>(dice.below(3));
        set_state(m, dice.any(MarketState::closed));
        away[m] = 10 + dice.below(60);
    }
    void set_state(std::uint16_t m, MarketState state) {
        MarketSettings settings = default_markets()[m];
        settings.state = state;
        add(SetMarket{settings});
        if (state == MarketState::settling)
            add(SettleMarket{MarketId{m}, dice.one_in(2) ? at(m, mid[m]) : Price{0}});
    }
    BatchOrders batch(AccountId account) {
        OrderBatch out{account, dice.any(BatchMode::best_effort), {}};
        const std::int64_t count = 1 + dice.below(6);
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t kind = dice.below(9);
            if (kind < 4) {
                PlaceOrder one = order();
                one.account = account;
                out.actions.emplace_back(one);
            } else if (kind < 5) {
                PeggedOrder one = *pegged();
                one.order.account = account;
                out.actions.emplace_back(PlacePegged{one});
            } else if (kind < 7) {
                out.actions.emplace_back(CancelOrder{account, some_order()});
            } else if (kind < 8) {
                AmendOrder amend{account, some_order(), {}, {}};
                if (dice.one_in(2)) amend.size = Base{dice.below(300) * 10'000'000};
                if (dice.one_in(3)) amend.price = at(0, mid[0] + dice.below(41) - 20);
                out.actions.emplace_back(amend);
            } else {
                out.actions.emplace_back(
                    CancelByClientId{account, ClientId("c" + std::to_string(dice.below(40)))});
            }
        }
        return BatchOrders{out};
    }
    AccountId some_account() {
        return AccountId{static_cast<std::uint32_t>(dice.below(kAccounts))};
    }
    ProposalAction some_change() {
        ProposalAction out;
        if (dice.one_in(6)) {
            out.payment = TreasuryPayment{some_account(), Quote{1 + dice.below(100'000)}};
        } else if (dice.one_in(6)) {
            out.venue = venue_settings();
            out.venue->referral_share_ppm = dice.below(200'000);
        } else if (dice.one_in(4)) {
            out.asset = AssetSettings{.symbol = "SOL"};
            out.asset->initial_weight_bps = 1'000 * dice.below(9);
            out.asset->maintenance_weight_bps = out.asset->initial_weight_bps + 500;
        } else {
            out.market = default_markets()[static_cast<std::size_t>(dice.below(3))];
            out.market->taker_fee_ppm += dice.below(500);
            if (dice.one_in(2)) out.market->initial_margin_bps = 100 + dice.below(3'000);
        }
        return out;
    }
    void vote_step(AccountId account) {
        const ProposalId proposal{proposed -
                                  std::min(proposed, static_cast<std::uint64_t>(dice.below(5)))};
        const std::int64_t kind = dice.below(12);
        if (kind < 2) {
            add(StakeGovernance{account, governance::Power{dice.below(200)}});
        } else if (kind < 3) {
            add(UnstakeGovernance{account, governance::Power{dice.below(200)}});
        } else if (kind < 4) {
            add(DelegateGovernance{account, dice.one_in(2) ? account : some_account()});
        } else if (kind < 6) {
            add(Propose{account, Proposition{"A change", "", some_change()}});
            ++proposed;
        } else if (kind < 9) {
            add(VoteOnProposal{account, proposal, dice.any(governance::Choice::abstain)});
        } else if (kind < 11) {
            add(ExecuteProposal{account, proposal});
        } else {
            add(CancelProposal{account, proposal});
        }
    }
    void step() {
        time += dice.below(4);
        const AccountId account = some_account();
        if (dice.one_in(12)) return vote_step(account);
        const std::int64_t kind = dice.below(100);
        for (std::uint16_t m = 0; m < 3; ++m)
            if (away[m] > 0 && --away[m] == 0) set_state(m, MarketState::open);
        if (dice.one_in(150)) change_state();
        if (kind < 6) {
            add(auction());
        } else if (kind < 12) {
            add(fill(account));
        } else if (kind < 38) {
            add(order());
        } else if (kind < 43) {
            add(pegged());
        } else if (kind < 48) {
            add(batch(account));
        } else if (kind < 56) {
            waiting_order();
        } else if (kind < 66) {
            add(CancelOrder{account, some_order()});
        } else if (kind < 76) {
            AmendOrder amend{account, some_order(), {}, {}};
            if (dice.one_in(2)) amend.size = Base{dice.below(300) * 10'000'000};
            if (dice.one_in(3)) amend.price = at(0, mid[0] + dice.below(41) - 20);
            add(amend);
        } else if (kind < 77) {
            add(CancelAll{account, {}, {}});
        } else if (kind < 79) {
            add(CancelByClientId{account, ClientId("c" + std::to_string(dice.below(40)))});
        } else if (kind < 93) {
            const auto m = static_cast<std::uint16_t>(dice.below(3));
            mid[m] += dice.below(41) - 20;
            if (dice.one_in(2)) mid[m] += (dice.below(3) - 1) * mid[m] / 40;
            if (dice.one_in(12)) mid[m] += (dice.below(3) - 1) * mid[m] / 7;
            if (mid[m] < 5'000) mid[m] += 4'000;
            SetIndexPrice price{.market = MarketId{m}, .index = at(m, mid[m])};
            if (dice.one_in(8)) price.published = TimeMs{time - dice.below(20'000)};
            if (dice.one_in(8)) price.confidence = Price{price.index.value() / 40};
            add(price);
        } else if (kind < 94) {
            time += dice.below(400'000);
            add(SettleFunding{account});
        } else if (kind < 95) {
            add(Deposit{account,
                        AssetId{static_cast<std::uint8_t>(dice.below(4))},
                        Amount{dice.below(1'000'000'000)},
                        {}});
            for (int i = 0; i < 6; ++i) money_step(anybody());
        } else if (kind < 96) {
            add(Withdraw{account, AssetId{static_cast<std::uint8_t>(dice.below(2))},
                         Amount{dice.below(5'000'000'000)}});
        } else if (kind < 98) {
            add(Transfer{account, AccountId{account.value() ^ 1}, kUsdc,
                         Amount{dice.below(5'000'000'000)}});
        } else {
            add(SetLeverage{account, MarketId{static_cast<std::uint16_t>(dice.below(3))},
                            dice.below(3) * 1'000});
        }
    }

    static constexpr std::uint32_t kAccounts = 12;
    Dice dice;
    std::int64_t time = 1'700'000'000'000;
    std::array<std::int64_t, 3> mid{}, away{};
    std::uint64_t proposed = 0;  ///< commands
    std::vector<Command> commands;
};

/// Of a cancellation or amendment: a live order in place of the number, most of the time.
inline void with_order(Command& command, const Venue& venue, const Reader& reader) {
    if (auto* fill = std::get_if<FillAuction>(&command.body)) {
        if (venue.auctions().empty() || fill->auction.value() % 8 == 0) return;
        auto at = venue.auctions().begin();
        std::advance(at, fill->auction.value() % venue.auctions().size());
        fill->auction = at->first;
        return;
    }
    if (const auto* batch = std::get_if<BatchOrders>(&command.body)) {
        OrderBatch named = **batch;
        const auto own = venue.orders_of(named.account);
        for (auto& action : named.actions)
            std::visit(
                [&](auto& a) {
                    if constexpr (requires { a.order.value(); })
                        if (!own.empty() && a.order.value() % 8 != 0)
                            a.order = own[a.order.value() % own.size()].order;
                },
                action);
        command.body = BatchOrders{named};
        return;
    }
    std::visit(
        [&](auto& c) {
            if constexpr (requires { c.order.value(); }) {
                if (reader.open.empty() || c.order.value() % 8 == 0) return;
                auto at = reader.open.begin();
                std::advance(at, c.order.value() % reader.open.size());
                c.order = at->first;
                if (at->second.value() % 3 != 0) c.account = venue.find_order(c.order)->account;
            }
        },
        command.body);
}

/// The orders that rest, as the events alone say it.
class BookReader {
  public:
    struct Resting {
        MarketId market{};
        Side side = Side::buy;
        Price price{};
        Base open{};
        std::uint64_t rank = 0;  ///< in time
    };
    void read(const Event& event) {
        std::visit([this](const auto& e) { on(e); }, event);
    }
    [[nodiscard]] std::optional<Price> best(MarketId market, Side side) const {
        std::optional<Price> out;
        for (const auto& [id, order] : orders)
            if (order.market == market && order.side == side &&
                (!out || (side == Side::buy ? order.price > *out : order.price < *out)))
                out = order.price;
        return out;
    }
    std::map<OrderId, Resting> orders;

  private:
    void on(const OrderAccepted& e) {
        orders[e.order] = {e.market, e.side, e.price, e.size, ++accepted_};
    }
    void on(const Traded& e) {
        for (const OrderId order : {e.taker_order, e.maker_order})
            if (const auto found = orders.find(order); found != orders.end())
                found->second.open -= e.size;
    }
    void on(const OrderReduced& e) {
        if (orders.contains(e.order)) orders[e.order].open = e.open;
    }
    void on(const OrderClosed& e) { orders.erase(e.order); }
    void on(const auto&) {}

    std::uint64_t accepted_ = 0;
};

}  // namespace astro::exchange
