#include "capabilities/identity/engine/siws.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::identity::siws {
namespace {

const TimestampNs kNow = from_unix_seconds(1'760'000'000);
const Policy kPolicy{"example.org", "https://example.org", "mainnet", 30, 900};
const auto kKey = crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 8)});

Message message() {
    crypto::SeededRandom random(1);
    return make_message(kPolicy, kKey.public_key(), "Sign in to Astrolabe.", kNow, random);
}
std::string_view judge(const std::string& text, TimestampNs now = kNow,
                       const std::string& nonce = message().nonce) {
    const auto verified =
        verify_message(kPolicy, nonce, text, kKey.sign(as_bytes(text)).view(), now);
    return verified ? "ok" : verified.error().code;
}

TEST(Siws, TheTextIsAsWalletsShowIt) {
    Message m = message();
    m.nonce = "abcdef1234567890";
    m.resources = {"https://example.org/terms"};
    m.request_id = "7";
    EXPECT_EQ(to_message(m),
              "example.org wants you to sign in with your Solana account:\n" +
                  to_base58(kKey.public_key().view()) +
                  "\n\nSign in to Astrolabe.\n\nURI: https://example.org\nVersion: 1\n"
                  "Chain ID: mainnet\nNonce: abcdef1234567890\n"
                  "Issued At: 2025-10-09T08:53:20.000Z\n"
                  "Expiration Time: 2025-10-09T09:08:20.000Z\nRequest ID: 7\nResources:\n"
                  "- https://example.org/terms");
    EXPECT_EQ(parse_message(to_message(m)).value(), m);
    m.statement.reset();
    EXPECT_EQ(parse_message(to_message(m)).value(), m);
}

TEST(Siws, ASignedMessageSignsInWithinItsTime) {
    const std::string text = to_message(message());
    EXPECT_EQ(judge(text), "ok");
    EXPECT_EQ(judge(text, kNow + seconds(929)), "ok");
    EXPECT_EQ(judge(text, kNow + seconds(930)), "siws_expired");
    EXPECT_EQ(judge(text, kNow + seconds(-31)), "siws_not_yet");
}

TEST(Siws, EachFieldIsHeld) {
    const auto with = [](auto edit) {
        Message m = message();
        edit(m);
        return judge(to_message(m));
    };
    EXPECT_EQ(with([](auto& m) { m.domain = "example.org.evil.example"; }), "siws_domain");
    EXPECT_EQ(with([](auto& m) { m.uri = "https://evil.example"; }), "siws_uri");
    EXPECT_EQ(with([](auto& m) { m.chain_id = "devnet"; }), "siws_chain");
    EXPECT_EQ(with([](auto& m) { m.nonce = "0000000000000000"; }), "siws_nonce");
    EXPECT_EQ(with([](auto& m) { m.expiration_time = "2025-10-09T09:08:20.001Z"; }),
              "siws_lifetime");
    EXPECT_EQ(with([](auto& m) { m.expiration_time = m.issued_at; }), "siws_lifetime");
    EXPECT_EQ(with([](auto& m) { m.not_before = "2025-10-09T09:00:00Z"; }), "siws_not_yet");
    EXPECT_NE(with([](auto& m) { m.issued_at = "yesterday"; }), "ok");
    EXPECT_EQ(with([](auto& m) { m.account.bytes[0] ^= 1; }), "siws_signature");
    EXPECT_EQ(judge(to_message(message()), kNow, ""), "siws_nonce");
}

TEST(Siws, OneFormOnly) {
    const std::string good = to_message(message());
    const auto edited = [&](std::string_view from, std::string_view to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return judge(text);
    };
    EXPECT_EQ(edited("\nVersion: 1", "\nVersion: 2"), "siws_malformed");
    EXPECT_EQ(edited("Chain ID", "Chain Id"), "siws_malformed");
    EXPECT_EQ(edited("\nNonce", "\r\nNonce"), "siws_chain");
    EXPECT_EQ(edited("Sign in to Astrolabe.", "a\nb"), "siws_malformed");
    EXPECT_EQ(edited(" wants you", " wants  you"), "siws_malformed");
    for (const auto& bad :
         {std::string(), std::string("\n\n\n"), good + "\n", good + "\nResources:", good + "\nx",
          "\xFF" + good, std::string(5000, 'a')})
        EXPECT_EQ(judge(bad), "siws_malformed");
}

RC_GTEST_PROP(SiwsProperty, NoFlippedBitSignsIn, ()) {
    std::string text = to_message(message());
    const auto signature = kKey.sign(as_bytes(text));
    const auto bit = *rc::gen::inRange<std::size_t>(0, text.size() * 8);
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    RC_ASSERT(!verify_message(kPolicy, message().nonce, text, signature.view(), kNow));
}

}  // namespace
}  // namespace astro::identity::siws
