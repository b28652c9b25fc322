// Every field of the real blocks against a slow, obvious reading of the same text with another
// parser.
#include <gtest/gtest.h>

#include "chains/solana/block_json.hpp"
#include "chains/solana/test_data.hpp"

namespace astro::solana {
namespace {

namespace json = boost::json;
using test::share;

std::string text_of(const json::value& v) {
    return std::string(v.as_string());
}

std::vector<std::string> all_keys(const json::object& entry) {
    std::vector<std::string> keys;
    for (const auto& key : entry.at("transaction").at("message").at("accountKeys").as_array())
        keys.push_back(text_of(key));
    for (const char* kind : {"writable", "readonly"})
        for (const auto& key : entry.at("meta").at("loadedAddresses").at(kind).as_array())
            keys.push_back(text_of(key));
    return keys;
}

void expect_instruction(const json::object& want, const Transaction& tx, const Instruction& ix) {
    EXPECT_EQ(ix.program_index, want.at("programIdIndex").to_number<int>());
    std::vector<std::uint16_t> accounts;
    for (const auto& a : want.at("accounts").as_array())
        accounts.push_back(a.to_number<std::uint16_t>());
    const auto got = tx.accounts_of(ix);
    EXPECT_EQ(accounts, std::vector<std::uint16_t>(got.begin(), got.end()));
    EXPECT_EQ(to_base58(tx.data_of(ix)), tx.is_vote ? "" : text_of(want.at("data")));
    EXPECT_FALSE(ix.opaque);
}

/// Outer instructions, each followed by its inner ones.
void expect_instructions(const json::object& entry, const Transaction& tx) {
    std::size_t next = 0;
    const auto& outer = entry.at("transaction").at("message").at("instructions").as_array();
    for (std::size_t i = 0; i < outer.size(); ++i) {
        ASSERT_LT(next, tx.instructions.size());
        const Instruction& ix = tx.instructions[next++];
        EXPECT_EQ(ix.outer_index, i);
        EXPECT_EQ(ix.inner_index, -1);
        EXPECT_EQ(ix.stack_height, 1);
        expect_instruction(outer[i].as_object(), tx, ix);
        for (const auto& group : entry.at("meta").at("innerInstructions").as_array()) {
            if (group.at("index").to_number<std::size_t>() != i) continue;
            int inner_index = 0;
            for (const auto& want : group.at("instructions").as_array()) {
                ASSERT_LT(next, tx.instructions.size());
                const Instruction& inner = tx.instructions[next++];
                EXPECT_EQ(inner.outer_index, i);
                EXPECT_EQ(inner.inner_index, inner_index++);
                EXPECT_EQ(inner.stack_height, want.at("stackHeight").to_number<int>());
                expect_instruction(want.as_object(), tx, inner);
            }
        }
    }
    EXPECT_EQ(next, tx.instructions.size());
}

void expect_balances(const json::array& want, const std::vector<TokenBalance>& got) {
    ASSERT_EQ(want.size(), got.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].account_index, want[i].at("accountIndex").to_number<int>());
        EXPECT_EQ(to_text(got[i].mint), text_of(want[i].at("mint")));
        EXPECT_TRUE(got[i].has_owner && got[i].has_program);
        EXPECT_EQ(to_text(got[i].owner), text_of(want[i].at("owner")));
        EXPECT_EQ(to_text(got[i].program), text_of(want[i].at("programId")));
        EXPECT_EQ(std::to_string(got[i].amount), text_of(want[i].at("uiTokenAmount").at("amount")));
        EXPECT_EQ(got[i].decimals, want[i].at("uiTokenAmount").at("decimals").to_number<int>());
    }
}

void expect_lamports(const json::array& want, const std::vector<std::uint64_t>& got) {
    ASSERT_EQ(want.size(), got.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        EXPECT_EQ(got[i], want[i].to_number<std::uint64_t>());
}

void expect_meta(const json::object& meta, const Transaction& tx) {
    EXPECT_TRUE(tx.has_meta);
    EXPECT_TRUE(tx.balances_consistent);
    EXPECT_EQ(tx.failed, !meta.at("err").is_null());
    EXPECT_EQ(tx.error, tx.failed ? json::serialize(meta.at("err")) : "");
    EXPECT_EQ(tx.fee_lamports, meta.at("fee").to_number<std::uint64_t>());
    EXPECT_EQ(tx.compute_units, meta.at("computeUnitsConsumed").to_number<std::uint64_t>());
    expect_lamports(meta.at("preBalances").as_array(), tx.pre_lamports);
    expect_lamports(meta.at("postBalances").as_array(), tx.post_lamports);
    if (tx.is_vote) {
        EXPECT_TRUE(tx.logs.empty() && tx.pre_tokens.empty() && tx.post_tokens.empty());
        return;
    }
    expect_balances(meta.at("preTokenBalances").as_array(), tx.pre_tokens);
    expect_balances(meta.at("postTokenBalances").as_array(), tx.post_tokens);
    const auto& logs = meta.at("logMessages").as_array();
    ASSERT_EQ(logs.size(), tx.logs.size());
    for (std::size_t i = 0; i < logs.size(); ++i) EXPECT_EQ(tx.logs[i], text_of(logs[i]));
}

bool is_vote(const json::object& entry) {
    const auto keys = all_keys(entry);
    for (const auto& ix : entry.at("transaction").at("message").at("instructions").as_array())
        if (keys[ix.at("programIdIndex").to_number<std::size_t>()] !=
            "Vote111111111111111111111111111111111111111")
            return false;
    return true;
}

void expect_transaction(const json::object& entry, const Transaction& tx) {
    const auto& signatures = entry.at("transaction").at("signatures").as_array();
    EXPECT_EQ(to_text(tx.signature), text_of(signatures[0]));
    EXPECT_EQ(tx.signature_count, signatures.size());
    EXPECT_EQ(tx.version, entry.at("version").is_string() ? -1 : 0);
    EXPECT_EQ(tx.is_vote, is_vote(entry));
    const auto keys = all_keys(entry);
    ASSERT_EQ(tx.keys.size(), keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(to_text(tx.keys[i]), keys[i]);
    EXPECT_EQ(tx.static_key_count,
              entry.at("transaction").at("message").at("accountKeys").as_array().size());
    expect_instructions(entry, tx);
    expect_meta(entry.at("meta").as_object(), tx);
}

void expect_block(const std::string& text) {
    BlockParser parser;
    const auto block = parser.parse_block(text);
    ASSERT_TRUE(block) << block.error().text();
    const json::value want = test::parse(text);
    EXPECT_TRUE(block->skipped.empty());
    EXPECT_EQ(to_text(block->blockhash), text_of(want.at("blockhash")));
    EXPECT_EQ(to_text(block->previous_blockhash), text_of(want.at("previousBlockhash")));
    EXPECT_EQ(block->parent_slot.value(), want.at("parentSlot").to_number<std::uint64_t>());
    EXPECT_EQ(block->slot.value(), block->parent_slot.value() + 1);
    EXPECT_TRUE(block->slot_assumed);
    EXPECT_EQ(block->height, want.at("blockHeight").to_number<std::uint64_t>());
    EXPECT_EQ(block->time, from_unix_seconds(want.at("blockTime").to_number<std::int64_t>()));
    const auto& transactions = want.at("transactions").as_array();
    ASSERT_EQ(block->transactions.size(), transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        SCOPED_TRACE("transaction " + std::to_string(i));
        EXPECT_EQ(block->transactions[i].index, i);
        expect_transaction(transactions[i].as_object(), block->transactions[i]);
    }
}

TEST(BlockReference, Block285000037) {
    expect_block(share("blocks/block_285000037.json"));
}

TEST(BlockReference, Block254170887) {
    expect_block(share("blocks/block_254170887_part1.json"));
}

void expect_equal(const Transaction& a, const Transaction& b) {
    EXPECT_EQ(a.signature, b.signature);
    EXPECT_EQ(a.index, b.index);
    EXPECT_EQ(a.signature_count, b.signature_count);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.failed, b.failed);
    EXPECT_EQ(a.is_vote, b.is_vote);
    EXPECT_EQ(a.has_meta, b.has_meta);
    EXPECT_EQ(a.balances_consistent, b.balances_consistent);
    EXPECT_EQ(a.fee_lamports, b.fee_lamports);
    EXPECT_EQ(a.compute_units, b.compute_units);
    EXPECT_EQ(a.keys, b.keys);
    EXPECT_EQ(a.static_key_count, b.static_key_count);
    EXPECT_EQ(a.pre_lamports, b.pre_lamports);
    EXPECT_EQ(a.post_lamports, b.post_lamports);
    EXPECT_EQ(a.pre_tokens.size(), b.pre_tokens.size());
    EXPECT_EQ(a.post_tokens.size(), b.post_tokens.size());
    EXPECT_EQ(a.logs, b.logs);
    EXPECT_EQ(a.error, b.error);
    ASSERT_EQ(a.instructions.size(), b.instructions.size());
    for (std::size_t i = 0; i < a.instructions.size(); ++i) {
        const Instruction &x = a.instructions[i], &y = b.instructions[i];
        EXPECT_EQ(x.program_index, y.program_index);
        EXPECT_EQ(x.outer_index, y.outer_index);
        EXPECT_EQ(x.inner_index, y.inner_index);
        EXPECT_EQ(x.stack_height, y.stack_height);
        EXPECT_TRUE(std::ranges::equal(a.accounts_of(x), b.accounts_of(y)));
        EXPECT_TRUE(std::ranges::equal(a.data_of(x), b.data_of(y)));
    }
}

TEST(BlockReference, Base64SaysTheSameAsJson) {
    BlockParser parser;
    const auto encoded = parser.parse_block(share("blocks/block_254170887_base64_first40.json"));
    const auto decoded = parser.parse_block(share("blocks/block_254170887_part1.json"));
    ASSERT_TRUE(encoded && decoded);
    EXPECT_EQ(encoded->blockhash, decoded->blockhash);
    EXPECT_EQ(encoded->time, decoded->time);
    ASSERT_EQ(encoded->transactions.size(), 40U);
    for (std::size_t i = 0; i < 40; ++i) {
        SCOPED_TRACE("transaction " + std::to_string(i));
        expect_equal(encoded->transactions[i], decoded->transactions[i]);
    }
}

/// base58 of the same bytes, both as ["…", "base58"] and as the bare text of old nodes.
TEST(BlockReference, Base58SaysTheSameAsBase64) {
    const std::string text = share("blocks/block_254170887_base64_first40.json");
    json::value pair = test::parse(text), bare = pair;
    for (std::size_t i = 0; i < 40; ++i) {
        const auto& encoded = pair.at("transactions").at(i).at("transaction").at(0).as_string();
        const std::string base58 = to_base58(parse_base64(encoded).value());
        pair.at("transactions").at(i).at("transaction") = json::array{base58, "base58"};
        bare.at("transactions").at(i).at("transaction") = base58;
    }
    BlockParser parser;
    const auto want = parser.parse_block(text);
    const auto from_pair = parser.parse_block(json::serialize(pair));
    const auto from_bare = parser.parse_block(json::serialize(bare));
    ASSERT_TRUE(want && from_pair && from_bare);
    ASSERT_EQ(from_pair->transactions.size(), 40U);
    ASSERT_EQ(from_bare->transactions.size(), 40U);
    for (std::size_t i = 0; i < 40; ++i) {
        expect_equal(want->transactions[i], from_pair->transactions[i]);
        expect_equal(want->transactions[i], from_bare->transactions[i]);
    }
}

TEST(BlockReference, DevnetBlockWithRentRewards) {
    BlockParser parser;
    const auto block = parser.parse_block(share("blocks/block_270893658_base64.json"));
    ASSERT_TRUE(block) << block.error().text();
    EXPECT_EQ(block->transactions.size(), 57U);
    EXPECT_TRUE(block->skipped.empty());
    ASSERT_EQ(block->rewards.size(), 6U);
    EXPECT_EQ(block->rewards[0].type, "Rent");
    EXPECT_EQ(block->rewards[0].lamports, -46);
    EXPECT_FALSE(block->rewards[0].commission);
}

}  // namespace
}  // namespace astro::solana
