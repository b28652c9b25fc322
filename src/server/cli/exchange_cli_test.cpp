/// `astrolabe exchange` as a shell runs it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace {

const std::string kMarket = std::string(ASTRO_SOURCE_DIR) + "/share/market/";
const std::string kHeader = "seq,type,symbol,side,order_id,price,qty\n";

struct Ran {
    int code = -1;
    std::string text;  ///< both outputs
};

/// $P is the program.
Ran shell(const std::string& command) {
    const std::string whole = "P='" + std::string(ASTRO_PROGRAM) + "'; { " + command + "; } 2>&1";
    std::FILE* pipe = popen(whole.c_str(), "r");
    Ran out;
    std::array<char, 4'096> part{};
    while (const auto got = std::fread(part.data(), 1, part.size(), pipe))
        out.text.append(part.data(), got);
    const int status = pclose(pipe);
    out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
}

Ran match(const std::string& operations) {
    return shell("printf '%b' '" + operations + "' | \"$P\" exchange match -");
}

TEST(ExchangeCli, MatchPrintsTheTradesByteForByte) {
    const auto piped =
        shell("T=$(mktemp); \"$P\" exchange match " + kMarket + "synth_w1_ops.csv.gz >$T; zcat " +
              kMarket + "synth_w1_trades.csv.gz | cmp - $T; C=$?; rm $T; exit $C");
    EXPECT_EQ(piped.code, 0) << piped.text;
}

TEST(ExchangeCli, MatchNamesTheFaultWithItsLine) {
    EXPECT_EQ(match(kHeader + "0,ADD,0,B,1,100,5\\n1,IOC,0,S,2,100,9\\n").text,
              "seq,symbol,taker_id,maker_id,price,qty\n1,0,2,1,100,5\n");
    const auto fault = [&](const std::string& operations) {
        const auto ran = match(operations);
        EXPECT_EQ(ran.code, 2) << operations;
        const auto at = ran.text.find("astrolabe: standard input:");
        EXPECT_NE(at, std::string::npos) << ran.text;
        const auto from = at == std::string::npos ? 0 : at + 26;
        return ran.text.substr(from, ran.text.find('\n', from) - from);
    };
    EXPECT_EQ(fault(""),
              "1: the file is empty; its first line is " + kHeader.substr(0, kHeader.size() - 1));
    EXPECT_EQ(fault(kHeader + "0,ADD,0,X,1,100,5\\n"), "2: side is B or S, not 'X'");
    EXPECT_EQ(fault(kHeader + "5,ADD,0,B,1,100,5\\n5,ADD,0,B,2,100,5"),
              "3: seq grows from line to line: after 5 comes a larger one, not 5");
    EXPECT_EQ(fault(kHeader + "0,ADD,0,B,1,100,5\\n1,ADD,0,B,1,100,5\\n"),
              "3: order_id 1 rests already; each order has its own");
    EXPECT_EQ(fault(kHeader + std::string(300, '1')), "2: the line is longer than 200 bytes");
    const auto cut =
        shell("head -c 5000 " + kMarket + "synth_w1_ops.csv.gz | \"$P\" exchange match -");
    EXPECT_EQ(cut.code, 2);
    EXPECT_NE(cut.text.find("the compressed file ends too early"), std::string::npos);
    EXPECT_EQ(shell("\"$P\" exchange match /nowhere.csv").text,
              "astrolabe: /nowhere.csv: it cannot be opened\n");
    for (const std::string command : {"match", "simulate", "bench --workload"})
        EXPECT_EQ(shell("\"$P\" exchange " + command + " /tmp").code, 2) << "a folder";
}

TEST(ExchangeCli, SimulateTellsByItsExitCode) {
    const auto simulate = [](const std::string& text, const std::string& option = "") {
        return shell("printf '%b' '" + text + "' | \"$P\" exchange simulate " + option + " -");
    };
    EXPECT_EQ(simulate("account ada 10\\nexpect ada balance 10\\n").text,
              "3 commands, 3 events, 2 expectations, 0 failed\n");
    const auto failed = simulate("account ada 10\\nexpect ada balance 11\\n");
    EXPECT_EQ(failed.code, 1);
    EXPECT_NE(
        failed.text.find("astrolabe: standard input:2: ada balance 11: expected 11, actual 10\n"),
        std::string::npos)
        << failed.text;
    const auto unread = simulate("account ada 10\\nada sing\\n");
    EXPECT_EQ(unread.code, 2);
    EXPECT_EQ(unread.text.find("astrolabe: standard input:2:5: an account does buy"), 0U)
        << unread.text;
    const auto events = simulate("account ada 10\\n", "--json");
    EXPECT_EQ(std::count(events.text.begin(), events.text.end(), '\n'), 3);
    EXPECT_NE(events.text.find("\"event\":\"balance_changed\""), std::string::npos);
}

TEST(ExchangeCli, BenchMeasuresAFile) {
    const auto ran =
        shell("\"$P\" exchange bench --json --workload " + kMarket + "synth_w1_ops.csv.gz");
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.text.find("\"operations\":205000,"), std::string::npos) << ran.text;
    EXPECT_NE(ran.text.find("\"trades\":96223,\"volume\":4176754,\"notional\":\"417786977042\""),
              std::string::npos)
        << ran.text;
}

TEST(ExchangeCli, ReplayPrintsTheEventsOfAScenario) {
    const std::string scenario =
        std::string(ASTRO_SOURCE_DIR) + "/tests/scenarios/trading.scenario";
    const auto json = shell("\"$P\" exchange replay --json " + scenario);
    EXPECT_EQ(json.code, 0) << json.text;
    EXPECT_NE(json.text.find("\"event\":\"traded\""), std::string::npos);
    const auto text = shell("\"$P\" exchange replay " + scenario);
    EXPECT_EQ(std::ranges::count(text.text, '\n'), std::ranges::count(json.text, '\n'));
    EXPECT_NE(text.text.find(" traded {"), std::string::npos);
}

TEST(ExchangeCli, WhatIsNoVenueIsRefusedInOneLine) {
    const auto refused = [](const std::string& arguments) {
        const auto ran =
            shell("D=$(mktemp -d); \"$P\" exchange " + arguments + "; C=$?; rm -r $D; exit $C");
        EXPECT_EQ(ran.code, 2) << ran.text;
        EXPECT_EQ(std::ranges::count(ran.text, '\n'), 1) << ran.text;
        return ran.text;
    };
    EXPECT_NE(refused("verify $D").find("no journal of a venue"), std::string::npos);
    EXPECT_NE(refused("replay $D").find("no journal of a venue"), std::string::npos);
    EXPECT_NE(refused("prove 3 --dir $D").find("no liabilities.key"), std::string::npos);
    EXPECT_NE(refused("verify $D/none").find("No such file"), std::string::npos);
    EXPECT_NE(refused("replay $D/none").find("cannot be read"), std::string::npos);
}

TEST(ExchangeCli, StressSaysWhoFallsAndWhatTheEngineDoes) {
    const std::string scenario = std::string(ASTRO_SOURCE_DIR) + "/tests/scenarios/stress.scenario";
    const auto stress = [&](const std::string& options) {
        return shell("\"$P\" exchange stress " + scenario + " " + options);
    };
    const auto told = stress("--shock SOL-PERP=-9% --run");
    EXPECT_EQ(told.code, 0);
    EXPECT_EQ(told.text,
              "market    change  index  mark\n"
              "SOL-PERP     -9%     91    91\n"
              "before: 4 accounts, equity 254000, liquidated 0 (notional 0), bankrupt 0 by 0, "
              "insurance 2000, missing 0\n"
              "after: 4 accounts, equity 254000, liquidated 1 (notional 9100), bankrupt 0 by 0, "
              "insurance 2000, missing 0\n"
              "account  equity  collateral  requirement\n"
              "      0     100         100          273\n"
              "engine: liquidated 1, on the book 0, backstops 0, deleveraged 0, fund 2000 -> 2000, "
              "socialized 0, uncovered 0\n");
    EXPECT_NE(stress("--all -20% --json").text.find(R"("bankrupt":1,"bankrupt_amount":"1000")"),
              std::string::npos);
    for (const std::string bad : {"--shock SOL=-3x", "--crash nope", "--shock SOL", "--all -100%",
                                  "--volatility 2 --run", "--book thin"})
        EXPECT_EQ(stress(bad).code, 2) << bad;
}

}  // namespace
