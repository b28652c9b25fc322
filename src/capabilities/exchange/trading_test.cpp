#include "capabilities/exchange/trading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capabilities/exchange/trading_test_support.hpp"

namespace astro::exchange {
namespace {

using test::Reply;
using test::bj::parse;
using test::bj::serialize;
using ::testing::HasSubstr;
struct Trade : test::TradingTest {};

TEST_F(Trade, AnAccountIsOpenedFundedAndSeen) {
    const auto opened = post(1, "/accounts", "{}");
    EXPECT_EQ(opened.status, 201);
    EXPECT_EQ(opened.text("account"), "0");
    const auto funded = post(1, "/faucet", R"({"account":0,"asset":"USDC","amount":"1250.5"})");
    EXPECT_EQ(funded.status, 201);
    EXPECT_EQ(funded.text("balance"), "1250.5");
    EXPECT_EQ(funded.text("amount"), "1250.5");
    const auto seen = ask(1, "GET", "/accounts/0");
    EXPECT_EQ(seen.text("equity"), "1250.5");
    EXPECT_EQ(seen.body.at("initial").at("free"), "1250.5");
    EXPECT_EQ(seen.body.at("balances").at(0).at("asset"), "USDC");
    EXPECT_EQ(ask(1, "GET", "/accounts").body.at("accounts").as_array().size(), 1U);
    EXPECT_EQ(ask(2, "GET", "/accounts").body.at("accounts").as_array().size(), 0U);
    const auto isolated = post(1, "/accounts", R"({"isolated":"BTC-PERP"})");
    EXPECT_EQ(isolated.text("isolated"), "BTC-PERP");
    EXPECT_EQ(post(1, "/orders", limit("buy", "1", "100", R"(,"account":1)")).brief(),
              "400 order_inconsistent");
    EXPECT_EQ(post(1, "/accounts", R"({"isolated":"X-PERP"})").brief(), "404 market_unknown");
    EXPECT_EQ(post(0, "/accounts", "{}").brief(), "401 sign_in_needed");
}

TEST_F(Trade, OneHasSoManyAccounts) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(post(1, "/accounts", "{}").status, 201);
    EXPECT_EQ(post(1, "/accounts", "{}").brief(), "409 too_many_accounts");
    EXPECT_EQ(post(2, "/accounts", "{}").status, 201);
}

TEST_F(Trade, TheAcknowledgementOfAnOrderSaysAllThatItLedTo) {
    account(1);
    account(2);
    const auto resting = post(1, "/orders", limit("sell", "2", "100.5", R"(,"client_id":"s-1")"));
    EXPECT_EQ(resting.status, 201);
    EXPECT_EQ(resting.text("status"), "open");
    EXPECT_EQ(resting.text("client_id"), "s-1");
    EXPECT_EQ(resting.text("remaining"), "2");
    EXPECT_EQ(resting.text("average_price"), "null");
    EXPECT_EQ(post(1, "/orders", limit("sell", "1", "100.7")).status, 201);
    const auto taking = post(2, "/orders", limit("buy", "2.5", "101"));
    EXPECT_EQ(taking.text("status"), "closed");
    EXPECT_EQ(taking.text("reason"), "filled");
    EXPECT_EQ(taking.text("filled"), "2.5");
    EXPECT_EQ(taking.text("remaining"), "0");
    EXPECT_EQ(taking.text("average_price"), "100.54");
    const auto& fills = taking.body.at("fills").as_array();
    ASSERT_EQ(fills.size(), 2U);
    EXPECT_EQ(fills[0].at("price"), "100.5");
    EXPECT_EQ(fills[0].at("size"), "2");
    EXPECT_EQ(fills[0].at("liquidity"), "taker");
    EXPECT_NE(taking.text("seq"), "");
    EXPECT_EQ(taking.text("time"), "2025-06-15T15:06:40.000Z");
    EXPECT_EQ(taking.text("repeated"), "false");
    // The maker's fills and the ended order are known by its client id.
    ASSERT_TRUE(rows->flush());
    const auto ended = ask(1, "GET", "/orders/by-client-id/s-1");
    EXPECT_EQ(ended.text("status"), "closed");
    EXPECT_EQ(ended.text("closed_reason"), "filled");
    EXPECT_EQ(ended.text("market"), "SOL-PERP");
    EXPECT_EQ(ended.text("filled"), "2");
    const auto history = ask(1, "GET", "/fills");
    ASSERT_EQ(history.body.at("items").as_array().size(), 2U);
    EXPECT_EQ(history.body.at("items").at(0).at("market"), "SOL-PERP");
    const auto positions = ask(2, "GET", "/positions");
    ASSERT_EQ(positions.body.at("positions").as_array().size(), 1U);
    EXPECT_EQ(positions.body.at("positions").at(0).at("size"), "2.5");
    EXPECT_EQ(positions.body.at("positions").at(0).at("entry_price"), "100.54");
}

TEST_F(Trade, RefusalsSayTheNumbers) {
    account(1, "1000");
    const auto margin = post(1, "/orders", limit("buy", "500", "100"));
    EXPECT_EQ(margin.brief(), "422 margin_insufficient");
    EXPECT_THAT(margin.text("detail"),
                HasSubstr("USDC initial margin, free collateral is 1,000.00"));
    EXPECT_EQ(margin.text("available"), "1000");
    EXPECT_NE(margin.text("needed"), "(absent)");
    const auto tick = post(1, "/orders", limit("buy", "1", "100.0371"));
    EXPECT_EQ(tick.brief(), "400 price_not_tick");
    EXPECT_EQ(tick.text("where"), "price");
    EXPECT_EQ(tick.text("detail").find("price 100.0371 is not a multiple"), 0U);
    EXPECT_EQ(post(1, "/orders", limit("buy", "0.0000001", "100")).brief(), "400 size_not_lot");
    EXPECT_EQ(post(1, "/orders", limit("buy", "1", "100", R"(,"market":"X")")).brief(),
              "400 bad_body")
        << "a member twice";
    EXPECT_EQ(post(1, "/orders", R"({"market":"X-PERP","side":"buy","size":"1"})").brief(),
              "404 market_unknown");
    EXPECT_EQ(post(1, "/orders", R"({"market":"SOL-PERP","side":"buy","size":1.5})").brief(),
              "400 bad_body")
        << "numbers travel as text";
    EXPECT_EQ(ask(1, "DELETE", "/orders/77").brief(), "404 order_unknown");
    EXPECT_EQ(ask(1, "DELETE", "/orders/by-client-id/none").brief(), "404 order_unknown");
    EXPECT_EQ(post(1, "/orders", limit("buy", "1", "99", R"(,"client_id":"a")")).status, 201);
    EXPECT_EQ(post(1, "/orders", limit("buy", "1", "99", R"(,"client_id":"a")")).brief(),
              "409 client_id_duplicate");
}

TEST_F(Trade, OptionsThatExcludeEachOtherAreNamed) {
    account(1);
    const auto where = [&](const std::string& more) {
        const auto reply =
            post(1, "/orders", R"({"market":"SOL-PERP","side":"buy","size":"1")" + more + "}");
        return reply.brief() + " " + reply.text("where");
    };
    const std::string bad = "400 order_inconsistent ";
    EXPECT_EQ(where(R"(,"type":"limit")"), bad + "price");
    EXPECT_EQ(where(R"(,"type":"market","price":"100")"), bad + "price");
    EXPECT_EQ(where(R"(,"price":"100","time_in_force":"gtt")"), bad + "expires");
    EXPECT_EQ(where(R"(,"price":"100","time_in_force":"ioc","expires":"2030-01-01T00:00:00Z")"),
              bad + "expires");
    EXPECT_EQ(where(R"(,"trigger":{"kind":"stop"})"), bad + "trigger.price");
    EXPECT_EQ(where(R"(,"trigger":{"kind":"trailing"})"), bad + "trigger.trail_bps");
    EXPECT_EQ(
        where(
            R"(,"trigger":{"kind":"stop","price":"110"},"stop_loss":{"kind":"stop","price":"90"})"),
        bad + "trigger");
}

TEST_F(Trade, SomebodyElsesAccountIsAsIfItWereNot) {
    account(1);
    account(2);
    const auto order = post(1, "/orders", limit("buy", "1", "99"));
    const std::string id = order.text("order_id");
    const auto foreign = [&](const Reply& reply) { return reply.brief() + reply.text("detail"); };
    const std::string nobody = foreign(ask(2, "GET", "/accounts/777"));
    EXPECT_EQ(nobody.find("404 account_unknown"), 0U);
    EXPECT_EQ(foreign(ask(2, "GET", "/accounts/0")), nobody);
    EXPECT_EQ(foreign(ask(2, "GET", "/margin/explain?account=0")), nobody);
    EXPECT_EQ(foreign(ask(2, "GET", "/positions?account=0")), nobody);
    EXPECT_EQ(foreign(ask(2, "GET", "/orders?account=0")), nobody);
    EXPECT_EQ(foreign(ask(2, "GET", "/fills?account=0")), nobody);
    EXPECT_EQ(foreign(ask(2, "DELETE", "/orders?account=0")), nobody);
    EXPECT_EQ(foreign(ask(2, "DELETE", "/orders/" + id + "?account=0")), nobody);
    EXPECT_EQ(foreign(post(2, "/orders", limit("buy", "1", "99", R"(,"account":0)"))), nobody);
    EXPECT_EQ(foreign(post(2, "/faucet", R"({"account":0,"asset":"USDC","amount":"1"})")), nobody);
    EXPECT_EQ(foreign(post(2, "/transfers", R"({"from":0,"to":1,"asset":"USDC","amount":"1"})")),
              nobody);
    EXPECT_EQ(foreign(ask(2, "PUT", "/accounts/0/leverage",
                          R"({"market":"SOL-PERP","initial_margin_bps":1000})")),
              nobody);
    EXPECT_EQ(foreign(ask(2, "PUT", "/accounts/0/dead-man", R"({"after_ms":5000})")), nobody);
    EXPECT_EQ(foreign(post(2, "/accounts/0/settle", "")), nobody);
    // Nor is his order to be seen or touched by its number alone.
    const std::string gone = ask(2, "DELETE", "/orders/999").text("detail");
    const auto cancel = ask(2, "DELETE", "/orders/" + id);
    EXPECT_EQ(cancel.brief(), "404 order_unknown");
    EXPECT_EQ(cancel.text("detail"), gone);
    EXPECT_EQ(ask(2, "GET", "/orders/" + id).brief(), "404 order_unknown");
    EXPECT_EQ(ask(2, "PATCH", "/orders/" + id, R"({"price":"98"})").brief(), "404 order_unknown");
    EXPECT_EQ(ask(3, "GET", "/orders/" + id).brief(), "404 order_unknown") << "without an account";
    EXPECT_EQ(ask(1, "GET", "/orders/" + id).text("status"), "open");
}

TEST_F(Trade, ASecondRequestWithTheSameKeyGetsTheFirstAnswer) {
    account(1);
    const std::string body = limit("buy", "1", "99");
    const auto first = post(1, "/orders", body, "order-17");
    const auto again = post(1, "/orders", body, "order-17");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.text("order_id"), first.text("order_id"));
    EXPECT_EQ(again.text("seq"), first.text("seq"));
    EXPECT_EQ(again.text("repeated"), "true");
    EXPECT_EQ(ask(1, "GET", "/orders").body.at("orders").as_array().size(), 1U);
    EXPECT_EQ(post(1, "/orders", limit("buy", "2", "99"), "order-17").brief(),
              "409 idempotency_key_reused");
    account(2);
    EXPECT_EQ(post(2, "/orders", body, "order-17").text("repeated"), "false") << "his own";
    EXPECT_EQ(post(1, "/orders", body, std::string(65, 'k')).brief(), "400 bad_idempotency_key");
    stop();
    start();
    EXPECT_EQ(post(1, "/orders", body, "order-17").text("order_id"), first.text("order_id"))
        << "known after a restart";
}

TEST_F(Trade, OrdersAreChangedAndCancelled) {
    account(1);
    const std::string id = post(1, "/orders", limit("buy", "3", "99")).text("order_id");
    const auto smaller = ask(1, "PATCH", "/orders/" + id, R"({"size":"2"})");
    EXPECT_EQ(smaller.text("remaining"), "2");
    EXPECT_EQ(smaller.text("size"), "2");
    EXPECT_EQ(smaller.text("market"), "SOL-PERP");
    EXPECT_EQ(smaller.text("status"), "open");
    const auto moved = ask(1, "PATCH", "/orders/" + id, R"({"price":"98"})");
    EXPECT_EQ(moved.text("price"), "98");
    EXPECT_EQ(moved.text("status"), "open");
    EXPECT_EQ(ask(1, "PATCH", "/orders/" + id, "{}").brief(), "400 bad_body");
    const auto cancelled = ask(1, "DELETE", "/orders/" + id);
    ASSERT_EQ(cancelled.brief(), "200") << serialize(moved.body);
    EXPECT_EQ(cancelled.body.at("cancelled").at(0), parse("\"" + id + "\""));
    (void)post(1, "/orders", limit("buy", "1", "97", R"(,"client_id":"a")"));
    (void)post(1, "/orders", limit("buy", "1", "96"));
    (void)post(1, "/orders", limit("sell", "1", "104"));
    EXPECT_EQ(ask(1, "DELETE", "/orders/by-client-id/a").status, 200);
    EXPECT_EQ(ask(1, "DELETE", "/orders?side=buy").body.at("cancelled").as_array().size(), 1U);
    EXPECT_EQ(ask(1, "GET", "/orders").body.at("orders").as_array().size(), 1U);
    EXPECT_EQ(ask(1, "DELETE", "/orders?market=SOL-PERP").status, 200);
    EXPECT_EQ(ask(1, "GET", "/orders").body.at("orders").as_array().size(), 0U);
    ASSERT_TRUE(rows->flush());
    EXPECT_EQ(ask(1, "GET", "/orders/history").body.at("items").as_array().size(), 4U);
    EXPECT_EQ(ask(1, "GET", "/orders/" + id).text("closed_reason"), "cancelled");
}

TEST_F(Trade, OrdersThatWaitAndThatBelongTogether) {
    account(1);
    const auto waiting = post(1, "/orders",
                              R"({"market":"SOL-PERP","side":"sell","size":"1",
                                  "trigger":{"kind":"stop","price":"90"}})");
    EXPECT_EQ(waiting.text("status"), "waiting");
    const auto oco =
        post(1, "/orders",
             limit("buy", "1", "99", R"(,"oco":{"trigger":{"kind":"stop","price":"105"}})"));
    EXPECT_EQ(oco.text("status"), "open");
    EXPECT_EQ(oco.body.at("attached").as_array().size(), 1U);
    const auto bracket =
        post(1, "/orders",
             limit("buy", "1", "98", R"(,"take_profit":{"kind":"take_profit","price":"110"},
                                                      "stop_loss":{"kind":"stop","price":"90"})"));
    EXPECT_EQ(bracket.text("status"), "open");
    const auto open = ask(1, "GET", "/orders").body.at("orders").as_array();
    ASSERT_EQ(open.size(), 4U);
    EXPECT_EQ(open[2].at("status"), "waiting");
    EXPECT_EQ(open[2].at("trigger").at("price"), "90");
    EXPECT_EQ(ask(1, "GET", "/orders/" + waiting.text("order_id")).text("status"), "waiting");
}

TEST_F(Trade, APreviewIsJudgedAsTheOrderWouldBeAndDoesNothing) {
    account(1, "1000");
    account(2);
    (void)post(2, "/orders", limit("sell", "5", "100"));
    const auto before = service->applied();
    const auto seen = post(1, "/margin/preview", limit("buy", "8", "100"));
    EXPECT_EQ(seen.text("refused"), "null");
    EXPECT_EQ(seen.text("filled"), "5");
    EXPECT_EQ(seen.text("average_price"), "100");
    EXPECT_EQ(seen.body.at("before").at("free"), "1000");
    EXPECT_EQ(service->applied(), before);
    const auto done = post(1, "/orders", limit("buy", "8", "100"));
    EXPECT_EQ(done.text("filled"), "5");
    EXPECT_EQ(done.text("fee"), seen.text("fee"));
    EXPECT_EQ(ask(1, "GET", "/accounts/0").body.at("initial").at("free"),
              seen.body.at("after").at("free"));
    const auto refused = post(1, "/margin/preview", limit("buy", "500", "100"));
    EXPECT_EQ(refused.text("refused"), "margin_insufficient");
    EXPECT_THAT(refused.text("detail"), HasSubstr("initial margin"));
    EXPECT_EQ(refused.body.at("available"),
              ask(1, "GET", "/accounts/0").body.at("initial").at("free"));
    EXPECT_EQ(refused.text("where"), "size");
    const auto nearest = post(1, "/margin/preview", limit("buy", refused.text("nearest"), "100"));
    EXPECT_EQ(nearest.text("refused"), "null");
    const auto explained = ask(1, "GET", "/margin/explain");
    EXPECT_EQ(explained.body.at("initial").at("free"),
              ask(1, "GET", "/accounts/0").body.at("initial").at("free"));
}

TEST_F(Trade, APreviewOfEachKindSaysWhatTheReceiptAndThePositionThenSay) {
    account(1, "1000");
    account(2);
    (void)post(2, "/orders", limit("sell", "5", "100"));
    (void)post(2, "/orders", limit("sell", "5", "100.5"));
    (void)post(2, "/orders", limit("buy", "5", "99"));
    const std::string bracket = limit(
        "buy", "8", "101",
        R"(,"stop_loss":{"kind":"stop","price":"95"},"take_profit":{"kind":"take_profit","price":"110"})");
    const auto seen = post(1, "/margin/preview", bracket);
    ASSERT_EQ(seen.status, 200) << serialize(seen.body);
    EXPECT_EQ(seen.text("mid"), "99.5");
    // 100.1875 against 99.5.
    EXPECT_EQ(seen.text("slippage_ppm"), "6910");
    EXPECT_EQ(seen.body.at("levels").as_array().size(), 2U);
    EXPECT_EQ(seen.body.at("levels").at(1).at("size"), "3");
    EXPECT_EQ(seen.body.at("exits").at("stop_price"), "95");
    EXPECT_EQ(seen.text("rests"), "0");
    const auto done = post(1, "/orders", bracket);
    EXPECT_EQ(done.text("average_price"), seen.text("average_price"));
    EXPECT_EQ(done.text("fee"), seen.text("fee"));
    const auto position = ask(1, "GET", "/positions").body.at("positions").at(0);
    EXPECT_EQ(position.at("liquidation_price"), seen.body.at("liquidation_price"));
    EXPECT_EQ(position.at("size"), seen.body.at("position"));
    const auto account = ask(1, "GET", "/accounts/0").body;
    EXPECT_EQ(account.at("initial"), seen.body.at("after"));
    EXPECT_EQ(account.at("maintenance"), seen.body.at("maintenance"));
    const auto kind = [&](const std::string& more) {
        return post(1, "/margin/preview",
                    R"({"market":"SOL-PERP","side":"sell","size":"1")" + more + "}");
    };
    EXPECT_EQ(kind(R"(,"trigger":{"kind":"stop","price":"90"})").text("waits"), "true");
    EXPECT_EQ(kind(R"(,"trigger":{"kind":"stop","price":"120"})").text("refused"), "would_trigger");
    EXPECT_EQ(kind(R"(,"peg":{"offset":"2"})").text("rest_price"), "102");
    EXPECT_EQ(kind(R"(,"price":"100.003")").text("nearest"), "100");
}

TEST_F(Trade, MoneyMovesBetweenOnesOwnAccounts) {
    account(1, "100");
    account(1, "");
    const auto moved = post(1, "/transfers", R"({"from":0,"to":1,"asset":"USDC","amount":"60"})");
    EXPECT_EQ(moved.status, 201);
    EXPECT_EQ(moved.text("balance"), "40");
    const auto more = post(1, "/transfers", R"({"from":0,"to":1,"asset":"USDC","amount":"60"})");
    EXPECT_EQ(more.brief().substr(0, 3), "422");
    EXPECT_EQ(
        post(1, "/transfers", R"({"from":0,"to":1,"asset":"USDC","amount":"1.0000001"})").brief(),
        "400 bad_amount");
    EXPECT_EQ(post(1, "/transfers", R"({"from":0,"to":1,"asset":"DOGE","amount":"1"})").brief(),
              "404 asset_unknown");
    ASSERT_TRUE(rows->flush());
    const auto history = ask(1, "GET", "/transfers?account=1").body.at("items").as_array();
    ASSERT_EQ(history.size(), 1U);
    EXPECT_EQ(history[0].at("amount"), "60");
    EXPECT_EQ(history[0].at("asset"), "USDC");
    EXPECT_EQ(history[0].at("reason"), "transfer");
}

TEST_F(Trade, TheFaucetGivesSoMuchADay) {
    account(1, "");
    const auto pour = [&](const std::string& amount, const std::string& key = {}) {
        return post(1, "/faucet", R"({"asset":"USDC","amount":")" + amount + "\"}", key);
    };
    EXPECT_EQ(pour("60000", "once").status, 201);
    EXPECT_EQ(pour("60000", "once").text("repeated"), "true") << "counted once";
    const auto empty = pour("40000.000001");
    EXPECT_EQ(empty.brief(), "429 faucet_empty");
    EXPECT_THAT(empty.text("detail"), HasSubstr("40000 more today"));
    EXPECT_EQ(pour("0").brief(), "400 bad_amount");
    ASSERT_TRUE(rows->flush());
    stop();
    start();
    EXPECT_EQ(pour("40000.01").brief(), "429 faucet_empty") << "what earlier runs gave counts";
    EXPECT_EQ(pour("40000").status, 201);
    site.clock.advance(seconds(86'400));
    EXPECT_EQ(pour("100000").status, 201);
}

TEST_F(Trade, ABatchIsDoneAsAWholeOrAsFarAsItGoes) {
    account(1, "1000");
    (void)post(1, "/orders", limit("buy", "1", "97", R"(,"client_id":"old")"));
    const auto items = [](const std::string& mode, const std::string& price) {
        return R"({"mode":")" + mode + R"(","items":[{"cancel":{"client_id":"old"}},
            {"place":)" +
               limit("buy", "1", "98", R"(,"client_id":"a")") + R"(},
            {"place":)" +
               limit("buy", "500", price) + "}]}";
    };
    const auto refused = post(1, "/orders/batch", items("atomic", "99"));
    EXPECT_EQ(refused.brief(), "422 margin_insufficient");
    EXPECT_EQ(refused.text("item"), "2");
    EXPECT_EQ(ask(1, "GET", "/orders").body.at("orders").at(0).at("client_id"), "old")
        << "nothing of it was done";
    const auto partly = post(1, "/orders/batch", items("best_effort", "99"));
    EXPECT_EQ(partly.status, 201) << serialize(partly.body);
    const auto& done = partly.body.at("items").as_array();
    ASSERT_EQ(done.size(), 3U);
    EXPECT_NE(done[0].at("cancelled"), nullptr);
    EXPECT_EQ(done[0].at("order"), nullptr);
    EXPECT_EQ(done[1].at("order").at("status"), "open");
    EXPECT_EQ(done[1].at("order").at("client_id"), "a");
    EXPECT_EQ(done[1].at("order").at("market"), "SOL-PERP");
    EXPECT_EQ(done[2].at("code"), "margin_insufficient");
    EXPECT_EQ(done[2].at("order"), nullptr);
    const auto bad = post(1, "/orders/batch", R"({"items":[{"cancel":{}}]})");
    EXPECT_EQ(bad.brief() + " " + bad.text("where"), "400 bad_body items[0].cancel");
    EXPECT_EQ(post(1, "/orders/batch", R"({"items":[]})").brief(), "400 batch_size");
    const std::string id = serialize(done[1].at("order").at("order_id"));
    const auto amended = post(1, "/orders/batch",
                              R"({"items":[{"amend":{"order":)" + id + R"(,"size":"0.5"}},
                                              {"cancel":{"order":)" +
                                  id + "}}]}");
    ASSERT_EQ(amended.status, 201) << serialize(amended.body);
    const auto& smaller = amended.body.at("items").at(0).at("order");
    EXPECT_EQ(smaller.at("market"), "SOL-PERP");
    EXPECT_EQ(smaller.at("price"), "98");
    EXPECT_EQ(smaller.at("size"), "0.5");
    EXPECT_EQ(smaller.at("remaining"), "0.5");
    EXPECT_EQ(serialize(amended.body.at("items").at(1).at("cancelled")), id);
}

TEST_F(Trade, ABatchIsOfOneAccountAndOfSoManyItems) {
    account(1);
    account(1, "");
    const auto bad = [&](const std::string& items) {
        const auto reply = post(1, "/orders/batch", R"({"account":0,"items":[)" + items + "]}");
        return reply.brief() + " " + reply.text("where");
    };
    EXPECT_EQ(bad(R"({"place":)" + limit("buy", "1", "98", R"(,"account":1)") + "}"),
              "400 order_inconsistent items[0].place.account");
    EXPECT_EQ(bad(R"({"cancel":{"client_id":"a"}},{"place":)" +
                  limit("buy", "1", "98", R"(,"auction":{})") + "}"),
              "400 order_inconsistent items[1].place");
    EXPECT_EQ(bad(R"({})"), "400 bad_body items[0]");
    EXPECT_EQ(bad(R"({"amend":{"order":"1"},"cancel":{"order":"1"}})"), "400 bad_body items[0]");
    std::string many = R"({"cancel":{"order":"1"}})";
    for (int i = 0; i < 100; ++i) many += R"(,{"cancel":{"order":"1"}})";
    EXPECT_EQ(bad(many), "400 batch_size (absent)");
    EXPECT_EQ(ask(1, "GET", "/orders").body.at("orders").as_array().size(), 0U);
}

TEST_F(Trade, APeggedOrderFollowsTheOracleAndSaysSo) {
    account(1);
    const auto pegged = post(1, "/orders", limit("buy", "1", "99", R"(,"peg":{"offset":"-2"})"));
    EXPECT_EQ(pegged.text("status"), "open") << serialize(pegged.body);
    EXPECT_EQ(pegged.text("price"), "98");
    const auto first = [&] { return ask(1, "GET", "/orders").body.at("orders").at(0); };
    EXPECT_EQ(first().at("peg").at("offset"), "-2");
    index("SOL-PERP", "100.5");
    EXPECT_EQ(first().at("price"), "98.5");
    index("SOL-PERP", "104");
    EXPECT_EQ(first().at("price"), "99") << "never beyond its limit";
    EXPECT_EQ(post(1, "/orders", R"({"market":"SOL-PERP","side":"buy","size":"1",
                                     "peg":{"offset":"-1"},"trigger":{"kind":"stop","price":"1"}})")
                  .brief(),
              "400 order_inconsistent");
}

TEST_F(Trade, MoneyIsTakenOut) {
    account(1, "100");
    const auto gone = post(1, "/withdrawals", R"({"asset":"USDC","amount":"40"})");
    EXPECT_EQ(gone.status, 201) << serialize(gone.body);
    EXPECT_EQ(gone.text("balance"), "60");
    const auto more = post(1, "/withdrawals", R"({"asset":"USDC","amount":"61"})");
    EXPECT_EQ(more.brief().substr(0, 3), "422");
    EXPECT_EQ(post(1, "/withdrawals", R"({"asset":"USDC","amount":"1","chain":"solana"})").brief(),
              "400 bad_address");
    const auto asked = post(1, "/withdrawals",
                            R"({"asset":"USDC","amount":"10","chain":"stellar","address":"GA"})");
    EXPECT_EQ(asked.status, 201) << serialize(asked.body);
    const std::string id = asked.text("id");
    EXPECT_EQ(asked.text("asset"), "USDC");
    EXPECT_EQ(asked.text("amount"), "10");
    EXPECT_EQ(ask(1, "GET", "/withdrawals").body.at("items").as_array().size(), 1U);
    EXPECT_EQ(ask(2, "GET", "/withdrawals").body.at("items").as_array().size(), 0U);
    EXPECT_EQ(ask(9, "GET", "/operate/withdrawals").body.at("items").as_array().size(), 1U);
    account(2, "");
    EXPECT_EQ(ask(2, "DELETE", "/withdrawals/" + id).brief(), "404 withdrawal_unknown");
    EXPECT_EQ(ask(1, "DELETE", "/withdrawals/" + id).status, 200);
    EXPECT_EQ(ask(1, "GET", "/accounts/0").text("equity"), "60");
    EXPECT_EQ(post(9, "/operate/withdrawals/77/decide", R"({"approved":true})").brief(),
              "404 withdrawal_unknown");
}

TEST_F(Trade, LeverageAndTheDeadMansSwitchAreSet) {
    account(1);
    EXPECT_EQ(
        ask(1, "PUT", "/accounts/0/leverage", R"({"market":"SOL-PERP","initial_margin_bps":5000})")
            .status,
        200);
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/dead-man", R"({"after_ms":10000})").status, 200);
    EXPECT_EQ(ask(1, "GET", "/accounts/0").text("dead_man"), "2025-06-15T15:06:50.000Z");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/dead-man", R"({"after_ms":999})").brief(), "400 bad_body");
    EXPECT_EQ(ask(1, "PUT", "/accounts/0/dead-man", R"({"after_ms":0})").status, 200);
    EXPECT_EQ(ask(1, "GET", "/accounts/0").text("dead_man"), "null");
    EXPECT_EQ(post(1, "/accounts/0/settle", "").status, 200);
}

TEST_F(Trade, OperatorsSeeWhoIsNearLiquidation) {
    account(1, "1000");
    account(2);
    (void)post(2, "/orders", limit("sell", "50", "100"));
    (void)post(1, "/orders", limit("buy", "50", "100"));
    const auto listed = ask(9, "GET", "/operate/accounts").body.at("accounts").as_array();
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[0].at("account"), 0) << "the smaller one";
    EXPECT_GT(listed[0].at("margin_ratio_ppm").as_int64(),
              listed[1].at("margin_ratio_ppm").as_int64());
    EXPECT_EQ(post(9, "/operate/accounts/0/check", "").status, 200);
    EXPECT_EQ(post(9, "/operate/accounts/7/check", "").brief(), "404 account_unknown");
    for (const char* price : {"97", "94", "91", "88", "85", "82", "80"}) {
        site.clock.advance(seconds(600));
        index("SOL-PERP", price);
    }
    ASSERT_TRUE(rows->flush());
    const auto steps = ask(1, "GET", "/liquidations/mine").body.at("items").as_array();
    ASSERT_FALSE(steps.empty());
    EXPECT_EQ(steps.back().at("step"), "started");
    EXPECT_EQ(ask(9, "GET", "/operate/pools").status, 200);
    for (const auto& route : routes) {
        const bool is_operators = route.path.find("/operate/") != route.path.npos ||
                                  route.path.find("/risk/venue") != route.path.npos;
        EXPECT_EQ(is_operators, route.permission == "exchange.operate") << route.path;
    }
}

}  // namespace
}  // namespace astro::exchange
