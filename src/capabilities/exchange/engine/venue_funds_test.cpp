#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

struct VenueFundsTest : VenueTest {
    void set(auto edit) {
        VenueSettings changed = venue.settings();
        ++changed.version;
        edit(changed);
        ASSERT_EQ(outcome(run(SetVenue{changed})), "ok");
    }
    void days(std::int64_t count) { now = TimeMs{now.value() + count * kDayMs}; }
    AccountId ada = person(1'000), bob = person(1'000);
};

TEST_F(VenueFundsTest, AStakeComesBackAfterItsCoolDown) {
    EXPECT_EQ(outcome(run(StakeInsurance{ada, usd(1'001)})), "balance_insufficient");
    EXPECT_EQ(outcome(run(StakeInsurance{ada, Quote{0}})), "bad_amount");
    EXPECT_EQ(outcome(run(StakeInsurance{ada, usd(400)})), "ok");
    EXPECT_EQ(venue.pools().insurance, usd(400));
    EXPECT_EQ(balance(ada), dollars(600));
    const std::int64_t shares = venue.insurance_stakes().at(ada).shares;
    EXPECT_EQ(outcome(run(UnstakeInsurance{ada})), "unstake_not_requested");
    EXPECT_EQ(outcome(run(RequestUnstakeInsurance{ada, 0})), "bad_amount");
    EXPECT_EQ(outcome(run(RequestUnstakeInsurance{ada, shares + 1})), "shares_insufficient");
    EXPECT_EQ(outcome(run(RequestUnstakeInsurance{bob, 1})), "shares_insufficient");
    EXPECT_EQ(outcome(run(RequestUnstakeInsurance{ada, shares})), "ok");
    EXPECT_EQ(outcome(run(RequestUnstakeInsurance{ada, 1})), "unstake_requested");
    EXPECT_EQ(outcome(run(StakeInsurance{ada, usd(1)})), "unstake_requested");
    days(12);
    EXPECT_EQ(outcome(run(UnstakeInsurance{ada})), "cooling_down");
    days(1);
    EXPECT_EQ(outcome(run(UnstakeInsurance{ada})), "ok");
    EXPECT_EQ(balance(ada), dollars(1'000));
    EXPECT_TRUE(venue.insurance_stakes().empty());
    EXPECT_EQ(outcome(run(CancelUnstakeInsurance{ada})), "unstake_not_requested");
}

TEST_F(VenueFundsTest, ACancelledRequestCanBeMadeAgain) {
    run(StakeInsurance{ada, usd(400)});
    run(RequestUnstakeInsurance{ada, 100});
    EXPECT_EQ(outcome(run(CancelUnstakeInsurance{ada})), "ok");
    EXPECT_EQ(outcome(run(CancelUnstakeInsurance{ada})), "unstake_not_requested");
    EXPECT_EQ(outcome(run(RequestUnstakeInsurance{ada, 100})), "ok");
}

TEST_F(VenueFundsTest, MarginIsNotStaked) {
    run(limit(bob, Side::sell, "100", "100"));
    run(limit(ada, Side::buy, "100", "100"));  // 500 of margin
    EXPECT_EQ(outcome(run(StakeInsurance{ada, usd(501)})), "margin_insufficient");
    EXPECT_EQ(outcome(run(StakeInsurance{ada, usd(500)})), "ok");
}

TEST_F(VenueFundsTest, ADrainedFundTakesNoStakes) {
    run(StakeInsurance{ada, usd(30)});
    const AccountId eve = person(110);
    run(limit(bob, Side::sell, "100", "20"));
    run(limit(eve, Side::buy, "100", "20"));
    const auto covered = all<DeficitCovered>(run(SetIndexPrice{sol, price("90")}));
    ASSERT_EQ(covered.size(), 1U);
    EXPECT_EQ(covered[0].paid, usd(30)) << "20 at 93 for 100 each, less 110";
    EXPECT_EQ(venue.pools().insurance, Quote{0});
    EXPECT_EQ(outcome(run(StakeInsurance{bob, usd(1)})), "fund_drained");
}

TEST_F(VenueFundsTest, TheTreasuryPaysWhatItHas) {
    change([](MarketSettings& m) { m.taker_fee_ppm = 1'000; });
    set([](VenueSettings& v) { v.revenue_treasury_ppm = 1'000'000; });
    run(limit(bob, Side::sell, "100", "10"));
    run(limit(ada, Side::buy, "100", "10"));
    days(1);
    EXPECT_EQ(all<RevenueSplit>(run(SetIndexPrice{sol, price("100")})).size(), 1U);
    EXPECT_EQ(venue.pools().treasury, usd(1));
    EXPECT_EQ(outcome(run(PayTreasury{bob, Quote{1'000'001}, 7})), "treasury_insufficient");
    const Amount before = balance(bob);
    const auto paid = all<TreasuryPaid>(run(PayTreasury{bob, Quote{999'999}, 7}));
    ASSERT_EQ(paid.size(), 1U);
    EXPECT_EQ(paid[0].reference, 7U);
    EXPECT_EQ(paid[0].left, Quote{1});
    EXPECT_EQ(balance(bob) - before, Amount{999'999});
}

}  // namespace
}  // namespace astro::exchange
