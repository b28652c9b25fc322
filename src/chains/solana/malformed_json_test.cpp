// What is malformed: a transaction is left out with its reason, a document is refused with its
// byte.
#include <gtest/gtest.h>

#include <limits>

#include "chains/solana/block_json.hpp"
#include "chains/solana/test_data.hpp"

namespace astro::solana {
namespace {

namespace json = boost::json;
using test::small_block;

Result<Block> parse_block(const json::value& value) {
    BlockParser parser;
    return parser.parse_block(json::serialize(value));
}

Result<Block> parse_text(std::string_view text) {
    BlockParser parser;
    return parser.parse_any(text);
}

// ── Malformed transactions ──────────────────────────────────────────────────────────────────────

/// Applies `spoil` to the third of five transactions and expects only that one to be left out.
template <class F>
void expect_skipped(std::string_view code, F spoil, std::string_view detail = {}) {
    json::value block = small_block();
    const auto want = parse_block(block);
    spoil(block.at("transactions").at(2).as_object());
    const auto got = parse_block(block);
    ASSERT_TRUE(want && got) << code;
    ASSERT_EQ(got->skipped.size(), 1U) << code;
    EXPECT_EQ(got->skipped[0].tx_index, 2U);
    EXPECT_EQ(got->skipped[0].code, code) << got->skipped[0].detail;
    EXPECT_NE(got->skipped[0].detail.find(detail), std::string::npos) << got->skipped[0].detail;
    ASSERT_EQ(got->transactions.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t from = i < 2 ? i : i + 1;
        EXPECT_EQ(got->transactions[i].index, from);
        EXPECT_EQ(got->transactions[i].signature, want->transactions[from].signature);
        EXPECT_EQ(got->transactions[i].instructions.size(),
                  want->transactions[from].instructions.size());
        EXPECT_EQ(got->transactions[i].logs, want->transactions[from].logs);
    }
}

json::value& message(json::object& entry) {
    return entry.at("transaction").at("message");
}
json::object& first_instruction(json::object& entry) {
    return message(entry).at("instructions").at(0).as_object();
}

TEST(MalformedTransactions, IndexesOutOfRange) {
    expect_skipped(
        "account_index_out_of_range",
        [](json::object& e) { first_instruction(e)["programIdIndex"] = 200; }, "account 200 of");
    expect_skipped("account_index_out_of_range",
                   [](json::object& e) { first_instruction(e)["accounts"] = json::array{0, 999}; });
    expect_skipped("number_out_of_range",
                   [](json::object& e) { first_instruction(e)["accounts"] = json::array{70000}; });
    expect_skipped("number_out_of_range",
                   [](json::object& e) { first_instruction(e)["accounts"] = json::array{-1}; });
    expect_skipped("instruction_index_out_of_range", [](json::object& e) {
        e.at("meta").as_object()["innerInstructions"] =
            json::array{json::object{{"index", 99}, {"instructions", json::array{}}}};
    });
    expect_skipped("account_index_out_of_range", [](json::object& e) {
        e.at("meta").as_object()["preTokenBalances"] =
            json::array{json::object{{"accountIndex", 250},
                                     {"mint", "So11111111111111111111111111111111111111112"},
                                     {"uiTokenAmount", {{"amount", "5"}, {"decimals", 9}}}}};
    });
}

TEST(MalformedTransactions, WrongTypes) {
    expect_skipped("wrong_type", [](json::object& e) { e["transaction"] = 5; });
    expect_skipped("wrong_type", [](json::object& e) { e["meta"] = "yes"; });
    expect_skipped("wrong_type", [](json::object& e) { e.at("meta").as_object()["fee"] = "5000"; });
    expect_skipped("wrong_type", [](json::object& e) { e.at("meta").as_object()["fee"] = 5000.5; });
    expect_skipped("wrong_type",
                   [](json::object& e) { message(e).as_object()["accountKeys"] = 1; });
    expect_skipped("wrong_type",
                   [](json::object& e) { message(e).as_object()["instructions"] = nullptr; });
    expect_skipped("wrong_type", [](json::object& e) { first_instruction(e)["data"] = 9; });
    expect_skipped("wrong_type", [](json::object& e) {
        e.at("meta").as_object()["logMessages"] = json::array{1};
    });
    expect_skipped("missing_field",
                   [](json::object& e) { e.at("transaction").as_object().erase("message"); });
    expect_skipped("missing_field", [](json::object& e) { e.erase("transaction"); });
    expect_skipped("unsupported_version", [](json::object& e) { e["version"] = 1; });
}

TEST(MalformedTransactions, Numbers) {
    const auto fee = [](const char* text) {
        return [text](json::object& e) { e.at("meta").as_object()["fee"] = test::parse(text); };
    };
    expect_skipped("number_out_of_range", fee("-5"));
    expect_skipped("wrong_type",
                   fee("18446744073709551616"));  // serialised as 1.8446744073709552E19
    expect_skipped("number_out_of_range", [](json::object& e) {
        e.at("meta").as_object()["postTokenBalances"] = json::array{
            json::object{{"accountIndex", 0},
                         {"mint", "So11111111111111111111111111111111111111112"},
                         {"uiTokenAmount", {{"amount", "18446744073709551616"}, {"decimals", 9}}}}};
    });
}

TEST(MalformedTransactions, Texts) {
    expect_skipped("bad_pubkey", [](json::object& e) {
        message(e).at("accountKeys").as_array().at(0) = "0OIl" + std::string(40, '1');
    });
    expect_skipped("bad_pubkey", [](json::object& e) {
        message(e).at("accountKeys").as_array().at(0) = "short";
    });
    expect_skipped("bad_signature", [](json::object& e) {
        e.at("transaction").at("signatures").as_array().at(0) = std::string(88, 'z');
    });
    expect_skipped("signature_count_mismatch", [](json::object& e) {
        e.at("transaction").at("signatures").as_array().clear();
    });
    expect_skipped("bad_instruction_data",
                   [](json::object& e) { first_instruction(e)["data"] = "not base58!"; });
    expect_skipped("bad_instruction_data",
                   [](json::object& e) { first_instruction(e)["data"] = std::string(5632, '6'); });
    expect_skipped("unsupported_encoding",
                   [](json::object& e) { e["transaction"] = json::array{"AAAA", "base64+zstd"}; });
    expect_skipped("bad_encoding",
                   [](json::object& e) { e["transaction"] = json::array{"A*AA", "base64"}; });
    expect_skipped("bad_wire",
                   [](json::object& e) { e["transaction"] = json::array{"AAAA", "base64"}; });
}

TEST(MalformedTransactions, LookupsThatDoNotFit) {
    expect_skipped("lookups_mismatch", [](json::object& e) {
        message(e).as_object()["addressTableLookups"] =
            json::array{json::object{{"accountKey", "H67umcMEcGQXPBZ9sYCyHn5UpvoCpE4w5p5MQJFc5yZf"},
                                     {"writableIndexes", json::array{1, 2, 3, 4, 5, 6, 7}},
                                     {"readonlyIndexes", json::array{}}}};
    });
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(MalformedTransactions, NumbersThatOverflowOrRepeat) {
    BlockParser parser;
    const std::string text = json::serialize(small_block());
    const auto overflow =
        parser.parse_block(replaced(text, "\"fee\":25100", "\"fee\":18446744073709551616"));
    ASSERT_TRUE(overflow);
    ASSERT_EQ(overflow->skipped.size(), 1U);
    EXPECT_EQ(overflow->skipped[0].code, "number_out_of_range");
    EXPECT_EQ(overflow->transactions.size(), 4U);
    const auto largest =
        parser.parse_block(replaced(text, "\"fee\":25100", "\"fee\":18446744073709551615"));
    ASSERT_TRUE(largest);
    EXPECT_EQ(largest->transactions[0].fee_lamports, std::numeric_limits<std::uint64_t>::max());

    const auto twice =
        parser.parse_block(replaced(text, "\"fee\":25100", "\"fee\":1,\"fee\":25100"));
    ASSERT_TRUE(twice);
    ASSERT_EQ(twice->skipped.size(), 1U);
    EXPECT_EQ(twice->skipped[0].code, "duplicate_field");
    EXPECT_EQ(twice->transactions.size(), 4U);
    const auto two_hashes =
        parser.parse_block(replaced(text, "\"parentSlot\":", "\"parentSlot\":1,\"parentSlot\":"));
    ASSERT_FALSE(two_hashes);
    EXPECT_EQ(two_hashes.error().code, "not_a_block");
}

TEST(MalformedRewards, AreLeftOutAndTheTransactionsKept) {
    json::value block = small_block();
    block.as_object()["rewards"] = test::parse(
        R"([{"pubkey":"SysvarC1ock11111111111111111111111111111111","lamports":1,"postBalance":2,
            "rewardType":"Fee","commission":null},{"pubkey":"x","lamports":1}])");
    const auto parsed = parse_block(block);
    ASSERT_TRUE(parsed);
    EXPECT_FALSE(parsed->has_rewards);
    EXPECT_EQ(parsed->transactions.size(), 5U);
    ASSERT_EQ(parsed->skipped.size(), 1U);
    EXPECT_EQ(parsed->skipped[0].tx_index, kNotATransaction);
    EXPECT_EQ(parsed->skipped[0].code, "bad_reward");
}

// ── Broken documents ────────────────────────────────────────────────────────────────────────────

TEST(BrokenDocuments, EveryTruncationIsRefusedAtItsByte) {
    json::value block = small_block();
    block.at("transactions").as_array().resize(1);
    const std::string text = json::serialize(block);
    BlockParser parser;
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto cut = parser.parse_any(std::string_view(text).substr(0, size));
        ASSERT_FALSE(cut) << size;
        ASSERT_EQ(cut.error().code, "bad_json") << size;
        // The fault is the missing rest, or a word or number that it left unfinished.
        const std::size_t byte = std::stoul(cut.error().where.substr(5));
        ASSERT_LE(byte, size);
        ASSERT_GE(byte + 40, size);
    }
    EXPECT_TRUE(parser.parse_any(text));
}

TEST(BrokenDocuments, NameTheByte) {
    const auto expect = [](std::string text, std::string_view message, std::size_t byte) {
        const auto parsed = parse_text(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, "bad_json");
        EXPECT_EQ(parsed.error().message, "not valid JSON: " + std::string(message)) << text;
        EXPECT_EQ(parsed.error().where, "byte " + std::to_string(byte)) << text;
    };
    expect("", "there is nothing but space", 0);
    expect(" \n\t ", "there is nothing but space", 4);
    expect(R"({"a":NaN})", "a value is expected here", 5);
    expect(R"({"a":-Infinity})", "a malformed number", 5);
    expect(R"({"a":nan})", "a word that is not JSON", 5);
    expect(R"({"a":1,})", "a member name in quotes is expected here", 7);
    expect(R"([1,2)", "the text ends too early", 4);
    expect(R"({"a":[1,2}})", "',' or ']' is expected here", 9);
    expect(R"({"a" 1})", "':' is expected here", 5);
    expect(R"({"a":1 "b":2})", "',' or '}' is expected here", 7);
    expect(R"({"a":1}{"b":2})", "text after the end of the document", 7);
    expect("[01]", "a malformed number", 1);
    expect("[1.]", "a malformed number", 1);
    expect("[1e]", "a malformed number", 1);
    expect("[+1]", "a value is expected here", 1);
    expect(R"(["\q"])", "a string with an unknown escape", 1);
    expect(R"(["\u12g4"])", "a string with an unknown escape", 1);
    expect("[\"a\nb\"]", "a control character inside a string", 3);
    expect("[\"abc", "the text ends inside the string that begins at byte 1", 5);
    expect("[\"ab\xE4\xB8", "a byte that is not UTF-8", 4);  // cut in the middle of a character
    expect("[\"\xC0\x80\"]", "a byte that is not UTF-8", 2);
    expect("{\"a\":tru", "a word that is not JSON", 5);
}

TEST(BrokenDocuments, DepthBombs) {
    for (const std::string& bracket : {std::string("["), std::string("{\"a\":")}) {
        std::string bomb;
        for (int i = 0; i < 1'000'000; ++i) bomb += bracket;
        const auto parsed = parse_text(bomb);
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error().message, "not valid JSON: nested deeper than 64 levels");
        EXPECT_EQ(parsed.error().where, "byte " + std::to_string(64 * bracket.size()));
    }
}

TEST(BrokenDocuments, AHundredMegabytes) {
    // A block whose log is 100 MB long, and the same cut off.
    json::value block = small_block();
    block.at("transactions").as_array().resize(1);
    block.at("transactions").at(0).at("meta").at("logMessages").as_array().at(0) = "LOG";
    const std::string text =
        replaced(json::serialize(block), "\"LOG\"", '"' + std::string(100U << 20, 'x') + '"');
    BlockParser parser;
    const auto parsed = parser.parse_block(text);
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(parsed->transactions.at(0).logs.at(0).size(), 100U << 20);
    const auto cut = parser.parse_block(std::string_view(text).substr(0, text.size() - 10));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, "bad_json");
    const std::string brackets(100U << 20, ']');
    EXPECT_EQ(parser.parse_block(brackets).error().where, "byte 0");
    // Back to ordinary documents with the same parser.
    EXPECT_TRUE(parser.parse_block(json::serialize(small_block())));
}

TEST(BrokenDocuments, LargerThanTheLimit) {
    const std::string text(kMaxBlockBytes + 1, ' ');
    EXPECT_EQ(parse_text(text).error().code, "too_large");
}

}  // namespace
}  // namespace astro::solana
