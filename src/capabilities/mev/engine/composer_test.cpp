#include "capabilities/mev/engine/composer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <tuple>

namespace astro::mev {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Spec {
    const char* id;
    FindingKind kind;
    std::int64_t net;
    std::vector<std::pair<std::uint32_t, LegRole>> legs;  ///< transaction index and role
    std::uint64_t slot = 10;
};

Finding finding(const Spec& spec) {
    Finding f;
    f.id = spec.id;
    f.kind = spec.kind;
    f.slot = Slot{spec.slot};
    f.net_lamports = Lamports{spec.net};
    f.profitable = spec.net > 0;
    f.status = f.profitable ? FindingStatus::realised : FindingStatus::attempted;
    for (const auto& [tx, role] : spec.legs) {
        Leg leg;
        leg.role = role;
        leg.slot = f.slot;
        leg.tx_index = tx;
        f.legs.push_back(leg);
    }
    return f;
}

const Spec kArbitrage{"arb", FindingKind::arbitrage, 900, {{5, LegRole::hop}, {6, LegRole::hop}}};
const Spec kSandwich{"sand",
                     FindingKind::sandwich,
                     100,
                     {{3, LegRole::front}, {4, LegRole::victim}, {5, LegRole::back}}};

TEST(Composer, ASandwichAbsorbsTheArbitrageInsideIt) {
    Composer composer;
    const auto out = composer.compose({finding(kArbitrage), finding(kSandwich)});
    ASSERT_EQ(out.findings.size(), 1U);
    EXPECT_EQ(out.findings[0].id, "sand");
    EXPECT_THAT(out.findings[0].merged, ElementsAre("arb"));
    EXPECT_THAT(out.superseded, IsEmpty());
    EXPECT_EQ(out.findings[0].reasons.size(), 1U);
}

TEST(Composer, ALateSandwichSupersedesAnArbitrageGivenOutBefore) {
    Composer composer;
    EXPECT_EQ(composer.compose({finding(kArbitrage)}).findings.size(), 1U);
    const auto out = composer.compose({finding(kSandwich)});
    ASSERT_EQ(out.findings.size(), 1U);
    EXPECT_THAT(out.superseded, ElementsAre("arb"));
    EXPECT_THAT(out.findings[0].merged, ElementsAre("arb"));
    // And the arbitrage does not come back.
    EXPECT_THAT(composer.compose({finding(kArbitrage)}).findings, IsEmpty());
}

TEST(Composer, AFindingThatGoesOnReplacesItselfAndKeepsWhatItAbsorbed) {
    Composer composer;
    (void)composer.compose({finding(kArbitrage)});
    (void)composer.compose({finding(kSandwich)});
    auto longer = kSandwich;
    longer.net = 50;  // the further back-run cost a fee
    longer.legs.emplace_back(9, LegRole::back);
    const auto out = composer.compose({finding(longer)});
    ASSERT_EQ(out.findings.size(), 1U);
    EXPECT_EQ(out.findings[0].legs.size(), 4U);
    EXPECT_THAT(out.findings[0].merged, ElementsAre("arb"));
    EXPECT_THAT(out.superseded, IsEmpty());
}

TEST(Composer, ALosingSandwichDoesNotHideARealArbitrage) {
    Composer composer;
    auto losing = kSandwich;
    losing.net = -1;
    const auto out = composer.compose({finding(kArbitrage), finding(losing)});
    ASSERT_EQ(out.findings.size(), 1U);
    EXPECT_EQ(out.findings[0].id, "arb");
    EXPECT_THAT(out.findings[0].merged, ElementsAre("sand"));
}

TEST(Composer, BeingAVictimDoesNotUndoOnesOwnArbitrage) {
    Composer composer;
    const Spec victim{"arb", FindingKind::arbitrage, 900, {{4, LegRole::hop}}};
    EXPECT_EQ(composer.compose({finding(victim), finding(kSandwich)}).findings.size(), 2U);
}

TEST(Composer, LiquidationAbsorbsTheCycleInItsTransaction) {
    Composer composer;
    const Spec liquidation{"liq",
                           FindingKind::liquidation,
                           50,
                           {{6, LegRole::repay}, {6, LegRole::seize}, {6, LegRole::hop}}};
    const auto out = composer.compose({finding(kArbitrage), finding(liquidation)});
    ASSERT_EQ(out.findings.size(), 1U);
    EXPECT_EQ(out.findings[0].id, "liq");
}

TEST(Composer, OpenOpportunitiesPassThrough) {
    Composer composer;
    auto gap = finding({"gap", FindingKind::price_gap, 5, {}});
    gap.status = FindingStatus::open;
    EXPECT_EQ(composer.compose({gap, finding(kArbitrage)}).findings.size(), 2U);
}

TEST(Composer, AnOrphanedSlotIsForgotten) {
    Composer composer;
    EXPECT_EQ(composer.compose({finding(kSandwich)}).findings.size(), 1U);
    composer.drop_slot(Slot{10});
    EXPECT_EQ(composer.compose({finding(kArbitrage)}).findings.size(), 1U);
}

TEST(Composer, MemoryIsBounded) {
    Composer composer(ComposerConfig{.remembered_findings_max = 2, .window_slots = 1'000});
    for (std::uint32_t i = 0; i < 10; ++i)
        (void)composer.compose(
            {finding({std::to_string(i).c_str(), FindingKind::arbitrage, 1, {{i, LegRole::hop}}})});
    // The first is long forgotten, so it is new again.
    EXPECT_EQ(composer.compose({finding({"arb", FindingKind::arbitrage, 1, {{0, LegRole::hop}}})})
                  .findings.size(),
              1U);
    // The last is not, so another story about its swap yields to it.
    EXPECT_THAT(composer.compose({finding({"arb", FindingKind::arbitrage, 1, {{9, LegRole::hop}}})})
                    .findings,
                IsEmpty());
}

std::vector<Finding> random_findings() {
    std::vector<Finding> all;
    const auto n = *rc::gen::inRange(1, 12);
    for (int i = 0; i < n; ++i) {
        Spec spec{"",
                  *rc::gen::element(FindingKind::arbitrage, FindingKind::sandwich,
                                    FindingKind::liquidation),
                  *rc::gen::inRange<std::int64_t>(-5, 6),
                  {}};
        const auto legs = *rc::gen::inRange(1, 4);
        for (int l = 0; l < legs; ++l)
            spec.legs.emplace_back(*rc::gen::inRange<std::uint32_t>(0, 10),
                                   *rc::gen::element(LegRole::hop, LegRole::victim));
        all.push_back(finding(spec));
        all.back().id = "f" + std::to_string(i);
    }
    return all;
}

RC_GTEST_PROP(Composer, EachActorsSwapIsInOneFindingAndNothingIsLost, ()) {
    const auto all = random_findings();
    Composer composer;
    const auto out = composer.compose(all);
    std::set<std::tuple<Slot, std::uint32_t>> used;
    std::set<std::string> told;
    for (const auto& f : out.findings) {
        std::set<std::tuple<Slot, std::uint32_t>> mine;
        for (const auto& leg : f.legs)
            if (leg.role != LegRole::victim) mine.emplace(leg.slot, leg.tx_index);
        for (const auto& place : mine) RC_ASSERT(used.insert(place).second);
        RC_ASSERT(told.insert(f.id).second);
        for (const auto& id : f.merged) RC_ASSERT(told.insert(id).second);
    }
    RC_ASSERT(told.size() == all.size());
}

RC_GTEST_PROP(Composer, TheOrderOfCandidatesDoesNotMatter, ()) {
    auto all = random_findings();
    Composer first, second;
    const auto a = first.compose(all);
    std::ranges::reverse(all);
    const auto b = second.compose(all);
    RC_ASSERT(a.findings.size() == b.findings.size());
    for (std::size_t i = 0; i < a.findings.size(); ++i) {
        RC_ASSERT(a.findings[i].id == b.findings[i].id);
        RC_ASSERT(a.findings[i].merged == b.findings[i].merged);
    }
}

}  // namespace
}  // namespace astro::mev
