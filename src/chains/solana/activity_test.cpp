#include "chains/solana/activity.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "chains/solana/balances.hpp"
#include "chains/solana/logs.hpp"
#include "chains/solana/programs.hpp"
#include "chains/solana/protocols/test_trade.hpp"

/// Transfers, tips, balance changes, rent, verification, and input nobody should send.
namespace astro::solana {
namespace {

using namespace test;

std::int64_t delta_of(const TransactionActivity& a, const Pubkey& owner, const Pubkey& mint) {
    for (const auto& d : a.deltas)
        if (d.owner == owner && d.mint == mint) return d.delta;
    return 0;
}

TEST(Programs, TipAccountsAndDontFront) {
    EXPECT_TRUE(is_tip_account(*parse_pubkey("96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5")));
    EXPECT_FALSE(is_tip_account(kWrappedSolMint));
    for (const auto* text : {"jitodontfront111111111111111111111111111111",
                             "jitodontfront111111111111111111111111111123",
                             "jitodontfrontzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
                             "jitodontfrontB91111111111111111111111111111"})
        EXPECT_TRUE(is_dont_front_account(*parse_pubkey(text))) << text;
    for (const auto* text : {"jitodontfronszzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
                             "jitodontfrou1111111111111111111111111111111",
                             "So11111111111111111111111111111111111111112"})
        EXPECT_FALSE(is_dont_front_account(*parse_pubkey(text))) << text;
}

RC_GTEST_PROP(ProgramsProperty, DontFrontIsWhatTheTextSays, ()) {
    Pubkey key;
    for (auto& b : key.bytes) b = *rc::gen::arbitrary<std::uint8_t>();
    if (*rc::gen::arbitrary<bool>()) {
        // Random keys never begin so; keys near the interval do.
        const auto near = parse_pubkey("jitodontfront111111111111111111111111111111");
        std::copy_n(near->bytes.begin(), *rc::gen::inRange(8, 12), key.bytes.begin());
    }
    RC_ASSERT(is_dont_front_account(key) ==
              (to_text(key).starts_with("jitodontfront") && to_text(key).size() == 43));
}

TEST(Activity, TipsAreCountedWhereverTheyAreSent) {
    const std::string tip = "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5";
    TransactionBuilder tx({"trader"});
    tx.key(*parse_pubkey(tip));
    tx.pay(1, "trader", tip, 1'000);
    tx.call(1, named("wrapper"), {}, {});
    tx.pay(2, "trader", tip, 500);
    tx.pay(1, "trader", "friend", 77);
    const auto a = tx.decode();
    EXPECT_EQ(a.tip_lamports, 1'500u);
    ASSERT_EQ(a.sol_transfers.size(), 3u);
    EXPECT_TRUE(a.sol_transfers[0].is_tip && a.sol_transfers[1].is_tip);
    EXPECT_FALSE(a.sol_transfers[2].is_tip);
    EXPECT_EQ(a.sol_transfers[1].at.inner_index, 0);
    EXPECT_EQ(delta_of(a, named("trader"), Pubkey{}), -1'577);
    EXPECT_EQ(delta_of(a, named("friend"), Pubkey{}), 77);
}

TEST(Activity, TransfersWithSeedAndAccountsBeingCreated) {
    TransactionBuilder tx({"trader"});
    const Bytes seed = {'s', 'e', 'e', 'd'};
    tx.call(1, kSystemProgram, {"from", "trader", "to"},
            Data().u32(11).u64(900).u64(4).bytes(seed).zeros(32).get());
    tx.call(1, kSystemProgram, {"trader", "new"},
            Data().u32(0).u64(2'039'280).u64(165).zeros(32).get());
    tx.call(1, kSystemProgram, {"trader", "new 2", "base"},
            Data().u32(3).zeros(32).u64(4).bytes(seed).u64(890'880).u64(0).zeros(32).get());
    tx.call(1, kSystemProgram, {"trader", "new 3", "base"},
            Data().u32(3).zeros(32).u64(1'000'000).bytes(seed).get());  // length beyond the data
    const auto a = tx.decode();
    ASSERT_EQ(a.sol_transfers.size(), 3u);
    EXPECT_EQ(a.sol_transfers[0].from, named("from"));
    EXPECT_EQ(a.sol_transfers[0].to, named("to"));
    EXPECT_EQ(a.sol_transfers[0].lamports, 900u);
    EXPECT_EQ(a.sol_transfers[1].lamports, 2'039'280u);
    EXPECT_EQ(a.sol_transfers[2].lamports, 890'880u);
}

TEST(Activity, HeadListsProgramsOnceAndLeavesOutComputeBudget) {
    TransactionBuilder tx({"trader", "second"});
    tx.call(1, kComputeBudgetProgram, {}, Data().u8(2).zeros(4).get());
    tx.call(1, named("b"), {}, {}).call(2, named("inner"), {}, {});
    tx.call(1, named("a"), {}, {}).call(1, named("b"), {}, {});
    const auto a = tx.decode();
    EXPECT_EQ(a.outer_programs, (std::vector<Pubkey>{named("b"), named("a")}));
    EXPECT_EQ(a.signers, (std::vector<Pubkey>{named("trader"), named("second")}));
    EXPECT_EQ(a.fee_payer, named("trader"));
}

TEST(Activity, AFailedTransactionKeepsOnlyItsHead) {
    TransactionBuilder builder = trade();
    builder.call(1, program_of(Protocol::saber),
                 filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
                 Data().u8(1).zeros(16).get());
    move_both(builder);
    Transaction tx = builder.build();
    tx.failed = true;
    tx.fee_lamports = 5'000;
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    const auto a = decode_transaction_activity(tx, Slot{1}, mints, counters);
    EXPECT_TRUE(a.failed);
    EXPECT_EQ(a.fee_lamports, 5'000u);
    EXPECT_EQ(a.outer_programs.size(), 1u);
    EXPECT_TRUE(a.swaps.empty() && a.token_transfers.empty() && a.deltas.empty());
    EXPECT_EQ(counters.failed, 1u);
}

TEST(Activity, WithoutMetaNothingIsClaimed) {
    TransactionBuilder builder = trade();
    Transaction tx = builder.build();
    tx.has_meta = false;
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    EXPECT_TRUE(decode_transaction_activity(tx, Slot{1}, mints, counters).deltas.empty());
    EXPECT_EQ(counters.without_meta, 1u);
    EXPECT_TRUE(mints.empty());
}

TEST(Activity, MintsAreSortedAndNamedOnce) {
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    for (int i = 0; i < 2; ++i)
        (void)decode_transaction_activity(trade().build(), Slot{1}, mints, counters);
    ASSERT_EQ(mints.size(), 2u);
    EXPECT_LT(mints[0].mint, mints[1].mint);
}

TEST(Activity, ABlockOfManyMintsKeepsEachOnce) {
    Block block;
    TransactionBuilder builder({"trader"});
    for (int i = 0; i < 2'000; ++i)
        builder.account("t" + std::to_string(i), "m" + std::to_string(i), "trader", 1);
    block.transactions = {builder.build(), builder.build()};
    const auto activity = decode_activity(block);
    EXPECT_EQ(activity.mints.size(), 2'000u);
    EXPECT_TRUE(
        std::is_sorted(activity.mints.begin(), activity.mints.end(),
                       [](const MintInfo& a, const MintInfo& b) { return a.mint < b.mint; }));
}

TEST(Activity, VotesAreCountedAndLeftOut) {
    Block block;
    block.transactions = {trade().build(), trade().build()};
    block.transactions[0].is_vote = true;
    const auto activity = decode_activity(block);
    EXPECT_EQ(activity.counters.votes, 1u);
    EXPECT_EQ(activity.transactions.size(), 1u);
    EXPECT_EQ(activity.transaction_count, 2u);
}

TEST(Activity, MoreInstructionsThanATransactionCanHaveAreRefused) {
    TransactionBuilder tx({"trader"});
    for (int i = 0; i < 1'025; ++i) tx.call(1, named("a"), {}, {});
    EXPECT_TRUE(tx.decode().deltas.empty());
    EXPECT_EQ(tx.counters.malformed, 1u);
}

Bytes batch_of_two() {
    return Data().u8(255).u8(3).u8(9).u8(3).u64(1'000).u8(4).u8(10).u8(12).u64(70).u8(6).get();
}

TEST(Activity, TokenBatchesMoveWhatTheirPartsMove) {
    TransactionBuilder tx({"trader"});
    tx.account("one", "A", "trader", 9'000).account("two", "A", "friend", 0);
    const std::vector<std::string> accounts = {"one", "two", "trader", "two", "A", "one", "friend"};
    tx.call(1, kTokenProgram, accounts, batch_of_two());
    tx.change_tokens("one", -930).change_tokens("two", 930);
    const auto a = tx.decode();
    ASSERT_EQ(a.token_transfers.size(), 2u);
    EXPECT_EQ(a.token_transfers[0].amount, 1'000u);
    EXPECT_EQ(a.token_transfers[0].destination, named("two"));
    EXPECT_EQ(a.token_transfers[1].amount, 70u);
    EXPECT_EQ(a.token_transfers[1].source, named("two"));
}

TEST(Activity, ACutBatchGivesThePartsBeforeTheCut) {
    for (const std::size_t cut : {std::size_t{1}, std::size_t{9}}) {
        TransactionBuilder tx({"trader"});
        Bytes data = batch_of_two();
        data.resize(data.size() - cut);
        tx.call(1, kTokenProgram, {"one", "two", "trader", "two", "A", "one", "friend"}, data);
        EXPECT_EQ(tx.decode().token_transfers.size(), 1u);
        TransactionBuilder few({"trader"});
        few.call(1, kTokenProgram, {"one", "two", "trader", "two"}, batch_of_two());
        EXPECT_EQ(few.decode().token_transfers.size(), 1u);
    }
}

TEST(Balances, DeltasAreByOwnerAndMintAndWithoutTokenAccountsOwnLamports) {
    TransactionBuilder tx({"trader"});
    tx.account("one", "A", "trader", 100).account("two", "A", "trader", 100);
    tx.account("other", "A", "friend", 0).lamports("one", 2'039'280);
    tx.transfer(1, "one", "two", "trader", 40);
    tx.transfer(1, "two", "other", "trader", 90);
    tx.change_lamports("one", 5'000).change_lamports("trader", -5'000);
    const auto a = tx.decode();
    EXPECT_EQ(delta_of(a, named("trader"), named("A")), -90);
    EXPECT_EQ(delta_of(a, named("friend"), named("A")), 90);
    EXPECT_EQ(delta_of(a, named("trader"), Pubkey{}), -5'000);
    EXPECT_EQ(a.deltas.size(), 3u);
    ASSERT_EQ(a.token_transfers.size(), 2u);
    EXPECT_EQ(a.token_transfers[1].source_owner, named("trader"));
    EXPECT_EQ(a.token_transfers[1].destination_owner, named("friend"));
    EXPECT_EQ(a.token_transfers[1].mint, named("A"));
}

TEST(Balances, AccountsOpenedAndClosedInsideGetMintAndOwner) {
    TransactionBuilder tx({"trader"});
    tx.account("source", "A", "trader", 100).account("sink", "A", "friend", 0);
    tx.call(1, kTokenProgram, {"temp", "A"},
            Data().u8(18).key(named("trader")).get());  // initializeAccount3
    tx.transfer(1, "source", "temp", "trader", 60).transfer(1, "temp", "temp2", "trader", 60);
    tx.transfer(1, "temp2", "sink", "trader", 60);
    tx.call(1, kTokenProgram, {"temp", "trader", "trader"}, Data().u8(9).get());
    const auto a = tx.decode();
    ASSERT_EQ(a.token_transfers.size(), 3u);
    for (const auto& t : a.token_transfers) EXPECT_EQ(t.mint, named("A"));
    EXPECT_EQ(a.token_transfers[0].destination_owner, named("trader"));
    EXPECT_TRUE(a.token_transfers[1].destination_owner.is_zero()) << "nothing says whose it is";
}

TEST(Balances, RentOfOpenedAndClosedAccounts) {
    EXPECT_EQ(rent_exempt_lamports(165), 2'039'280u);
    EXPECT_EQ(rent_exempt_lamports(0), 890'880u);
    TransactionBuilder builder({"payer"});
    builder.key("opened");
    // Wrapped SOL: rent and 7 SOL to trade with arrive together; only the rent is rent.
    builder.call(1, kSystemProgram, {"payer", "opened"},
                 Data().u32(0).u64(2'039'280 + 7'000'000).u64(165).zeros(32).get());
    builder.call(1, kTokenProgram, {"closed", "payer", "payer"}, Data().u8(9).get());
    Transaction tx = builder.build();
    const auto index = [&](const char* name) { return builder.key(std::string(name)); };
    tx.pre_lamports[index("opened")] = 0;
    tx.post_lamports[index("opened")] = 2'039'280 + 7'000'000;
    tx.pre_lamports[index("closed")] = 2'039'280;
    tx.post_lamports[index("closed")] = 0;
    tx.pre_tokens.push_back(
        {index("closed"), 6, true, true, named("A"), named("payer"), kTokenProgram, 0});
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    EXPECT_EQ(decode_transaction_activity(tx, Slot{1}, mints, counters).rent_paid_lamports, 0);
    tx.post_lamports[index("closed")] = 2'039'280;  // still open
    EXPECT_EQ(decode_transaction_activity(tx, Slot{1}, mints, counters).rent_paid_lamports,
              2'039'280);
}

TEST(TransferFees, StatedOnesAreRead) {
    TransactionBuilder tx({"trader"});
    tx.token_2022().account("from", "A", "trader", 1'000).account("to", "A", "friend", 0);
    tx.call(1, kToken2022Program, {"from", "A", "to", "trader"},
            Data().u8(26).u8(1).u64(500).u8(6).u64(15).get());
    tx.change_tokens("from", -500).change_tokens("to", 485);
    const auto a = tx.decode();
    ASSERT_EQ(a.token_transfers.size(), 1u);
    EXPECT_EQ(a.token_transfers[0].amount, 500u);
    EXPECT_EQ(a.token_transfers[0].fee, 15u);
}

TEST(TransferFees, UnstatedOnesFollowFromBalancesAlsoForAccountsWithoutAny) {
    TransactionBuilder tx({"trader"});
    tx.token_2022().account("from", "A", "trader", 100'000).account("to", "A", "friend", 0);
    tx.transfer_checked(1, "from", "A", "to", "trader", 50'000, 1'500);  // 3 %
    tx.transfer_checked(1, "from", "A", "temporary", "trader", 10'001);
    const auto a = tx.decode();
    ASSERT_EQ(a.token_transfers.size(), 2u);
    EXPECT_EQ(a.token_transfers[0].fee, 1'500u);
    EXPECT_EQ(a.token_transfers[1].fee, 301u);  // 300.03 rounded up
}

TEST(TransferFees, TheSwapCountsWhatThePoolGotAndWhatItSent) {
    TransactionBuilder tx = trade();
    tx.token_2022();
    tx.call(1, program_of(Protocol::raydium_cpmm),
            filled(13, {{3, "pool"}, {6, "vault_a"}, {7, "vault_b"}}),
            anchor(discriminator("8fbe5adac41e33de")));
    tx.transfer_checked(2, "user_a", "A", "vault_a", "trader", 1'000, 40);
    tx.transfer_checked(2, "vault_b", "B", "user_b", "authority", 1'900, 57);
    const auto a = tx.decode();
    ASSERT_EQ(a.swaps.size(), 1u);
    EXPECT_EQ(a.swaps[0].amount_in, 960u);
    EXPECT_EQ(a.swaps[0].transfer_fee_in, 40u);
    EXPECT_EQ(a.swaps[0].amount_out, 1'900u);
    EXPECT_EQ(a.swaps[0].transfer_fee_out, 57u);
    EXPECT_TRUE(a.swaps[0].verified);
}

TransactionBuilder saber_swap() {
    TransactionBuilder tx = trade();
    tx.call(1, program_of(Protocol::saber),
            filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}), Data().u8(1).zeros(16).get());
    return tx;
}

TEST(Verification, FailsWhenTheVaultChangedOtherwise) {
    for (const char* vault : {"vault_a", "vault_b"}) {
        auto tx = saber_swap();
        move_both(tx);
        tx.change_tokens(vault, 1);
        const auto a = tx.decode();
        ASSERT_EQ(a.swaps.size(), 1u);
        EXPECT_FALSE(a.swaps[0].verified) << vault;
        EXPECT_EQ(tx.counters.balance_mismatch, 1u);
    }
}

TEST(Verification, AllowsLiquidityAddedOutsideTheSwap) {
    auto tx = saber_swap();
    move_both(tx);
    tx.call(1, program_of(Protocol::saber), {}, Data().u8(2).get());
    tx.transfer(2, "user_a", "vault_a", "trader", 300);
    const auto a = tx.decode();
    ASSERT_EQ(a.swaps.size(), 1u);
    EXPECT_TRUE(a.swaps[0].verified);
}

TEST(Verification, ASecondDepositInsideTheSwapIsNotExplainedAway) {
    auto tx = saber_swap();
    move_both(tx);
    tx.transfer(2, "user_a", "vault_a", "trader", 300);
    const auto a = tx.decode();
    ASSERT_EQ(a.swaps.size(), 1u);
    EXPECT_FALSE(a.swaps[0].verified);
}

TEST(StackHeights, UnknownOnesReachToTheNextPoolInstruction) {
    TransactionBuilder tx = trade();
    tx.without_heights();
    tx.account("vault_2b", "B", "authority_2", 90'000)
        .account("vault_2a", "A", "authority_2", 9'000);
    tx.call(1, named("bot"), {"trader"}, {});
    const auto saber = program_of(Protocol::saber);
    tx.call(2, saber, filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
            Data().u8(1).zeros(16).get());
    move_both(tx, 3);
    tx.call(2, saber, filled(9, {{0, "pool_2"}, {4, "vault_2b"}, {5, "vault_2a"}}),
            Data().u8(1).zeros(16).get());
    tx.transfer(3, "user_b", "vault_2b", "trader", 1'900);
    tx.transfer(3, "vault_2a", "user_a", "authority_2", 1'010);
    const auto a = tx.decode();
    ASSERT_EQ(a.swaps.size(), 2u);
    EXPECT_EQ(a.swaps[1].pool, named("pool_2"));
    EXPECT_EQ(a.swaps[1].amount_out, 1'010u);
    EXPECT_TRUE(a.swaps[0].verified && a.swaps[1].verified);
    EXPECT_EQ(a.swaps[0].wrapper, named("bot"));
}

TEST(StackHeights, MovementsOfASiblingAreNotTheSwaps) {
    TransactionBuilder tx = trade();
    tx.call(1, named("bot"), {"trader"}, {});
    tx.call(2, program_of(Protocol::saber),
            filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}), Data().u8(1).zeros(16).get());
    move_both(tx, 2);  // same height: called by the bot, not by the pool
    EXPECT_TRUE(tx.decode().swaps.empty());
    EXPECT_EQ(tx.counters.dex_instructions_without_swap, 1u);
}

TEST(Trader, IsTheFeePayerWhereTheAuthorityDoesNotSign) {
    TransactionBuilder tx({"relayer", "trader"});
    tx.account("user_a", "A", "vault owner", 50'000).account("user_b", "B", "vault owner", 0);
    tx.account("vault_a", "A", "authority", 1'000'000).account("vault_b", "B", "authority", 9'000);
    for (const char* authority : {"trader", "program's own"}) {
        tx.call(1, program_of(Protocol::saber),
                filled(9, {{0, "pool"}, {4, "vault_a"}, {5, "vault_b"}}),
                Data().u8(1).zeros(16).get());
        tx.transfer(2, "user_a", "vault_a", authority, 1'000);
        tx.transfer(2, "vault_b", "user_b", "authority", 1'900);
    }
    const auto a = tx.decode();
    ASSERT_EQ(a.swaps.size(), 2u);
    EXPECT_EQ(a.swaps[0].trader, named("trader"));
    EXPECT_EQ(a.swaps[1].trader, named("relayer"));
}

TEST(Logs, LinesBelongToTheInstructionOnTopOfTheStack) {
    TransactionBuilder builder({"trader"});
    builder.call(1, named("outer"), {}, {}).call(2, named("inner"), {}, {});
    builder.call(1, named("outer"), {}, {});
    const std::string outer = "Program " + to_text(named("outer"));
    const std::string inner = "Program " + to_text(named("inner"));
    builder.log(outer + " invoke [1]").log("Program log: one");
    builder.log(inner + " invoke [2]").log("Program data: AAAA").log(inner + " success");
    builder.log("Program log: Program X invoke [9]");  // what a program says moves no stack
    builder.log(outer + " success").log("Program log: lost");
    builder.log(outer + " invoke [1]").log("Program log: three");
    const Transaction tx = builder.build();
    LogIndex index;
    index.build(tx);
    ASSERT_EQ(index.lines().size(), 4u);
    EXPECT_EQ(index.lines()[0].instruction, 0u);
    EXPECT_EQ(index.lines()[1].instruction, 1u);
    EXPECT_TRUE(index.lines()[1].is_data);
    EXPECT_EQ(index.lines()[1].text, "AAAA");
    EXPECT_EQ(index.lines()[2].instruction, 0u);
    EXPECT_EQ(index.lines()[3].instruction, 2u);
    EXPECT_EQ(index.lines()[3].text, "three");
}

}  // namespace
}  // namespace astro::solana
