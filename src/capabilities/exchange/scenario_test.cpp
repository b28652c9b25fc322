#include "capabilities/exchange/scenario.hpp"

#include <gtest/gtest.h>

namespace astro::exchange {
namespace {

const std::string kBegin =
    "market SOL-PERP imf=0 maker=0 taker=0 impact_notional=10000000\n"
    "index SOL-PERP 100\n"
    "account ada 1000\n"
    "account bob 1000 # a comment\n";

/// "ok", or "line:column message".
std::string fault(const std::string& text) {
    const auto scenario = parse_scenario(text);
    return scenario ? "ok" : scenario.error().where + " " + scenario.error().message;
}
/// Of the fifth line.
std::string fault_of(const std::string& line) {
    return fault(kBegin + line + "\n");
}
/// What does not hold in the fifth line, each "expected|actual".
std::string unmet(const std::string& lines) {
    const auto scenario = parse_scenario(kBegin + lines + "\n");
    if (!scenario) return scenario.error().where + " " + scenario.error().message;
    std::string out;
    for (const auto& f : run_scenario(*scenario).faults)
        out +=
            (out.empty() ? "" : "; ") + std::to_string(f.line) + " " + f.expected + "|" + f.actual;
    return out;
}

TEST(Scenario, FaultsInTheTextHaveTheirPlaceAndSayWhatWouldBeRight) {
    EXPECT_EQ(fault(""), "ok");
    EXPECT_EQ(fault(kBegin), "ok");
    EXPECT_EQ(
        fault_of("eve buy SOL-PERP 1 @ 100"),
        "5:1 'eve' is neither a command nor an account; open it before: account NAME DEPOSIT");
    EXPECT_EQ(
        fault_of("ada borrow 5"),
        "5:5 an account does buy, sell, cancel, amend, batch, fill, deposit, withdraw, request, "
        "transfer, leverage, deadman, settle, stake, unstake, delegate, propose, vote, veto, "
        "retract, execute, refer, approve, insure, uninsure or backstop, not 'borrow'");
    EXPECT_EQ(fault_of("ada buy DOGE-PERP 1"),
              "5:9 there is no market 'DOGE-PERP'; list it before: market SYMBOL");
    EXPECT_EQ(fault_of("ada buy SOL-PERP"), "5:17 here comes a size");
    EXPECT_EQ(fault_of("ada buy SOL-PERP 1e3 @ 100"),
              "5:18 a size is a number with at most 9 decimals, not '1e3'");
    EXPECT_EQ(fault_of("ada buy SOL-PERP 1 @ 100.1234567"),
              "5:22 a price is a number with at most 6 decimals, not '100.1234567'");
    EXPECT_EQ(fault_of("ada buy SOL-PERP 1 @ 100 gtt=5s"),
              "5:26 a time from now is +N with ms, s, m, h or d and N up to 999999, such as +5s, "
              "not '5s'");
    EXPECT_EQ(fault_of("ada buy SOL-PERP 1 self=never"),
              "5:20 self= is cancel_newest, cancel_oldest, cancel_both or decrement, not 'never'");
    EXPECT_EQ(fault_of("ada buy SOL-PERP 1 stop=99 take=101"),
              "5:28 stop= and take= together: write bracket, or two orders with oco");
    EXPECT_EQ(fault_of("ada buy SOL-PERP 1 @ 100 -> refused too_bad"),
              "5:37 a refusal has a code of docs/exchange.md, not 'too_bad'");
    EXPECT_EQ(fault_of("market SOL-PERP initial=5"),
              "5:8 initial_margin_bps is from 50 to 10000, not 5");
    EXPECT_EQ(fault_of("market SOL-PERP colour=blue"),
              "5:17 a setting is NAME=VALUE with a name of docs/exchange.md, not 'colour=blue'");
    EXPECT_EQ(fault_of("market SOL-PERP tick=x"), "5:17 tick_size cannot be 'x'");
    EXPECT_EQ(fault_of("account ada"), "5:9 there is an account 'ada'");
    EXPECT_EQ(fault_of("expect book SOL-PERP"),
              "5:21 of a book one expects bid LEVELS, ask LEVELS or both");
    EXPECT_EQ(fault_of("expect ada position SOL-PERP 1 2"), "5:32 the line ends before '2'");
    EXPECT_EQ(fault_of("time +40d"), "5:6 a scenario lasts at most 30 days");
    EXPECT_EQ(fault_of("ada buy\x01 SOL-PERP 1"),
              "5:8 outside comments there are only printable ASCII characters");
    EXPECT_EQ(fault_of(std::string(1'001, ' ')), "5:1001 a line has at most 1000 bytes");
}

TEST(Scenario, WhatDoesNotHoldIsToldWithWhatCame) {
    EXPECT_EQ(unmet("ada buy SOL-PERP 5 @ 100 -> rests 5, trades 0"), "");
    EXPECT_EQ(unmet("ada buy SOL-PERP 5 @ 100 -> rests 4"), "5 4|5");
    EXPECT_EQ(unmet("ada buy SOL-PERP 500 @ 100"),
              "5 done|refused margin_insufficient needed=2500 available=1000");
    EXPECT_EQ(unmet("ada buy SOL-PERP 500 @ 100 -> refused margin_insufficient available=999"),
              "5 refused margin_insufficient available=999|refused margin_insufficient "
              "available=1000");
    EXPECT_EQ(unmet("ada buy SOL-PERP 5 @ 100 -> refused no_price"), "5 refused no_price|done");
    EXPECT_EQ(unmet("ada withdraw 2000"),
              "5 done|refused balance_insufficient needed=2000 available=1000");
    EXPECT_EQ(unmet("ada buy SOL-PERP 5 @ 100 id=x\nbob sell SOL-PERP 2 @ 100 -> trades 3, closed "
                    "not_traded, ended ada.x filled, triggered ada.x"),
              "6 3|2; 6 not_traded 0|filled 0; 6 filled 0|not ended; 6 triggered|not triggered");
    EXPECT_EQ(unmet("expect ada balance 1, ada position SOL-PERP -1, book SOL-PERP bid 1x1 ask "
                    "none, ada order x 1 @ 1, ada waits x 1, mark SOL-PERP 101"),
              "5 1|1000; 5 -1|0; 5 1x1|none; 5 1 @ 1|none; 5 1|none; 5 101|100");
}

TEST(Scenario, EventsAreObjectsWithTheirNameAndLine) {
    const auto scenario = parse_scenario(kBegin + "ada buy SOL-PERP 5 @ 99\nbob sell SOL-PERP 5\n");
    ASSERT_TRUE(scenario);
    std::string all;
    const auto report = run_scenario(*scenario, [&](auto line, auto time, const Event& event) {
        all += event_json("line", line, time, event) + "\n";
    });
    EXPECT_TRUE(report.faults.empty());
    EXPECT_NE(all.find(R"({"line":4,"time":1700000000000,"event":"account_opened","account":1,)"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find(R"({"line":6,"time":1700000000000,"event":"traded","trade":"1","market":0,)"
                       R"("price":"99","size":"5","taker_side":"sell",)"),
              std::string::npos)
        << all;
}

}  // namespace
}  // namespace astro::exchange
