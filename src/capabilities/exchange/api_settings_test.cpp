#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capabilities/exchange/trading_test_support.hpp"
#include "foundation/base/json.hpp"

/// Fees, builders, the insurance fund's shares, backstops, and what operators change.
namespace astro::exchange {
namespace {

using ::testing::HasSubstr;
namespace bj = boost::json;

struct VenueMoney : test::TradingTest {
    VenueSettings settings() {
        VenueSettings out;
        service->read([&](const Venue& venue) { out = venue.settings(); });
        return out;
    }
    test::Reply put_settings(const VenueSettings& wish) {
        return ask(9, "PUT", "/operate/settings", to_json(wish));
    }
};

TEST_F(VenueMoney, AnAccountSeesWhatItPaysAndWhatTheNextTierTakes) {
    account(1);
    account(2);
    auto wish = settings();
    wish.fee_tiers = {{Quote{100 * kQuoteUnit}, 100'000, 0},
                      {Quote{1'000 * kQuoteUnit}, 500'000, 50}};
    wish.referral_discount_ppm = 40'000;
    ASSERT_EQ(put_settings(wish).status, 200);
    auto fees = ask(1, "GET", "/fees");
    EXPECT_EQ(fees.text("tier"), "null");
    EXPECT_EQ(fees.body.at("next_tier").at("volume_min"), "100");
    EXPECT_EQ(fees.body.at("markets").at(0).at("market"), "SOL-PERP");
    const auto plain = fees.body.at("markets").at(0).at("taker_fee_ppm").as_int64();
    (void)post(2, "/orders", limit("sell", "2", "100"));
    (void)post(1, "/orders", limit("buy", "2", "100"));
    EXPECT_EQ(ask(1, "GET", "/fees").text("volume_today"), "200");
    EXPECT_EQ(ask(1, "GET", "/fees").text("volume_30d"), "0") << "today is not counted";
    site.clock.advance(seconds(86'400));
    test::run(*service, Tick{});
    fees = ask(1, "GET", "/fees");
    EXPECT_EQ(fees.text("volume_30d"), "200");
    EXPECT_EQ(fees.text("volume_today"), "0");
    EXPECT_EQ(fees.body.at("tier").at("taker_discount_ppm"), 100'000);
    EXPECT_EQ(fees.body.at("next_tier").at("volume_min"), "1000");
    EXPECT_EQ(fees.body.at("markets").at(0).at("taker_fee_ppm"), (plain * 9 + 9) / 10);
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/referrer", R"({"referrer":1})").status, 200);
    fees = ask(1, "GET", "/fees");
    EXPECT_EQ(fees.text("referrer"), "1");
    EXPECT_EQ(fees.text("taker_discount_ppm"), "136000");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/referrer", R"({"referrer":1})").brief(),
              "409 referrer_refused");
    EXPECT_EQ(ask(2, "PUT", "/accounts/1/referrer", R"({"referrer":1})").brief(),
              "409 referrer_refused")
        << "oneself";
    EXPECT_EQ(ask(2, "PUT", "/accounts/1/referrer", R"({"referrer":7})").brief(),
              "404 account_unknown");
    EXPECT_EQ(ask(2, "GET", "/fees?account=0").brief(), "404 account_unknown");
}

TEST_F(VenueMoney, OrdersNameABuilderOnceHeIsApproved) {
    account(1);
    account(2);
    const std::string order = limit("buy", "1", "99", R"(,"builder":1,"builder_fee_ppm":100)");
    const auto refused = post(1, "/orders", order);
    EXPECT_EQ(refused.brief(), "422 builder_not_allowed");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/builders/1", R"({"fee_max_ppm":100})").status, 200);
    EXPECT_EQ(post(1, "/orders", order).status, 201);
    EXPECT_EQ(ask(1, "GET", "/fees").body.at("builders").at(0).at("fee_max_ppm"), 100);
    const auto too_much = ask(1, "PUT", "/accounts/0/builders/1", R"({"fee_max_ppm":1001})");
    EXPECT_EQ(too_much.brief() + " " + too_much.text("where"), "400 bad_body fee_max_ppm");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/builders/7", R"({"fee_max_ppm":1})").brief(),
              "404 account_unknown");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/builders/1", R"({"fee_max_ppm":0})").status, 200);
    EXPECT_EQ(ask(1, "GET", "/fees").body.at("builders").as_array().size(), 0U);
}

TEST_F(VenueMoney, SharesOfTheInsuranceFundAreBoughtAndPaidAfterTheCoolDown) {
    account(1, "1000");
    auto wish = settings();
    wish.insurance_cooldown_ms = 60'000;
    ASSERT_EQ(put_settings(wish).status, 200);
    const auto staked = post(1, "/insurance/stakes", R"({"amount":"100"})");
    ASSERT_EQ(staked.status, 200) << bj::serialize(staked.body);
    EXPECT_EQ(staked.text("action"), "staked");
    EXPECT_EQ(staked.body.at("stake").at("value"), "100");
    const auto shares = staked.body.at("stake").at("shares").as_int64();
    EXPECT_EQ(ask(1, "GET", "/accounts/0").text("equity"), "900");
    EXPECT_EQ(post(1, "/insurance/unstakes/pay", "").brief(), "409 unstake_not_requested");
    EXPECT_EQ(
        post(1, "/insurance/unstakes", R"({"shares":)" + std::to_string(shares + 1) + "}").brief(),
        "422 shares_insufficient");
    const std::string half = R"({"shares":)" + std::to_string(shares / 2) + "}";
    EXPECT_EQ(post(1, "/insurance/unstakes", half).text("action"), "requested");
    EXPECT_EQ(post(1, "/insurance/unstakes", half).brief(), "409 unstake_requested");
    EXPECT_EQ(ask(1, "DELETE", "/insurance/unstakes").text("action"), "cancelled");
    EXPECT_EQ(post(1, "/insurance/unstakes", half).status, 200);
    const auto seen = ask(1, "GET", "/insurance/stakes");
    EXPECT_EQ(seen.text("cooldown_ms"), "60000");
    const auto& stake = seen.body.at("stakes").at(0);
    EXPECT_EQ(stake.at("requested_value"), "50");
    EXPECT_EQ(stake.at("requested_at"), "2025-06-15T15:06:40.000Z");
    EXPECT_EQ(stake.at("payable_at"), "2025-06-15T15:07:40.000Z");
    const auto early = post(1, "/insurance/unstakes/pay", "");
    EXPECT_EQ(early.brief(), "409 cooling_down");
    EXPECT_THAT(early.text("detail"), HasSubstr("2025-06-15T15:07:40.000Z"));
    site.clock.advance(seconds(60));
    const auto paid = post(1, "/insurance/unstakes/pay", "");
    EXPECT_EQ(paid.text("action"), "unstaked");
    EXPECT_EQ(paid.text("amount"), "50");
    EXPECT_EQ(paid.body.at("stake").at("value"), "50");
    EXPECT_EQ(paid.body.at("stake").at("payable_at"), nullptr);
    EXPECT_EQ(ask(1, "GET", "/accounts/0").text("equity"), "950");
    EXPECT_EQ(ask(2, "GET", "/insurance/stakes").body.at("stakes").as_array().size(), 0U);
    EXPECT_EQ(post(1, "/insurance/stakes", R"({"amount":"951"})").brief().substr(0, 3), "422");
}

TEST_F(VenueMoney, BackstopsSignUpAndAreAskedInThatOrder) {
    account(1);
    account(2);
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/backstop", R"({"notional_max":"5000"})").status, 200);
    EXPECT_EQ(ask(2, "PUT", "/accounts/1/backstop", R"({"notional_max":"7000"})").status, 200);
    (void)post(1, "/orders", limit("sell", "2", "100"));
    (void)post(2, "/orders", limit("buy", "2", "100"));
    const auto own = ask(2, "GET", "/backstops");
    ASSERT_EQ(own.body.at("backstops").as_array().size(), 1U);
    EXPECT_EQ(own.body.at("backstops").at(0).at("place"), 2);
    EXPECT_EQ(own.body.at("backstops").at(0).at("notional"), "200");
    EXPECT_EQ(own.text("count"), "2");
    EXPECT_EQ(ask(9, "GET", "/operate/backstops").body.at("backstops").as_array().size(), 2U);
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/backstop", R"({"notional_max":"0"})").status, 200);
    EXPECT_EQ(ask(2, "GET", "/backstops").body.at("backstops").at(0).at("place"), 1);
    EXPECT_EQ(ask(1, "PUT", "/accounts/1/backstop", R"({"notional_max":"1"})").brief(),
              "404 account_unknown");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/backstop", R"({"notional_max":"-1"})").brief(),
              "400 bad_body");
}

TEST_F(VenueMoney, WhatOperatorsChangeIsInTheAuditBeforeItIsDone) {
    auto wish = settings();
    const std::int64_t version = wish.version;
    wish.referral_share_ppm = 70'000;
    const auto put = put_settings(wish);
    ASSERT_EQ(put.status, 200) << bj::serialize(put.body);
    EXPECT_EQ(put.body.at("version"), version + 1);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].action + " " + changes[0].actor, "exchange.venue_changed " + user(9));
    EXPECT_EQ(changes[0].detail.at("referral_share_ppm"), "0 -> 70000");
    EXPECT_EQ(ask(0, "GET", "/settings").body.at("referral_share_ppm"), 70'000);
    EXPECT_EQ(put_settings(wish).brief(), "409 version_conflict") << "somebody was faster";
    wish.version = version + 1;
    wish.revenue_insurance_ppm = 2'000'000;
    const auto bad = put_settings(wish);
    EXPECT_EQ(bad.brief(), "400 bad_venue");
    audit_fails = true;
    wish.revenue_insurance_ppm = 0;
    wish.referral_share_ppm = 1;
    EXPECT_FALSE(put_settings(wish).status == 200);
    EXPECT_EQ(settings().referral_share_ppm, 70'000) << "what is not kept is not done";
    EXPECT_EQ(changes.size(), 1U);
}

TEST_F(VenueMoney, AssetsAreListedChangedAndPriced) {
    const auto listed = [&](const std::string& symbol) {
        const auto list = ask(0, "GET", "/assets");
        for (const auto& asset : list.body.at("assets").as_array())
            if (asset.at("settings").at("symbol") == bj::value(symbol)) return asset.as_object();
        return bj::object{{"settings", bj::object{}}, {"price", "(not listed)"}};
    };
    auto sol = listed("SOL").at("settings").as_object();
    sol["deposit_cap"] = "1000";
    const auto put = ask(9, "PUT", "/operate/assets/SOL", bj::serialize(sol));
    EXPECT_EQ(put.status, 200) << bj::serialize(put.body);
    EXPECT_EQ(changes.back().subject, "SOL");
    EXPECT_EQ(ask(9, "PUT", "/operate/assets/BTC", bj::serialize(sol)).brief(), "400 bad_asset");
    sol["initial_weight_bps"] = -1;
    EXPECT_EQ(ask(9, "PUT", "/operate/assets/SOL", bj::serialize(sol)).brief(), "400 bad_asset");
    EXPECT_EQ(ask(9, "PUT", "/operate/asset-prices", R"({"asset":"SOL","price":"150"})").status,
              200);
    EXPECT_EQ(listed("SOL").at("price"), "150");
    EXPECT_EQ(listed("SOL").at("settings").at("deposit_cap"), "1000");
    EXPECT_EQ(ask(9, "PUT", "/operate/asset-prices", R"({"asset":"X","price":"1"})").brief(),
              "404 asset_unknown");
}

TEST_F(VenueMoney, TheTreasuryPaysAndAMarketIsSettledByHand) {
    account(1);
    account(2);
    auto wish = settings();
    wish.revenue_treasury_ppm = 1'000'000;
    wish.revenue_period_s = 60;
    ASSERT_EQ(put_settings(wish).status, 200);
    (void)post(1, "/orders", limit("sell", "10", "100"));
    (void)post(2, "/orders", limit("buy", "10", "100"));
    site.clock.advance(seconds(120));
    test::run(*service, Tick{});
    const auto treasury = ask(9, "GET", "/operate/pools").text("treasury");
    EXPECT_NE(treasury, "0");
    const auto paid = post(9, "/operate/treasury/payments",
                           R"({"account":0,"amount":")" + treasury + R"(","reference":7})");
    EXPECT_EQ(paid.status, 201) << bj::serialize(paid.body);
    EXPECT_EQ(paid.text("amount"), treasury);
    EXPECT_EQ(post(9, "/operate/treasury/payments", R"({"account":0,"amount":"1"})").brief(),
              "422 treasury_insufficient");
    EXPECT_EQ(post(9, "/operate/treasury/payments", R"({"account":9,"amount":"1"})").brief(),
              "404 account_unknown");
    EXPECT_EQ(post(9, "/operate/markets/SOL-PERP/settle", "{}").brief(), "409 market_state");
    MarketSettings market;
    service->read([&](const Venue& venue) { market = venue.markets()[0].settings; });
    market.state = MarketState::settling;
    test::run(*service, SetMarket{market});
    EXPECT_EQ(post(9, "/operate/markets/SOL-PERP/settle", R"({"price":"101"})").status, 200);
    EXPECT_EQ(changes.back().action, "exchange.market_settled");
    EXPECT_EQ(ask(2, "GET", "/positions").body.at("positions").as_array().size(), 0U);
}

TEST_F(VenueMoney, AnOperatorReportsWhatBecameOfAWithdrawal) {
    account(1, "100");
    const auto asked = post(1, "/withdrawals",
                            R"({"asset":"USDC","amount":"10","chain":"stellar","address":"GA"})");
    const std::string path = "/operate/withdrawals/" + asked.text("id") + "/report";
    EXPECT_EQ(post(9, path, R"({"state":"confirmed"})").brief(), "409 withdrawal_state_refused");
    EXPECT_EQ(post(9, path, R"({"state":"sent","transaction":"zz"})").brief(), "400 bad_body");
    EXPECT_EQ(post(9, path, R"({"state":"sent","transaction":"aabb"})").status, 200);
    EXPECT_EQ(post(9, path, R"({"state":"confirmed","transaction":"aabb"})").status, 200);
    EXPECT_EQ(ask(9, "GET", "/operate/withdrawals").body.at("items").as_array().size(), 0U);
    EXPECT_EQ(changes.back().action, "exchange.withdrawal_reported");
}

}  // namespace
}  // namespace astro::exchange
