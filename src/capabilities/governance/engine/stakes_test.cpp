#include "capabilities/governance/engine/stakes.hpp"

#include <gtest/gtest.h>

namespace astro::governance {
namespace {

const VoterId ada{1}, bob{2}, eve{3};

struct StakesTest : testing::Test {
    void stake(VoterId voter, std::int64_t amount) {
        EXPECT_FALSE(stakes.stake(voter, Power{amount}));
        EXPECT_EQ(stakes.audit(), "");
    }
    RefusalCode unstake(VoterId voter, std::int64_t amount, std::int64_t until = 100) {
        const Refusal refusal = stakes.unstake(voter, Power{amount}, TimeMs{until});
        EXPECT_EQ(stakes.audit(), "");
        return refusal.code;
    }
    void delegate(VoterId voter, VoterId to) {
        EXPECT_FALSE(stakes.delegate(voter, to));
        EXPECT_EQ(stakes.audit(), "");
    }
    void proposals(std::uint64_t oldest, std::uint64_t newest) {
        stakes.keep(ProposalId{oldest}, ProposalId{newest});
    }
    std::int64_t power(VoterId voter) const { return stakes.power(voter).value(); }
    std::int64_t power_at(VoterId voter, std::uint64_t proposal) const {
        return stakes.power_at(voter, ProposalId{proposal}).value();
    }
    Stakes stakes;
};

TEST_F(StakesTest, PowerIsWhatIsStakedAndNotWhatCoolsDown) {
    stake(ada, 10);
    stake(bob, 5);
    EXPECT_EQ(unstake(ada, 4), RefusalCode::none);
    EXPECT_EQ(power(ada), 6);
    EXPECT_EQ(stakes.total(), Power{11});
    EXPECT_EQ(stakes.find(ada)->cooling_sum(), Power{4});
    EXPECT_EQ(stakes.release(ada, TimeMs{100}), Power{4});
    EXPECT_EQ(power(ada), 6);
}

TEST_F(StakesTest, NobodyTakesOutMoreThanHePutIn) {
    EXPECT_EQ(unstake(ada, 1), RefusalCode::stake_insufficient);
    stake(ada, 10);
    const Refusal refusal = stakes.unstake(ada, Power{11}, TimeMs{1});
    EXPECT_EQ(refusal.code, RefusalCode::stake_insufficient);
    EXPECT_EQ(refusal.needed, 11);
    EXPECT_EQ(refusal.available, 10);
    EXPECT_EQ(unstake(ada, 0), RefusalCode::bad_amount);
    EXPECT_EQ(stakes.stake(ada, Power{0}).code, RefusalCode::bad_amount);
    EXPECT_EQ(stakes.stake(bob, kPowerMax).code, RefusalCode::bad_amount);
    EXPECT_FALSE(stakes.stake(bob, kPowerMax - Power{10}));
}

TEST_F(StakesTest, SoManyStakeAndNoMore) {
    for (std::uint32_t voter = 0; voter < kVotersMax; ++voter)
        ASSERT_FALSE(stakes.stake(VoterId{voter}, Power{1}));
    const VoterId one_more{static_cast<std::uint32_t>(kVotersMax)};
    const Refusal refusal = stakes.stake(one_more, Power{1});
    EXPECT_EQ(refusal.code, RefusalCode::too_many_voters);
    EXPECT_EQ(refusal.needed, 1'000'000);
    EXPECT_EQ(stakes.delegate(one_more, ada).code, RefusalCode::too_many_voters);
    EXPECT_FALSE(stakes.stake(ada, Power{1})) << "who has a stake may have more";
}

TEST_F(StakesTest, AStakeThatIsGoneLeavesNothingBehind) {
    stake(ada, 10);
    EXPECT_EQ(unstake(ada, 10), RefusalCode::none);
    EXPECT_EQ(stakes.release(ada, TimeMs{100}), Power{10});
    EXPECT_TRUE(stakes.voters().empty());
}

TEST_F(StakesTest, WithdrawalsCoolDownEachForItselfAndThoseOfOneTimeTogether) {
    stake(ada, 100);
    EXPECT_EQ(unstake(ada, 1, 300), RefusalCode::none);
    EXPECT_EQ(unstake(ada, 2, 200), RefusalCode::none);
    EXPECT_EQ(unstake(ada, 3, 300), RefusalCode::none);
    EXPECT_EQ(stakes.release(ada, TimeMs{200}), Power{2});
    EXPECT_EQ(stakes.release(ada, TimeMs{300}), Power{4});
    for (std::int64_t i = 0; i < 16; ++i) EXPECT_EQ(unstake(ada, 1, 400 + i), RefusalCode::none);
    EXPECT_EQ(unstake(ada, 1, 500), RefusalCode::too_many_cooling);
    EXPECT_EQ(unstake(ada, 1, 400), RefusalCode::none);
}

TEST_F(StakesTest, AProposalSeesThePowerOfItsStart) {
    stake(ada, 5);
    proposals(1, 1);
    stake(ada, 3);
    stake(bob, 7);
    proposals(1, 2);
    proposals(1, 3);
    EXPECT_EQ(unstake(ada, 6), RefusalCode::none);
    EXPECT_EQ(unstake(ada, 1, 101), RefusalCode::none);
    EXPECT_EQ(power_at(ada, 1), 5);
    EXPECT_EQ(power_at(ada, 2), 8);
    EXPECT_EQ(power_at(ada, 3), 8);
    EXPECT_EQ(power(ada), 1);
    EXPECT_EQ(power_at(bob, 1), 0);
    EXPECT_EQ(power_at(bob, 2), 7);
    EXPECT_EQ(power_at(eve, 1), 0);
}

TEST_F(StakesTest, CheckpointsThatNobodyNeedsGo) {
    stake(ada, 5);
    for (std::uint64_t proposal = 1; proposal <= 50; ++proposal) {
        proposals(proposal, proposal);
        stake(ada, 1);
    }
    EXPECT_EQ(stakes.find(ada)->past.size(), 1U);
    EXPECT_EQ(power_at(ada, 50), 54);
    proposals(51, 50);
    stake(ada, 1);
    EXPECT_TRUE(stakes.find(ada)->past.empty());
}

TEST_F(StakesTest, ADelegatedStakeVotesOnceAndIsNotPassedOn) {
    stake(ada, 5);
    stake(bob, 7);
    stake(eve, 11);
    delegate(ada, bob);
    EXPECT_EQ(power(ada), 0);
    EXPECT_EQ(power(bob), 12);
    delegate(bob, eve);
    EXPECT_EQ(power(bob), 5);  // ada's
    EXPECT_EQ(power(eve), 18);
    stake(ada, 1);
    EXPECT_EQ(power(bob), 6);
    EXPECT_EQ(unstake(ada, 2), RefusalCode::none);
    EXPECT_EQ(power(bob), 4);
    delegate(ada, ada);
    EXPECT_EQ(power(ada), 4);
    EXPECT_EQ(power(bob), 0);
}

TEST_F(StakesTest, DelegatingAfterTheStartChangesNothingOfTheProposal) {
    stake(ada, 5);
    stake(bob, 7);
    proposals(1, 1);
    delegate(ada, bob);
    EXPECT_EQ(power_at(ada, 1), 5);
    EXPECT_EQ(power_at(bob, 1), 7);
    proposals(1, 2);
    EXPECT_EQ(power_at(ada, 2), 0);
    EXPECT_EQ(power_at(bob, 2), 12);
}

}  // namespace
}  // namespace astro::governance
