#include "capabilities/market/defaults.hpp"

#include <gtest/gtest.h>

namespace astro::market {
namespace {

TEST(Defaults, EveryRuleIsOne) {
    for (const auto& text : default_source_rules()) EXPECT_TRUE(parse_source_rule(text)) << text;
    for (const auto& names : known_assets()) {
        EXPECT_EQ(parse_asset(names.asset).value().pyth, names.pyth);
        EXPECT_EQ(names.pyth.size(), 64U);
    }
}

TEST(Defaults, AssetsAndSourcesOfOnesOwn) {
    const auto jup = parse_asset("JUP|ab|jupiter|JUPUSDT||").value();
    EXPECT_EQ(jup.asset + jup.pyth + jup.coingecko + jup.spot + jup.usdm, "JUPabjupiterJUPUSDT");
    EXPECT_EQ(jup.coinbase + jup.kraken + jup.kraken_futures, "");
    const auto all = parse_asset("JUP|ab|jupiter|JUPUSDT|||JUP-USD|JUP/USD|PF_JUPUSD").value();
    EXPECT_EQ(all.coinbase + all.kraken + all.kraken_futures, "JUP-USDJUP/USDPF_JUPUSD");
    for (const auto* source : {"coinbase", "kraken", "kraken_futures"})
        EXPECT_FALSE((all.*names_at(source)).empty()) << source;
    EXPECT_EQ(names_at("pools"), nullptr);
    const auto rule = parse_source_rule("coingecko|watched|2|7|90000").value();
    EXPECT_EQ(rule.role, SourceRole::watched);
    EXPECT_EQ(rule.rank * 10 + rule.weight, 27);
    EXPECT_EQ(rule.age_ms_max, 90'000);
}

TEST(Defaults, RefusesWithWhatWouldBeRight) {
    for (const auto* text :
         {"", "DOGE", "|a|b|c|d|e", "A|b|c|d|e", "A|b|c|d|e|f|g", "A|b|c|d|e|f|g|h|i|j"})
        EXPECT_EQ(parse_asset(text).error().code, "bad_asset") << text;
    for (const auto* text :
         {"", "pyth", "nobody|index|0|1|1000", "pyth|boss|0|1|1000", "pyth|index|10|1|1000",
          "pyth|index|0|0|1000", "pyth|index|0|1|99", "pyth|index|0|1|x", "pyth|index|0|1|1000|"})
        EXPECT_EQ(parse_source_rule(text).error().code, "bad_source") << text;
}

}  // namespace
}  // namespace astro::market
