#include "capabilities/exchange/account_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capabilities/exchange/trading_test_support.hpp"

namespace astro::exchange {
namespace {

namespace bj = boost::json;
using ::testing::ElementsAre;

struct Stream : test::TradingTest {
    /// All events of an account that the bus has, in order.
    std::vector<bj::object> events_of(int account) {
        wait_until_told();
        std::vector<bj::object> out;
        for (const auto& event : bus->newest(kAccountStream, SIZE_MAX))
            if (event->has_tag("account", std::to_string(account)))
                out.push_back(bj::parse(event->payload).as_object());
        return out;
    }
    /// Answers are given by the thread that tells, after it has told.
    void wait_until_told() { (void)ask(1, "POST", "/accounts/0/settle"); }
    static std::vector<std::string> kinds(const std::vector<bj::object>& events) {
        std::vector<std::string> out;
        for (const auto& event : events) out.emplace_back(event.at("kind").as_string());
        return out;
    }
    bj::object state(int who, const gateway::FilterValues& filter = {}) {
        gateway::Caller caller;
        caller.user = user(who);
        return bj::parse(trading->channels().front().snapshot(caller, filter).value()).as_object();
    }
};

TEST_F(Stream, TellsEachSideItsOwnAndNumbersWithoutAHole) {
    account(1);
    account(2);
    (void)post(1, "/orders", limit("sell", "2", "100", R"(,"client_id":"s")"));
    (void)post(2, "/orders", limit("buy", "2", "100"));
    const auto maker = events_of(0), taker = events_of(1);
    EXPECT_THAT(kinds(maker),
                ElementsAre("account_opened", "balance_changed", "order_accepted", "fill",
                            "position_changed", "balance_changed", "order_closed"));
    for (std::size_t i = 0; i < maker.size(); ++i) {
        EXPECT_EQ(maker[i].at("account_seq"), i + 1);
        EXPECT_EQ(maker[i].at("prev_account_seq"), i);
    }
    const auto& fill = maker[3].at("data");
    EXPECT_EQ(fill.at("liquidity"), "maker");
    EXPECT_EQ(fill.at("side"), "sell");
    EXPECT_EQ(fill.at("market"), "SOL-PERP");
    EXPECT_FALSE(fill.as_object().contains("taker")) << "who the other was is nobody's business";
    EXPECT_EQ(maker[2].at("data").at("client_id"), "s");
    EXPECT_EQ(maker[1].at("data").at("asset"), "USDC");
    EXPECT_EQ(maker[1].at("data").at("change"), "100000");
    EXPECT_THAT(kinds(taker), ::testing::Contains("fill"));
}

TEST_F(Stream, TheStateSaysWhichNumberItReaches) {
    account(1);
    account(1, "");
    account(2);
    (void)post(1, "/orders", limit("buy", "1", "99"));
    const auto all = state(1).at("accounts").as_array();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].at("account_seq"), 3);
    EXPECT_EQ(all[0].at("orders").as_array().size(), 1U);
    EXPECT_EQ(all[0].at("balances").at("equity"), "100000");
    EXPECT_EQ(state(1, {{"account", {"1"}}}).at("accounts").as_array().size(), 1U);
    EXPECT_EQ(state(1, {{"account", {"2"}}}).at("accounts").as_array().size(), 0U)
        << "another's is not there";
    EXPECT_EQ(events_of(0).back().at("account_seq"), 3);
}

TEST_F(Stream, NumbersAndEventsAreTheSameAfterARestart) {
    account(1);
    account(2);
    (void)post(1, "/orders", limit("sell", "2", "100"));
    (void)post(2, "/orders", limit("buy", "1", "100"));
    const auto before = events_of(0);
    const auto seq = bus->last_seq(kAccountStream);
    stop();
    start();
    EXPECT_EQ(bus->last_seq(kAccountStream), seq) << "kept when it was stopped";
    (void)post(1, "/orders", limit("sell", "1", "101"));
    const auto after = events_of(0);
    ASSERT_FALSE(after.empty());
    EXPECT_EQ(after.front().at("account_seq"), before.size() + 1);
    EXPECT_EQ(after.front().at("kind"), "order_accepted");
}

TEST_F(Stream, WhatWasNotKeptIsToldAgainToTheByte) {
    account(1);
    account(2);
    (void)post(1, "/orders", limit("sell", "2", "100"));
    (void)post(2, "/orders", limit("buy", "1", "100"));
    const auto before = events_of(0);
    const auto seq = bus->last_seq(kAccountStream);
    stop();
    // As if the program had been killed before anything was kept.
    ASSERT_TRUE(store->write([](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("DELETE FROM exchange_cursor WHERE name = 'accounts'"));
        ASTRO_CHECK(w.execute("DELETE FROM exchange_account_seqs"));
        return {};
    }));
    start();
    EXPECT_EQ(events_of(0), before);
    EXPECT_EQ(bus->last_seq(kAccountStream), seq);
}

TEST_F(Stream, OrdersThatWaitAreTold) {
    account(1);
    account(2);
    (void)post(2, "/orders", limit("buy", "5", "99"));
    (void)post(1, "/orders", limit("sell", "1", "99"));
    (void)post(2, "/orders", R"({"market":"SOL-PERP","side":"sell","size":"1",
                                 "trigger":{"kind":"stop","price":"98"}})");
    index("SOL-PERP", "97.5");
    const auto told = kinds(events_of(1));
    EXPECT_THAT(told, ::testing::Contains("conditional_accepted"));
    EXPECT_THAT(told, ::testing::Contains("order_triggered"));
}

}  // namespace
}  // namespace astro::exchange
