#include "chains/stellar/muxed_account.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::stellar {
namespace {

// SEP-23's examples, addresses in use, and derived rejects.
TEST(StrKey, VectorsAreReadOrRefused) {
    int valid = 0, invalid = 0;
    const auto file = crypto::load_vectors("stellar/strkey.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        const std::string text = crypto::text_of(v.at("strkey"));
        const auto key = parse_strkey(text);
        if (v.at("valid").as_bool()) {
            ++valid;
            ASSERT_TRUE(key) << text << " " << key.error().text();
            EXPECT_EQ(enum_name(key->kind), crypto::text_of(v.at("type")));
            EXPECT_EQ(to_hex(key->payload), crypto::text_of(v.at("payload_hex")));
            EXPECT_EQ(to_strkey(key->kind, key->payload), text);
        } else {
            ++invalid;
            ASSERT_FALSE(key) << text;
            EXPECT_EQ(key.error().code, "bad_strkey");
        }
    }
    EXPECT_EQ(valid, 90);
    EXPECT_EQ(invalid, 38);
}

TEST(StrKey, AnAccountIsAnAccount) {
    const auto account =
        parse_account("GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ").value();
    EXPECT_EQ(to_text(account), "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ");
    EXPECT_FALSE(parse_account("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA"));
}

TEST(StrKey, MuxedAccountsReadBack) {
    const char* muxed = "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ";
    EXPECT_EQ(to_text(parse_muxed_account(muxed).value()), muxed);
    EXPECT_EQ(parse_muxed_account(muxed)->id, 0U);
    EXPECT_FALSE(parse_muxed_account("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA"));
}

TEST(StrKey, ARefusalDoesNotRepeatASecret) {
    const std::string seed = "SC5TCQOYPM3LMIWOYJA2SVIGDTDLSO4AIKXNAQKJRHTYZJLPDLHL22H2";
    const auto refused = parse_account(seed);
    EXPECT_EQ(refused.error().text().find(seed.substr(0, 10)), std::string::npos);
}

RC_GTEST_PROP(StrKeyProperty, NoChangedCharacterIsAccepted, ()) {
    crypto::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    std::string text = to_strkey(StrKeyKind::ed25519_public_key, random.bytes(32));
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const char other = *rc::gen::arbitrary<char>();
    RC_PRE(other != text[at]);
    text[at] = other;
    RC_ASSERT(!parse_strkey(text));
}

}  // namespace
}  // namespace astro::stellar
