#include "foundation/crypto/ed25519.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

// RFC 8032 §7.1, test 2.
TEST(Ed25519, GivesThePublishedKeyAndSignature) {
    const auto key = Ed25519Key::from_seed(SecretKey{
        parse_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value()});
    EXPECT_EQ(to_hex(key.public_key().view()),
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const Bytes message{0x72};
    EXPECT_EQ(to_hex(key.sign(message).view()),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Ed25519, VerifiesAsWycheproofSays) {
    int checked = 0;
    const auto file = load_vectors("identity/wycheproof_ed25519.json");
    for (const auto& group : file.at("testGroups").as_array()) {
        const Bytes key = hex_of(group.at("publicKey").at("pk"));
        for (const auto& test : group.at("tests").as_array()) {
            const bool valid = test.at("result").as_string() == "valid";
            EXPECT_EQ(verify_ed25519(key, hex_of(test.at("msg")), hex_of(test.at("sig"))), valid)
                << "tcId " << test.at("tcId").as_int64() << " " << test.at("comment");
            ++checked;
        }
    }
    EXPECT_EQ(checked, 113);
}

RC_GTEST_PROP(Ed25519, ChangedMessageOrSignatureDoesNotVerify, (const Bytes& message)) {
    SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    const auto key = Ed25519Key::generate(random);
    auto signature = key.sign(message);
    RC_ASSERT(verify_ed25519(key.public_key(), message, signature));
    Bytes longer = message;
    longer.push_back(0);
    RC_ASSERT(!verify_ed25519(key.public_key(), longer, signature));
    const auto bit = *rc::gen::inRange<std::size_t>(0, 512);
    signature.bytes[bit / 8] =
        static_cast<std::uint8_t>(signature.bytes[bit / 8] ^ (1U << bit % 8));
    RC_ASSERT(!verify_ed25519(key.public_key(), message, signature));
}

}  // namespace
}  // namespace astro::crypto
