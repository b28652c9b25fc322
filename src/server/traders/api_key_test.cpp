#include "server/traders/api_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "capabilities/identity/engine/request_signature.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/random.hpp"

namespace astro::traders {
namespace {

const std::string kId = "00112233445566778899aabbccddeeff";

struct ApiKeyTest : testing::Test {
    ~ApiKeyTest() override { std::filesystem::remove(file); }
    void write(std::string_view text) { std::ofstream(file, std::ios::binary) << text; }

    std::string file = (std::filesystem::temp_directory_path() /
                        ("astrolabe_api_key_test_" + std::to_string(::getpid())))
                           .string();
    crypto::SystemRandom random;
    crypto::Ed25519Key key = crypto::Ed25519Key::generate(random);
};

TEST_F(ApiKeyTest, ComesBackFromItsFileWhichIsPrivate) {
    ASSERT_TRUE(save_private_key(file, key));
    struct stat info{};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    const auto loaded = load_api_key(kId, file);
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(std::get<crypto::Ed25519Key>(loaded->secret).public_key(), key.public_key());
}

TEST_F(ApiKeyTest, RefusesWhatIsNoKey) {
    EXPECT_EQ(load_api_key(kId, file).error().code, "bad_key_file");
    EXPECT_EQ(load_api_key("x", file).error().code, "bad_key_id");
    for (const auto* text : {"", "-----BEGIN PRIVATE KEY-----\n",
                             "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
                             "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----",
                             "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        write(text);
        EXPECT_EQ(load_api_key(kId, file).error().code, "bad_key_file") << text;
    }
}

TEST_F(ApiKeyTest, SignsWhatTheServerVerifies) {
    const TimestampNs now = from_unix_seconds(1'800'000'000);
    const auto headers = sign_request({kId, key}, "POST", "/api/v1/exchange/orders?x=1", "{}", now);
    identity::SignedRequest request;
    request.key = identity::parse_id<identity::ApiKeyId>(*headers.find("x-astrolabe-key")).value();
    request.timestamp_ms = std::stoll(std::string(*headers.find("x-astrolabe-timestamp")));
    request.nonce = *headers.find("x-astrolabe-nonce");
    request.method = "POST";
    request.target = "/api/v1/exchange/orders?x=1";
    request.body_hash = crypto::sha256(as_bytes("{}"));
    const auto signature = *headers.find("x-astrolabe-signature");
    EXPECT_TRUE(identity::verify_request(request, key.public_key(), signature, now, 5'000));
    request.method = "DELETE";
    EXPECT_FALSE(identity::verify_request(request, key.public_key(), signature, now, 5'000));
    EXPECT_NE(*sign_request({kId, key}, "GET", "/", "", now).find("x-astrolabe-nonce"),
              *sign_request({kId, key}, "GET", "/", "", now).find("x-astrolabe-nonce"));
}

TEST_F(ApiKeyTest, SignsWithTheSecretOfAnHmacKeyToo) {
    const auto secret = random.secret_key();
    write(to_base64url(secret.view()) + "\n");
    const auto loaded = load_api_key(kId, file).value();
    const TimestampNs now = from_unix_seconds(1'800'000'000);
    const auto headers = sign_request(loaded, "GET", "/ws/live", "", now);
    identity::SignedRequest request;
    request.key = identity::parse_id<identity::ApiKeyId>(kId).value();
    request.timestamp_ms = now.value() / 1'000'000;
    request.nonce = *headers.find("x-astrolabe-nonce");
    request.method = "GET";
    request.target = "/ws/live";
    request.body_hash = crypto::sha256({});
    EXPECT_TRUE(identity::verify_request(request, secret, *headers.find("x-astrolabe-signature"),
                                         now, 5'000));
}

}  // namespace
}  // namespace astro::traders
