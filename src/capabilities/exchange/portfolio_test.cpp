#include "capabilities/exchange/portfolio.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "capabilities/exchange/report_test_support.hpp"
#include "capabilities/exchange/trading_test_support.hpp"

/// The equity curve, and what it says was earned, over the routes of a venue on real files.
namespace astro::exchange {
namespace {

namespace bj = boost::json;

struct PortfolioTest : test::TradingTest {
    PortfolioTest() {
        account(1, "10000");
        account(2, "100000");
    }
    /// Lets time pass, so that each account is looked at in it.
    void pass(std::int64_t minutes) {
        for (std::int64_t i = 0; i < minutes * 12; ++i) {
            site.clock.advance(seconds(5));
            test::run(*service, Tick{});
        }
        (void)rows->flush();
    }
    void trade(int buyer, int seller, const std::string& size, const std::string& at,
               const std::string& client_id) {
        index("SOL-PERP", at);  // that of before has aged
        const std::string id = R"(,"client_id":")" + client_id + "\"";
        EXPECT_EQ(post(seller, "/orders", limit("sell", size, at, seller == 1 ? id : "")).status,
                  201);
        EXPECT_EQ(post(buyer, "/orders", limit("buy", size, at, buyer == 1 ? id : "")).status, 201);
    }
    test::Reply portfolio(const std::string& query = {}) {
        (void)rows->flush();
        return ask(1, "GET", "/portfolio" + query);
    }
    std::string file(const std::string& format) {
        (void)rows->flush();
        net::Request request;
        request.target = kExchangePrefix + "/portfolio/report?format=" + format;
        EXPECT_TRUE(net::split_target(request));
        const auto route =
            std::ranges::find(routes, kExchangePrefix + "/portfolio/report", &gateway::Route::path);
        gateway::Caller caller;
        caller.user = user(1);
        const auto response = route->handler(gateway::Call(request, caller)).value();
        EXPECT_EQ(response.headers.find("content-disposition"),
                  "attachment; filename=\"astrolabe-account-0." + format + "\"");
        return std::string(response.text());
    }
    static Quote quote(const bj::value& v) {
        Quote out;
        EXPECT_TRUE(from_text(std::string_view(v.as_string()), out));
        return out;
    }
};

TEST_F(PortfolioTest, WhatWasEarnedIsWhatTheEquityRoseBy) {
    pass(6);
    trade(1, 2, "10", "100", "grid-1");
    index("SOL-PERP", "104");
    pass(6);
    trade(2, 1, "10", "104", "grid-2");
    pass(6);
    const auto p = portfolio();
    ASSERT_EQ(p.status, 200) << bj::serialize(p.body);
    const auto& totals = p.body.at("totals");
    EXPECT_EQ(totals.at("equity_from"), "10000");
    EXPECT_EQ(totals.at("flows"), "0");
    EXPECT_EQ(totals.at("earnings").at("realized"), "40");
    EXPECT_EQ(totals.at("unrealized"), "0") << "nothing is open at either end";
    EXPECT_EQ(totals.at("pnl"), totals.at("earnings").at("net"));
    EXPECT_EQ(quote(totals.at("equity_to")) - quote(totals.at("equity_from")),
              quote(totals.at("pnl")));
    EXPECT_EQ(p.body.at("by_market").at(0).at("name"), "SOL-PERP");
    EXPECT_EQ(p.body.at("by_market").at(0).at("earnings").at("fills"), 2);
    bool found = false;
    for (const auto& one : p.body.at("by_strategy").as_array()) {
        if (one.at("name") != "grid") continue;
        EXPECT_EQ(one.at("earnings").at("realized"), "40");
        EXPECT_EQ(one.at("earnings").at("volume"), "2040");
        found = true;
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(p.body.at("by_day").as_array().size(), 1U);
}

TEST_F(PortfolioTest, MoneyPutInIsNoProfitAndAFallIsADrawdown) {
    pass(6);
    trade(1, 2, "100", "100", "a");
    pass(6);
    EXPECT_EQ(post(1, "/faucet", R"({"account":0,"asset":"USDC","amount":"5000"})").status, 201);
    index("SOL-PERP", "97");
    pass(6);
    const auto p = portfolio();
    const auto& totals = p.body.at("totals");
    EXPECT_EQ(totals.at("flows"), "5000");
    EXPECT_LT(quote(totals.at("pnl")), Quote{-299'000'000});
    EXPECT_GT(quote(totals.at("equity_to")), quote(totals.at("equity_from")));
    EXPECT_GE(quote(totals.at("drawdown_max")), Quote{300'000'000});
    EXPECT_LT(quote(totals.at("unrealized")), Quote{-299'000'000});
    const auto& last = p.body.at("curve").as_array().back();
    EXPECT_EQ(last.at("gross"), "9700");
    EXPECT_EQ(last.at("pnl"), totals.at("pnl"));
}

TEST_F(PortfolioTest, WhatWasTradedCountsBeforeThereIsASecondSample) {
    pass(6);
    trade(1, 2, "10", "100", "a");
    const auto p = portfolio().body;
    ASSERT_EQ(p.at("curve").as_array().size(), 1U);
    EXPECT_EQ(p.at("by_market").as_array().at(0).at("earnings").at("fills"), 1);
    EXPECT_EQ(p.at("totals").at("unrealized"), "0") << "there is no profit yet to take it from";
}

TEST_F(PortfolioTest, SamplesAreTheSameAfterARestartAndNoneTwice) {
    pass(6);
    trade(1, 2, "10", "100", "a");
    pass(6);
    const auto curve = portfolio().body.at("curve");
    ASSERT_GE(curve.as_array().size(), 2U);
    // What was not kept is told again by the journal; what was, is not doubled.
    for (const bool is_kept : {true, false}) {
        stop();
        ASSERT_TRUE(store->write([&](store::Writer& w) -> Result<void> {
            for (const char* table :
                 {"exchange_orders", "exchange_fills", "exchange_trades", "exchange_realized",
                  "exchange_funding_payments", "exchange_funding", "exchange_candles",
                  "exchange_prices", "exchange_transfers", "exchange_cursor"})
                ASTRO_CHECK(w.execute("DELETE FROM " + std::string(table)));
            if (!is_kept) ASTRO_CHECK(w.execute("DELETE FROM exchange_equity"));
            return {};
        }));
        start();
        EXPECT_EQ(portfolio().body.at("curve"), curve) << is_kept;
    }
}

TEST_F(PortfolioTest, TheReportHasTheNumbersOfTheView) {
    pass(6);
    trade(1, 2, "10", "100", "grid-1");
    pass(6);
    (void)rows->flush();
    net::Request request;
    const auto view = portfolio();
    const auto route =
        std::ranges::find(routes, kExchangePrefix + "/portfolio/report", &gateway::Route::path);
    ASSERT_NE(route, routes.end());
    gateway::Caller caller;
    caller.user = user(1);
    const auto file = route->handler(gateway::Call(request, caller)).value();
    EXPECT_EQ(file.headers.find("content-type"), "text/csv; charset=utf-8; header=absent");
    const std::string text(file.text());
    EXPECT_NE(text.find("pnl," + std::string(view.body.at("totals").at("pnl").as_string())),
              std::string::npos);
    EXPECT_NE(text.find("SOL-PERP,0,"), std::string::npos) << text;
    EXPECT_NE(text.find("\r\ngrid,"), std::string::npos) << text;
}

TEST_F(PortfolioTest, ThePdfHasTheAmountsOfTheCsvToTheLastDecimal) {
    pass(6);
    trade(1, 2, "10.5", "100", "grid-1");
    pass(6);
    trade(2, 1, "4.5", "104", "grid-2");
    pass(6);
    trade(2, 1, "3.3", "97.77", "other");
    pass(6);
    const std::string csv = file("csv"), pdf = file("pdf");
    const std::string text = read_pdf(pdf);
    std::istringstream lines(csv);
    int amounts = 0;
    bool is_curve = false;
    for (std::string line; std::getline(lines, line) && !is_curve;) {
        is_curve = line.starts_with("time,");
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) {
            if (cell.find_first_not_of("-.0123456789\r") != cell.npos || cell == "\r") continue;
            while (cell.ends_with('\r')) cell.pop_back();
            if (cell.find('.') == cell.npos) continue;
            ++amounts;
            EXPECT_NE(text.find(as_written(cell)), text.npos) << cell << " of " << line;
        }
    }
    EXPECT_GT(amounts, 20);
    for (const char* word : {"Performance report", "Account 0", "Simulated", "SOL-PERP", "grid",
                             "1 of 2 closing", "Page 1 of 2", "other"})
        EXPECT_NE(text.find(word), text.npos) << word;
    EXPECT_EQ(file("pdf"), pdf) << "the same report is the same bytes";
}

TEST_F(PortfolioTest, APdfOfNothingIsAPdf) {
    const std::string text = read_pdf(file("pdf"));
    EXPECT_NE(text.find("Fewer than two samples"), text.npos);
}

TEST_F(PortfolioTest, ARangeMustBeOneAndTheAccountOnesOwn) {
    EXPECT_EQ(portfolio("?time_from=2026-11-21T12:00:00Z&time_to=2026-11-20T12:00:00Z").brief(),
              "400 bad_parameter");
    EXPECT_EQ(portfolio("?account=1").brief(), "404 account_unknown");
    const auto empty = portfolio("?time_from=2001-01-01T00:00:00Z&time_to=2001-01-02T00:00:00Z");
    EXPECT_EQ(empty.status, 200);
    EXPECT_TRUE(empty.body.at("curve").as_array().empty());
    EXPECT_EQ(empty.body.at("totals").at("pnl"), "0");
}

TEST(Portfolio, AStrategyIsWhatAClientIdBeginsWith) {
    EXPECT_EQ(strategy_of("grid-17"), "grid");
    EXPECT_EQ(strategy_of("mm:sol:4"), "mm");
    EXPECT_EQ(strategy_of("plain"), "plain");
    EXPECT_EQ(strategy_of(""), "(none)");
    EXPECT_EQ(strategy_of("-x"), "(none)");
}

TEST(Portfolio, ACellIsATextAndNoFormula) {
    Portfolio p;
    p.by_strategy = {{"=cmd()", {}}, {"a,\"b\"", {}}};
    const std::string text = portfolio_csv(p);
    EXPECT_NE(text.find("\r\n'=cmd(),"), std::string::npos);
    EXPECT_NE(text.find("\r\n\"a,\"\"b\"\"\","), std::string::npos);
}

}  // namespace
}  // namespace astro::exchange
