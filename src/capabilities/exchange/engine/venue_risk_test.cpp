#include "capabilities/exchange/engine/venue_risk.hpp"

#include <algorithm>
#include <set>

#include "capabilities/exchange/engine/deleverage_queue.hpp"
#include "capabilities/exchange/engine/recorded_prices.hpp"
#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

/// Stress by shocked prices, held to what the venue is and to what it really does.
namespace astro::exchange {
namespace {

std::unique_ptr<Venue> copy_of(const Venue& venue) {
    Bytes state;
    venue.save(state);
    return Venue::load(state).value();
}

/// A venue after a long random stream, with its commands' references filled in.
std::unique_ptr<Venue> streamed(std::uint32_t seed, int commands) {
    auto venue = std::make_unique<Venue>();
    Stream stream(seed);
    Reader reader;
    for (int i = 0; i < commands; ++i) {
        stream.step();
        Command& command = stream.commands.back();
        Events events;
        with_order(command, *venue, reader);
        venue->apply(command, events);
        reader.read(events);
    }
    return venue;
}

struct RiskTest : VenueTest {
    AccountStanding standing(AccountId id, const Shock& shock) const {
        ShockedVenue shocked(venue);
        shocked.set(shock);
        return standing_of(shocked.margin_context(), id, venue.accounts()[id.value()]);
    }
    Shock change(std::int64_t ppm) const { return parallel_shock(venue.margin_context(), ppm); }
    /// Any fall is believed.
    void change_settings() {
        VenueTest::change([](MarketSettings& s) { s.oracle_volatility_bps = 50'000; });
    }
    void hold(AccountId buyer, AccountId seller, std::string_view how_much) {
        run(limit(seller, Side::sell, "100", how_much));
        run(limit(buyer, Side::buy, "100", how_much));
    }
};

TEST(VenueRisk, NoShockIsWhatIsOnVenuesOfAllKinds) {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        const auto venue = streamed(seed, 1'500);
        ShockedVenue shocked(*venue);
        shocked.set(parallel_shock(venue->margin_context(), -300'000));
        shocked.set(parallel_shock(venue->margin_context(), 0));
        for (std::uint32_t i = 0; i < venue->accounts().size(); ++i) {
            const Account& account = venue->accounts()[i];
            const auto now = standing_of(venue->margin_context(), AccountId{i}, account);
            const auto same = standing_of(shocked.margin_context(), AccountId{i}, account);
            EXPECT_EQ(to_json(now), to_json(same)) << "seed " << seed;
            const Health health =
                health_of(venue->margin_context(), account, MarginKind::maintenance);
            EXPECT_EQ(now.collateral.value(), health.collateral);
            EXPECT_EQ(now.requirement.value(), health.requirement);
        }
    }
}

TEST(VenueRisk, TheVenueIsTheSumOfItsAccounts) {
    const auto venue = streamed(7, 1'500);
    ShockedVenue shocked(*venue);
    for (const std::int64_t ppm : {-500'000, -1, 0, 250'000}) {
        shocked.set(parallel_shock(venue->margin_context(), ppm));
        const auto whole = venue_standing(*venue, shocked.margin_context());
        Quote equity{}, missing{};
        std::int64_t liquidated = 0;
        for (std::uint32_t i = 0; i < venue->accounts().size(); ++i) {
            const auto one =
                standing_of(shocked.margin_context(), AccountId{i}, venue->accounts()[i]);
            equity += one.equity;
            missing += std::max(Quote{0} - one.equity, Quote{0});
            liquidated += one.liquidated ? 1 : 0;
        }
        EXPECT_EQ(whole.equity, equity) << ppm;
        EXPECT_EQ(whole.bankrupt_amount, missing) << ppm;
        EXPECT_EQ(whole.liquidated, liquidated) << ppm;
        EXPECT_EQ(whole.insurance_missing, std::max(missing - whole.insurance, Quote{0}));
    }
}

TEST_F(RiskTest, WhatALongHasFallsWithThePriceAndAShortsRises) {
    const AccountId ada = person(10'000), bob = person(10'000);
    hold(ada, bob, "200");
    AccountStanding above = standing(ada, change(1'000'000)),
                    below = standing(bob, change(1'000'000));
    for (std::int64_t ppm = 900'000; ppm >= -900'000; ppm -= 50'000) {
        const auto longer = standing(ada, change(ppm)), shorter = standing(bob, change(ppm));
        EXPECT_LT(longer.equity, above.equity) << ppm;
        EXPECT_GT(shorter.equity, below.equity) << ppm;
        EXPECT_LE(above.liquidated, longer.liquidated) << "once liquidated, by less price too";
        above = longer;
        below = shorter;
    }
    EXPECT_EQ(standing(ada, change(-300'000)).equity, usd(4'000)) << "10,000 less 200 times 30";
    EXPECT_TRUE(above.liquidated);
}

/// Over random venues whose books say nothing: who is below under the shock is who the engine
/// begins to liquidate when it is told those prices.
TEST_F(RiskTest, WhoIsLiquidatedUnderStressIsWhoReallyIs) {
    change_settings();
    Dice dice(20);
    std::vector<AccountId> people;
    for (int i = 0; i < 40; ++i) people.push_back(person(dice.below(9'000) + 1'000));
    for (int i = 0; i < 120; ++i) {
        const auto a = people[static_cast<std::size_t>(dice.below(40))];
        const auto b = people[static_cast<std::size_t>(dice.below(40))];
        if (a == b) continue;
        const std::string size = std::to_string(dice.below(200) + 1);
        run(limit(a, Side::sell, "100", size));
        run(limit(b, Side::buy, "100", size));
        run(CancelAll{.account = a});
        run(CancelAll{.account = b});
    }
    int liquidations = 0, kinds = 0;
    for (const std::int64_t ppm :
         {-400'000, -250'000, -120'000, -60'000, 60'000, 150'000, 400'000}) {
        ShockedVenue shocked(venue);
        shocked.set(change(ppm));
        std::set<std::uint32_t> expected;
        for (const auto& one : venue_standing(venue, shocked.margin_context()).worst)
            expected.insert(one.account.value());
        const auto copy = copy_of(venue);
        Events events;
        copy->apply(venue.now(), SetIndexPrice{sol, shocked.markets()[0].index}, events);
        std::set<std::uint32_t> real;
        for (const auto& e : all<LiquidationStarted>(events)) real.insert(e.account.value());
        EXPECT_EQ(real, expected) << ppm;
        liquidations += static_cast<int>(real.size());
        kinds += real.empty() ? 0 : 1;

        const auto simulated = run_liquidations(*copy_of(venue), change(ppm), BookAssumption::kept);
        EXPECT_EQ(simulated.liquidated.size(), real.size()) << ppm;
        EXPECT_EQ(simulated.fund_after, copy->pools().insurance);
        EXPECT_EQ(copy->audit(), "");
    }
    EXPECT_GE(kinds, 4);
    EXPECT_GT(liquidations, 20);
}

TEST_F(RiskTest, ABookThatIsGoneTakesNothing) {
    const AccountId ada = person(2'000), bob = person(1'000'000), cat = person(1'000'000);
    hold(ada, bob, "190");
    run(limit(cat, Side::buy, "93.5", "500"));
    const auto kept = run_liquidations(*copy_of(venue), change(-80'000), BookAssumption::kept);
    const auto empty = run_liquidations(*copy_of(venue), change(-80'000), BookAssumption::empty);
    EXPECT_EQ(kept.liquidated, std::vector{ada});
    EXPECT_EQ(empty.liquidated, std::vector{ada});
    EXPECT_GT(kept.closed_on_book, Quote{0});
    EXPECT_EQ(empty.closed_on_book, Quote{0});
    EXPECT_EQ(position(ada), size("190")) << "the venue itself is as it was";
}

TEST_F(RiskTest, AFallThatTheGuardDoesNotBelieveIsSaid) {
    const AccountId ada = person(2'000), bob = person(1'000'000);
    hold(ada, bob, "100");
    const auto run = run_liquidations(*copy_of(venue), change(-900'000), BookAssumption::empty);
    EXPECT_EQ(run.guarded, std::vector<std::string>{"SOL-PERP"});
    EXPECT_TRUE(run.liquidated.empty());
    EXPECT_TRUE(standing(ada, change(-900'000)).liquidated) << "if it is believed in the end";
}

TEST_F(RiskTest, FundingIsPaidOnceAndVolatilityAsksForMoreMargin) {
    const AccountId ada = person(10'000), bob = person(10'000);
    hold(ada, bob, "100");
    Shock shock = change(0);
    const auto before = standing(ada, shock);
    shock.funding_ppm = 10'000;
    EXPECT_EQ(standing(ada, shock).equity, before.equity - usd(100)) << "one per cent of 10,000";
    EXPECT_EQ(standing(bob, shock).equity, usd(10'100));
    shock = change(0);
    shock.volatility_ppm = 2'000'000;
    EXPECT_EQ(standing(ada, shock).requirement.value(), 2 * before.requirement.value());
    EXPECT_EQ(standing(ada, shock).equity, before.equity);
    shock.volatility_ppm = 10'000'000;
    EXPECT_LE(standing(ada, shock).requirement, usd(10'000)) << "never more than the notional";
}

TEST_F(RiskTest, ConcentrationSaysWhoHoldsHowMuch) {
    const AccountId ada = person(100'000), bob = person(100'000), cat = person(100'000);
    hold(ada, bob, "30");
    hold(ada, cat, "10");
    const auto sol_market = concentration_of(venue).at(0);
    EXPECT_EQ(sol_market.open_interest, size("40"));
    EXPECT_EQ(sol_market.longs.count, 1);
    EXPECT_EQ(sol_market.longs.herfindahl_ppm, 1'000'000);
    EXPECT_EQ(sol_market.shorts.count, 2);
    EXPECT_EQ(sol_market.shorts.herfindahl_ppm, 625'000) << "0.75 squared and 0.25 squared";
    EXPECT_EQ(sol_market.shorts.largest.at(0).account, bob);
    EXPECT_EQ(sol_market.shorts.largest.at(0).share_ppm, 750'000);
    Exposure exposure;
    for (const auto& account : venue.accounts())
        add_exposure(venue.margin_context(), account, exposure);
    EXPECT_EQ(exposure.net, Quote{0});
    EXPECT_EQ(exposure.gross, usd(8'000));
    EXPECT_EQ(exposure.assets.at(0).delta, Base{0});
}

TEST_F(RiskTest, TheQueueOfDeleveragingIsByWhatWasWonWithHowMuch) {
    const AccountId ada = person(5'000), bob = person(100'000), cat = person(200'000);
    hold(ada, cat, "50");
    hold(bob, cat, "50");
    run(SetIndexPrice{sol, price("105")});
    const auto queue = deleverage_queue(venue.margin_context(), venue.accounts(), sol, true);
    ASSERT_EQ(queue.size(), 2U);
    EXPECT_EQ(queue[0].account, ada);
    EXPECT_GT(queue[0].rank, queue[1].rank);
    EXPECT_GT(queue[1].rank, 0);
    EXPECT_LT(deleverage_queue(venue.margin_context(), venue.accounts(), sol, false).at(0).rank, 0);
}

TEST_F(RiskTest, ScenariosAreReadByNameAndRefusedByMember) {
    const auto where = [&](const StressScenario& scenario) {
        const auto made = make_shock(scenario, venue.margin_context());
        return made ? "ok" : std::string(made.error().code) + " " + made.error().where;
    };
    StressScenario scenario;
    EXPECT_EQ(where(scenario), "ok");
    scenario.changes_ppm = {{"SOL-PERP", -300'000}};
    EXPECT_EQ(make_shock(scenario, venue.margin_context())->market_ppm,
              std::vector<std::int64_t>{-300'000});
    scenario.changes_ppm = {{"SOL", -200'000}};
    EXPECT_EQ(make_shock(scenario, venue.margin_context())->market_ppm,
              std::vector<std::int64_t>{-200'000});
    scenario.all_ppm = 100'000;
    EXPECT_EQ(make_shock(scenario, venue.margin_context())->market_ppm,
              std::vector<std::int64_t>{-200'000})
        << "what is named goes before";
    scenario.changes_ppm = {{"DOGE", -200'000}};
    EXPECT_EQ(where(scenario), "bad_scenario changes_ppm.DOGE");
    scenario.changes_ppm = {{"USDC", -200'000}};
    EXPECT_EQ(where(scenario), "bad_scenario changes_ppm.USDC");
    EXPECT_EQ(where({.all_ppm = -1'000'000}), "bad_scenario all_ppm");
    EXPECT_EQ(where({.all_ppm = 1, .crash = "2024-01-23"}), "bad_scenario all_ppm");
    EXPECT_EQ(where({.crash = "yesterday"}), "bad_scenario crash");
    EXPECT_EQ(where({.driver = "BTC"}), "bad_scenario driver_ppm");
    EXPECT_EQ(where({.volatility_ppm = 0}), "bad_scenario volatility_ppm");
    EXPECT_EQ(where({.funding_ppm = 2'000'000}), "bad_scenario funding_ppm");
    EXPECT_EQ(make_shock({.crash = "2024-01-23"}, venue.margin_context())->market_ppm.at(0),
              -104'343);
    EXPECT_EQ(make_shock({.crash = "2018-02-06"}, venue.margin_context())->market_ppm.at(0),
              -414'468)
        << "BTC's -273,193 times SOL's beta of 1.517122, away from zero";
    EXPECT_EQ(make_shock({.driver = "BTC", .driver_ppm = -100'000}, venue.margin_context())
                  ->market_ppm.at(0),
              -151'713);
}

TEST(TailRisk, IsTheWorstOfWhatWasAndAtLeastAverageBeyondIt) {
    std::vector<std::int64_t> losses;
    for (std::int64_t i = 1; i <= 100; ++i) losses.push_back(i - 50);
    const auto tail = tail_of(losses, 1, 950'000);
    EXPECT_EQ(tail.tail, 5);
    EXPECT_EQ(tail.value_at_risk, Quote{46});
    EXPECT_EQ(tail.expected_shortfall, Quote{48});
    EXPECT_EQ(tail.worst, Quote{50});
    EXPECT_EQ(tail_of({1, 2}, 1, 990'000).value_at_risk, Quote{2}) << "too few: the worst";
    EXPECT_EQ(tail_of({1, 2, 2}, 1, 300'000).expected_shortfall, Quote{2}) << "rounded up";
    EXPECT_EQ(tail_of({-3, -2}, 1, 990'000).value_at_risk, Quote{0}) << "nobody loses a gain";
}

TEST_F(RiskTest, TailRiskOfAPositionIsThatOfThePricesItself) {
    const AccountId ada = person(100'000), bob = person(100'000);
    hold(ada, bob, "100");
    ShockedVenue shocked(venue);
    const auto risk = tail_risk(shocked, {{ada, &venue.accounts()[ada.value()]}});
    ASSERT_EQ(risk.size(), 6U);
    const auto& closes = recorded_series().at(2).closes_cents;
    std::vector<std::int64_t> falls;
    for (std::size_t i = 24; i < closes.size(); ++i) {
        const std::int64_t up = (std::int64_t{closes[i]} - closes[i - 24]) * 1'000'000;
        std::int64_t ppm = up / closes[i - 24];
        if (up % closes[i - 24] < 0) --ppm;
        falls.push_back(-ppm * 10'000);  // of 10,000 dollars, in 1e-6
    }
    std::ranges::sort(falls, std::greater<>());
    EXPECT_EQ(risk[5].confidence_ppm, 990'000);
    EXPECT_EQ(risk[5].hours, 24);
    EXPECT_EQ(risk[5].value_at_risk, Quote{falls.at(falls.size() / 100 - 1)});
    for (std::size_t i = 0; i < risk.size(); ++i) {
        EXPECT_GE(risk[i].expected_shortfall, risk[i].value_at_risk);
        EXPECT_GE(risk[i].worst, risk[i].expected_shortfall);
        if (i % 3 != 0) {
            EXPECT_GE(risk[i].value_at_risk, risk[i - 1].value_at_risk);
        }
    }
    const auto both = tail_risk(
        shocked, {{ada, &venue.accounts()[ada.value()]}, {bob, &venue.accounts()[bob.value()]}});
    EXPECT_LE(both[5].worst, Quote{2}) << "what one loses the other has, but for rounding";
}

}  // namespace
}  // namespace astro::exchange
