#include "capabilities/market/engine/aggregate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "capabilities/market/engine/market_test_support.hpp"

namespace astro::market {
namespace {

using test::at;
using test::dollars;
using test::rule;
using test::said;

using Said = std::vector<std::optional<Observation>>;

std::string verdicts(const AssetPrice& price) {
    std::string out;
    for (const auto& view : price.sources)
        out += (out.empty() ? "" : " ") + view.source + ":" + std::string(enum_name(view.verdict));
    return out;
}

std::string line(const AssetPrice& price) {
    return to_text(price.index) + (price.sources_suffice ? " ok" : " insufficient") + " ref " +
           to_text(price.reference) + " | " + verdicts(price);
}

struct AggregateTest : testing::Test {
    AssetRules rules{.asset = "SOL",
                     .sources = {rule("pyth", 0, 3), rule("spot", 0, 2), rule("pools", 0, 1),
                                 rule("gecko", 1, 1), rule("perp", 0, 1, SourceRole::reference)},
                     .sources_min = 2,
                     .divergence_bps = 100};
    std::string judged(const Said& newest, std::int64_t now_ms = 0) {
        return line(aggregate(rules, newest, at(now_ms)));
    }
};

TEST_F(AggregateTest, IsTheWeightedMedianAndTheRestIsReference) {
    EXPECT_EQ(judged({said("pyth", "150"), said("spot", "150.2"), said("pools", "149.5"),
                      said("gecko", "151"), said("perp", "150.4")}),
              "150 ok ref 150.7 | pyth:used spot:used pools:used gecko:spare perp:reference");
    // Half of the weight on each side: the mean of both.
    rules.sources[1].weight = 3;
    rules.sources[2].role = SourceRole::reference;
    EXPECT_EQ(judged({said("pyth", "150"),
                      said("spot", "150.2"),
                      said("pools", "149.5"),
                      said("gecko", "151"),
                      {}}),
              "150.1 ok ref 150.25 | pyth:used spot:used pools:reference gecko:spare perp:absent");
}

TEST_F(AggregateTest, WhatIsOnlyWatchedCountsForNothing) {
    rules.sources[4].role = SourceRole::watched;
    EXPECT_EQ(judged({said("pyth", "150"), said("spot", "150.2"), {}, {}, said("perp", "90")}),
              "150 ok ref 0 | pyth:used spot:used pools:absent gecko:absent perp:watched");
}

TEST_F(AggregateTest, FallsBackToTheNextRankOnlyWhenTooFewAreGood) {
    EXPECT_EQ(judged({said("pyth", "150"), {}, {}, said("gecko", "151"), {}}),
              "150 ok ref 0 | pyth:used spot:absent pools:absent gecko:used perp:absent");
    EXPECT_EQ(judged({said("pyth", "150"), {}, {}, {}, {}}),
              "150 insufficient ref 0 | pyth:used spot:absent pools:absent gecko:absent "
              "perp:absent");
    EXPECT_EQ(judged({{}, {}, {}, {}, said("perp", "150")}),
              "0 insufficient ref 150 | pyth:absent spot:absent pools:absent gecko:absent "
              "perp:reference");
}

TEST_F(AggregateTest, LeavesOutWhatIsOldUnsureOrNoPrice) {
    EXPECT_EQ(judged({said("pyth", "150", -10'001),
                      said("spot", "150.2", -10'000),
                      said("pools", "149.5", 0, "1.5"),
                      said("gecko", "0"),
                      {}}),
              "150.2 insufficient ref 0 | pyth:too_old spot:used pools:too_uncertain "
              "gecko:not_positive perp:absent");
    const auto price = aggregate(
        rules, {said("pyth", "150", -10'001), said("spot", "150", 0, "1.51"), {}, {}, {}}, at(0));
    EXPECT_EQ(price.sources[0].why, "is 10001 ms old, 10000 ms are allowed");
    EXPECT_EQ(price.sources[1].why, "is sure to 1.51 only, 100 bps of its price are allowed");
}

TEST_F(AggregateTest, LeavesOutOneThatIsFarFromTheOthersButNotWithoutAMajority) {
    EXPECT_EQ(judged({said("pyth", "150"), said("spot", "150.2"), said("pools", "160"), {}, {}}),
              "150 ok ref 0 | pyth:used spot:used pools:divergent gecko:absent perp:absent");
    EXPECT_EQ(judged({said("pyth", "150"), said("spot", "152"), {}, {}, {}}),
              "150 insufficient ref 0 | pyth:used spot:used pools:absent gecko:absent perp:absent");
    EXPECT_EQ(judged({said("pyth", "140"), said("spot", "150"), said("pools", "160"), {}, {}}),
              "145 insufficient ref 0 | pyth:used spot:used pools:used gecko:absent perp:absent");
}

TEST_F(AggregateTest, ConfidenceIsTheWorseOfWhatSourcesSayAndHowFarApartTheyStand) {
    auto price = aggregate(rules,
                           {said("pyth", "150", 0, "0.3"),
                            said("spot", "150.01", 0, "0.1"),
                            said("pools", "150", 0, "0.2"),
                            {},
                            {}},
                           at(0));
    EXPECT_EQ(price.confidence, dollars("0.2"));
    price = aggregate(rules,
                      {said("pyth", "150", 0, "0.1"),
                       said("spot", "151", 0, "0.1"),
                       said("pools", "149", 0, "0.1"),
                       {},
                       {}},
                      at(0));
    EXPECT_EQ(price.confidence, dollars("1"));
}

TEST_F(AggregateTest, IsAsOldAsHalfOfItsSourcesAndNeverFromTheFuture) {
    auto price = aggregate(rules,
                           {said("pyth", "150", -3'000),
                            said("spot", "150", -2'000),
                            said("pools", "150", -1'000),
                            {},
                            {}},
                           at(0));
    EXPECT_EQ(price.published, at(-2'000));
    price = aggregate(rules, {said("pyth", "150", 1'500), said("spot", "150", 1'500), {}, {}, {}},
                      at(0));
    EXPECT_EQ(price.published, at(0));
    EXPECT_EQ(price.sources[0].age_ms, 0);
}

TEST_F(AggregateTest, IsLabelledByTheWorstOfTheSourcesUsed) {
    auto replayed = said("spot", "150");
    replayed.label = PriceLabel::replay;
    auto made_up = said("perp", "150");
    made_up.label = PriceLabel::synthetic;
    EXPECT_EQ(aggregate(rules, {said("pyth", "150"), replayed, {}, {}, made_up}, at(0)).label,
              PriceLabel::replay);
}

/// Sources of one rank around 100 dollars, in any order.
std::pair<AssetRules, Said> any_sources() {
    const auto count = *rc::gen::inRange(1, 12);
    AssetRules rules{.asset = "SOL", .sources_min = 1, .divergence_bps = 300};
    Said newest;
    for (int i = 0; i < count; ++i) {
        rules.sources.push_back(rule("s" + std::to_string(i), 0, *rc::gen::inRange(1, 10)));
        auto seen = said(rules.sources.back().source, "100");
        seen.price = Price{*rc::gen::inRange<std::int64_t>(95'000'000, 105'000'000)};
        newest.push_back(seen);
    }
    return {rules, newest};
}

RC_GTEST_PROP(Aggregate, StaysWithinItsSourcesAndDoesNotDependOnTheirOrder, ()) {
    auto [rules, newest] = any_sources();
    const auto price = aggregate(rules, newest, at(0));
    Price low = newest[0]->price, high = low;
    for (const auto& seen : newest) {
        low = std::min(low, seen->price);
        high = std::max(high, seen->price);
    }
    RC_ASSERT(price.index >= low && price.index <= high);
    std::vector<std::size_t> order(newest.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto turn =
        *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(order.size()));
    std::rotate(order.begin(), order.begin() + turn, order.end());
    AssetRules rotated = rules;
    Said rotated_newest;
    rotated.sources.clear();
    for (const auto i : order) {
        rotated.sources.push_back(rules.sources[i]);
        rotated_newest.push_back(newest[i]);
    }
    const auto same = aggregate(rotated, rotated_newest, at(0));
    RC_ASSERT(same.index == price.index && same.confidence == price.confidence &&
              same.sources_suffice == price.sources_suffice);
}

RC_GTEST_PROP(Aggregate, OneLiarOfThreeDoesNotMoveItBeyondTheHonest, ()) {
    AssetRules rules{.asset = "SOL",
                     .sources = {rule("a"), rule("b"), rule("liar")},
                     .sources_min = 2,
                     .divergence_bps = 100};
    Said newest{said("a", "100"), said("b", "100.5"), said("liar", "1")};
    newest[2]->price = Price{*rc::gen::inRange<std::int64_t>(1, exchange::kPriceMax.value())};
    const auto price = aggregate(rules, newest, at(0));
    RC_ASSERT(price.index >= dollars("100") && price.index <= dollars("100.5"));
    RC_ASSERT(price.sources_suffice);
}

TEST(DistanceBps, IsRoundedUp) {
    EXPECT_EQ(distance_bps(dollars("101"), dollars("100")), 100);
    EXPECT_EQ(distance_bps(dollars("99.999999"), dollars("100")), 1);
    EXPECT_EQ(distance_bps(dollars("100"), dollars("100")), 0);
    EXPECT_EQ(distance_bps(exchange::kPriceMax, Price{1}), 99'999'999'999'990'000);
}

}  // namespace
}  // namespace astro::market
