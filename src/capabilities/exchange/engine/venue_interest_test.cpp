#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kYearMs = 31'536'000'000;

struct VenueInterestTest : VenueTest {
    VenueInterestTest() {
        run(SetAsset{sol_asset()});
        run(SetAssetPrice{sols, price("100")});
        run(Deposit{lender, sols, whole(1'000), {}});
    }
    static AssetSettings sol_asset() {
        return {.symbol = "SOL",
                .borrow_enabled = true,
                .borrow_optimal_utilization_ppm = 500'000,
                .borrow_optimal_rate_ppm = 100'000,
                .borrow_max_rate_ppm = 1'000'000,
                .borrow_utilization_max_ppm = 800'000,
                .borrow_account_max = whole(700),
                .interest_insurance_ppm = 100'000};
    }
    static constexpr Amount whole(std::int64_t count) { return Amount{count * kBaseUnit}; }
    void wait(std::int64_t ms) {
        for (constexpr std::int64_t kStep = 2'592'000'000; ms > 0; ms -= kStep) {
            now = TimeMs{now.value() + std::min(ms, kStep)};
            run(SetIndexPrice{sol, price("100")});
        }
    }
    Amount sol_of(AccountId account) const {
        return balance_now(venue.assets()[1], sols, venue.accounts()[account.value()]);
    }
    std::string borrow(AccountId account, std::int64_t count) {
        return outcome(run(Withdraw{account, sols, whole(count)}));
    }
    const AssetId sols{1};
    AccountId lender = person(0), ada = person(1'000'000);
};

TEST_F(VenueInterestTest, ABorrowerPaysWhatDepositorsAndTheFundGet) {
    EXPECT_EQ(borrow(ada, 250), "ok");  // a quarter: half way to 10 %
    wait(kYearMs);
    const Amount owed = Amount{0} - sol_of(ada);
    EXPECT_GE(owed, Amount{262'500'000'000});
    EXPECT_LE(owed, Amount{262'500'000'100}) << "5 % of 250, rounded up each time";
    const Amount earned = sol_of(lender) - whole(1'000);
    EXPECT_LE(earned, Amount{11'250'000'100}) << "nine tenths of it";
    EXPECT_GE(earned, Amount{11'249'999'000});
    run(SettleInterest{ada});
    run(SettleInterest{lender});
    EXPECT_EQ(venue.assets()[1].interest.pool, Amount{0});
    EXPECT_EQ(venue.fund_asset(sols), owed - whole(250) - earned);
}

TEST_F(VenueInterestTest, BorrowingHasLimits) {
    EXPECT_EQ(borrow(ada, 701), "borrow_limit") << "of an account";
    EXPECT_EQ(borrow(ada, 700), "ok");
    const AccountId bob = person(1'000'000);
    EXPECT_EQ(borrow(bob, 101), "borrow_limit") << "of what may be lent";
    EXPECT_EQ(borrow(bob, 100), "ok");
    EXPECT_EQ(borrow(lender, 201), "liquidity_insufficient") << "the rest is lent";
    EXPECT_EQ(borrow(person(1'000), 1), "borrow_limit");
}

TEST_F(VenueInterestTest, ADebtCountsForMoreThanItsValue) {
    const AccountId bob = person(12'000);
    EXPECT_EQ(borrow(bob, 101), "margin_insufficient") << "101 * 100 * 1.2";
    EXPECT_EQ(borrow(bob, 100), "ok");
    const auto& account = venue.accounts()[bob.value()];
    EXPECT_EQ(health_of(venue.margin_context(), account, MarginKind::initial).free(), 0);
    EXPECT_EQ(health_of(venue.margin_context(), account, MarginKind::maintenance).free(),
              usd(1'000).value());
}

TEST_F(VenueInterestTest, ALargeDebtCountsForMoreAndALargeDepositForLess) {
    AssetSettings asset = sol_asset();
    asset.imf_factor_ppm = 100'000;
    run(SetAsset{asset});
    const Collateral& c = venue.assets()[1];
    EXPECT_EQ(weight_bps(c, whole(1), MarginKind::maintenance), 9'000);
    EXPECT_EQ(weight_bps(c, whole(100), MarginKind::maintenance), 5'500) << "1.1 / (1 + 10 * 0.1)";
    EXPECT_EQ(weight_bps(c, Amount{0} - whole(1), MarginKind::maintenance), 11'000);
    EXPECT_EQ(weight_bps(c, Amount{0} - whole(100), MarginKind::maintenance), 18'800);
}

TEST_F(VenueInterestTest, AnAllowanceIsFreeOfInterest) {
    AssetSettings asset = sol_asset();
    asset.interest_free = whole(100);
    run(SetAsset{asset});
    EXPECT_EQ(borrow(ada, 100), "ok");
    wait(kYearMs);
    EXPECT_EQ(sol_of(ada), Amount{0} - whole(100));
    EXPECT_EQ(borrow(ada, 150), "ok");
    wait(kYearMs);
    EXPECT_LE(sol_of(ada), Amount{-257'500'000'000}) << "5 % of the 150 beyond it";
    EXPECT_GE(sol_of(ada), Amount{-257'500'000'100});
}

TEST_F(VenueInterestTest, WhatALossLeavesBelowZeroBearsInterestWhenUsdcIsLent) {
    AssetSettings usdc{.symbol = "USDC",
                       .decimals = 6,
                       .initial_weight_bps = 10'000,
                       .maintenance_weight_bps = 10'000,
                       .borrow_enabled = true};
    run(SetAsset{usdc});
    const AccountId bob = person(0);
    run(Deposit{bob, sols, whole(100), {}});
    run(limit(bob, Side::sell, "100", "20"));
    run(limit(ada, Side::buy, "100", "20"));
    run(SetIndexPrice{sol, price("110")});
    run(limit(ada, Side::sell, "110", "20"));
    run(limit(bob, Side::buy, "110", "20"));
    EXPECT_EQ(balance(bob), dollars(-200));
    wait(kYearMs / 12);
    run(SettleInterest{bob});
    EXPECT_LT(balance(bob), dollars(-200));
}

TEST_F(VenueInterestTest, InterestAloneLiquidates) {
    const AccountId bob = person(12'000);
    EXPECT_EQ(borrow(bob, 100), "ok");
    bool started = false;
    for (int month = 0; month < 60 && !started; ++month) {
        now = TimeMs{now.value() + 2'592'000'000};
        started = !all<LiquidationStarted>(run(SetIndexPrice{sol, price("100")})).empty();
    }
    EXPECT_TRUE(started);
}

TEST_F(VenueInterestTest, NoDebtWithoutBorrowing) {
    AssetSettings asset = sol_asset();
    asset.borrow_enabled = false;
    run(SetAsset{asset});
    EXPECT_EQ(borrow(ada, 1), "balance_insufficient");
    EXPECT_EQ(outcome(run(SettleInterest{AccountId{99}})), "account_unknown");
}

TEST(AssetSettings, TheFieldThatCannotBeIsNamed) {
    const auto field = [](auto edit) {
        AssetSettings a{.symbol = "SOL"};
        edit(a);
        const auto result = check_asset(a);
        return result ? std::string("ok") : result.error().where;
    };
    EXPECT_EQ(field([](auto&) {}), "ok");
    EXPECT_EQ(field([](auto& a) { a.symbol = "sol"; }), "symbol");
    EXPECT_EQ(field([](auto& a) { a.decimals = 13; }), "decimals");
    EXPECT_EQ(field([](auto& a) { a.initial_weight_bps = 9'001; }), "initial_weight_bps");
    EXPECT_EQ(field([](auto& a) { a.maintenance_liability_weight_bps = 9'999; }),
              "maintenance_liability_weight_bps");
    EXPECT_EQ(field([](auto& a) { a.initial_liability_weight_bps = 10'999; }),
              "initial_liability_weight_bps");
    EXPECT_EQ(field([](auto& a) { a.interest_free = Amount{-1}; }), "interest_free");
    EXPECT_EQ(field([](auto& a) { a.borrow_optimal_utilization_ppm = 850'001; }),
              "borrow_optimal_utilization_ppm");
}

}  // namespace
}  // namespace astro::exchange
