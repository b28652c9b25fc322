#include "capabilities/exchange/engine/venue_test_support.hpp"

/// At the largest numbers that settings and commands allow nothing overflows: the static bounds
/// stand beside what they bound (margin.cpp, formulas/margin.hpp, interest.cpp); here they are met.
namespace astro::exchange {
namespace {

struct BoundsTest : VenueTest {
    /// A market whose largest position is worth the largest notional at the highest price.
    void largest(MarginFormula formula) {
        change([&](MarketSettings& m) {
            m.margin_formula = formula;
            m.price_max = kPriceMax;
            m.order_size_max = m.position_max = m.open_interest_max =
                Base{kNotionalMax.value() / 10'000'000 / kQuoteUnit * kBaseUnit};
            m.order_notional_max = kNotionalMax;
            m.imf_factor_ppm = 1'000'000;
            m.price_band_bps = m.mark_band_bps = 2'000;
            m.taker_fee_ppm = 10'000;
            m.liquidation_fee_ppm = m.insurance_fee_ppm = 10'000;
            m.brackets = {{usd(0), usd(1'000'000), 30'000, 20, usd(0)},
                          {usd(1'000'000), kNotionalMax, 500'000, 2, usd(470'000)}};
            m.open_interest_upper = kNotionalMax;
        });
    }
    /// So slowly that the oracle's guard has nothing against it.
    void climb() {
        for (std::int64_t at = 100; at < 8'000'000; at *= 3) {
            now = TimeMs{now.value() + 3'600'000};
            run(SetIndexPrice{sol, Price{at * kQuoteUnit}});
        }
        now = TimeMs{now.value() + 3'600'000};
        run(SetIndexPrice{sol, price("8000000")});
    }
    AccountId whale() {
        const AccountId out = person(0);
        run(Deposit{out, kUsdc, Amount{std::int64_t{1} << 57}, {}});
        return out;
    }
};

TEST_F(BoundsTest, TheLargestPositionsAreOpenedLiquidatedAndClosed) {
    for (const auto formula :
         {MarginFormula::drift, MarginFormula::brackets, MarginFormula::dydx}) {
        run(SetIndexPrice{sol, price("100")});
        largest(formula);
        const AccountId ada = whale(), bob = whale();
        climb();
        EXPECT_EQ(outcome(run(limit(bob, Side::sell, "8000000", "1000"))), "ok");
        const auto events = run(limit(ada, Side::buy, "8000000", "1000"));
        ASSERT_EQ(all<Traded>(events).size(), 1U) << outcome(events);
        EXPECT_EQ(position(ada), size("1000"));
        run(SetIndexPrice{sol, kPriceMax});
        run(SetIndexPrice{sol, Price{10'000}});
        run(SetIndexPrice{sol, kPriceMax});
        const Health health = health_of(venue.margin_context(), venue.accounts()[ada.value()],
                                        MarginKind::maintenance);
        EXPECT_GT(health.collateral, 0);
        EXPECT_GE(health.requirement, 0);
        run(CancelAll{bob, {}, {}});
        for (const AccountId account : {ada, bob}) {
            const Base left = position(account);
            if (left == Base{0}) continue;
            PlaceOrder close = limit(account, left > Base{0} ? Side::sell : Side::buy, "10000000",
                                     to_text(Base{std::abs(left.value())}));
            close.reduce_only = true;
            run(close);
        }
        EXPECT_EQ(position(ada), Base{0});
    }
}

TEST_F(BoundsTest, TheLargestDepositsBearTheHighestInterest) {
    run(SetAsset{AssetSettings{.symbol = "BIG",
                               .decimals = 0,
                               .initial_weight_bps = 10'000,
                               .maintenance_weight_bps = 10'000,
                               .initial_liability_weight_bps = 10'000,
                               .maintenance_liability_weight_bps = 10'000,
                               .borrow_enabled = true,
                               .borrow_optimal_rate_ppm = 10'000'000,
                               .borrow_max_rate_ppm = 10'000'000,
                               .borrow_min_rate_ppm = 10'000'000,
                               .borrow_utilization_max_ppm = 1'000'000}});
    const AssetId big{1};
    const AccountId ada = whale(), bob = whale();
    run(Deposit{ada, big, Amount{std::int64_t{1} << 60}, {}});
    ASSERT_EQ(outcome(run(Withdraw{bob, big, Amount{std::int64_t{1} << 60}})), "ok");
    for (int i = 0; i < 4; ++i) {
        now = TimeMs{now.value() + 30LL * 86'400'000};
        run(Tick{});
    }
    run(SettleInterest{bob});
    run(SettleInterest{ada});
    EXPECT_EQ(venue.assets()[1].interest.pool, Amount{0});
    EXPECT_GT(venue.accounts()[ada.value()].balances[1], Amount{std::int64_t{1} << 60});
}

}  // namespace
}  // namespace astro::exchange
