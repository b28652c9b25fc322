#include "capabilities/exchange/engine/venue_test_support.hpp"
#include "foundation/base/binary.hpp"

namespace astro::exchange {
namespace {

using governance::Choice;

/// Ada, Bob and Eve have 500, 300 and 200 ASTRO staked and 100 free; two of the guardians suffice.
struct VenueGovernanceTest : VenueTest {
    VenueGovernanceTest() {
        run(SetAsset{default_governance_asset()});
        ada = voter(500);
        bob = voter(300);
        eve = voter(200);
        change_rules([this](governance::Settings& s) {
            s.quorum_ppm = 400'000;
            s.threshold_ppm = 300'000;
            s.voting_ms = 1'000;
            s.timelock_ms = 500;
            s.expiry_ms = 2'000;
            s.cooldown_ms = 5'000;
            s.deposit = astros(10);
            s.proposer_power_min = astros(150);
            s.guardians = {person_of(ada), person_of(bob), person_of(eve)};
        });
    }
    static governance::Power astros(std::int64_t whole) {
        return governance::Power{whole * 1'000'000};
    }
    static Amount amount(std::int64_t whole) { return Amount{whole * 1'000'000}; }
    governance::PersonId person_of(AccountId account) const {
        return {venue.accounts()[account.value()].owner.bytes};
    }
    AccountId voter(std::int64_t stake) {
        const AccountId id = person(1'000);
        run(Deposit{id, astro, amount(stake + 100), {}});
        run(StakeGovernance{id, astros(stake)});
        return id;
    }
    void change_rules(auto edit) {
        governance::Settings rules = venue.governance().settings();
        edit(rules);
        EXPECT_EQ(outcome(run(SetGovernance{rules})), "ok");
    }
    MarketSettings dearer() const {
        MarketSettings changed = settings();
        changed.taker_fee_ppm = 700;
        return changed;
    }
    static ProposalAction of_market(const MarketSettings& market) {
        ProposalAction out;
        out.market = market;
        return out;
    }
    static ProposalAction of_asset(const AssetSettings& asset) {
        ProposalAction out;
        out.asset = asset;
        return out;
    }
    static ProposalAction of_rules(const governance::Settings& rules) {
        ProposalAction out;
        out.governance = rules;
        return out;
    }
    Events propose(AccountId account, ProposalAction action) {
        return run(Propose{account, Proposition{"A change", "", std::move(action)}});
    }
    Events propose_market(const MarketSettings& market, AccountId account = AccountId{0}) {
        return propose(account, of_market(market));
    }
    Events vote(AccountId account, Choice choice, std::uint64_t proposal = 1) {
        return run(VoteOnProposal{account, ProposalId{proposal}, choice});
    }
    Events pass(std::int64_t ms) {
        now = TimeMs{now.value() + ms};
        return run(Tick{});
    }
    Events execute(std::uint64_t proposal = 1) {
        return run(ExecuteProposal{eve, ProposalId{proposal}});
    }
    /// Proposed, accepted, and through its timelock.
    void accept(ProposalAction action) {
        const auto made = all<Proposed>(propose(ada, std::move(action)));
        ASSERT_EQ(made.size(), 1U);
        vote(ada, Choice::in_favour, made[0].proposal.value());
        pass(1'500);
    }
    std::string state(std::uint64_t proposal = 1) const {
        return std::string(enum_name(venue.governance().find(ProposalId{proposal})->state));
    }
    Amount free_astro(AccountId account) const {
        return venue.accounts()[account.value()].balances[astro.value()];
    }
    Refusal refusal(const Events& events) const { return all<Refused>(events).at(0).refusal; }

    const AssetId astro{1};
    AccountId ada, bob, eve;
};

TEST_F(VenueGovernanceTest, AnAcceptedProposalChangesTheMarketWhenItIsExecutedAndNotBefore) {
    const std::int64_t version = settings().version;
    const auto proposed = all<Proposed>(propose_market(dearer()));
    ASSERT_EQ(proposed.size(), 1U);
    EXPECT_EQ(proposed[0].terms->quorum, astros(400));
    const auto voted = all<Voted>(vote(ada, Choice::in_favour));
    ASSERT_EQ(voted.size(), 1U);
    EXPECT_EQ(voted[0].power, astros(500));
    EXPECT_EQ(voted[0].tally.in_favour, astros(500));
    EXPECT_EQ(outcome(execute()), "not_accepted");
    const auto moved = all<ProposalMoved>(pass(1'000));
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved[0].verdict, governance::Verdict::accepted);
    EXPECT_EQ(moved[0].deposit_returned, astros(10));
    EXPECT_EQ(refusal(execute()).code, RefusalCode::timelock_running);
    EXPECT_EQ(refusal(execute()).needed, now.value() + 500);
    pass(500);
    EXPECT_EQ(settings().taker_fee_ppm, 0);
    const Events done = execute();
    EXPECT_EQ(settings().taker_fee_ppm, 700);
    EXPECT_EQ(settings().version, version + 1);
    // Who reads the events sees the change as if the operator had made it.
    ASSERT_EQ(all<MarketSet>(done).size(), 1U);
    EXPECT_EQ(all<MarketSet>(done)[0].settings->taker_fee_ppm, 700);
    EXPECT_EQ(outcome(execute()), "proposal_over");
}

TEST_F(VenueGovernanceTest, WhatTwoGuardiansVetoIsNotDone) {
    propose_market(dearer());
    vote(ada, Choice::in_favour);
    EXPECT_EQ(outcome(run(VetoProposal{ada, ProposalId{1}})), "not_in_timelock");
    pass(1'000);
    EXPECT_EQ(outcome(run(VetoProposal{person(0), ProposalId{1}})), "not_guardian");
    EXPECT_EQ(outcome(run(VetoProposal{ada, ProposalId{1}})), "ok");
    // Another account of the same person is the same guardian.
    const AccountId second = person(0, 1);
    ASSERT_EQ(person_of(second), person_of(ada));
    EXPECT_EQ(outcome(run(VetoProposal{second, ProposalId{1}})), "already_vetoed");
    EXPECT_EQ(state(), "timelock");
    const auto moved = all<ProposalMoved>(run(VetoProposal{eve, ProposalId{1}}));
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved[0].to, governance::ProposalState::vetoed);
    pass(500);
    EXPECT_EQ(outcome(execute()), "proposal_over");
    EXPECT_EQ(settings().taker_fee_ppm, 0);
}

TEST_F(VenueGovernanceTest, WhatTheOperatorCouldNotSetCannotBeProposed) {
    MarketSettings bad = dearer();
    bad.initial_margin_bps = 1;
    EXPECT_EQ(outcome(propose_market(bad)), "bad_amount");
    MarketSettings other_tick = dearer();
    other_tick.tick_size = Price{other_tick.tick_size.value() * 2};
    EXPECT_EQ(outcome(propose_market(other_tick)), "positions_open");
    AssetSettings asset{.symbol = "ASTRO", .decimals = 7};
    EXPECT_EQ(outcome(propose(ada, of_asset(asset))), "bad_amount");
    governance::Settings rules;
    rules.vetoes = 1;
    EXPECT_EQ(outcome(propose(ada, of_rules(rules))), "bad_amount");
    EXPECT_EQ(venue.governance().proposals().size(), 0U);
    EXPECT_EQ(free_astro(ada), amount(100));
}

TEST_F(VenueGovernanceTest, AProposalSaysExactlyOneThingThatIsNotSo) {
    EXPECT_EQ(outcome(propose_market(settings())), "bad_proposal");
    EXPECT_EQ(outcome(propose(ada, {})), "bad_proposal");
    governance::Settings rules = venue.governance().settings();
    rules.quorum_ppm = 1;
    ProposalAction two = of_rules(rules);
    two.market = dearer();
    EXPECT_EQ(outcome(propose(ada, two)), "bad_proposal");
    const auto titled = [&](std::string title, std::string text) {
        Proposition proposition{std::move(title), std::move(text), {}};
        proposition.action.market = dearer();
        return outcome(run(Propose{ada, proposition}));
    };
    EXPECT_EQ(titled("", ""), "bad_proposal");
    EXPECT_EQ(titled(std::string(121, 'x'), ""), "bad_proposal");
    EXPECT_EQ(titled("two\nlines", ""), "bad_proposal");
    EXPECT_EQ(titled("a", std::string(2'001, 'x')), "bad_proposal");
    EXPECT_EQ(titled("a", "a\tb"), "bad_proposal");
    EXPECT_EQ(titled(std::string(120, 'x'), "two\nlines"), "ok");
}

TEST_F(VenueGovernanceTest, WhatHasBecomeWrongMeanwhileIsRefusedAndCanBeTriedAgain) {
    MarketSettings lower = settings();
    lower.maintenance_margin_bps = settings().initial_margin_bps - 10;
    accept(of_market(lower));
    // Meanwhile the initial margin has come below that.
    const std::int64_t before = settings().initial_margin_bps;
    const std::int64_t maintenance = settings().maintenance_margin_bps;
    change([&](MarketSettings& m) { m.initial_margin_bps = lower.maintenance_margin_bps - 10; });
    EXPECT_EQ(settings().initial_margin_bps, lower.maintenance_margin_bps - 10);
    EXPECT_EQ(outcome(execute()), "bad_amount");
    EXPECT_EQ(state(), "ready");
    EXPECT_EQ(settings().maintenance_margin_bps, maintenance);
    change([&](MarketSettings& m) { m.initial_margin_bps = before; });
    EXPECT_EQ(outcome(execute()), "ok");
    EXPECT_EQ(settings().maintenance_margin_bps, lower.maintenance_margin_bps);
}

TEST_F(VenueGovernanceTest, WhatAProposalDoesNotChangeIsAsItIsWhenItIsExecuted) {
    accept(of_market(dearer()));
    change([](MarketSettings& m) {
        m.maker_fee_ppm = 33;
        m.state = MarketState::reduce_only;
    });
    execute();
    EXPECT_EQ(settings().taker_fee_ppm, 700);
    EXPECT_EQ(settings().maker_fee_ppm, 33);
    EXPECT_EQ(settings().state, MarketState::reduce_only);
}

TEST_F(VenueGovernanceTest, AMarketIsListedByVote) {
    accept(of_market(default_markets()[1]));
    EXPECT_EQ(outcome(execute()), "ok");
    ASSERT_EQ(venue.markets().size(), 2U);
    EXPECT_EQ(venue.markets()[1].settings.symbol, "BTC-PERP");
    EXPECT_EQ(venue.markets()[1].settings.version, 1);
}

TEST_F(VenueGovernanceTest, TwoProposalsToListTheSameMarketListItOnce) {
    accept(of_market(default_markets()[1]));
    MarketSettings other = default_markets()[1];
    other.taker_fee_ppm += 1;
    propose_market(other);
    execute();
    vote(ada, Choice::in_favour, 2);
    pass(1'500);
    EXPECT_EQ(outcome(execute(2)), "bad_proposal");
}

TEST_F(VenueGovernanceTest, ACollateralIsChangedByVote) {
    AssetSettings counted = default_governance_asset();
    counted.maintenance_weight_bps = 5'000;
    accept(of_asset(counted));
    EXPECT_EQ(outcome(execute()), "ok");
    EXPECT_EQ(venue.assets()[1].settings.maintenance_weight_bps, 5'000);
}

TEST_F(VenueGovernanceTest, WhenRulesBindOnlyAProposalChangesThemButTheOperatorMayStopAMarket) {
    change_rules([](governance::Settings& s) { s.binds = true; });
    EXPECT_EQ(outcome(run(SetMarket{dearer()})), "governed");
    EXPECT_EQ(outcome(run(SetMarket{default_markets()[1]})), "governed");
    EXPECT_EQ(outcome(run(SetAsset{AssetSettings{.symbol = "SOL"}})), "governed");
    EXPECT_EQ(outcome(run(SetGovernance{governance::Settings{}})), "governed");
    MarketSettings stopped = settings();
    stopped.state = MarketState::halted;
    stopped.version += 1;
    stopped.taker_fee_ppm += 1;
    EXPECT_EQ(outcome(run(SetMarket{stopped})), "governed");
    stopped.taker_fee_ppm -= 1;
    EXPECT_EQ(outcome(run(SetMarket{stopped})), "ok");
    EXPECT_EQ(settings().state, MarketState::halted);
    stopped.state = MarketState::reduce_only;
    EXPECT_EQ(outcome(run(SetMarket{stopped})), "ok");
    stopped.state = MarketState::open;
    EXPECT_EQ(outcome(run(SetMarket{stopped})), "governed");
    // Opened again, and then freed, by votes.
    accept(of_market(stopped));
    EXPECT_EQ(outcome(execute()), "ok");
    EXPECT_EQ(settings().state, MarketState::open);
    governance::Settings free = venue.governance().settings();
    free.binds = false;
    accept(of_rules(free));
    EXPECT_EQ(outcome(execute(2)), "ok");
    EXPECT_EQ(outcome(run(SetMarket{dearer()})), "ok");
}

TEST_F(VenueGovernanceTest, TheVenuesSettingsAreChangedByVote) {
    ProposalAction action;
    action.venue = venue.settings();
    action.venue->stake_tiers = {{astros(400), 100'000}};
    accept(action);
    EXPECT_EQ(outcome(execute()), "ok");
    EXPECT_EQ(venue.settings().stake_tiers.size(), 1U);
    EXPECT_EQ(venue.settings().version, 1);
    // The tier counts what votes.
    EXPECT_EQ(venue.fee_rates_of(ada).taker_keep_ppm, 900'000);
    EXPECT_EQ(venue.fee_rates_of(bob).taker_keep_ppm, 1'000'000);
    run(UnstakeGovernance{ada, astros(101)});
    EXPECT_EQ(venue.fee_rates_of(ada).taker_keep_ppm, 1'000'000);
}

TEST_F(VenueGovernanceTest, TheTreasuryPaysByVoteWhatItHasThen) {
    VenueSettings split = venue.settings();
    ++split.version;
    split.revenue_treasury_ppm = 1'000'000;
    split.revenue_period_s = 60;
    EXPECT_EQ(outcome(run(SetVenue{split})), "ok");
    change([](MarketSettings& m) { m.taker_fee_ppm = 1'000; });
    run(limit(ada, Side::sell, "100", "10"));
    run(limit(bob, Side::buy, "100", "10"));
    pass(60'000);
    ASSERT_EQ(venue.pools().treasury, usd(1));
    ProposalAction action;
    action.payment = TreasuryPayment{eve, usd(2)};
    EXPECT_EQ(outcome(propose(ada, action)), "treasury_insufficient");
    action.payment->amount = usd(1);
    accept(action);
    EXPECT_EQ(outcome(run(PayTreasury{bob, usd(1), 0})), "ok");
    EXPECT_EQ(outcome(execute()), "treasury_insufficient");
    run(SetIndexPrice{sol, price("100")});
    run(limit(ada, Side::sell, "100", "10"));
    run(limit(bob, Side::buy, "100", "10"));
    now = TimeMs{now.value() - now.value() % 60'000 + 60'000};
    run(Tick{});
    if (state() == "ready") {
        const auto paid = all<TreasuryPaid>(execute());
        ASSERT_EQ(paid.size(), 1U);
        EXPECT_EQ(paid[0].reference, 1U);
        EXPECT_EQ(paid[0].account, eve);
    }
    change_rules([](governance::Settings& s) { s.binds = true; });
    EXPECT_EQ(outcome(run(PayTreasury{bob, Quote{1}, 0})), "governed");
    ++split.version;
    EXPECT_EQ(outcome(run(SetVenue{split})), "governed");
}

TEST_F(VenueGovernanceTest, StakesAreTakenFromTheFreeBalanceAndComeBackAfterTheCooldown) {
    EXPECT_EQ(outcome(run(StakeGovernance{ada, astros(101)})), "balance_insufficient");
    EXPECT_EQ(outcome(run(StakeGovernance{ada, astros(0)})), "bad_amount");
    EXPECT_EQ(outcome(run(StakeGovernance{AccountId{99}, astros(1)})), "account_unknown");
    const auto staked = all<StakeChanged>(run(StakeGovernance{ada, astros(100)}));
    ASSERT_EQ(staked.size(), 1U);
    EXPECT_EQ(staked[0].stake, astros(600));
    EXPECT_EQ(free_astro(ada), amount(0));
    EXPECT_EQ(outcome(run(UnstakeGovernance{ada, astros(601)})), "stake_insufficient");
    EXPECT_EQ(outcome(run(UnstakeGovernance{ada, astros(0)})), "bad_amount");
    EXPECT_EQ(outcome(run(UnstakeGovernance{AccountId{99}, astros(1)})), "account_unknown");
    const auto taken = all<StakeChanged>(run(UnstakeGovernance{ada, astros(50)}));
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].free_at, TimeMs{now.value() + 5'000});
    pass(4'999);
    EXPECT_EQ(free_astro(ada), amount(0));
    EXPECT_EQ(outcome(run(Withdraw{ada, astro, amount(50)})), "balance_insufficient");
    pass(1);
    EXPECT_EQ(free_astro(ada), amount(50));
    EXPECT_EQ(outcome(run(Withdraw{ada, astro, amount(50)})), "ok");
    for (int i = 0; i < 16; ++i) {
        pass(1);
        run(UnstakeGovernance{ada, astros(1)});
    }
    pass(1);
    EXPECT_EQ(outcome(run(UnstakeGovernance{ada, astros(1)})), "too_many_cooling");
}

TEST_F(VenueGovernanceTest, AStakeThatIsNeededAsMarginStaysInTheAccount) {
    AssetSettings counted = default_governance_asset();
    counted.initial_weight_bps = counted.maintenance_weight_bps = 10'000;
    run(SetAsset{counted});
    run(SetAssetPrice{astro, price("10")});
    const AccountId max = person(0);
    run(Deposit{max, astro, amount(100), {}});
    EXPECT_EQ(outcome(run(limit(max, Side::buy, "100", "190"))), "ok");
    EXPECT_EQ(outcome(run(StakeGovernance{max, astros(50)})), "margin_insufficient");
    EXPECT_EQ(outcome(run(StakeGovernance{max, astros(5)})), "ok");
}

TEST_F(VenueGovernanceTest, ADepositThatIsLostIsTheFunds) {
    propose_market(dearer());
    EXPECT_EQ(free_astro(ada), amount(90));
    const auto moved = all<ProposalMoved>(pass(1'000));
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved[0].verdict, governance::Verdict::below_quorum);
    EXPECT_EQ(moved[0].deposit_lost, astros(10));
    EXPECT_EQ(free_astro(ada), amount(90));  // and the audit finds the rest
}

TEST_F(VenueGovernanceTest, ProposingTakesPowerAndADeposit) {
    EXPECT_EQ(outcome(propose_market(dearer(), AccountId{99})), "account_unknown");
    const AccountId max = person(0);
    EXPECT_EQ(outcome(propose_market(dearer(), max)), "power_insufficient");
    run(Withdraw{ada, astro, amount(95)});
    const Refusal poor = refusal(propose_market(dearer()));
    EXPECT_EQ(poor.code, RefusalCode::balance_insufficient);
    EXPECT_EQ(poor.needed, amount(10).value());
    EXPECT_EQ(poor.available, amount(5).value());
    for (int i = 0; i < 4; ++i) EXPECT_EQ(outcome(propose_market(dearer(), bob)), "ok");
    EXPECT_EQ(outcome(propose_market(dearer(), bob)), "too_many_proposals");
}

TEST_F(VenueGovernanceTest, PowerIsThatOfTheProposalsStart) {
    propose_market(dearer());
    run(UnstakeGovernance{ada, astros(500)});
    const AccountId rich = voter(1'000'000);
    EXPECT_EQ(outcome(vote(rich, Choice::against)), "no_voting_power");
    EXPECT_EQ(all<Voted>(vote(ada, Choice::in_favour)).at(0).power, astros(500));
    run(DelegateGovernance{bob, eve});
    EXPECT_EQ(all<Voted>(vote(eve, Choice::in_favour)).at(0).power, astros(200));
    EXPECT_EQ(all<Voted>(vote(bob, Choice::abstain)).at(0).power, astros(300));
    propose_market(dearer(), rich);
    EXPECT_EQ(all<Voted>(vote(eve, Choice::in_favour, 2)).at(0).power, astros(500));
    EXPECT_EQ(outcome(vote(bob, Choice::in_favour, 2)), "no_voting_power");
    EXPECT_EQ(outcome(vote(bob, Choice::in_favour, 3)), "proposal_unknown");
    EXPECT_EQ(outcome(vote(AccountId{99}, Choice::in_favour)), "account_unknown");
    pass(1'000);
    EXPECT_EQ(outcome(vote(eve, Choice::against)), "voting_over");
    EXPECT_EQ(outcome(run(DelegateGovernance{bob, AccountId{99}})), "account_unknown");
}

TEST_F(VenueGovernanceTest, WhoProposedMayTakeItBack) {
    propose_market(dearer());
    EXPECT_EQ(outcome(run(CancelProposal{bob, ProposalId{1}})), "not_proposer");
    EXPECT_EQ(outcome(run(CancelProposal{ada, ProposalId{2}})), "proposal_unknown");
    EXPECT_EQ(outcome(run(CancelProposal{ada, ProposalId{1}})), "ok");
    EXPECT_EQ(state(), "cancelled");
    EXPECT_EQ(outcome(run(CancelProposal{ada, ProposalId{1}})), "proposal_over");
    EXPECT_EQ(free_astro(ada), amount(90));
}

TEST_F(VenueTest, NobodyVotesWhereTheAssetIsNotListed) {
    const AccountId ada = person(100);
    EXPECT_EQ(outcome(run(StakeGovernance{ada, governance::Power{1}})), "asset_unknown");
    EXPECT_EQ(outcome(run(Propose{ada, Proposition{"A change", "", {}}})), "asset_unknown");
}

TEST_F(VenueGovernanceTest, CommandsAndEventsComeBackFromTheirBytes) {
    Proposition proposition{"A change", "why", {}};
    proposition.action.market = dearer();
    const CommandBody command = Propose{ada, proposition};
    EXPECT_EQ(to_binary(parse_binary<CommandBody>(to_binary(command)).value()), to_binary(command));
    const Events events = run(command);
    EXPECT_EQ(to_binary(parse_binary<Events>(to_binary(events)).value()), to_binary(events));
}

}  // namespace
}  // namespace astro::exchange
