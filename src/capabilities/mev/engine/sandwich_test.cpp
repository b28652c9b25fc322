#include "capabilities/mev/engine/sandwich.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/mev/engine/market_test_support.hpp"

namespace astro::mev {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::key;
using testing::Market;
using ::testing::SizeIs;

/// Findings over all blocks; a later one with the same id replaces the earlier.
std::vector<Finding> detect(const std::vector<solana::BlockActivity>& blocks,
                            SandwichConfig config = {}) {
    SandwichDetector detector(config);
    PriceTable prices;
    std::vector<Finding> all;
    for (const auto& block : blocks) {
        prices.on_block(block);
        for (auto& f : detector.add_block(block, prices)) {
            std::erase_if(all, [&](const Finding& old) { return old.id == f.id; });
            all.push_back(std::move(f));
        }
    }
    return all;
}
std::vector<Finding> detect(const std::string& scenario, SandwichConfig config = {}) {
    return detect(Market(scenario).blocks(), config);
}

const std::string kClassic = R"(
    0 bob   buy  10
    0 alice buy  20
    0 bob   sell 100%
)";

TEST(Sandwich, ClassicWithItsProfitAndTheVictimsExactLoss) {
    const Market market(kClassic);
    const auto found = detect(market.blocks());
    ASSERT_THAT(found, SizeIs(1));
    const auto& f = found[0];
    EXPECT_EQ(f.kind, FindingKind::sandwich);
    EXPECT_TRUE(f.profitable);
    EXPECT_EQ(f.actor, key("bob"));
    EXPECT_EQ(f.start_mint, key("SOL"));
    const auto blocks = market.blocks();
    const auto& txs = blocks[0].transactions;
    const auto out = txs[2].swaps[0].amount_out;
    EXPECT_EQ(f.profit_raw.value(), static_cast<std::int64_t>(out - 10 * testing::kSol));
    EXPECT_EQ(f.net_lamports->value(), f.profit_raw.value() - 10'000);
    EXPECT_EQ(f.signatures, (std::vector{txs[0].signature, txs[2].signature}));
    EXPECT_EQ(f.victims, (std::vector{txs[1].signature}));
    ASSERT_THAT(f.losses, SizeIs(1));
    const auto alone = amm::constant_product_out({500 * testing::kSol, 9'000'000'000'000},
                                                 20 * testing::kSol, 2'500);
    EXPECT_EQ(f.losses[0].method, LossMethod::exact);
    EXPECT_EQ(f.losses[0].loss_raw->value(), *alone - txs[1].swaps[0].amount_out);
    EXPECT_GT(f.losses[0].loss_lamports->value(), 0);
    EXPECT_GT(f.confidence, 0.8);
    EXPECT_THAT(f.reasons, Contains(HasSubstr("same wallet")));
}

TEST(Sandwich, ManyFrontsVictimsAndBacksOverSeveralSlots) {
    const auto found = detect(R"(
        0 bob   buy  4
        0 bob   buy  6
        1 alice buy  20
        2 bob   buy  3
        2 carol buy  9
        4 dave  buy  5
        5 bob   sell 40%
        9 bob   sell 100%
    )");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(found[0].signatures, SizeIs(5));
    EXPECT_THAT(found[0].victims, SizeIs(3));
    EXPECT_THAT(found[0].reasons, Contains(HasSubstr("10 slots")));
}

TEST(Sandwich, AFindingGrowsWhenALaterBlockAddsABackRun) {
    const Market market(R"(
        0 bob   buy  10
        0 alice buy  20
        0 bob   sell 97%
        2 bob   sell 100%
    )");
    SandwichDetector detector;
    PriceTable prices;
    const auto blocks = market.blocks();
    prices.on_block(blocks[0]);
    const auto first = detector.add_block(blocks[0], prices);
    prices.on_block(blocks[1]);
    const auto second = detector.add_block(blocks[1], prices);
    ASSERT_THAT(first, SizeIs(1));
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_EQ(first[0].id, second[0].id);
    EXPECT_THAT(second[0].signatures, SizeIs(3));
    EXPECT_GT(second[0].profit_raw.value(), first[0].profit_raw.value());
}

struct Case {
    std::string name, scenario, reason;
};

class LinkedWallets : public ::testing::TestWithParam<Case> {};

TEST_P(LinkedWallets, AreOneAttacker) {
    const auto found = detect(GetParam().scenario);
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_TRUE(found[0].profitable);
    EXPECT_THAT(found[0].victims, SizeIs(1));
    EXPECT_THAT(found[0].reasons, Contains(HasSubstr(GetParam().reason)));
}

INSTANTIATE_TEST_SUITE_P(
    Sandwich, LinkedWallets,
    ::testing::Values(
        Case{"tokens", "0 bob buy 10\n0 bob send 100% ben\n0 alice buy 20\n0 ben sell 100%",
             "tokens moved between"},
        Case{"tokens_through_a_third",
             "0 bob buy 10\n0 bob send 100% mid\n0 alice buy 20\n1 mid send 100% ben\n2 ben sell "
             "100%",
             "through"},
        Case{"tokens_through_three",
             "0 bob buy 10\n0 bob send 100% m1\n0 m1 send 100% m2\n0 alice buy 20\n1 m2 send 100% "
             "m3\n1 m3 send 100% ben\n2 ben sell 100%",
             "through"},
        Case{"shared_account", "0 bob buy 10 to=ben\n0 alice buy 20\n0 ben sell 100%", "own"},
        Case{"cosigner",
             "0 bob buy 10 to=ben cosigner=boss\n0 alice buy 20\n0 ben sell 100% cosigner=boss",
             "sign or own together"},
        Case{"funded_by_one",
             "0 boss pay 11 bob\n0 boss pay 0.1 ben\n0 bob buy 10\n1 alice buy 20\n2 ben sell 100% "
             "like=bob",
             "funded or emptied by the same wallet"},
        Case{"paid_directly",
             "0 bob buy 10\n1 alice buy 20\n2 ben sell 100% like=bob\n3 ben pay 10 bob",
             "SOL moved between"},
        Case{"private_program",
             "0 bob buy 10 via=robot\n0 alice buy 20\n0 ben sell 100% like=bob via=robot",
             "same program"}),
    [](const auto& test) { return test.param.name; });

class NoSandwich : public ::testing::TestWithParam<Case> {};

TEST_P(NoSandwich, IsFound) {
    EXPECT_THAT(detect(GetParam().scenario), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Sandwich, NoSandwich,
    ::testing::Values(
        Case{"no_victim", "0 bob buy 10\n0 bob sell 100%", ""},
        Case{"victim_before", "0 alice buy 20\n0 bob buy 10\n0 bob sell 100%", ""},
        Case{"victim_after", "0 bob buy 10\n0 bob sell 100%\n0 alice buy 20", ""},
        Case{"victim_sells", "0 alice buy 20\n0 bob buy 10\n0 alice sell 50%\n0 bob sell 100%", ""},
        Case{"back_before_front", "0 bob sell 100% like=x\n0 alice buy 20\n0 bob buy 10", ""},
        Case{"amounts_differ_by_a_fifth", "0 bob buy 10\n0 alice buy 20\n0 bob sell 80%", ""},
        Case{"strangers", "0 bob buy 10\n0 alice buy 20\n0 ben sell 100% like=bob", ""},
        Case{"through_an_aggregator",
             "0 bob buy 10 via=aggregator\n0 alice buy 20\n0 ben sell 100% like=bob "
             "via=aggregator",
             ""},
        Case{"victim_uses_the_same_program",
             "0 bob buy 10 via=robot\n0 alice buy 20 via=robot\n0 bob sell 100% via=robot", ""},
        Case{"tiny_victim", "0 bob buy 10\n0 alice buy 0.09\n0 bob sell 100%", ""},
        Case{"victim_failed", "0 bob buy 10\n0 alice buy 20 failed\n0 bob sell 100%", ""},
        Case{"back_failed", "0 bob buy 10\n0 alice buy 20\n0 bob sell 100% failed", ""},
        Case{"losing_round_trip", "0 bob buy 10\n0 alice buy 0.02\n0 bob sell 100%", ""},
        Case{"too_far_apart", "0 bob buy 10\n5 alice buy 20\n11 bob sell 100%", ""},
        Case{"victim_is_his_own_wallet",
             "0 bob pay 1 ben\n0 bob buy 10\n0 ben buy 20\n0 bob sell 100%", ""}),
    [](const auto& test) { return test.param.name; });

TEST(Sandwich, FeesAndTipsAboveTheGainMakeItAttempted) {
    const auto found = detect("0 bob buy 1\n0 alice buy 2 \n0 bob sell 100% tip=900000000");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_FALSE(found[0].profitable);
    EXPECT_EQ(found[0].status, FindingStatus::attempted);
    EXPECT_LT(found[0].net_lamports->value(), 0);
    EXPECT_THAT(found[0].reasons, Contains(HasSubstr("nothing left")));
}

TEST(Sandwich, WalletsAreLinkedByTheirAccountsWhereOwnersAreNotReported) {
    auto blocks =
        Market("0 bob buy 10\n0 bob send 100% ben\n0 alice buy 20\n0 ben sell 100%").blocks();
    auto& transactions = blocks[0].transactions;
    for (auto& tx : transactions)
        for (auto& t : tx.token_transfers) t.source_owner = t.destination_owner = Pubkey{};
    auto& passed_on = transactions[1].token_transfers[0];
    passed_on.source = transactions[0].swaps[0].user_destination;
    passed_on.destination = transactions[3].swaps[0].user_source;
    EXPECT_THAT(detect(blocks), SizeIs(1));
}

TEST(Sandwich, AProgramThatManyCallLinksNobody) {
    std::string scenario;
    for (int i = 0; i < 20; ++i)
        scenario += "0 trader" + std::to_string(i) + " buy 0.5 via=robot\n";
    scenario += "0 bob buy 10 via=robot\n0 alice buy 20\n0 ben sell 100% like=bob via=robot";
    EXPECT_THAT(detect(scenario), IsEmpty());
}

TEST(Sandwich, AProgramCalledAtManyPoolsLinksOnlyWhatMatchesClosely) {
    const auto with = [](const std::string& sold) {
        auto blocks = Market("0 bob buy 10 via=robot\n0 alice buy 20\n0 ben sell " + sold +
                             "% like=bob via=robot")
                          .blocks();
        std::string elsewhere;
        for (int i = 0; i < 30; ++i)
            elsewhere += "1 trader" + std::to_string(i) + " buy 0.5 via=robot\n";
        auto more = Market(elsewhere).blocks();
        for (auto& tx : more[0].transactions)
            for (auto& s : tx.swaps) s.pool = key("elsewhere");
        return std::vector{more[0], blocks[0]};
    };
    EXPECT_THAT(detect(with("100")), SizeIs(1));
    EXPECT_THAT(detect(with("97")), IsEmpty());
}

TEST(Sandwich, AHubThatPaysManyLinksNobody) {
    std::string scenario;
    for (int i = 0; i < 20; ++i) scenario += "0 exchange pay 1 customer" + std::to_string(i) + "\n";
    scenario += "0 exchange pay 11 bob\n0 exchange pay 1 ben\n";
    scenario += "0 bob buy 10\n0 alice buy 20\n0 ben sell 100% like=bob";
    EXPECT_THAT(detect(scenario), IsEmpty());
}

TEST(Sandwich, Token2022FeesAreCountedOnEveryHop) {
    const auto direct =
        detect("0 bob buy 10 withheld=50000\n0 alice buy 90\n0 bob sell 100% withheld=50000");
    ASSERT_THAT(direct, SizeIs(1));
    const auto passed_on = detect(
        "0 bob buy 10 withheld=50000\n0 bob send 100% ben withheld=60000\n0 alice buy 120\n"
        "0 ben sell 100% withheld=50000");
    ASSERT_THAT(passed_on, SizeIs(1));
}

TEST(Sandwich, SellingFirstAndBuyingBackCheaperGainsTheOtherToken) {
    // Alice holds tokens and sells; bob sells his stock before her and buys the same back.
    const auto found = detect(R"(
        0 alice buy  60
        0 bob   sell 50% like=alice
        0 alice sell 100%
        0 bob   buy  25.4
    )");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].start_mint, key("SOL"));
    EXPECT_GT(found[0].profit_raw.value(), 0);
}

TEST(Sandwich, AVolumeBotsPoolIsLeftAlone) {
    std::string scenario;
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 8; ++i)
            scenario += "0 bot" + std::to_string(i) + (round == 0 ? " buy 3" : " sell 100%") +
                        " fee=105000\n";
    EXPECT_THAT(detect(scenario), IsEmpty());
}

TEST(Sandwich, AnArbitrageursStopIsNoVictim) {
    Market market("0 bob buy 10\n0 alice buy 20\n0 bob sell 100%");
    auto blocks = market.blocks();
    auto& tx = blocks[0].transactions[1];
    auto other = tx.swaps[0];  // alice sells what she bought, elsewhere and for more
    std::swap(other.mint_in, other.mint_out);
    std::swap(other.amount_in, other.amount_out);
    other.amount_out += 1'000;
    other.pool = key("elsewhere");
    other.at.ix_index = 1;
    tx.swaps.push_back(other);
    EXPECT_THAT(detect(blocks), IsEmpty());
}

TEST(Sandwich, TheSameSlotAgainReplacesItAndFarBackStartsAnew) {
    const auto blocks = Market(kClassic).blocks();
    SandwichDetector detector;
    PriceTable prices;
    prices.on_block(blocks[0]);
    const auto first = detector.add_block(blocks[0], prices);
    const auto again = detector.add_block(blocks[0], prices);
    ASSERT_THAT(first, SizeIs(1));
    ASSERT_THAT(again, SizeIs(1));
    EXPECT_EQ(first[0].id, again[0].id);
    EXPECT_EQ(detector.swaps_held(), 3U);
    auto old = blocks[0];
    old.slot = Slot{1'000};
    for (auto& tx : old.transactions)
        for (auto& s : tx.swaps) s.at.slot = old.slot;
    EXPECT_THAT(detector.add_block(old, prices), SizeIs(1));
    EXPECT_EQ(detector.swaps_held(), 3U);
}

TEST(Sandwich, MemoryStaysWithinTheWindow) {
    SandwichDetector detector;
    PriceTable prices;
    for (std::uint64_t slot = 0; slot < 200; ++slot) {
        auto block = Market("0 a buy 1\n0 b buy 1\n0 c buy 1").blocks()[0];
        block.slot = Slot{1'000 + slot};
        for (auto& tx : block.transactions)
            for (auto& s : tx.swaps) s.at.slot = block.slot;
        (void)detector.add_block(block, prices);
        EXPECT_LE(detector.swaps_held(), 3U * 11U);
    }
}

TEST(Sandwich, BlocksOutOfOrderWithinTheWindowAreStillJoined) {
    const auto blocks = Market("0 bob buy 10\n1 alice buy 20\n2 bob sell 100%").blocks();
    EXPECT_THAT(detect({blocks[0], blocks[2], blocks[1]}), SizeIs(1));
    EXPECT_THAT(detect({blocks[2], blocks[1], blocks[0]}), SizeIs(1));
}

/// A sandwich of random sizes with bystanders at other pools and of other directions.
RC_GTEST_PROP(Sandwich, IsFoundWhateverTheSizesAndWhoTheVictimsAre, ()) {
    const auto front = *rc::gen::inRange(2, 40);
    const auto victims = *rc::gen::inRange(1, 4);
    const auto size = *rc::gen::inRange(5, 60);
    const auto name = *rc::gen::inRange(0, 1'000);
    const auto apart = *rc::gen::inRange(0, 10);
    std::string scenario = "0 bob buy " + std::to_string(front) + "\n";
    for (int i = 0; i < victims; ++i)
        scenario += "0 person" + std::to_string(name + i) + " buy " + std::to_string(size) + "\n";
    scenario += std::to_string(apart) + " bob sell 100%\n";
    const Market market(scenario);
    RC_ASSERT(market.total_token() == 0);
    const auto found = detect(market.blocks());
    RC_ASSERT(found.size() == 1U);
    RC_ASSERT(found[0].victims.size() == static_cast<std::size_t>(victims));
    // What the attacker gained and the victims paid is what the pool holds more of.
    RC_ASSERT(static_cast<Int128>(victims) * size * static_cast<Int128>(testing::kSol) ==
              market.pool_sol_gain() + found[0].profit_raw.value());
}

RC_GTEST_PROP(Sandwich, UnrelatedTransactionsChangeNothing, ()) {
    auto blocks = Market(kClassic).blocks();
    const auto before = detect(blocks);
    const auto noise = Market("0 x buy 3\n0 y buy 7\n0 x sell 100%\n0 z pay 1 y").blocks()[0];
    const auto at = *rc::gen::inRange<std::size_t>(0, 4);
    std::vector<solana::TransactionActivity> mixed;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i == at)
            for (auto tx : noise.transactions) {
                tx.signature = testing::signature(900'000 + tx.index);
                for (auto& s : tx.swaps) {
                    s.pool = key("another pool");
                    s.signature = tx.signature;
                }
                mixed.push_back(std::move(tx));
            }
        if (i < 3) mixed.push_back(blocks[0].transactions[i]);
    }
    for (std::uint32_t i = 0; i < mixed.size(); ++i) {
        mixed[i].index = i;
        for (auto& s : mixed[i].swaps) s.at.tx_index = i;
    }
    blocks[0].transactions = std::move(mixed);
    const auto pool = key("pool");
    auto after = detect(blocks);
    std::erase_if(after, [&](const Finding& f) { return f.pools[0] != pool; });
    RC_ASSERT(after.size() == 1U);
    RC_ASSERT(after[0].id == before[0].id);
    RC_ASSERT(after[0].profit_raw == before[0].profit_raw);
    RC_ASSERT(after[0].victims == before[0].victims);
}

}  // namespace
}  // namespace astro::mev
