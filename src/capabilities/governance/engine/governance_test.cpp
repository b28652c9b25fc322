#include "capabilities/governance/engine/governance.hpp"

#include <gtest/gtest.h>

namespace astro::governance {
namespace {

const VoterId ada{1}, bob{2}, eve{3};
const ProposalId first{1};

PersonId person(std::uint8_t n) {
    PersonId out;
    out.bytes[0] = n;
    return out;
}

/// Ada has 50, Bob 30, Eve 20 of 100. Voting lasts 1,000 ms, the timelock 500, and 2,000 to
/// execute.
struct GovernanceTest : testing::Test {
    GovernanceTest() {
        Settings settings{.quorum_ppm = 400'000,
                          .threshold_ppm = 250'000,
                          .voting_ms = 1'000,
                          .timelock_ms = 500,
                          .expiry_ms = 2'000,
                          .cooldown_ms = 5'000,
                          .deposit = Power{7},
                          .proposer_power_min = Power{20},
                          .vetoes = 2,
                          .guardians = {person(1), person(2), person(3)}};
        governance.set(settings);
        EXPECT_FALSE(governance.stake(ada, Power{50}));
        EXPECT_FALSE(governance.stake(bob, Power{30}));
        EXPECT_FALSE(governance.stake(eve, Power{20}));
    }
    void propose(VoterId who = ada) {
        ASSERT_FALSE(governance.check_propose(who));
        (void)governance.propose(who, now);
    }
    RefusalCode vote(VoterId who, Choice choice, ProposalId proposal = first) {
        const auto refusal = governance.vote(who, proposal, choice, now);
        EXPECT_EQ(governance.audit(), "");
        return refusal.code;
    }
    RefusalCode veto(std::uint8_t who) {
        std::optional<Moved> moved;
        const auto refusal = governance.veto(person(who), first, now, moved);
        if (moved) moves.push_back(*moved);
        return refusal.code;
    }
    RefusalCode cancel(VoterId who) {
        Moved moved;
        const auto refusal = governance.cancel(who, first, now, moved);
        if (!refusal) moves.push_back(moved);
        return refusal.code;
    }
    RefusalCode can_execute() { return governance.check_execute(first, now).code; }
    void pass_to(std::int64_t time) {
        now = TimeMs{time};
        while (const auto step = governance.step(now)) {
            if (const auto* moved = std::get_if<Moved>(&*step))
                moves.push_back(*moved);
            else
                released += std::get<Released>(*step).amount;
        }
        EXPECT_EQ(governance.audit(), "");
    }
    std::string state(ProposalId proposal = first) {
        const Proposal* found = governance.find(proposal);
        return found == nullptr ? "forgotten" : std::string(enum_name(found->state));
    }

    Governance governance;
    TimeMs now{0};
    std::vector<Moved> moves;
    Power released;
};

TEST_F(GovernanceTest, AProposalGoesItsWayToTheMillisecond) {
    propose();
    EXPECT_EQ(vote(ada, Choice::in_favour), RefusalCode::none);
    pass_to(999);
    EXPECT_EQ(state(), "voting");
    EXPECT_EQ(vote(bob, Choice::against), RefusalCode::none);
    pass_to(1'000);
    EXPECT_EQ(state(), "timelock");
    EXPECT_EQ(vote(eve, Choice::against), RefusalCode::voting_over);
    EXPECT_EQ(veto(1), RefusalCode::none);
    pass_to(1'499);
    EXPECT_EQ(state(), "timelock");
    EXPECT_EQ(can_execute(), RefusalCode::timelock_running);
    pass_to(1'500);
    EXPECT_EQ(state(), "ready");
    EXPECT_EQ(veto(2), RefusalCode::not_in_timelock);
    EXPECT_EQ(can_execute(), RefusalCode::none);
    pass_to(3'499);
    EXPECT_EQ(can_execute(), RefusalCode::none);
    const Moved moved = governance.executed(first, now);
    EXPECT_EQ(moved.from, ProposalState::ready);
    EXPECT_EQ(state(), "executed");
    EXPECT_EQ(can_execute(), RefusalCode::proposal_over);
    pass_to(10'000);
    EXPECT_EQ(state(), "executed");
}

TEST_F(GovernanceTest, WhoWaitsTooLongExecutesNothing) {
    propose();
    (void)vote(ada, Choice::in_favour);
    pass_to(3'500);
    EXPECT_EQ(state(), "expired");
    EXPECT_EQ(can_execute(), RefusalCode::proposal_over);
    // All steps are told with the time they were due, though nobody looked then.
    ASSERT_EQ(moves.size(), 3U);
    EXPECT_EQ(moves[0].at, TimeMs{1'000});
    EXPECT_EQ(moves[1].at, TimeMs{1'500});
    EXPECT_EQ(moves[2].at, TimeMs{3'500});
}

TEST_F(GovernanceTest, VotesDecideAtTheEnd) {
    propose();
    EXPECT_EQ(vote(ada, Choice::in_favour), RefusalCode::none);
    EXPECT_EQ(vote(ada, Choice::against), RefusalCode::none);  // takes the place of the first
    EXPECT_EQ(vote(bob, Choice::in_favour), RefusalCode::none);
    EXPECT_EQ(governance.find(first)->tally, (Tally{Power{30}, Power{50}, Power{0}}));
    EXPECT_EQ(can_execute(), RefusalCode::not_accepted);
    pass_to(1'000);
    EXPECT_EQ(state(), "defeated");
    EXPECT_EQ(can_execute(), RefusalCode::not_accepted);
    EXPECT_EQ(moves[0].deposit_returned, Power{7});
}

TEST_F(GovernanceTest, TheDepositIsLostWithoutAQuorumAndWhenItIsCancelledWhileVotesAreOpen) {
    propose();
    (void)vote(bob, Choice::in_favour);  // 30 of 40
    pass_to(1'000);
    EXPECT_EQ(state(), "defeated");
    EXPECT_EQ(moves[0].deposit_lost, Power{7});
    EXPECT_EQ(moves[0].deposit_returned, Power{0});

    propose();
    (void)governance.vote(ada, ProposalId{2}, Choice::in_favour, now);
    Moved moved;
    EXPECT_FALSE(governance.cancel(ada, ProposalId{2}, now, moved));
    EXPECT_EQ(moved.deposit_lost, Power{7});
    EXPECT_EQ(governance.held(), Power{100});
    EXPECT_EQ(governance.audit(), "");
}

TEST_F(GovernanceTest, TwoGuardiansStopItOneDoesNot) {
    propose();
    EXPECT_EQ(veto(1), RefusalCode::not_in_timelock);
    (void)vote(ada, Choice::in_favour);
    pass_to(1'000);
    EXPECT_EQ(veto(9), RefusalCode::not_guardian);
    EXPECT_EQ(veto(1), RefusalCode::none);
    EXPECT_EQ(veto(1), RefusalCode::already_vetoed);
    EXPECT_EQ(state(), "timelock");
    EXPECT_EQ(veto(3), RefusalCode::none);
    EXPECT_EQ(state(), "vetoed");
    EXPECT_EQ(can_execute(), RefusalCode::proposal_over);
    pass_to(10'000);
    EXPECT_EQ(state(), "vetoed");
}

TEST_F(GovernanceTest, OnlyWhoProposedCancelsAndOnlyWhileItIsOpen) {
    EXPECT_EQ(cancel(ada), RefusalCode::proposal_unknown);
    propose();
    (void)vote(ada, Choice::in_favour);
    EXPECT_EQ(cancel(bob), RefusalCode::not_proposer);
    pass_to(1'600);
    EXPECT_EQ(cancel(ada), RefusalCode::none);
    EXPECT_EQ(state(), "cancelled");
    EXPECT_EQ(moves.back().deposit_lost, Power{0});
    EXPECT_EQ(cancel(ada), RefusalCode::proposal_over);
    EXPECT_EQ(can_execute(), RefusalCode::proposal_over);
}

TEST_F(GovernanceTest, ProposingTakesPowerAndHasLimits) {
    const auto refusal = governance.check_propose(VoterId{9});
    EXPECT_EQ(refusal.code, RefusalCode::power_insufficient);
    EXPECT_EQ(refusal.needed, 20);
    for (std::size_t i = 0; i < kOpenOfOneMax; ++i) propose();
    EXPECT_EQ(governance.check_propose(ada).code, RefusalCode::too_many_proposals);
    EXPECT_EQ(governance.check_propose(ada).needed, 4);
    // Others may, until there are as many as there may be.
    for (std::uint32_t n = 0; n < 15; ++n) {
        EXPECT_FALSE(governance.stake(VoterId{100 + n}, Power{20}));
        for (std::size_t i = 0; i < kOpenOfOneMax; ++i) propose(VoterId{100 + n});
    }
    EXPECT_EQ(governance.check_propose(bob).code, RefusalCode::too_many_proposals);
    EXPECT_EQ(governance.check_propose(bob).needed, 64);
    pass_to(1'000);
    EXPECT_FALSE(governance.check_propose(bob));
}

TEST_F(GovernanceTest, WhoHadNothingAtTheStartHasNoVote) {
    propose();
    EXPECT_FALSE(governance.stake(VoterId{9}, Power{1'000}));
    EXPECT_EQ(vote(VoterId{9}, Choice::against), RefusalCode::no_voting_power);
    EXPECT_EQ(vote(VoterId{9}, Choice::against, ProposalId{2}), RefusalCode::proposal_unknown);
    EXPECT_FALSE(governance.unstake(ada, Power{50}, now));
    EXPECT_EQ(vote(ada, Choice::in_favour), RefusalCode::none);
    EXPECT_EQ(governance.find(first)->tally.in_favour, Power{50});
}

TEST_F(GovernanceTest, WhatIsUnstakedComesBackAfterItsCooldown) {
    now = TimeMs{10};
    EXPECT_FALSE(governance.unstake(ada, Power{20}, now));
    pass_to(5'009);
    EXPECT_EQ(released, Power{0});
    EXPECT_EQ(governance.held(), Power{100});
    pass_to(5'010);
    EXPECT_EQ(released, Power{20});
    EXPECT_EQ(governance.held(), Power{80});
}

TEST_F(GovernanceTest, OpenProposalsKeepTheRulesOfTheirStart) {
    propose();
    Settings harder = governance.settings();
    harder.quorum_ppm = harder.threshold_ppm = 1'000'000;
    harder.voting_ms = harder.cooldown_ms = 60'000;
    governance.set(harder);
    (void)vote(ada, Choice::in_favour);
    pass_to(1'000);
    EXPECT_EQ(state(), "timelock");
}

TEST_F(GovernanceTest, TheOldestThatHaveEndedAreForgotten) {
    propose();
    (void)vote(ada, Choice::in_favour);
    for (std::uint64_t n = 2; n <= kEndedKept + 2; ++n) {
        propose(bob);
        Moved moved;
        EXPECT_FALSE(governance.cancel(bob, ProposalId{n}, now, moved));
    }
    EXPECT_EQ(governance.proposals().size(), kEndedKept + 1);
    EXPECT_EQ(state(), "voting");  // what is open stays
    EXPECT_EQ(state(ProposalId{2}), "forgotten");
    EXPECT_EQ(governance.check_execute(ProposalId{2}, now).code, RefusalCode::proposal_unknown);
}

}  // namespace
}  // namespace astro::governance
