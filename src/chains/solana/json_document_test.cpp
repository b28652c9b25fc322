#include "chains/solana/json_document.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <random>

#include "chains/solana/test_data.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::solana {
namespace {

TEST(JsonDocument, WalksInAnyOrderAndSkips) {
    JsonDocument document;
    const std::string text =
        " { \"a\" : [ 1 , {\"x\":[[],{}]} , \"s\" ] ,\n \"b\" : null, \"c\":{} , \"d\":true } ";
    const auto root = document.load(text);
    ASSERT_TRUE(root) << root.error().text();
    std::vector<std::string> keys;
    std::vector<JsonValue> values;
    for (const JsonField field : root->fields()) {
        keys.emplace_back(field.key);
        values.push_back(field.value);
    }
    EXPECT_EQ(keys, (std::vector<std::string>{"a", "b", "c", "d"}));
    EXPECT_TRUE(values[3].is_true());
    EXPECT_TRUE(values[1].is_null());
    EXPECT_FALSE(values[1].has_value());
    EXPECT_EQ(values[2].json(), "{}");
    std::vector<std::string> items;
    for (const JsonValue item : values[0].items()) items.push_back(item.json());
    EXPECT_EQ(items, (std::vector<std::string>{"1", R"({"x":[[],{}]})", "\"s\""}));
    EXPECT_EQ(values[0].byte(), 9U);
    EXPECT_EQ(root->json(), R"({"a":[1,{"x":[[],{}]},"s"],"b":null,"c":{},"d":true})");
    for ([[maybe_unused]] const JsonValue item : values[2].items()) FAIL();
    for ([[maybe_unused]] const JsonField field : values[2].fields()) FAIL();
    for ([[maybe_unused]] const JsonField field : values[0].fields()) FAIL();
    EXPECT_FALSE(JsonValue().present());
}

TEST(JsonDocument, ResolvesEscapes) {
    JsonDocument document;
    const auto text_of = [&](const std::string& text) {
        const auto root = document.load(text);
        EXPECT_TRUE(root) << text;
        return root ? root->string() : "";
    };
    EXPECT_EQ(text_of(R"("plain")"), "plain");
    EXPECT_EQ(text_of(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(text_of(R"("\u0041\u00fc\u4e16\ud83d\ude80")"), "Aü世🚀");
    EXPECT_EQ(text_of(R"("\ud83d")"), "\xEF\xBF\xBD");  // lone surrogates
    EXPECT_EQ(text_of(R"("\ude80x\ud83d\u0041")"),
              "\xEF\xBF\xBDx\xEF\xBF\xBD"
              "A");
    EXPECT_EQ(text_of(R"("\\")"), "\\");
    EXPECT_EQ(text_of(R"("a\\\"b")"), "a\\\"b");
}

TEST(JsonDocument, KeepsNothingOfTheDocumentBefore) {
    JsonDocument document;
    ASSERT_TRUE(document.load("[[[1,2,3],[4,5,6]],{\"a\":[]}]"));
    ASSERT_FALSE(document.load("[[[1,2"));
    const std::string text = "[[],[]]";
    const auto root = document.load(text);
    ASSERT_TRUE(root);
    EXPECT_EQ(root->json(), text);
}

/// The same verdict as simdjson's own full parser, on documents broken in a few places. Left out is
/// what that parser refuses beyond RFC 8259: numbers that fit no double and lone surrogates.
TEST(JsonDocument, JudgesAsTheReferenceParserDoes) {
    const std::string seed_text =
        test::share("transactions/tx-parser__pumpfun_sell_0.json").substr(0, 1500) +
        R"(","x":[true,false,null,-1.5e-3,0,"\n\\"],"y":{}},"z":"\u00e9é"}]}]}})";
    constexpr std::string_view kPieces = "{}[]\",:\\0123456789-+.eEntrfalsu \n\x80\xC3\x01";
    std::mt19937_64 random(20261120);
    JsonDocument document;
    simdjson::dom::parser reference;
    std::size_t accepted = 0;
    for (int round = 0; round < 60'000; ++round) {
        const std::size_t from = random() % seed_text.size();
        std::string text = round % 2 == 0 ? seed_text.substr(from, random() % 60)
                                          : R"({"a":[1,-2.5e3,true],"b":{"c":"d\"e"},"f":[null]})";
        for (std::uint64_t n = random() % 3; n > 0 && !text.empty(); --n)
            text[random() % text.size()] = kPieces[random() % kPieces.size()];
        if (text.find("\\u") != std::string::npos) continue;
        const bool good = document.load(text).has_value();
        const auto judged = reference.parse(simdjson::padded_string(text)).error();
        if (judged == simdjson::NUMBER_ERROR && good) continue;
        ASSERT_EQ(good, judged == simdjson::SUCCESS) << text << "\n" << judged;
        accepted += good ? 1 : 0;
    }
    EXPECT_GT(accepted, 5'000U);
}

RC_GTEST_PROP(JsonDocumentProperties, StringsComeBack, ()) {
    const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "a", " ", "\\", "\"", "/", "\n", "\x01", "{", ":", "ü", "世", "🚀", "\x7F"));
    std::string text;
    for (const auto& part : parts) text += part;
    const std::string quoted = boost::json::serialize(boost::json::value(text));
    JsonDocument document;
    const auto root = document.load(quoted);
    RC_ASSERT(root.has_value());
    RC_ASSERT(root->string() == text);
}

}  // namespace
}  // namespace astro::solana
