#include "chains/solana/block_json.hpp"

#include <gtest/gtest.h>

#include "chains/solana/test_data.hpp"

namespace astro::solana {
namespace {

namespace json = boost::json;
using test::share;
using test::small_block;

Result<Block> parse_block(const json::value& value, std::optional<Slot> slot = {}) {
    BlockParser parser;
    return parser.parse_block(json::serialize(value), slot);
}

Result<Block> parse_text(std::string_view text) {
    BlockParser parser;
    return parser.parse_any(text);
}

// ── Shapes ──────────────────────────────────────────────────────────────────────────────────────

TEST(BlockShapes, WrappersAreFoundByThemselves) {
    const json::value bare = small_block();
    const json::value response{{"jsonrpc", "2.0"}, {"result", bare}, {"id", 1}};
    const json::value slot_and_block{{"slot", 285000037}, {"block", bare}};
    const json::value notification{
        {"jsonrpc", "2.0"},
        {"method", "blockNotification"},
        {"params",
         {{"result",
           {{"context", {{"slot", 285000037}}},
            {"value", {{"slot", 285000037}, {"err", nullptr}, {"block", bare}}}}},
          {"subscription", 14}}}};
    for (const json::value& shape : {bare, response, slot_and_block, notification}) {
        const auto block = parse_block(shape);
        ASSERT_TRUE(block) << block.error().text();
        EXPECT_EQ(block->transactions.size(), 5U);
        EXPECT_EQ(block->slot.value(), 285000037U);
        EXPECT_EQ(to_text(block->blockhash), "HPGE1rkrYqcRpASsdqA2zzetCGa8DD6mCTDus3tei2fN");
    }
    EXPECT_TRUE(parse_block(bare)->slot_assumed);
    EXPECT_TRUE(parse_block(response)->slot_assumed);
    EXPECT_FALSE(parse_block(slot_and_block)->slot_assumed);
    EXPECT_FALSE(parse_block(notification)->slot_assumed);
}

TEST(BlockShapes, SlotComesFromTheDocumentTheCallerOrTheParent) {
    json::value block = small_block();
    EXPECT_EQ(parse_block(block)->slot, Slot{285000037});
    EXPECT_EQ(parse_block(block, Slot{285000040})->slot, Slot{285000040});
    EXPECT_FALSE(parse_block(block, Slot{285000040})->slot_assumed);
    block.as_object()["slot"] = 285000041;
    EXPECT_EQ(parse_block(block)->slot, Slot{285000041});
    EXPECT_FALSE(parse_block(block)->slot_assumed);
    const auto other = parse_block(block, Slot{285000040});
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, "not_a_block");
    EXPECT_EQ(other.error().message, "this is slot 285000041 where slot 285000040 is expected");
    block.as_object().erase("slot");
    block.as_object().erase("parentSlot");
    EXPECT_EQ(parse_block(block).error().message,
              "nothing says which slot this is: neither slot nor parentSlot is given");
    EXPECT_TRUE(parse_block(block, Slot{7}));
}

TEST(BlockShapes, SyntheticNamesWhatMadeIt) {
    json::value block = small_block();
    EXPECT_EQ(parse_block(block)->synthetic, "");
    block.as_object()["synthetic"] = "inject seed=7 \"wide\"";
    EXPECT_EQ(parse_block(block)->synthetic, "inject seed=7 \"wide\"");
    block.as_object()["synthetic"] = true;
    EXPECT_EQ(parse_block(block).error().code, "not_a_block");
}

TEST(BlockShapes, GetTransaction) {
    BlockParser parser;
    const std::string text = share("transactions/tx-parser__pumpfun_sell_0.json");
    for (const auto& block : {parser.parse_transaction(text), parser.parse_any(text)}) {
        ASSERT_TRUE(block) << block.error().text();
        EXPECT_EQ(block->slot, Slot{278536429});
        EXPECT_EQ(block->time, from_unix_seconds(1721436000));
        ASSERT_EQ(block->transactions.size(), 1U);
        const Transaction& tx = block->transactions[0];
        EXPECT_EQ(
            to_text(tx.signature),
            "3bYXWjjNkVZpz3VWrp8Sh12usVCnzEqhYCnNNMQrMu7C8XHssi2WBTW37zukC5oyYTsAKYRtUQ1xhwFMY"
            "FMH19VJ");
        EXPECT_EQ(tx.fee_lamports, 36500U);
        EXPECT_EQ(tx.compute_units, 36982U);
    }
    EXPECT_EQ(parser.parse_block(text).error().code, "not_a_block");
    EXPECT_EQ(parser.parse_transaction(share("blocks/block_270893658_base64.json")).error().code,
              "not_a_block");
}

TEST(BlockShapes, AnswersWithoutABlockSayWhy) {
    const auto error = parse_text(
        R"({"jsonrpc":"2.0","error":{"code":-32009,"message":"Slot 5 was skipped"},"id":1})");
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().code, "rpc_error");
    EXPECT_EQ(error.error().message, "the node answered with an error: Slot 5 was skipped");
    EXPECT_EQ(error.error().where, "code -32009");
    EXPECT_EQ(parse_text(R"({"jsonrpc":"2.0","result":null,"id":1})").error().message,
              "the answer is null: the node has no such block or transaction");
    EXPECT_EQ(parse_text(R"({"hello":"world"})").error().code, "not_a_block");
    EXPECT_EQ(parse_text("[1,2]").error().code, "not_a_block");
    EXPECT_EQ(parse_text("7").error().code, "not_a_block");
    EXPECT_EQ(parse_text(R"({"result":{"result":{"result":{"result":{"result":{"result":{}}}}}}})")
                  .error()
                  .message,
              "wrapped too deeply");
    // transactionDetails "signatures" carries no transactions.
    EXPECT_EQ(parse_text(R"({"blockhash":"1","parentSlot":4,"signatures":[]})").error().code,
              "not_a_block");
}

TEST(BlockShapes, APartOfABlockKeepsItsIndexes) {
    json::value block = small_block();
    block.as_object()["firstTransactionIndex"] = 450;
    const auto parsed = parse_block(block);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->transactions.front().index, 450U);
    EXPECT_EQ(parsed->transactions.back().index, 454U);
}

// ── Old nodes ───────────────────────────────────────────────────────────────────────────────────

TEST(OldBlocks, MissingMembersAreMissingFacts) {
    json::value block = small_block();
    block.as_object().erase("rewards");
    block.as_object().erase("blockHeight");
    block.as_object()["blockTime"] = nullptr;
    for (auto& entry : block.at("transactions").as_array()) {
        auto& meta = entry.at("meta").as_object();
        for (const char* name : {"computeUnitsConsumed", "logMessages", "innerInstructions", "err",
                                 "status", "rewards"})
            meta.erase(name);
        entry.as_object().erase("version");
        for (const char* list : {"preTokenBalances", "postTokenBalances"})
            for (auto& balance : meta.at(list).as_array()) {
                balance.as_object().erase("owner");
                balance.as_object()["programId"] = "";
            }
    }
    const auto parsed = parse_block(block);
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_FALSE(parsed->has_rewards);
    EXPECT_FALSE(parsed->height);
    EXPECT_FALSE(parsed->time);
    EXPECT_EQ(parsed->leader(), nullptr);
    ASSERT_EQ(parsed->transactions.size(), 5U);
    for (const Transaction& tx : parsed->transactions) {
        EXPECT_EQ(tx.compute_units, 0U);
        EXPECT_EQ(tx.version, -1);
        EXPECT_FALSE(tx.failed);
        EXPECT_TRUE(tx.logs.empty());
        for (const auto& balance : tx.pre_tokens) {
            EXPECT_FALSE(balance.has_owner || balance.has_program);
            EXPECT_TRUE(balance.owner.is_zero());
        }
    }
}

TEST(OldBlocks, WithoutLookupTablesOrMeta) {
    json::value block = small_block();
    for (auto& entry : block.at("transactions").as_array()) {
        auto& message = entry.at("transaction").at("message").as_object();
        if (!message.contains("addressTableLookups") ||
            message.at("addressTableLookups").as_array().empty()) {
            entry.at("meta").as_object().erase("loadedAddresses");
            message.erase("addressTableLookups");
        }
    }
    const auto without = parse_block(block);
    ASSERT_TRUE(without);
    EXPECT_EQ(without->transactions.size(), 5U);

    for (auto& entry : block.at("transactions").as_array()) entry.as_object()["meta"] = nullptr;
    const auto bare = parse_block(block);
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->transactions.size() + bare->skipped.size(), 5U);
    EXPECT_FALSE(bare->transactions.empty());
    for (const Transaction& tx : bare->transactions) {
        EXPECT_FALSE(tx.has_meta || tx.balances_consistent || tx.failed);
        EXPECT_EQ(tx.keys.size(), tx.static_key_count);
    }
    // Where a message looks addresses up, only meta could have told which.
    for (const Skipped& skipped : bare->skipped) EXPECT_EQ(skipped.code, "lookups_mismatch");
}

TEST(OldBlocks, HeightsComeFromTheLogWhenTheNodeDoesNotSayThem) {
    json::value block = test::parse(share("blocks/block_285000037.json"));
    const auto want = parse_block(block);
    for (auto& entry : block.at("transactions").as_array())
        for (auto& group : entry.at("meta").at("innerInstructions").as_array())
            for (auto& ix : group.at("instructions").as_array())
                ix.as_object()["stackHeight"] = nullptr;
    const auto got = parse_block(block);
    ASSERT_TRUE(want && got);
    std::size_t told = 0, untold = 0;
    for (std::size_t t = 0; t < got->transactions.size(); ++t)
        for (std::size_t i = 0; i < got->transactions[t].instructions.size(); ++i) {
            const Instruction& ix = got->transactions[t].instructions[i];
            if (ix.stack_height == 0) {
                ++untold;
                continue;
            }
            EXPECT_EQ(ix.stack_height, want->transactions[t].instructions[i].stack_height);
            told += ix.inner_index >= 0 ? 1 : 0;
        }
    EXPECT_GT(told, 700U);
    // What stays untold are failed transactions and truncated logs.
    for (const Transaction& tx : got->transactions)
        for (const Instruction& ix : tx.instructions) {
            if (ix.stack_height > 0) continue;
            EXPECT_TRUE(tx.failed || std::ranges::count(tx.logs, std::string("Log truncated")) > 0);
        }
    EXPECT_LT(untold, told);
}

TEST(OldBlocks, InconsistentHeightsAreNotTrusted) {
    json::value block = test::parse(share("blocks/block_285000037.json"));
    json::value* entry = nullptr;
    for (auto& candidate : block.at("transactions").as_array())
        if (!candidate.at("meta").at("innerInstructions").as_array().empty()) {
            entry = &candidate;
            break;
        }
    ASSERT_NE(entry, nullptr);
    entry->at("meta").as_object()["logMessages"] = nullptr;
    auto& inner = entry->at("meta").at("innerInstructions").at(0).at("instructions").as_array();
    const auto outer = entry->at("meta").at("innerInstructions").at(0).at("index").to_number<int>();
    const std::size_t count = inner.size();
    inner.at(0).as_object()["stackHeight"] = 5;  // nobody stands at 2 to call it
    block.at("transactions").as_array() = json::array{*entry};
    const auto parsed = parse_block(block);
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->transactions.size(), 1U);
    std::size_t seen = 0;
    for (const Instruction& ix : parsed->transactions[0].instructions)
        if (ix.inner_index >= 0 && ix.outer_index == outer) {
            EXPECT_EQ(ix.stack_height, 0);
            ++seen;
        }
    EXPECT_EQ(seen, count);
}

}  // namespace
}  // namespace astro::solana
