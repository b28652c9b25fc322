#include "capabilities/exchange/state_requests.hpp"

#include <gtest/gtest.h>

#include "capabilities/exchange/service_test_support.hpp"
#include "capabilities/exchange/tables.hpp"

/// Two persons for what stops a market.
namespace astro::exchange {
namespace {

using namespace astro::exchange::test;

struct StateRequestsTest : testing::Test {
    StateRequestsTest() {
        EXPECT_TRUE(store->migrate(migrations()));
        service = site.open({&markets});
        markets.attach(*service);
    }
    ~StateRequestsTest() override { service->stop(); }

    Audit audit() {
        return [this](const VenueChange& change) -> Result<void> {
            changes.push_back(change);
            return {};
        };
    }
    MarketState state(const std::string& symbol) const {
        return std::ranges::find(*markets.all(), symbol, &MarketSettings::symbol)->state;
    }
    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "ok" : std::string(result.error().code);
    }

    Site site;
    std::vector<VenueChange> changes;
    std::unique_ptr<store::Store> store =
        store::open_sqlite({.path = site.directory.path() + "/rows.db"}).value();
    MarketBook markets{audit()};
    std::unique_ptr<Service> service;
    StateRequests requests{*store, markets, site.clock, audit()};
    const StateWish halt{"SOL-PERP", MarketState::halted, "the oracle is in doubt"};
};

TEST_F(StateRequestsTest, OneAsksAndAnotherConfirms) {
    const auto asked = requests.ask("ada", halt).value();
    EXPECT_EQ(state("SOL-PERP"), MarketState::open) << "nothing has happened yet";
    EXPECT_EQ(code(requests.confirm("ada", asked.id)), "same_person");
    EXPECT_EQ(state("SOL-PERP"), MarketState::open);
    const auto done = requests.confirm("bob", asked.id).value();
    EXPECT_EQ(done.outcome, RequestState::done);
    EXPECT_EQ(state("SOL-PERP"), MarketState::halted);
    EXPECT_EQ(state("BTC-PERP"), MarketState::open);
    EXPECT_EQ(code(requests.confirm("cyd", asked.id)), "request_closed");
    std::string told;
    for (const auto& change : changes) told += change.actor + " " + change.action + "\n";
    EXPECT_EQ(told,
              "ada exchange.state_asked\nbob exchange.state_confirmed\nbob "
              "exchange.market_changed\n");
}

TEST_F(StateRequestsTest, WhereThereIsOneOperatorHeConfirmsHimself) {
    StateRequests alone(*store, markets, site.clock, audit(), 1);
    const auto asked = alone.ask("ada", halt).value();
    EXPECT_EQ(alone.confirm("ada", asked.id)->outcome, RequestState::done);
    EXPECT_EQ(state("SOL-PERP"), MarketState::halted);
}

TEST_F(StateRequestsTest, OneChangesWithTheSettingsOnlyWhatStopsNobody) {
    using enum MarketState;
    EXPECT_TRUE(is_for_one(open, open));
    EXPECT_TRUE(is_for_one(pre_open, open));
    EXPECT_TRUE(is_for_one(halted, settling));
    EXPECT_TRUE(is_for_one(settling, closed));
    for (const auto before : {open, reduce_only, pre_open})
        for (const auto after : {halted, settling, closed}) EXPECT_FALSE(is_for_one(before, after));
    for (const auto after : {open, reduce_only, pre_open, closed})
        EXPECT_FALSE(is_for_one(halted, after));
}

TEST_F(StateRequestsTest, AllThatTradesStopsAtOnceAndStartsOneByOne) {
    const auto asked = requests.ask("ada", {"*", MarketState::halted, "stop"}).value();
    ASSERT_TRUE(requests.confirm("bob", asked.id));
    for (const auto& market : *markets.all()) EXPECT_EQ(market.state, MarketState::halted);
    EXPECT_EQ(code(requests.ask("ada", {"*", MarketState::open, "go"})), "market_unknown");
    const auto again = requests.ask("ada", {"SOL-PERP", MarketState::open, "go"}).value();
    ASSERT_TRUE(requests.confirm("bob", again.id));
    EXPECT_EQ(state("SOL-PERP"), MarketState::open);
    EXPECT_EQ(state("BTC-PERP"), MarketState::halted);
}

TEST_F(StateRequestsTest, WhatIsNotConfirmedInTimeIsOver) {
    const auto asked = requests.ask("ada", halt).value();
    site.clock.advance(seconds(StateRequests::kLifeSeconds));
    EXPECT_EQ(code(requests.confirm("bob", asked.id)), "request_closed");
    EXPECT_EQ(requests.list()->at(0).outcome, RequestState::expired);
    EXPECT_EQ(state("SOL-PERP"), MarketState::open);
}

TEST_F(StateRequestsTest, ARequestIsTakenBackAndSurvivesARestart) {
    const auto first = requests.ask("ada", halt).value();
    const auto second = requests.ask("ada", halt).value();
    StateRequests after(*store, markets, site.clock, audit());
    EXPECT_EQ(after.list()->size(), 2U);
    EXPECT_EQ(after.list()->at(0).id, second.id) << "newest first";
    EXPECT_EQ(after.list()->at(1).reason, "the oracle is in doubt");
    EXPECT_EQ(after.withdraw("ada", first.id)->outcome, RequestState::withdrawn);
    EXPECT_EQ(code(after.confirm("bob", first.id)), "request_closed");
    EXPECT_TRUE(after.confirm("bob", second.id));
    EXPECT_EQ(state("SOL-PERP"), MarketState::halted);
}

TEST_F(StateRequestsTest, WhatCannotBeAskedForIsRefused) {
    EXPECT_EQ(code(requests.ask("ada", {"DOGE-PERP", MarketState::halted, "x"})), "market_unknown");
    EXPECT_EQ(code(requests.ask("ada", {"SOL-PERP", MarketState::closed, "x"})),
              "bad_request_state");
    EXPECT_EQ(code(requests.ask("ada", {"SOL-PERP", MarketState::halted, ""})), "bad_reason");
    EXPECT_EQ(code(requests.confirm("bob", 7)), "request_unknown");
    EXPECT_EQ(code(requests.withdraw("bob", 7)), "request_unknown");
}

TEST_F(StateRequestsTest, WhatTheVenueDoesNotTakeIsSaid) {
    const auto asked = requests.ask("ada", {"SOL-PERP", MarketState::open, "go"}).value();
    MarketSettings gathering =
        *std::ranges::find(*markets.all(), std::string("SOL-PERP"), &MarketSettings::symbol);
    gathering.state = MarketState::pre_open;
    ASSERT_TRUE(markets.put("ada", gathering));  // it has no price to open at
    const auto done = requests.confirm("bob", asked.id).value();
    EXPECT_EQ(done.outcome, RequestState::refused);
    EXPECT_NE(done.note.find("SOL-PERP"), std::string::npos) << done.note;
    EXPECT_EQ(requests.list()->at(0).outcome, RequestState::refused);
}

}  // namespace
}  // namespace astro::exchange
