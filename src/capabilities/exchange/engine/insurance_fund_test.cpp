#include "capabilities/exchange/engine/insurance_fund.hpp"

#include <gtest/gtest.h>

namespace astro::exchange {
namespace {

/// The fund's money beside its shares.
struct InsuranceFundTest : testing::Test {
    void stake(InsuranceStake& who, std::int64_t amount) {
        shares.rebase(Quote{vault});
        shares.follow(who);
        shares.stake(Quote{vault}, Quote{amount}, who);
        vault += amount;
    }
    void request(InsuranceStake& who, std::int64_t count) {
        shares.rebase(Quote{vault});
        shares.follow(who);
        shares.request(Quote{vault}, count, TimeMs{1}, who);
    }
    void cancel(InsuranceStake& who) {
        shares.rebase(Quote{vault});
        shares.follow(who);
        shares.cancel(Quote{vault}, who);
    }
    std::int64_t unstake(InsuranceStake& who) {
        shares.rebase(Quote{vault});
        shares.follow(who);
        const auto paid = shares.unstake(Quote{vault}, who).value();
        vault -= paid;
        return paid;
    }
    std::int64_t worth(const InsuranceStake& who) const {
        return shares.value_of(Quote{vault}, who.shares).value();
    }

    InsuranceShares shares;
    InsuranceStake ada, bob;
    std::int64_t vault = 0;
};

TEST_F(InsuranceFundTest, GainsAndLossesAreSharedByShares) {
    stake(ada, 1'000);
    stake(bob, 3'000);
    vault += 400;
    EXPECT_EQ(worth(ada), 1'100);
    EXPECT_EQ(worth(bob), 3'300);
    vault -= 2'200;
    EXPECT_EQ(worth(ada), 550);
    EXPECT_EQ(worth(bob), 1'650);
}

TEST_F(InsuranceFundTest, WhatWasThereBeforeAnybodyStakedIsTheVenues) {
    vault = 500;
    stake(ada, 500);
    EXPECT_EQ(shares.total, 1'000);
    EXPECT_EQ(shares.users, 500);
    vault += 100;
    EXPECT_EQ(worth(ada), 550);
    shares.add_own(Quote{vault}, Quote{550});
    vault += 550;
    EXPECT_EQ(worth(ada), 550);  // what the venue adds for itself does not dilute
}

TEST_F(InsuranceFundTest, ARequestFreezesTheValueAndLaterGainsAreTheOthers) {
    stake(ada, 1'000);
    stake(bob, 1'000);
    request(ada, 1'000);
    EXPECT_EQ(ada.requested_value, Quote{1'000});
    vault += 1'000;
    EXPECT_EQ(unstake(ada), 1'000);
    EXPECT_EQ(ada.shares, 0);
    EXPECT_EQ(worth(bob), 2'000);
}

TEST_F(InsuranceFundTest, ARequestStillBearsLosses) {
    stake(ada, 1'000);
    stake(bob, 1'000);
    request(ada, 500);
    vault -= 1'000;
    EXPECT_EQ(unstake(ada), 250);
    EXPECT_EQ(worth(ada), 250);
    EXPECT_EQ(worth(bob), 500);
}

TEST_F(InsuranceFundTest, CancellingForfeitsWhatTheSharesGainedSinceTheRequest) {
    stake(ada, 1'000);
    stake(bob, 1'000);
    request(ada, 1'000);
    vault += 1'000;
    cancel(ada);
    // 1,000 buys 500 of shares that are worth 2 each.
    EXPECT_EQ(ada.shares, 500);
    EXPECT_EQ(ada.requested, 0);
    EXPECT_EQ(worth(ada), 1'000);
    EXPECT_EQ(worth(bob), 2'000);
}

TEST_F(InsuranceFundTest, WhoeverCancelsAloneLeavesTheGainToTheVenue) {
    stake(ada, 1'000);
    request(ada, 1'000);
    vault += 1'000;
    cancel(ada);
    EXPECT_EQ(worth(ada), 1'000);
    EXPECT_EQ(shares.total - shares.users, 500);
}

TEST_F(InsuranceFundTest, ADrainedFundIsRebasedAndSharesKeepTheirPart) {
    stake(ada, 1'000'000);
    stake(bob, 3'000'000);
    vault = 399;
    shares.rebase(Quote{vault});
    EXPECT_EQ(shares.rebases, 4);
    EXPECT_EQ(shares.total, 400);
    shares.follow(ada);
    shares.follow(bob);
    EXPECT_EQ(ada.shares, 100);
    EXPECT_EQ(bob.shares, 300);
    EXPECT_EQ(worth(ada), 99);
    InsuranceStake eve;
    stake(eve, 399);
    EXPECT_EQ(worth(eve), 399);
    EXPECT_EQ(worth(ada), 99);
}

TEST_F(InsuranceFundTest, AnEmptyFundWithSharesTakesNoStakes) {
    stake(ada, 10);
    vault = 0;
    EXPECT_FALSE(shares.can_stake(Quote{vault}));
    vault = 1;
    shares.rebase(Quote{vault});
    EXPECT_TRUE(shares.can_stake(Quote{vault}));
}

TEST_F(InsuranceFundTest, NothingOverflowsAtTheLargestVault) {
    stake(ada, kNotionalMax.value() - 1);
    vault = 1;  // drained to the last unit
    shares.rebase(Quote{vault});
    EXPECT_EQ(shares.total, 9);
    vault = 1;
    stake(bob, kNotionalMax.value() - 1);
    EXPECT_EQ(shares.total, 9 + 9 * (kNotionalMax.value() - 1));
    vault = kNotionalMax.value();
    request(bob, bob.shares);
    EXPECT_EQ(unstake(bob), kNotionalMax.value() - 1);
    EXPECT_EQ(vault, 1);
}

}  // namespace
}  // namespace astro::exchange
