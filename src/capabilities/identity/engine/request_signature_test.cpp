#include "capabilities/identity/engine/request_signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kNowMs = 1'760'000'000'000;
const TimestampNs kNow{kNowMs * 1'000'000};
const crypto::Ed25519Key kKey = crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 3)});
const crypto::SecretKey kShared{Bytes(32, 4)};

SignedRequest request() {
    SignedRequest r;
    r.key = parse_id<ApiKeyId>("000102030405060708090a0b0c0d0e0f").value();
    r.timestamp_ms = kNowMs;
    r.nonce = "0123456789abcdef";
    r.method = "POST";
    r.target = "/api/v1/exchange/orders?dry=1";
    r.body_hash = crypto::sha256(as_bytes("{}"));
    return r;
}

std::string sign_ed25519(const SignedRequest& r) {
    return to_base64url(kKey.sign(as_bytes(canonical_text(r))).view());
}
std::string sign_hmac(const SignedRequest& r) {
    return to_base64url(crypto::hmac_sha256(kShared.view(), as_bytes(canonical_text(r))).view());
}
std::string_view judge(const SignedRequest& r, std::string_view signature,
                       const SigningSecret& secret = kKey.public_key()) {
    const auto verified = verify_request(r, secret, signature, kNow, 5'000);
    return verified ? "ok" : verified.error().code;
}

TEST(RequestSignature, TheTextIsAsDocumented) {
    EXPECT_EQ(canonical_text(request()),
              "ASTROLABE-1\n000102030405060708090a0b0c0d0e0f\n1760000000000\n0123456789abcdef\n"
              "POST\n/api/v1/exchange/orders?dry=1\n"
              "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST(RequestSignature, BothKindsVerifyAndDoNotMix) {
    EXPECT_EQ(judge(request(), sign_ed25519(request())), "ok");
    EXPECT_EQ(judge(request(), sign_hmac(request()), kShared), "ok");
    EXPECT_EQ(judge(request(), sign_hmac(request())), "bad_signature");
    EXPECT_EQ(judge(request(), sign_ed25519(request()), kShared), "bad_signature");
    // The public key used as an HMAC secret: what algorithm confusion would try.
    const auto confused =
        crypto::hmac_sha256(kKey.public_key().view(), as_bytes(canonical_text(request())));
    EXPECT_EQ(judge(request(), to_base64url(confused.view())), "bad_signature");
}

TEST(RequestSignature, EveryFieldIsSigned) {
    const auto signature = sign_ed25519(request());
    const auto edits = {
        +[](SignedRequest& r) { r.key.bytes[0] = 9; },
        +[](SignedRequest& r) { r.timestamp_ms += 1; },
        +[](SignedRequest& r) { r.nonce = "0123456789abcdeg"; },
        +[](SignedRequest& r) { r.method = "PUT"; },
        +[](SignedRequest& r) { r.target = "/api/v1/exchange/orders?dry=0"; },
        +[](SignedRequest& r) { r.body_hash.bytes[31] ^= 1; },
    };
    for (const auto edit : edits) {
        SignedRequest r = request();
        edit(r);
        EXPECT_EQ(judge(r, signature), "bad_signature");
    }
}

TEST(RequestSignature, TheWindowIsClosedAtBothEnds) {
    const auto at = [](std::int64_t offset_ms) {
        SignedRequest r = request();
        r.timestamp_ms += offset_ms;
        return judge(r, sign_ed25519(r));
    };
    EXPECT_EQ(at(-5'000), "ok");
    EXPECT_EQ(at(5'000), "ok");
    EXPECT_EQ(at(-5'001), "request_too_old");
    EXPECT_EQ(at(5'001), "request_from_future");
    SignedRequest r = request();
    for (const auto extreme : {INT64_MIN, INT64_MAX, std::int64_t{0}}) {
        r.timestamp_ms = extreme;
        EXPECT_NE(judge(r, sign_ed25519(r)), "ok");
    }
    r = request();
    r.timestamp_ms -= kReceiveWindowMaxMs + 1;
    EXPECT_EQ(verify_request(r, kKey.public_key(), sign_ed25519(r), kNow, INT64_MAX).error().code,
              "request_too_old")
        << "a client cannot ask for any window";
}

TEST(RequestSignature, RefusesBadNoncesLineBreaksAndBadSignatures) {
    SignedRequest r = request();
    for (const char* bad :
         {"", "short", "0123456789abcde\n", "0123456789abcde ", "0123456789abcdé"}) {
        r.nonce = bad;
        EXPECT_EQ(judge(r, sign_ed25519(r)), "nonce_malformed") << bad;
    }
    r = request();
    r.method = "GET\n/other";
    EXPECT_EQ(judge(r, sign_ed25519(r)), "request_malformed");
    const auto good = sign_ed25519(request());
    for (const auto& bad :
         {std::string(), good + "=", good.substr(1), good + "AAAA", std::string("!")})
        EXPECT_EQ(judge(request(), bad), "bad_signature");
}

TEST(NonceCache, ARepeatedNonceIsRefusedForItsKeyOnly) {
    NonceCache cache(10, 100);
    EXPECT_TRUE(cache.remember(request(), kNow, 5'000));
    EXPECT_EQ(cache.remember(request(), kNow, 5'000).error().code, "nonce_replayed");
    SignedRequest other = request();
    other.key.bytes[0] = 1;
    EXPECT_TRUE(cache.remember(other, kNow, 5'000));
}

TEST(NonceCache, RemembersAsLongAsTheRequestWouldBeAccepted) {
    NonceCache cache(10, 100);
    SignedRequest r = request();
    r.timestamp_ms += 5'000;  // a client whose clock is ahead: acceptable for 10 s from now
    EXPECT_TRUE(cache.remember(r, kNow, 5'000));
    EXPECT_EQ(cache.remember(r, kNow + seconds(10), 5'000).error().code, "nonce_replayed");
    EXPECT_FALSE(
        verify_request(r, kKey.public_key(), sign_ed25519(r), kNow + milliseconds(10'001), 5'000));
    SignedRequest later = request();
    later.nonce = "fedcba9876543210";
    EXPECT_TRUE(cache.remember(later, kNow + seconds(11), 5'000));
    EXPECT_EQ(cache.size(), 1U) << "what can no longer be replayed is forgotten";
}

TEST(NonceCache, IsBoundedAndRefusesRatherThanForgets) {
    NonceCache cache(3, 5);
    const auto send = [&](std::uint8_t key, int nonce) {
        SignedRequest r = request();
        r.key.bytes[0] = key;
        r.nonce += std::to_string(nonce);
        const auto remembered = cache.remember(r, kNow, 5'000);
        return remembered ? std::string_view("ok") : remembered.error().code;
    };
    for (int i = 0; i < 3; ++i) EXPECT_EQ(send(1, i), "ok");
    EXPECT_EQ(send(1, 3), "too_many_requests");
    EXPECT_EQ(send(2, 0), "ok") << "one key's flood is not another's";
    EXPECT_EQ(send(2, 1), "ok");
    EXPECT_EQ(send(3, 0), "too_many_requests");
    EXPECT_EQ(send(1, 0), "nonce_replayed");
}

}  // namespace
}  // namespace astro::identity
