#include "foundation/crypto/mnemonic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "foundation/base/encoding.hpp"

namespace astro::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

boost::json::value document(const std::string& name) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/wallets/" + name, std::ios::binary);
    return boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}
std::string text_of(const boost::json::value& v, const char* name) {
    return std::string(v.at(name).as_string());
}

TEST(Mnemonic, Bip39sVectorsGiveTheirWordsAndSeeds) {
    const auto all = document("bip39_english.json");
    EXPECT_GE(all.at("vectors").as_array().size(), 18U);
    for (const auto& v : all.at("vectors").as_array()) {
        const auto words = text_of(v, "mnemonic");
        EXPECT_EQ(words_of(parse_hex(text_of(v, "entropy")).value()), words);
        EXPECT_EQ(to_hex(parse_words(words).value()), text_of(v, "entropy"));
        EXPECT_EQ(to_hex(seed_of(words, text_of(v, "passphrase"))->view()), text_of(v, "seed"));
    }
}

RC_GTEST_PROP(Mnemonic, EveryEntropySurvivesItsWords, ()) {
    const auto size = static_cast<std::size_t>(*rc::gen::element(16, 20, 24, 28, 32));
    const auto entropy = *rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::uint8_t>());
    RC_ASSERT(parse_words(words_of(entropy)).value() == entropy);
}

TEST(Mnemonic, WhatIsNoPhraseIsRefusedWithoutRepeatingIt) {
    const std::string good =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon ";
    EXPECT_TRUE(parse_words(good + "about"));
    const std::pair<std::string, const char*> cases[] = {
        {"", "word 1"},
        {good + "abandon", "checksum"},
        {good + "secretword", "word 12"},
        {good + " about", "word 12"},
        {good + "about ", "word 13"},
        {good + "About", "word 12"},
        {good.substr(0, good.size() - 1), "has 11 words"},
        {good + good + good + "about", "more than 24"},
    };
    for (const auto& [words, why] : cases) {
        const auto parsed = parse_words(words);
        ASSERT_FALSE(parsed) << why;
        EXPECT_EQ(parsed.error().code, "bad_words");
        EXPECT_THAT(parsed.error().message, HasSubstr(why));
        EXPECT_THAT(parsed.error().message, Not(HasSubstr("secretword")));
    }
    EXPECT_EQ(seed_of(good + "about", "caf\xC3\xA9").error().code, "bad_passphrase");
}

}  // namespace
}  // namespace astro::crypto
