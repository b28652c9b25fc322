#include "chains/solana/liquidations.hpp"

#include <gtest/gtest.h>

#include "chains/solana/events.hpp"
#include "chains/solana/test_transaction.hpp"

namespace astro::solana {
namespace {

using namespace test;

/// A liquidator with debt tokens D, and a market that holds D and collateral C.
TransactionBuilder market() {
    TransactionBuilder tx({"liquidator"});
    tx.account("debt", "D", "liquidator", 10'000).account("seized", "C", "liquidator", 0);
    tx.account("shares", "cC", "liquidator", 0);
    tx.account("debt_supply", "D", "authority", 500'000);
    tx.account("collateral_supply", "C", "authority", 800'000);
    tx.account("share_supply", "cC", "authority", 800'000);
    return tx;
}

const LiquidationCall& only(const TransactionActivity& activity) {
    static const LiquidationCall kNone;
    EXPECT_EQ(activity.liquidations.size(), 1u);
    return activity.liquidations.empty() ? kNone : activity.liquidations[0];
}

void expect_flows(const LiquidationCall& call) {
    EXPECT_EQ(call.obligation, named("obligation"));
    EXPECT_EQ(call.market, named("market"));
    EXPECT_EQ(call.liquidator, named("liquidator"));
    EXPECT_EQ(call.repay_mint, named("D"));
    EXPECT_EQ(call.repaid, 1'000u);
    EXPECT_EQ(call.seized_mint, named("C"));
    EXPECT_EQ(call.seized, 1'100u);
}

const std::map<std::size_t, std::string> kSaveRedeem = {
    {0, "debt"},        {1, "shares"},       {2, "seized"},
    {4, "debt_supply"}, {7, "share_supply"}, {8, "collateral_supply"},
    {9, "fees"},        {10, "obligation"},  {11, "market"},
    {12, "authority"},  {13, "liquidator"}};

TEST(Save, LiquidateAndRedeem) {
    auto tx = market();
    tx.call(1, programs::kSave, filled(15, kSaveRedeem), Data().u8(17).u64(1'000).get());
    tx.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
    tx.transfer(2, "share_supply", "shares", "authority", 900);
    tx.transfer(2, "collateral_supply", "seized", "authority", 1'100);
    const auto activity = tx.decode();
    const auto& call = only(activity);
    expect_flows(call);
    EXPECT_EQ(call.protocol, LendingProtocol::save);
    EXPECT_EQ(call.instruction, "liquidate_obligation_and_redeem");
}

TEST(Save, SharesCountWhereTheReserveCouldNotRedeem) {
    auto tx = market();
    tx.call(1, programs::kSave, filled(15, kSaveRedeem), Data().u8(17).u64(1'000).get());
    tx.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
    tx.transfer(2, "share_supply", "shares", "authority", 900);
    const auto activity = tx.decode();
    EXPECT_EQ(only(activity).seized, 900u);
    EXPECT_EQ(only(activity).seized_mint, named("cC"));
}

TEST(Save, LiquidateWithoutRedeeming) {
    auto tx = market();
    tx.call(1, programs::kSave,
            filled(12, {{0, "debt"},
                        {1, "seized"},
                        {3, "debt_supply"},
                        {5, "collateral_supply"},
                        {6, "obligation"},
                        {7, "market"},
                        {9, "liquidator"}}),
            Data().u8(12).u64(1'000).get());
    tx.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
    tx.transfer(2, "collateral_supply", "seized", "authority", 1'100);
    const auto activity = tx.decode();
    expect_flows(only(activity));
    EXPECT_EQ(only(activity).instruction, "liquidate_obligation");
}

TEST(Save, WithoutRepaymentThereIsNoLiquidation) {
    auto tx = market();
    tx.call(1, programs::kSave, filled(15, kSaveRedeem), Data().u8(17).u64(1'000).get());
    tx.transfer(2, "collateral_supply", "seized", "authority", 1'100);
    EXPECT_TRUE(tx.decode().liquidations.empty());
}

TEST(Save, OtherInstructionsAndShortListsAreNone) {
    for (const auto tag : {std::uint8_t{4}, std::uint8_t{11}, std::uint8_t{17}}) {
        auto tx = market();
        tx.call(1, programs::kSave,
                tag == 17 ? std::vector<std::string>{"debt"} : filled(15, kSaveRedeem),
                Data().u8(tag).u64(1'000).get());
        tx.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
        EXPECT_TRUE(tx.decode().liquidations.empty()) << int{tag};
    }
}

TEST(Kamino, BothVersionsAndTheLoggedBonus) {
    constexpr auto kFirst = discriminator("b1479abce2854a37");
    constexpr auto kSecond = discriminator("a2a1238f1ebbb967");
    for (const auto name : {kFirst, kSecond}) {
        auto tx = market();
        tx.call(1, programs::kKamino,
                filled(20, {{0, "liquidator"},
                            {1, "obligation"},
                            {2, "market"},
                            {13, "debt"},
                            {14, "shares"},
                            {15, "seized"}}),
                Data(name).u64(1'000).u64(0).u64(0).get());
        tx.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
        tx.transfer(2, "share_supply", "shares", "authority", 900);
        tx.transfer(2, "collateral_supply", "seized", "authority", 1'100);
        tx.log("Program " + to_text(programs::kKamino) + " invoke [1]");
        tx.log("Program log: calculated liquidation bonus: 250 bps");
        const auto activity = tx.decode();
        expect_flows(only(activity));
        EXPECT_EQ(only(activity).bonus_bps, 250u);
        EXPECT_EQ(only(activity).protocol, LendingProtocol::kamino);
    }
}

TEST(Marginfi, AmountsComeFromTheEvent) {
    auto tx = market();
    tx.call(1, programs::kMarginfi,
            filled(10, {{0, "market"}, {3, "their account"}, {4, "liquidator"}, {5, "obligation"}}),
            Data(discriminator("d6a997d5fba756db")).u64(1'100).get());
    const auto event = Data(events::kMarginfiLiquidate)
                           .u8(0)
                           .zeros(96)
                           .key(named("obligation"))
                           .zeros(32)
                           .zeros(32)
                           .key(named("C"))
                           .zeros(32)
                           .key(named("D"))
                           .zeros(16)
                           .f64(5'000)
                           .f64(3'000)
                           .zeros(16)
                           .f64(3'900)
                           .f64(2'000)
                           .zeros(16);
    tx.log("Program " + to_text(programs::kMarginfi) + " invoke [1]");
    tx.log("Program data: " + to_base64(event.get()));
    const auto activity = tx.decode();
    expect_flows(only(activity));
    EXPECT_EQ(only(activity).instruction, "lending_account_liquidate");
}

TEST(Marginfi, ATooShortEventIsCounted) {
    auto tx = market();
    tx.call(1, programs::kMarginfi, filled(10, {}),
            Data(discriminator("d6a997d5fba756db")).u64(1'100).get());
    tx.log("Program " + to_text(programs::kMarginfi) + " invoke [1]");
    tx.log("Program data: " + to_base64(Data(events::kMarginfiLiquidate).zeros(50).get()));
    EXPECT_TRUE(tx.decode().liquidations.empty());
    EXPECT_EQ(tx.counters.unknown_events, 1u);
}

TEST(Marginfi, ReceivershipFromStartToEnd) {
    auto tx = market();
    const auto& program = programs::kMarginfi;
    tx.call(1, program, {"obligation", "record", "market", "liquidator", "sysvar"},
            Data(discriminator("f45d5ad6c0a6bf15")).get());
    tx.call(1, program,
            {"market", "obligation", "liquidator", "bank c", "seized", "authority",
             "collateral_supply", "token"},
            Data(discriminator("24484a13d2d2c0c0")).u64(1'100).get());
    tx.transfer(2, "collateral_supply", "seized", "authority", 1'100);
    tx.call(1, program,
            {"market", "obligation", "liquidator", "bank d", "debt", "debt_supply", "token"},
            Data(discriminator("4fd1acb1de33ad97")).u64(1'000).get());
    tx.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
    tx.call(1, program, {"obligation"}, Data(discriminator("6e0bf436e5b516b8")).get());
    // After the end: the liquidator's own business.
    tx.call(1, program,
            {"market", "obligation", "liquidator", "bank d", "debt", "debt_supply", "token"},
            Data(discriminator("4fd1acb1de33ad97")).u64(5'000).get());
    tx.transfer(2, "debt", "debt_supply", "liquidator", 5'000);
    const auto activity = tx.decode();
    expect_flows(only(activity));
    EXPECT_EQ(only(activity).at.ix_index, 0);
}

TEST(Drift, AmountsComeFromTheRecord) {
    TransactionBuilder tx({"liquidator"});
    tx.call(1, programs::kDrift, {"state", "liquidator", "liquidator account", "stats", "victim"},
            Data(discriminator("6b00802923e5fb12")).zeros(20).get());
    const auto record = Data(events::kDriftLiquidation)
                            .u64(0)
                            .u8(1)
                            .key(named("victim"))
                            .key(named("liquidator account"))
                            .zeros(43)
                            .u32(0)
                            .zeros(10)
                            .zeros(16)
                            .zeros(40)
                            .zeros(10)
                            .u128(1'100)
                            .zeros(10)
                            .u128(1'000)
                            .zeros(8);
    tx.log("Program " + to_text(programs::kDrift) + " invoke [1]");
    tx.log("Program data: " + to_base64(record.get()));
    const auto activity = tx.decode();
    const auto& call = only(activity);
    EXPECT_EQ(call.protocol, LendingProtocol::drift);
    EXPECT_EQ(call.instruction, "liquidate_spot");
    EXPECT_EQ(call.obligation, named("victim"));
    EXPECT_EQ(call.repaid, 1'000u);
    EXPECT_EQ(call.seized, 1'100u);
    EXPECT_TRUE(call.repay_mint.is_zero());
}

TEST(Liquidations, OfFailedTransactionsAreNone) {
    auto builder = market();
    builder.call(1, programs::kSave, filled(15, kSaveRedeem), Data().u8(17).u64(1'000).get());
    builder.transfer(2, "debt", "debt_supply", "liquidator", 1'000);
    Transaction tx = builder.build();
    tx.failed = true;
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    EXPECT_TRUE(decode_transaction_activity(tx, Slot{1}, mints, counters).liquidations.empty());
}

}  // namespace
}  // namespace astro::solana
