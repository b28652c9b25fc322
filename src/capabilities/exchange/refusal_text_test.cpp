#include "capabilities/exchange/refusal_text.hpp"

#include <gtest/gtest.h>

#include <set>

namespace astro::exchange {
namespace {

TEST(RefusalText, EveryCodeHasARuleOfItsOwn) {
    std::set<std::string_view> sentences;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<RefusalCode>>([&](auto d) {
        const RefusalRule& rule = rule_of(d.value);
        EXPECT_EQ(rule.code, d.value) << d.name;
        EXPECT_TRUE(sentences.insert(rule.sentence).second) << d.name;
        const std::string said = refusal_sentence({d.value, 1, 2}, {});
        EXPECT_EQ(said.find('{'), said.npos) << said;
        // A sentence without numbers needs no unit, and the other way round.
        EXPECT_EQ(rule.unit == RefusalUnit::none, rule.sentence.find('{') == rule.sentence.npos)
            << d.name;
    });
}

TEST(RefusalText, SaysTheNumbersAsATraderReadsThem) {
    const auto said = [](RefusalCode code, std::int64_t needed, std::int64_t available,
                         const RefusalAsset& asset = {}) {
        return refusal_sentence({code, needed, available}, asset);
    };
    EXPECT_EQ(said(RefusalCode::margin_insufficient, 1'250'000'000, 1'103'200'000),
              "needs 1,250.00 USDC initial margin, free collateral is 1,103.20");
    EXPECT_EQ(said(RefusalCode::price_not_tick, 101'240'000, 101'237'000),
              "price 101.237 is not a multiple of the market's tick; nearest valid: 101.24");
    EXPECT_EQ(said(RefusalCode::balance_insufficient, 12'500'000'000, 1, {"SOL", 9}),
              "needs 12.50 SOL, there are 0.000000001");
    EXPECT_EQ(said(RefusalCode::too_many_orders, 200, 0), "200 open orders are the most");
    EXPECT_EQ(said(RefusalCode::expiry_passed, 1'700'000'000'000, 1'600'000'000'000),
              "the order would have ended at 2020-09-13T12:26:40.000Z, now it is "
              "2023-11-14T22:13:20.000Z");
}

TEST(RefusalText, MoneyIsGrouped) {
    EXPECT_EQ(grouped_money(0, 6), "0.00");
    EXPECT_EQ(grouped_money(-1'234'567'890'123, 6), "-1,234,567.890123");
    EXPECT_EQ(grouped_money(999'500'000, 6), "999.50");
    EXPECT_EQ(grouped_money(-100'000'000, 6), "-100.00");
    EXPECT_EQ(grouped_money(1'000, 0), "1,000.00");
}

}  // namespace
}  // namespace astro::exchange
