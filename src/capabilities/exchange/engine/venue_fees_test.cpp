#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

struct VenueFeesTest : VenueTest {
    VenueFeesTest() {
        change([](MarketSettings& m) {
            m.taker_fee_ppm = 500;
            m.maker_fee_ppm = 100;
        });
        set([](VenueSettings&) {});
    }
    void set(auto edit) {
        VenueSettings changed = venue.settings();
        ++changed.version;
        edit(changed);
        ASSERT_EQ(outcome(run(SetVenue{changed})), "ok");
    }
    void days(std::int64_t count) {
        now = TimeMs{now.value() + count * kDayMs};
        run(SetIndexPrice{sol, price("100")});
    }
    /// `maker` sells to `taker` at 100.
    Traded trade(AccountId taker, AccountId maker, std::string_view how_much,
                 PlaceOrder order = {}) {
        run(limit(maker, Side::sell, "100", how_much));
        PlaceOrder buy = limit(taker, Side::buy, "100", how_much);
        buy.builder = order.builder;
        buy.builder_fee_ppm = order.builder_fee_ppm;
        const auto trades = all<Traded>(run(buy));
        EXPECT_EQ(trades.size(), 1U);
        return trades.empty() ? Traded{} : trades[0];
    }
    AccountId ada = person(1'000'000), bob = person(1'000'000), eve = person(0);
};

TEST_F(VenueFeesTest, ATierHoldsFromTheDayAfterItsVolumeAndThirtyDaysLong) {
    set([](VenueSettings& v) { v.fee_tiers = {{usd(10'000), 200'000, 150}}; });
    EXPECT_EQ(trade(ada, bob, "100").taker_fee, usd(5));
    EXPECT_EQ(trade(ada, bob, "1").taker_fee, Quote{50'000});
    days(1);
    const Traded cheap = trade(ada, bob, "100");
    EXPECT_EQ(cheap.taker_fee, usd(4));
    EXPECT_EQ(cheap.maker_fee, Quote{-500'000});  // 100 - 150 = -50 ppm: a rebate
    days(30);
    EXPECT_EQ(trade(ada, bob, "1").taker_fee, Quote{40'000});
    days(31);
    EXPECT_EQ(trade(ada, bob, "1").taker_fee, Quote{50'000});
}

TEST_F(VenueFeesTest, TheVolumeOfAllAccountsOfAnOwnerCounts) {
    set([](VenueSettings& v) { v.fee_tiers = {{usd(10'000), 200'000, 0}}; });
    const AccountId other = person(1'000'000, 1);  // ada's
    trade(ada, bob, "60");
    trade(other, bob, "40");
    days(1);
    EXPECT_EQ(trade(other, bob, "1").taker_fee, Quote{40'000});
    EXPECT_EQ(venue.fee_rates_of(ada).taker_keep_ppm, 800'000);
}

TEST_F(VenueFeesTest, ARebateIsNeverMoreThanTheTakerPaid) {
    set([](VenueSettings& v) {
        v.fee_tiers = {{usd(0), 900'000, 300}};
        v.referral_share_ppm = 400'000;
    });
    run(SetReferrer{ada, eve});
    const Traded t = trade(ada, bob, "10");
    EXPECT_EQ(t.taker_fee, Quote{50'000});
    EXPECT_EQ(t.referral, Quote{20'000});
    EXPECT_EQ(t.maker_fee, Quote{-30'000});  // not -200 ppm, which would be 200,000
    EXPECT_EQ(venue.pools().fees, Quote{0});
    EXPECT_EQ(balance(eve), Amount{20'000});
}

TEST_F(VenueFeesTest, AReferrerGetsAShareAndTheReferredADiscount) {
    set([](VenueSettings& v) {
        v.referral_share_ppm = 100'000;
        v.referral_discount_ppm = 40'000;
    });
    EXPECT_EQ(outcome(run(SetReferrer{ada, ada})), "referrer_refused");
    EXPECT_EQ(outcome(run(SetReferrer{ada, eve})), "ok");
    EXPECT_EQ(outcome(run(SetReferrer{ada, bob})), "referrer_refused");
    EXPECT_EQ(outcome(run(SetReferrer{ada, AccountId{99}})), "account_unknown");
    const Traded t = trade(ada, bob, "1");
    EXPECT_EQ(t.taker_fee, Quote{48'000});
    EXPECT_EQ(t.referral, Quote{4'800});
    EXPECT_EQ(balance(eve), Amount{4'800});
    EXPECT_EQ(venue.pools().fees, Quote{48'000 + 10'000 - 4'800});
}

TEST_F(VenueFeesTest, ABuilderIsPaidWhatTheUserHasApproved) {
    PlaceOrder named;
    named.builder = eve;
    named.builder_fee_ppm = 200;
    PlaceOrder order = limit(ada, Side::buy, "100", "1");
    order.builder = eve;
    order.builder_fee_ppm = 200;
    EXPECT_EQ(outcome(run(order)), "builder_not_allowed");
    EXPECT_EQ(outcome(run(ApproveBuilder{ada, eve, 1'001})), "bad_amount");
    EXPECT_EQ(outcome(run(ApproveBuilder{ada, eve, 199})), "ok");
    EXPECT_EQ(outcome(run(order)), "builder_not_allowed");
    EXPECT_EQ(outcome(run(ApproveBuilder{ada, eve, 200})), "ok");
    const Amount before = balance(ada);
    const Traded t = trade(ada, bob, "1", named);
    EXPECT_EQ(t.taker_builder_fee, Quote{20'000});
    EXPECT_EQ(balance(eve), Amount{20'000});
    EXPECT_EQ(before - balance(ada), Amount{50'000 + 20'000});
    EXPECT_EQ(outcome(run(ApproveBuilder{ada, eve, 0})), "ok");
    EXPECT_EQ(outcome(run(order)), "builder_not_allowed");
    order.builder = AccountId{99};
    EXPECT_EQ(outcome(run(order)), "account_unknown");
}

TEST_F(VenueFeesTest, ARestingOrderPaysItsBuilderWhenItTradesAlsoAfterAnAmendment) {
    run(ApproveBuilder{ada, eve, 300});
    PlaceOrder order = limit(ada, Side::buy, "99", "2");
    order.builder = eve;
    order.builder_fee_ppm = 300;
    const OrderId resting = accepted(run(order));
    run(AmendOrder{ada, resting, price("100"), {}});
    EXPECT_EQ(balance(eve), Amount{0});
    const auto trades = all<Traded>(run(limit(bob, Side::sell, "100", "1")));
    ASSERT_EQ(trades.size(), 1U);
    EXPECT_EQ(trades[0].maker_builder_fee, Quote{30'000});
    EXPECT_EQ(balance(eve), Amount{30'000});
    run(CancelOrder{ada, resting});
}

TEST_F(VenueFeesTest, AnOwnerApprovesAFewBuilders) {
    for (std::uint32_t i = 0; i < kBuildersMax; ++i)
        EXPECT_EQ(outcome(run(ApproveBuilder{ada, person(0), 10})), "ok");
    EXPECT_EQ(outcome(run(ApproveBuilder{ada, eve, 10})), "too_many_builders");
}

TEST_F(VenueFeesTest, AStakeLowersTheFeeAtOnceOfAllAccountsOfItsOwner) {
    run(SetAsset{default_governance_asset()});
    set([](VenueSettings& v) { v.stake_tiers = {{governance::Power{100'000'000}, 100'000}}; });
    const AssetId astro{1};
    const AccountId second = person(0, 1);
    ASSERT_EQ(venue.accounts()[second.value()].owner, venue.accounts()[ada.value()].owner);
    run(Deposit{ada, astro, dollars(150), {}});
    run(Deposit{second, astro, dollars(150), {}});
    run(StakeGovernance{second, governance::Power{50'000'000}});
    EXPECT_EQ(trade(ada, bob, "1").taker_fee, Quote{50'000});
    run(StakeGovernance{ada, governance::Power{50'000'000}});
    EXPECT_EQ(trade(ada, bob, "1").taker_fee, Quote{45'000});
    EXPECT_EQ(outcome(run(UnstakeGovernance{ada, governance::Power{1}})), "ok");
    EXPECT_EQ(trade(ada, bob, "1").taker_fee, Quote{50'000});
}

TEST_F(VenueFeesTest, WhatAnOrderIsJudgedByIsWhatItPays) {
    set([](VenueSettings& v) {
        v.fee_tiers = {{usd(0), 333'333, 0}};
        v.referral_discount_ppm = 70'001;
    });
    run(SetReferrer{ada, eve});
    run(ApproveBuilder{ada, eve, 777});
    run(limit(bob, Side::sell, "100", "0.03"));
    run(limit(bob, Side::sell, "100.01", "0.07"));
    PlaceOrder buy = limit(ada, Side::buy, "101", "0.1");
    buy.time_in_force = TimeInForce::ioc;
    buy.builder = eve;
    buy.builder_fee_ppm = 777;
    const Amount before = balance(ada);
    const auto events = run(buy);
    Quote paid;
    for (const auto& t : all<Traded>(events)) paid += t.taker_fee + t.taker_builder_fee;
    EXPECT_EQ(before - balance(ada), Amount{paid.value()});
    EXPECT_GT(paid, Quote{0});
}

TEST_F(VenueFeesTest, FeesAreSplitAtTheEndOfEachPeriod) {
    set([](VenueSettings& v) {
        v.revenue_period_s = 3'600;
        v.revenue_insurance_ppm = 300'000;
        v.revenue_stakers_ppm = 200'000;
        v.revenue_treasury_ppm = 400'000;
    });
    run(StakeInsurance{eve, usd(1)});
    EXPECT_EQ(outcome(run(Deposit{eve, kUsdc, dollars(10), {}})), "ok");
    EXPECT_EQ(outcome(run(StakeInsurance{eve, usd(10)})), "ok");
    trade(ada, bob, "100");  // 5 and 1
    EXPECT_EQ(venue.pools().fees, usd(6));
    now = TimeMs{now.value() + 3'600'000};
    const auto split = all<RevenueSplit>(run(Tick{}));
    ASSERT_EQ(split.size(), 1U);
    EXPECT_EQ(split[0].insurance, Quote{1'800'000});
    EXPECT_EQ(split[0].stakers, Quote{1'200'000});
    EXPECT_EQ(split[0].treasury, Quote{2'400'000});
    EXPECT_EQ(venue.pools().fees, Quote{600'000});
    EXPECT_EQ(venue.pools().insurance, usd(13));
    EXPECT_EQ(all<RevenueSplit>(run(Tick{})).size(), 0U);
    // The venue has bought its shares before the stakers' part came: 10 of 11.8 is eve's.
    const auto& shares = venue.insurance_shares();
    EXPECT_EQ(shares.value_of(usd(13), shares.users), Quote{11'016'949});
}

TEST_F(VenueFeesTest, SettingsGrowByOneVersion) {
    VenueSettings v = venue.settings();
    EXPECT_EQ(outcome(run(SetVenue{v})), "version_conflict");
    v.version += 2;
    EXPECT_EQ(outcome(run(SetVenue{v})), "version_conflict");
    --v.version;
    v.referral_share_ppm = 500'001;
    EXPECT_EQ(outcome(run(SetVenue{v})), "bad_amount");
}

TEST(VenueSettings, TheFieldThatCannotBeIsNamed) {
    const auto field = [](auto edit) {
        VenueSettings v;
        edit(v);
        const auto result = check_venue(v);
        return result ? std::string("ok") : result.error().where;
    };
    EXPECT_EQ(field([](auto&) {}), "ok");
    EXPECT_EQ(field([](auto& v) { v.builder_fee_max_ppm = -1; }), "builder_fee_max_ppm");
    EXPECT_EQ(field([](auto& v) { v.revenue_period_s = 59; }), "revenue_period_s");
    EXPECT_EQ(field([](auto& v) { v.withdrawal_daily_max = Quote{-1}; }), "withdrawal_daily_max");
    EXPECT_EQ(field([](auto& v) { v.fee_tiers = {{usd(2), 0, 0}, {usd(2), 0, 0}}; }), "fee_tiers");
    EXPECT_EQ(field([](auto& v) { v.fee_tiers = {{usd(2), 1'000'001, 0}}; }), "fee_tiers");
    EXPECT_EQ(field([](auto& v) { v.fee_tiers.resize(17); }), "fee_tiers");
    EXPECT_EQ(field([](auto& v) { v.stake_tiers = {{governance::Power{0}, 0}}; }), "stake_tiers");
    EXPECT_EQ(field([](auto& v) {
                  v.revenue_insurance_ppm = v.revenue_stakers_ppm = 500'000;
                  v.revenue_treasury_ppm = 1;
              }),
              "revenue_treasury_ppm");
    EXPECT_EQ(field([](auto& v) {
                  v.withdrawal_delay_ms = 2;
                  v.withdrawal_large_value = usd(1);
                  v.withdrawal_large_delay_ms = 1;
              }),
              "withdrawal_large_delay_ms");
}

}  // namespace
}  // namespace astro::exchange
