#include "capabilities/exchange/engine/margin_explain.hpp"

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

namespace astro::exchange {
namespace {

Int128 up(Int128 value, Int128 by) {
    return formulas::div_round(value, by, formulas::Rounding::ceil);
}

/// Each term is what its neighbours say it is.
void terms_hold(const MarginPositionTerm& t, MarginKind kind) {
    ASSERT_EQ(t.unrealized, t.notional + t.entry_quote + t.funding);
    const Int128 gain = Int128{t.unrealized.value()} * t.gain_weight_bps;
    ASSERT_EQ(t.counted_profit.value(), t.unrealized < Quote{0}
                                            ? t.unrealized.value()
                                            : static_cast<std::int64_t>(formulas::div_round(
                                                  gain, 10'000, formulas::Rounding::floor)));
    const Int128 charged = std::abs(t.charged_size.value());
    ASSERT_EQ(t.charged_value.value(),
              static_cast<std::int64_t>(up(charged * t.mark.value(), kBaseUnit)));
    ASSERT_EQ(t.ratio_ppm, std::max(t.base_ratio_ppm + t.premium_ppm, t.own_ratio_ppm));
    ASSERT_EQ(
        t.requirement.value(),
        static_cast<std::int64_t>(up(Int128{t.charged_value.value()} * t.ratio_ppm, 1'000'000)) -
            t.deduction.value() + t.open_orders_loss.value());
    if (kind == MarginKind::maintenance) {
        ASSERT_EQ(t.charged_size, t.size);
        ASSERT_EQ(t.open_orders_loss, Quote{0});
    }
}

void side_holds(const MarginSide& side, const Health& health, MarginKind kind) {
    Quote collateral, requirement;
    for (const auto& term : side.assets) collateral += term.value;
    for (const auto& term : side.positions) {
        terms_hold(term, kind);
        collateral += term.counted_profit;
        requirement += term.requirement;
    }
    ASSERT_EQ(collateral.value(), health.collateral);
    ASSERT_EQ(requirement.value(), health.requirement);
    ASSERT_EQ(side.collateral, collateral);
    ASSERT_EQ(side.requirement, requirement);
    ASSERT_EQ(side.free.value(), health.free());
}

TEST(MarginExplain, ItsTermsHoldAndItsSumsAreTheHealthOfEachAccount) {
    int positions = 0;
    for (std::uint64_t seed = 300; seed < 304; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 1'500; ++i) stream.step();
        Venue venue;
        Reader reader;
        for (auto& command : stream.commands) {
            Events events;
            with_order(command, venue, reader);
            venue.apply(command, events);
            reader.read(events);
            const auto context = venue.margin_context();
            for (const auto& account : venue.accounts()) {
                const MarginExplanation told = explain_margin(context, account);
                side_holds(told.initial, health_of(context, account, MarginKind::initial),
                           MarginKind::initial);
                side_holds(told.maintenance, health_of(context, account, MarginKind::maintenance),
                           MarginKind::maintenance);
                if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed;
                positions += static_cast<int>(told.initial.positions.size());
            }
        }
    }
    EXPECT_GT(positions, 10'000);
}

struct MarginExplainTest : VenueTest {
    MarginExplanation of(AccountId account) const {
        return explain_margin(venue.margin_context(), venue.accounts()[account.value()]);
    }
};

TEST_F(MarginExplainTest, TheLiquidationPriceIsTheFirstAtWhichTheAccountIsLiquidated) {
    const AccountId ada = person(1'000), bob = person(100'000);
    run(limit(bob, Side::sell, "100", "50"));
    run(limit(ada, Side::buy, "100", "50"));
    const auto told = of(ada);
    ASSERT_EQ(told.maintenance.positions.size(), 1U);
    // 1000 - 50 * (100 - p) = 50 * p * 3 %
    ASSERT_EQ(to_text(told.maintenance.positions[0].liquidation.value()), "82.474227");
    EXPECT_EQ(told.initial.positions[0].liquidation, told.maintenance.positions[0].liquidation);
    EXPECT_EQ(told.margin_ratio_ppm, 150'000);
    const auto started = [&](std::string_view at) {
        return all<LiquidationStarted>(run(SetIndexPrice{sol, price(at)})).size();
    };
    EXPECT_EQ(started("82.474227"), 0U);
    EXPECT_EQ(started("82.474226"), 1U);
}

TEST_F(MarginExplainTest, AnOrderIsChargedAtTheWorseSideAndAtItsLossToTheMarkPrice) {
    const AccountId ada = person(10'000);
    run(limit(ada, Side::buy, "101", "10"));
    run(limit(ada, Side::sell, "102", "4"));
    const auto told = of(ada);
    ASSERT_EQ(told.initial.positions.size(), 1U);
    const auto& term = told.initial.positions[0];
    EXPECT_EQ(term.charged_size, size("10"));
    EXPECT_EQ(term.charged_value, usd(1'000));
    EXPECT_EQ(term.base_ratio_ppm, 50'000);
    EXPECT_EQ(term.open_orders_loss, usd(10));
    EXPECT_EQ(term.requirement, usd(60));
    EXPECT_EQ(told.initial.free, usd(9'940));
    EXPECT_FALSE(term.liquidation);
    EXPECT_EQ(told.maintenance.requirement, usd(0));
}

TEST_F(MarginExplainTest, ItTravelsAsJson) {
    const AccountId ada = person(10);
    const std::string told = to_json(of(ada));
    EXPECT_NE(told.find(R"("symbol":"USDC")"), std::string::npos) << told;
    EXPECT_NE(told.find(R"("margin_ratio_ppm":0)"), std::string::npos) << told;
}

}  // namespace
}  // namespace astro::exchange
