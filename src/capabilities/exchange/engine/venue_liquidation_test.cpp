#include "capabilities/exchange/engine/liquidation_watch.hpp"
#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

struct LiquidationTest : VenueTest {
    /// Has bought `how_much` at 100 from somebody rich, with that many dollars.
    AccountId long_of(std::int64_t whole_dollars, std::string_view how_much) {
        const auto account = person(whole_dollars);
        run(limit(rich, Side::sell, "100", how_much));
        EXPECT_EQ(outcome(run(limit(account, Side::buy, "100", how_much))), "ok");
        return account;
    }
    Events move(std::string_view to) {
        return run(SetIndexPrice{.market = sol, .index = price(to)});
    }
    void bid(std::string_view at, std::string_view how_much) {
        EXPECT_EQ(outcome(run(limit(rich, Side::buy, at, how_much))), "ok");
    }
    Health maintenance(AccountId a) const {
        return health_of(venue.margin_context(), venue.accounts()[a.value()],
                         MarginKind::maintenance);
    }
    Quote insurance() const { return venue.pools().insurance; }
    AccountId rich = person(10'000'000);
};

TEST_F(LiquidationTest, NothingHappensAboveTheMaintenanceMargin) {
    const auto ada = long_of(100, "20");
    EXPECT_TRUE(all<LiquidationStarted>(move("97.94")).empty()) << "58.8 left, 58.764 needed";
    EXPECT_EQ(all<LiquidationStarted>(move("97.93")).size(), 1U);
    EXPECT_EQ(position(ada), size("20")) << "there is no bid";
}

TEST_F(LiquidationTest, APartIsClosedUntilTheMarginIsRestored) {
    change([](auto& m) { m.liquidation_step_bps = 500; });
    const auto ada = long_of(101, "20");
    const auto resting = accepted(run(limit(ada, Side::buy, "90", "0.1")));
    bid("97.5", "100");
    const auto events = move("97.8");
    EXPECT_EQ(closed(events, resting), "liquidation");
    const auto parts = all<Liquidated>(events);
    ASSERT_GT(parts.size(), 1U) << "by steps of a twentieth";
    EXPECT_EQ(parts[0].size, size("1"));
    EXPECT_EQ(parts[0].collateral, usd(57));
    EXPECT_EQ(parts[0].requirement, Quote{58'680'000});
    EXPECT_GT(position(ada), Base{0});
    EXPECT_LT(position(ada), size("20"));
    const auto after = maintenance(ada);
    EXPECT_GE(after.collateral * 10'000, after.requirement * 10'200) << "with its buffer";
    Quote fees{};
    for (const auto& part : parts) fees += part.fee;
    EXPECT_EQ(insurance(), fees);
    EXPECT_EQ(all<LiquidationEnded>(events).at(0).insurance, fees);
}

TEST_F(LiquidationTest, WhatTheBookDoesNotTakeIsTriedAgain) {
    const auto ada = long_of(100, "20");
    move("97.5");
    EXPECT_EQ(position(ada), size("20"));
    bid("97.4", "100");
    EXPECT_FALSE(all<Liquidated>(move("97.5")).empty()) << "with the next price";
}

TEST_F(LiquidationTest, TheFundBearsWhatAFallBelowRuinCosts) {
    // What the fund has is from somebody who was liquidated before.
    const auto bob = long_of(10'000, "1900");
    bid("96", "3000");
    move("97");
    run(CancelAll{rich, {}, {}});
    run(Deposit{bob, kUsdc, dollars(100'000)});
    move("100");
    const Quote before = insurance();
    ASSERT_GT(before, usd(100));
    const auto eve = long_of(110, "20");
    bid("93", "20");
    const auto events = move("94");
    EXPECT_EQ(position(eve), Base{0});
    EXPECT_EQ(balance(eve), Amount{0});
    ASSERT_EQ(all<DeficitCovered>(events).size(), 1U);
    EXPECT_EQ(all<DeficitCovered>(events)[0].paid, usd(30)) << "20 at 93 for 100 each, less 110";
    EXPECT_EQ(insurance(), before - usd(30));
    EXPECT_EQ(venue.pools().uncovered, Quote{0});
}

TEST_F(LiquidationTest, WithoutBookAndFundThoseWhoWonMostGiveTheirGain) {
    const auto ada = person(100), modest = person(10'000), bold = person(300);
    run(limit(modest, Side::sell, "100", "10"));
    run(limit(bold, Side::sell, "100", "10"));
    run(limit(ada, Side::buy, "100", "20"));
    const auto events = move("90");
    const auto given = all<Deleveraged>(events);
    ASSERT_EQ(given.size(), 2U);
    EXPECT_EQ(given[0].against, bold) << "the same gain on more leverage";
    EXPECT_GT(given[0].rank, given[1].rank);
    EXPECT_EQ(given[0].price, price("95")) << "100 are gone at 95";
    EXPECT_EQ(position(ada), Base{0});
    EXPECT_EQ(balance(ada), Amount{0});
    EXPECT_EQ(balance(bold), dollars(350));
    EXPECT_EQ(balance(modest), dollars(10'050));
}

TEST_F(LiquidationTest, OtherCollateralPaysFirst) {
    run(SetAsset{AssetSettings{.symbol = "SOL"}});
    run(SetAssetPrice{AssetId{1}, price("100")});
    const auto ada = person(0);
    run(Deposit{ada, AssetId{1}, Amount{2 * kBaseUnit}});
    run(limit(rich, Side::sell, "100", "20"));
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "100", "20"))), "ok") << "160 of weighted value";
    bid("91.6", "20");
    run(SetAssetPrice{AssetId{1}, price("94")});
    const auto events = move("91.9");
    const auto sold = all<CollateralSold>(events);
    ASSERT_EQ(sold.size(), 1U);
    EXPECT_LE(sold[0].proceeds, usd(169) + Quote{200'000}) << "90 % of two at 94";
    EXPECT_GE(sold[0].proceeds, usd(168)) << "20 at 91.6 for 100 each";
    EXPECT_EQ(balance(ada), Amount{0});
    EXPECT_TRUE(all<DeficitCovered>(events).empty());
}

TEST_F(LiquidationTest, AStalePriceLiquidatesNobody) {
    const auto ada = long_of(100, "20");
    bid("96.5", "20");
    SetIndexPrice old{
        .market = sol, .index = price("97"), .published = TimeMs{now.value() - 10'001}};
    EXPECT_TRUE(all<LiquidationStarted>(run(old)).empty());
    EXPECT_EQ(position(ada), size("20"));
    EXPECT_FALSE(all<Liquidated>(move("97")).empty()) << "the next good one does";
}

TEST_F(LiquidationTest, FundingThatEatsTheMarginIsSeen) {
    change([](auto& m) {
        m.impact_notional = usd(100);
        m.funding_period_s = 60;
        m.funding_interest_ppm = 0;
        m.funding_clamp_ppm = 0;
        m.funding_cap_ppm = 100'000;
        m.oracle_stale_ms = 600'000;
    });
    const auto ada = long_of(62, "12");
    run(limit(person(1'000'000), Side::buy, "102", "10"));
    run(limit(person(1'000'000), Side::sell, "103", "10"));
    bool seen = false;
    for (int i = 0; i < 2'000 && !seen; ++i) {
        now = TimeMs{now.value() + 60'000};
        seen = !all<LiquidationStarted>(move("98.2")).empty();
    }
    EXPECT_TRUE(seen);
    EXPECT_LT(position(ada), size("12"));
}

TEST(LiquidationWatch, GivesTheNearestFirstAndForgets) {
    LiquidationWatch watch;
    watch.watch_fall(100, AccountId{1});
    watch.watch_fall(120, AccountId{3});
    watch.watch_fall(120, AccountId{2});
    watch.watch_rise(200, AccountId{4});
    EXPECT_EQ(watch.reached(150, 150), std::nullopt);
    EXPECT_EQ(watch.reached(120, 120), AccountId{2});
    watch.forget_fall(120, AccountId{2});
    EXPECT_EQ(watch.reached(120, 120), AccountId{3});
    watch.forget_fall(120, AccountId{3});
    EXPECT_EQ(watch.reached(120, 120), std::nullopt);
    EXPECT_EQ(watch.reached(200, 200), AccountId{4});
    EXPECT_EQ(watch.size(), 2U);
}

}  // namespace
}  // namespace astro::exchange
