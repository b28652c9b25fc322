#include "foundation/crypto/key_derivation.hpp"

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

/// Whether the key is what the longer output of a vector begins with.
bool begins(const Bytes& whole, const SecretKey& key) {
    const std::size_t size = std::min(whole.size(), SecretKey::kSize);
    return equal_constant_time(ByteView(whole).first(size), key.view().first(size));
}

TEST(Hkdf, AgreesWithWycheproof) {
    int checked = 0;
    const auto file = load_vectors("wallets/wycheproof_hkdf_sha256.json");
    for (const auto& group : file.at("testGroups").as_array())
        for (const auto& test : group.at("tests").as_array()) {
            if (test.at("result").as_string() != "valid") continue;  // of lengths we do not offer
            const SecretKey key = hkdf_sha256(hex_of(test.at("ikm")), hex_of(test.at("salt")),
                                              hex_of(test.at("info")));
            EXPECT_TRUE(begins(hex_of(test.at("okm")), key)) << test.at("tcId");
            ++checked;
        }
    EXPECT_GT(checked, 50);
}

TEST(Pbkdf2, AgreesWithWycheproof) {
    int checked = 0;
    const auto file = load_vectors("wallets/wycheproof_pbkdf2_hmac_sha256.json");
    for (const auto& group : file.at("testGroups").as_array())
        for (const auto& test : group.at("tests").as_array()) {
            const auto rounds = static_cast<std::uint32_t>(test.at("iterationCount").as_int64());
            const SecretKey key =
                pbkdf2_sha256(hex_of(test.at("password")), hex_of(test.at("salt")), rounds);
            EXPECT_TRUE(begins(hex_of(test.at("dk")), key)) << test.at("tcId");
            ++checked;
        }
    EXPECT_EQ(checked, 45);
}

TEST(Pbkdf2, AgreesAtTheRecommendedWorkFactor) {
    int checked = 0;
    const auto file = load_vectors("wallets/pbkdf2_owasp.json");
    for (const auto& test : file.at("vectors").as_array()) {
        if (test.at("hash").as_string() != "sha256") continue;
        const SecretKey key =
            pbkdf2_sha256(as_bytes(text_of(test.at("password_utf8"))), hex_of(test.at("salt_hex")),
                          static_cast<std::uint32_t>(test.at("iterations").as_int64()));
        EXPECT_TRUE(begins(hex_of(test.at("dk_hex")), key)) << test.at("id");
        ++checked;
    }
    EXPECT_EQ(checked, 3);
}

}  // namespace
}  // namespace astro::crypto
