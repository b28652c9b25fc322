#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

/// One who is long of 20 with 110 of his own, somebody to sell to him, and nobody on the book.
struct BackstopTest : VenueTest {
    BackstopTest() {
        run(limit(rich, Side::sell, "100", "20"));
        run(limit(ada, Side::buy, "100", "20"));
    }
    Events move(std::string_view to) { return run(SetIndexPrice{sol, price(to)}); }
    AccountId rich = person(1'000'000), ada = person(110), bob = person(100'000);
};

TEST_F(BackstopTest, ABackstopTakesWhatTheBookDidNotAtTheMarkPriceLessTheFee) {
    run(SetBackstop{bob, usd(100'000)});
    const auto events = move("97");
    const auto took = all<BackstopTook>(events);
    ASSERT_EQ(took.size(), 1U);
    EXPECT_EQ(took[0].backstop, bob);
    EXPECT_EQ(took[0].mark, price("97"));
    EXPECT_EQ(took[0].price, price("96.52")) << "half a per cent below, toward the account";
    EXPECT_EQ(took[0].collateral, usd(50));
    EXPECT_EQ(took[0].requirement, Quote{58'200'000});
    EXPECT_LT(took[0].size, size("20")) << "only what is needed";
    EXPECT_EQ(position(bob), took[0].size);
    EXPECT_EQ(position(ada) + position(bob), size("20"));
    EXPECT_TRUE(all<Deleveraged>(events).empty());
    const auto& account = venue.accounts()[ada.value()];
    const Health health = health_of(venue.margin_context(), account, MarginKind::maintenance);
    EXPECT_GE(health.collateral * 10'000, health.requirement * 10'200) << "with its buffer";
}

TEST_F(BackstopTest, TheBookComesFirst) {
    run(SetBackstop{bob, usd(100'000)});
    run(limit(rich, Side::buy, "96.5", "20"));
    const auto events = move("97");
    EXPECT_FALSE(all<Liquidated>(events).empty());
    EXPECT_TRUE(all<BackstopTook>(events).empty());
}

TEST_F(BackstopTest, ALimitIsKeptAndTheNextOneIsAsked) {
    const AccountId eve = person(100'000);
    run(SetBackstop{bob, usd(100)});  // one of SOL
    run(SetBackstop{eve, usd(100'000)});
    const auto took = all<BackstopTook>(move("97"));
    ASSERT_EQ(took.size(), 2U);
    EXPECT_EQ(took[0].backstop, bob);
    EXPECT_EQ(took[1].backstop, eve);
    EXPECT_LE(position(bob).value() * 97, 100 * kBaseUnit);
}

TEST_F(BackstopTest, NobodyTakesMoreThanHisOwnMarginAllows) {
    const AccountId poor = person(20);
    run(SetBackstop{poor, usd(100'000)});
    move("97");
    EXPECT_GT(position(poor), Base{0});
    const auto& account = venue.accounts()[poor.value()];
    EXPECT_GE(health_of(venue.margin_context(), account, MarginKind::initial).free(), 0);
}

TEST_F(BackstopTest, ABackstopIsRegisteredChangedAndTakenAway) {
    EXPECT_EQ(outcome(run(SetBackstop{AccountId{99}, usd(1)})), "account_unknown");
    EXPECT_EQ(outcome(run(SetBackstop{bob, Quote{-1}})), "bad_amount");
    run(SetBackstop{bob, usd(1)});
    run(SetBackstop{bob, usd(2)});
    ASSERT_EQ(venue.backstops().size(), 1U);
    EXPECT_EQ(venue.backstops()[0].notional_max, usd(2));
    run(SetBackstop{bob, usd(0)});
    EXPECT_TRUE(venue.backstops().empty());
    for (std::size_t i = 0; i < kBackstopsMax; ++i) run(SetBackstop{person(0), usd(1)});
    EXPECT_EQ(outcome(run(SetBackstop{bob, usd(1)})), "too_many_backstops");
}

TEST_F(BackstopTest, OrdersThatOnlyReduceStayThroughALiquidation) {
    run(SetBackstop{bob, usd(100'000)});
    PlaceOrder take = limit(ada, Side::sell, "104", "5");
    take.reduce_only = true;
    const OrderId kept = accepted(run(take));
    const OrderId risky = accepted(run(limit(ada, Side::buy, "95", "0.1")));
    const auto events = move("97");
    EXPECT_EQ(closed(events, risky), "liquidation");
    EXPECT_EQ(closed(events, kept), "open");
    EXPECT_TRUE(venue.find_order(kept));
}

TEST_F(BackstopTest, CollateralThatCountsLeastGoesFirstAndOnlyAsMuchAsIsNeeded) {
    run(SetAsset{AssetSettings{.symbol = "USDC",
                               .decimals = 6,
                               .initial_weight_bps = 10'000,
                               .maintenance_weight_bps = 10'000,
                               .borrow_enabled = true}});
    run(SetAsset{AssetSettings{.symbol = "SOL"}});
    run(SetAsset{AssetSettings{.symbol = "XLM",
                               .decimals = 7,
                               .initial_weight_bps = 5'000,
                               .maintenance_weight_bps = 6'000,
                               .liquidation_fee_ppm = 50'000}});
    const AssetId sols{1}, xlm{2};
    run(SetAssetPrice{sols, price("100")});
    run(SetAssetPrice{xlm, price("1")});
    const AccountId eve = person(0), carol = person(1'000'000);
    run(Deposit{eve, sols, Amount{10 * kBaseUnit}, {}});
    run(Deposit{eve, xlm, Amount{1'000 * 10'000'000LL}, {}});
    run(limit(eve, Side::buy, "100", "20"));
    run(limit(carol, Side::sell, "100", "20"));
    change([](auto& m) { m.price_band_bps = 6'000; });
    run(limit(carol, Side::buy, "50", "20"));
    run(limit(eve, Side::sell, "50", "20"));
    ASSERT_EQ(balance(eve), dollars(-1'000));
    run(SetBackstop{bob, usd(1'000'000)});
    const auto events = run(SetAssetPrice{sols, price("40")});  // 360 + 600 - 1,000
    const auto taken = all<CollateralTaken>(events);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].asset, xlm);
    EXPECT_EQ(taken[0].debt, kUsdc);
    EXPECT_EQ(taken[0].backstop, bob);
    EXPECT_EQ(taken[0].collateral, usd(-40));
    // 40 / (1 - 0.6 * 1.05) of debt, for 1.05 times its value.
    EXPECT_GE(taken[0].covered, Amount{108'108'108});
    EXPECT_LE(taken[0].covered, Amount{108'108'200});
    EXPECT_NEAR(static_cast<double>(taken[0].amount.value()), 113.5135e7, 1e4);
    const Health after =
        health_of(venue.margin_context(), venue.accounts()[eve.value()], MarginKind::maintenance);
    EXPECT_GE(after.free(), 0);
    EXPECT_LE(after.free(), usd(1).value());
}

TEST_F(BackstopTest, ABorrowedAssetIsPaidBackByABackstop) {
    run(SetAsset{AssetSettings{.symbol = "SOL", .borrow_enabled = true}});
    const AssetId sols{1};
    run(SetAssetPrice{sols, price("100")});
    run(Deposit{bob, sols, Amount{100 * kBaseUnit}, {}});
    const AccountId eve = person(1'300);
    ASSERT_EQ(outcome(run(Withdraw{eve, sols, Amount{10 * kBaseUnit}})), "ok");
    run(SetBackstop{bob, usd(1)});
    const auto taken = all<CollateralTaken>(run(SetAssetPrice{sols, price("119")}));
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].asset, kUsdc);
    EXPECT_EQ(taken[0].debt, sols);
    // 1,300 - 1,309: one of SOL frees 119 * (1.1 - 1.01).
    EXPECT_NEAR(static_cast<double>(taken[0].covered.value()), 9 / (119 * 0.09) * 1e9, 2e6);
}

TEST_F(BackstopTest, WithoutABackstopTheFundTakesDebtAndCollateral) {
    run(SetAsset{AssetSettings{.symbol = "SOL", .borrow_enabled = true}});
    const AssetId sols{1};
    run(SetAssetPrice{sols, price("100")});
    run(Deposit{bob, sols, Amount{100 * kBaseUnit}, {}});
    const AccountId eve = person(1'300);
    run(Withdraw{eve, sols, Amount{10 * kBaseUnit}});
    const auto events = run(SetAssetPrice{sols, price("125")});
    const auto taken = all<DebtTaken>(events);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].amount, Amount{10 * kBaseUnit});
    EXPECT_EQ(taken[0].price, Quote{1'262'500'000}) << "1,250 and one per cent";
    EXPECT_EQ(venue.fund_asset(sols), Amount{-10 * kBaseUnit});
    EXPECT_EQ(balance(eve), Amount{37'500'000});
}

TEST_F(VenueTest, ALossThatNobodyCanPayIsBorneByAllPositionsWhenTheMarketSaysSo) {
    for (const bool shared : {true, false}) {
        change([&](auto& m) { m.socialize_losses = shared; });
        run(SetIndexPrice{sol, price("100")});
        const AccountId ada = person(400), rich = person(10'000), dave = person(10'000),
                        bob = person(10'000), eve = person(10'000);
        run(limit(rich, Side::sell, "100", "20"));
        run(limit(ada, Side::buy, "100", "20"));
        run(limit(eve, Side::sell, "100", "10"));
        run(limit(bob, Side::buy, "100", "10"));
        run(SetIndexPrice{sol, price("84")});
        // dave sells below the price at which ada is ruined: when she is, he has lost too.
        run(limit(rich, Side::buy, "76", "20"));
        run(limit(dave, Side::sell, "76", "20"));
        ASSERT_EQ(position(dave), size("-20"));
        const auto events = run(SetIndexPrice{sol, price("79")});
        const auto borne = all<LossSocialized>(events);
        EXPECT_EQ(position(ada), Base{0});
        EXPECT_EQ(balance(ada), Amount{0});
        if (shared) {
            // eve has won and gives her gain for ten; dave closes at the mark price.
            ASSERT_EQ(borne.size(), 1U);
            EXPECT_EQ(all<DeficitCovered>(events)[0].socialized, borne[0].loss);
            EXPECT_EQ(all<DeficitCovered>(events)[0].uncovered, Quote{0});
        } else {
            EXPECT_TRUE(borne.empty());
        }
        for (const AccountId account : {ada, rich, dave, bob, eve}) {
            run(SettleFunding{account});
            const Base left = position(account);
            if (left == Base{0}) continue;
        }
        EXPECT_EQ(venue.pools().funding, Quote{0}) << "to the last unit";
        EXPECT_EQ(venue.pools().uncovered, Quote{0});
        for (const AccountId account : {rich, dave, bob, eve}) run(CancelAll{account, {}, {}});
        const Base bobs = position(bob), daves = position(dave), eves = position(eve);
        EXPECT_EQ(bobs + daves + eves, Base{0});
        if (daves != Base{0}) {
            run(limit(bob, Side::sell, "79", "10"));
            run(limit(dave, Side::buy, "79", "10"));
        } else if (eves != Base{0}) {
            run(limit(bob, Side::sell, "79", "10"));
            run(limit(eve, Side::buy, "79", "10"));
        }
    }
}

}  // namespace
}  // namespace astro::exchange
