#include <gtest/gtest.h>

#include "capabilities/exchange/risk_view.hpp"
#include "capabilities/exchange/trading_test_support.hpp"
#include "capabilities/exchange/venue_copy.hpp"
#include "foundation/base/json.hpp"

/// Risk over the API: of one's own account, and of the whole venue beside the running engine.
namespace astro::exchange {
namespace {

namespace bj = boost::json;

struct ApiRisk : test::TradingTest {
    ApiRisk() {
        account(1, "2000");
        account(2, "100000");
        EXPECT_EQ(post(2, "/orders", limit("sell", "100", "100")).status, 201);
        EXPECT_EQ(post(1, "/orders", limit("buy", "100", "100")).status, 201);
    }
    test::Reply stress(int who, const std::string& body) { return post(who, "/risk/stress", body); }
};

TEST_F(ApiRisk, NowIsWhatTheAccountSays) {
    const auto risk = ask(1, "GET", "/risk");
    ASSERT_EQ(risk.status, 200);
    const auto account = ask(1, "GET", "/accounts/0");
    const auto& now = risk.body.at("now");
    EXPECT_EQ(now.at("equity"), account.body.at("equity"));
    EXPECT_EQ(now.at("margin_ratio_ppm"), account.body.at("margin_ratio_ppm"));
    EXPECT_EQ(now.at("collateral"), account.body.at("maintenance").at("collateral"));
    bool found = false;
    for (const auto& point : risk.body.at("grid").as_array()) {
        if (point.at("change_ppm").as_int64() != 0) continue;
        EXPECT_EQ(point.at("standing"), now);
        found = true;
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(risk.body.at("exposure").at("gross"), "10000");
    EXPECT_EQ(risk.body.at("exposure").at("assets").at(0).at("asset"), "SOL");
    EXPECT_EQ(risk.body.at("tail").as_array().size(), 6U);
    EXPECT_EQ(risk.body.at("crashes").as_array().size(), recorded_crashes().size());
}

TEST_F(ApiRisk, AScenarioIsOfOnesOwnAccountOnly) {
    const auto fall = stress(1, R"({"changes_ppm":{"SOL-PERP":-180000}})");
    ASSERT_EQ(fall.status, 200) << bj::serialize(fall.body);
    EXPECT_EQ(fall.body.at("markets").at(0).at("mark"), "82");
    EXPECT_EQ(fall.body.at("after").at("liquidated"), true);
    EXPECT_EQ(fall.body.at("before").at("liquidated"), false);
    EXPECT_EQ(post(1, "/risk/stress?account=1", "{}").brief(), "404 account_unknown");
    EXPECT_EQ(ask(3, "GET", "/risk").brief(), "404 account_unknown") << "who has none";
    EXPECT_EQ(stress(1, "{}").body.at("before"), stress(1, "{}").body.at("after"));
}

TEST_F(ApiRisk, WhatIsNoScenarioIsRefusedByMember) {
    const auto bad = stress(1, R"({"changes_ppm":{"DOGE-PERP":-1}})");
    EXPECT_EQ(bad.brief(), "400 bad_scenario");
    EXPECT_EQ(bad.text("where"), "changes_ppm.DOGE-PERP");
    EXPECT_EQ(stress(1, R"({"all_ppm":-2000000})").brief(), "400 bad_scenario");
    EXPECT_EQ(stress(1, R"({"all":-1})").brief(), "400 bad_body");
    EXPECT_EQ(post(9, "/risk/venue/stress", R"({"scenario":{"volatility_ppm":2000000},"run":true})")
                  .brief(),
              "400 bad_scenario");
    EXPECT_EQ(ask(9, "GET", "/risk/venue/adl-queue?market=DOGE-PERP").brief(),
              "404 market_unknown");
}

TEST_F(ApiRisk, TheWholeVenueIsReadFromACopyAndStaysAsItIs) {
    const auto risk = ask(9, "GET", "/risk/venue");
    ASSERT_EQ(risk.status, 200) << bj::serialize(risk.body);
    EXPECT_EQ(risk.body.at("concentration").at(0).at("longs").at("largest").at(0).at("account"), 0);
    EXPECT_EQ(risk.body.at("exposure").at("net"), "0");
    const auto run = post(9, "/risk/venue/stress",
                          R"({"scenario":{"all_ppm":-180000},"run":true,"book":"empty"})");
    ASSERT_EQ(run.status, 200) << bj::serialize(run.body);
    EXPECT_EQ(run.body.at("after").at("liquidated"), 1);
    EXPECT_EQ(run.body.at("run").at("liquidated"), bj::array{0});
    EXPECT_EQ(ask(1, "GET", "/positions").body.at("positions").at(0).at("size"), "100");
    const auto accounts = ask(9, "GET", "/risk/venue/accounts?limit=1");
    EXPECT_EQ(accounts.body.at("accounts").at(0).at("standing").at("account"), 0);
    EXPECT_EQ(accounts.body.at("accounts").as_array().size(), 1U);
    const auto queue = ask(9, "GET", "/risk/venue/adl-queue?market=SOL-PERP&side=short");
    EXPECT_EQ(queue.body.at("positions").at(0).at("account"), 1);
    for (const auto& route : routes)
        if (route.path.starts_with(kExchangePrefix + "/risk/venue")) {
            EXPECT_EQ(route.permission, "exchange.operate") << route.path;
        }
}

TEST_F(ApiRisk, ACopyIsOfOneMomentAndServesSeveral) {
    VenueCopies copies(*service, site.clock);
    const auto first = copies.get(seconds(2)).value();
    EXPECT_EQ(first->sequence, service->applied());
    Bytes now;
    service->read([&](const Venue& venue) { venue.save(now); });
    EXPECT_EQ(first->state, now);
    EXPECT_EQ(first->venue->audit(), "");
    index("SOL-PERP", "101");
    EXPECT_EQ(copies.get(seconds(2)).value(), first) << "young enough";
    site.clock.advance(seconds(3));
    const auto second = copies.get(seconds(2)).value();
    EXPECT_GT(second->sequence, first->sequence);
    EXPECT_EQ(second->venue->markets()[0].index, Price{101'000'000});
    EXPECT_EQ(first->venue->markets()[0].index, Price{100'000'000});
}

}  // namespace
}  // namespace astro::exchange
