#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

struct PricesTest : VenueTest {
    AccountId ada = person(100'000), bob = person(100'000);
    void pass(std::int64_t ms) { now = TimeMs{now.value() + ms}; }
    Events index(std::string_view at, std::int64_t age_ms = 0, std::string_view confidence = "0",
                 std::string_view reference = "0") {
        SetIndexPrice c;
        c.market = sol;
        c.index = price(at);
        c.confidence = price(confidence);
        c.reference = price(reference);
        c.published = TimeMs{now.value() - age_ms};
        return run(c);
    }
    std::string verdict() const {
        return std::string(enum_name(venue.markets()[0].oracle.verdict));
    }
};

TEST_F(PricesTest, AStalePriceAllowsClosingOnly) {
    run(limit(ada, Side::sell, "100", "5"));
    run(limit(bob, Side::buy, "100", "5"));
    pass(10'001);
    const auto events = run(limit(ada, Side::buy, "99", "6"));
    EXPECT_EQ(outcome(events), "oracle_restricts");
    ASSERT_EQ(all<OracleJudged>(events).size(), 1U) << "the verdict is told when it changes";
    EXPECT_EQ(all<OracleJudged>(events)[0].verdict, OracleVerdict::stale);
    auto closing = limit(ada, Side::buy, "99", "5");
    closing.reduce_only = true;
    EXPECT_EQ(outcome(run(closing)), "ok");
    index("100");
    EXPECT_EQ(verdict(), "valid");
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "99", "1"))), "ok");
}

TEST_F(PricesTest, AnUncertainADivergentAndAJumpingPriceAreToldApart) {
    index("100", 0, "2.01");
    EXPECT_EQ(verdict(), "too_uncertain");
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "99", "1"))), "oracle_restricts");
    index("100", 0, "2");
    EXPECT_EQ(verdict(), "valid");
    index("100", 0, "0", "96");
    EXPECT_EQ(verdict(), "divergent");
    index("160");
    EXPECT_EQ(verdict(), "too_volatile") << "more than half above its average of five minutes";
    SetIndexPrice future{
        .market = sol, .index = price("100"), .published = TimeMs{now.value() + 1}};
    EXPECT_EQ(outcome(run(future)), "bad_amount");
}

TEST_F(PricesTest, AStopIsNotFiredByAPriceThatIsNone) {
    PlaceOrder order = market(ada, Side::buy, "1");
    run(PlaceConditional{WaitingOrder{order, {.kind = TriggerKind::stop, .price = price("150")}}});
    EXPECT_TRUE(all<OrderTriggered>(index("160")).empty());
    EXPECT_EQ(verdict(), "too_volatile");
}

TEST_F(PricesTest, TheMarkPriceIsBetweenIndexAndBookWithinItsBand) {
    change([](auto& m) { m.impact_notional = usd(100); });
    run(limit(ada, Side::buy, "101", "10"));
    run(limit(bob, Side::sell, "101.02", "10"));
    index("100");
    EXPECT_EQ(venue.markets()[0].mark, price("101.01")) << "the basis agrees with the book";
    run(CancelAll{ada, {}, {}});
    run(CancelAll{bob, {}, {}});
    run(limit(ada, Side::buy, "107", "10"));
    run(limit(bob, Side::sell, "107.02", "10"));
    pass(3'600'000);
    index("100");
    EXPECT_EQ(venue.markets()[0].mark, price("102")) << "2 % from the index at most";
}

struct FundingTest : PricesTest {
    FundingTest() {
        change([](auto& m) {
            m.impact_notional = usd(100);
            m.oracle_stale_ms = 600'000;
            m.funding_period_s = 60;
            m.funding_interest_ppm = 0;
            m.funding_clamp_ppm = 0;
        });
        run(limit(ada, Side::sell, "100", "10"));
        run(limit(bob, Side::buy, "100", "10"));
        now = TimeMs{now.value() / 60'000 * 60'000 + 60'000};
        index("100");
        // A book that trades one per cent above the index.
        run(limit(person(100'000), Side::buy, "101", "10"));
        run(limit(person(100'000), Side::sell, "103", "10"));
    }
    Quote pool() const { return venue.pools().funding; }
};

TEST_F(FundingTest, LongsPayWhenTheBookIsAboveTheIndex) {
    pass(60'000);
    const auto settled = all<FundingSettled>(run(Tick{}));
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled[0].samples, 12);
    EXPECT_EQ(to_text(settled[0].rate), "0.000020833333") << "1 % of eight hours, for a minute";
    const Amount before = balance(bob);
    run(SettleFunding{bob});
    EXPECT_EQ(balance(bob) - before, Amount{-20'834}) << "10 at 100, paid up to the next unit";
    EXPECT_EQ(pool(), Quote{20'834});
    const auto paid = all<FundingPaid>(run(SettleFunding{ada})).at(0);
    EXPECT_EQ(paid.received, Quote{20'833});
    EXPECT_EQ(pool(), Quote{0});
    EXPECT_EQ(venue.pools().insurance, Quote{1}) << "what was rounded off";
    EXPECT_TRUE(all<FundingPaid>(run(SettleFunding{ada})).empty());
}

TEST_F(FundingTest, WhatIsOwedCountsBeforeItIsPaid) {
    const auto free = [&](AccountId a) {
        return health_of(venue.margin_context(), venue.accounts()[a.value()],
                         MarginKind::maintenance)
            .free();
    };
    pass(60'000);
    run(Tick{});
    const std::int64_t before = free(bob);
    run(SettleFunding{bob});
    EXPECT_EQ(free(bob), before);
}

TEST_F(FundingTest, AnOrderIsJudgedByWhatIsOwedAndNotByWhatWasBefore) {
    change([](auto& m) { m.funding_cap_ppm = 100'000; });
    for (int i = 0; i < 200; ++i) {  // the running sum grows; who comes now owes nothing of it
        pass(60'000);
        index("100");
    }
    const auto eve = person(51);
    EXPECT_EQ(outcome(run(limit(eve, Side::buy, "100", "10"))), "ok") << "5 % of 1,020";
    run(Withdraw{bob, kUsdc, balance(bob) - dollars(86)});
    EXPECT_EQ(outcome(run(limit(bob, Side::buy, "99", "10"))), "margin_insufficient")
        << "86, a gain of 20 and 4.17 that are owed are not 5 % of 2,040";
}

TEST_F(FundingTest, TradingPaysFirst) {
    pass(60'000);
    run(Tick{});
    const auto events = run(limit(bob, Side::sell, "101", "1"));
    EXPECT_EQ(all<FundingPaid>(events).size(), 1U);
    EXPECT_EQ(all<FundingPaid>(events)[0].account, bob);
}

TEST_F(FundingTest, PeriodsThatNobodyTickedAreAllSettled) {
    pass(180'000);
    const auto settled = all<FundingSettled>(run(Tick{}));
    ASSERT_EQ(settled.size(), 3U);
    for (const auto& s : settled) EXPECT_EQ(s.samples, 12);
}

TEST_F(FundingTest, WithoutAPriceThatMayBeUsedNothingIsPaid) {
    pass(660'000);
    const auto settled = all<FundingSettled>(run(Tick{}));
    EXPECT_EQ(settled.back().rate, formulas::Rate{0});
    EXPECT_EQ(settled.back().samples, 0);
}

TEST_F(FundingTest, TheRateHasItsCap) {
    change([](auto& m) { m.funding_cap_ppm = 1; });
    pass(60'000);
    EXPECT_EQ(to_text(all<FundingSettled>(run(Tick{})).at(0).rate), "0.000001");
}

}  // namespace
}  // namespace astro::exchange
