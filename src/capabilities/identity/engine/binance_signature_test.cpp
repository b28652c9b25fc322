#include "capabilities/identity/engine/binance_signature.hpp"

#include <gtest/gtest.h>

#include "foundation/base/encoding.hpp"
#include "foundation/base/percent.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kNowMs = 1'760'000'000'000;
const TimestampNs kNow{kNowMs * 1'000'000};
const crypto::Ed25519Key kKey = crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 3)});
const crypto::SecretKey kShared{Bytes(32, 4)};
const ApiKeyId kId = parse_id<ApiKeyId>("000102030405060708090a0b0c0d0e0f").value();

/// As a client signs that holds the secret as it was shown.
std::string hmac_hex(std::string_view payload) {
    const std::string shown = to_base64url(kShared.view());
    return to_hex(crypto::hmac_sha256(as_bytes(shown), as_bytes(payload)).view());
}
std::string_view judge(std::string_view query, std::string_view body,
                       const SigningSecret& secret = kShared, TimestampNs now = kNow) {
    const auto request = read_binance_request(kId, query, body);
    if (!request) return request.error().code;
    const auto verified = verify_binance_request(*request, secret, now);
    return verified ? "ok" : verified.error().code;
}
std::string with_signature(const std::string& query) {
    return query + "&signature=" + hmac_hex(query);
}

const std::string kQuery = "symbol=SOLUSDC&side=BUY&timestamp=1760000000000";

TEST(BinanceSignature, TheExampleOfBinancesOwnDocumentationVerifies) {
    // "How to sign": an HMAC of these very parameters under this secret, as it is printed there.
    const std::string payload =
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
        "&timestamp=1499827319559";
    const std::string secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    EXPECT_EQ(to_hex(crypto::hmac_sha256(as_bytes(secret), as_bytes(payload)).view()),
              "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    const auto request = read_binance_request(kId, payload + "&signature=c8db", "");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->payload, payload);
    EXPECT_EQ(request->timestamp_ms, 1499827319559);
    EXPECT_EQ(request->window_ms, 5000);
}

TEST(BinanceSignature, StandsInQueryOrBodyAndCoversBoth) {
    EXPECT_EQ(judge(with_signature(kQuery), ""), "ok");
    EXPECT_EQ(judge("", with_signature(kQuery)), "ok");
    const std::string first = "symbol=SOLUSDC&side=BUY", second = "timestamp=1760000000000";
    EXPECT_EQ(judge(first, second + "&signature=" + hmac_hex(first + second)), "ok");
    EXPECT_EQ(judge("signature=" + hmac_hex(kQuery) + "&" + kQuery, ""), "ok")
        << "wherever it stands";
    EXPECT_EQ(judge(with_signature(kQuery) + "&quantity=9", ""), "bad_signature");
    EXPECT_EQ(judge(with_signature(kQuery), "quantity=9"), "bad_signature");
}

TEST(BinanceSignature, Ed25519IsBase64) {
    const auto signature = to_base64(kKey.sign(as_bytes(kQuery)).view());
    EXPECT_EQ(judge(kQuery + "&signature=" + percent_encode(signature), "", kKey.public_key()),
              "ok");
    EXPECT_EQ(judge(with_signature(kQuery), "", kKey.public_key()), "bad_signature");
    EXPECT_EQ(judge(kQuery + "&signature=" + percent_encode(signature), ""), "bad_signature");
}

TEST(BinanceSignature, TimeHasItsWindowBehindAndASecondAhead) {
    const auto at = [](std::int64_t ms) { return TimestampNs{(kNowMs + ms) * 1'000'000}; };
    const std::string wide = kQuery + "&recvWindow=60000";
    EXPECT_EQ(judge(with_signature(kQuery), "", kShared, at(5'000)), "ok");
    EXPECT_EQ(judge(with_signature(kQuery), "", kShared, at(5'001)), "request_too_old");
    EXPECT_EQ(judge(with_signature(wide), "", kShared, at(60'000)), "ok");
    EXPECT_EQ(judge(with_signature(kQuery), "", kShared, at(-1'000)), "ok");
    EXPECT_EQ(judge(with_signature(kQuery), "", kShared, at(-1'001)), "request_from_future");
}

TEST(BinanceSignature, SaysWhatIsMissing) {
    EXPECT_EQ(judge("symbol=SOLUSDC", ""), "timestamp_missing");
    EXPECT_EQ(judge("timestamp=soon", ""), "timestamp_missing");
    EXPECT_EQ(judge("timestamp=-5", ""), "timestamp_missing");
    EXPECT_EQ(judge(kQuery, ""), "signature_missing");
    EXPECT_EQ(judge(kQuery + "&recvWindow=60001", ""), "receive_window");
    EXPECT_EQ(judge(kQuery + "&recvWindow=", ""), "receive_window");
    EXPECT_EQ(judge(kQuery + "&signature=xyz", ""), "bad_signature");
}

TEST(BinanceSignature, TheSameDeedUnderTheSameSignatureIsTheSameNonce) {
    auto first = read_binance_request(kId, with_signature(kQuery), "").value();
    first.deed = "DELETE /fapi/v1/order";
    auto elsewhere = first;
    elsewhere.deed = "DELETE /fapi/v1/allOpenOrders";
    auto again = read_binance_request(kId, "", with_signature(kQuery)).value();
    again.deed = first.deed;
    NonceCache seen(10, 10);
    EXPECT_TRUE(seen.remember(remembered(first), kNow, first.window_ms));
    EXPECT_TRUE(seen.remember(remembered(elsewhere), kNow, first.window_ms));
    const auto second = seen.remember(remembered(again), kNow, again.window_ms);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "nonce_replayed");
}

}  // namespace
}  // namespace astro::identity
