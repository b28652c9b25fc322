#include "foundation/crypto/password_hash.hpp"

#include <gtest/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

std::string unpadded(ByteView bytes) {
    std::string text = to_base64(bytes);
    return text.substr(0, text.find('='));
}

std::string encoded_of(const boost::json::object& v) {
    if (const auto* encoded = v.if_contains("encoded")) return text_of(*encoded);
    const auto number = [&](const char* name) { return std::to_string(v.at(name).as_int64()); };
    return "$argon2id$v=19$m=" + number("m_kib") + ",t=" + number("t") + ",p=" + number("p") + "$" +
           unpadded(hex_of(v.at("salt_hex"))) + "$" + unpadded(hex_of(v.at("tag_hex")));
}

// The reference implementation's vectors and others at OWASP's settings, several lanes too.
TEST(PasswordHash, VerifiesThePublishedHashes) {
    const auto file = load_vectors("identity/argon2id.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        const std::string hash = encoded_of(v);
        EXPECT_TRUE(verify_password(hash, text_of(v.at("password_utf8")))) << hash;
        EXPECT_FALSE(verify_password(hash, text_of(v.at("password_utf8")) + " ")) << hash;
    }
    EXPECT_EQ(file.at("vectors").as_array().size(), 14U);
}

TEST(PasswordHash, GivesThePublishedBytes) {
    int checked = 0;
    const auto file = load_vectors("identity/argon2id.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        if (!v.contains("salt_hex") || v.at("p").as_int64() != 1) continue;
        const Argon2Cost cost{static_cast<std::uint32_t>(v.at("m_kib").as_int64()),
                              static_cast<std::uint32_t>(v.at("t").as_int64())};
        const std::string password = text_of(v.at("password_utf8"));
        const auto hash = argon2id(as_bytes(password), hex_of(v.at("salt_hex")), cost);
        EXPECT_EQ(to_hex(hash.value().view()), text_of(v.at("tag_hex")));
        ++checked;
    }
    EXPECT_EQ(checked, 7);
}

TEST(PasswordHash, HashedPasswordsVerifyAndSaltsDiffer) {
    SeededRandom random(1);
    const Argon2Cost cheap{64, 1};
    const auto first = hash_password("correct horse", cheap, random).value();
    const auto second = hash_password("correct horse", cheap, random).value();
    EXPECT_NE(first, second);
    EXPECT_TRUE(first.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    EXPECT_TRUE(verify_password(first, "correct horse"));
    EXPECT_FALSE(verify_password(first, "correct horsf"));
    EXPECT_FALSE(verify_password(first, ""));
    EXPECT_FALSE(needs_rehash(first, cheap));
    EXPECT_TRUE(needs_rehash(first, Argon2Cost{}));
}

TEST(PasswordHash, RefusesWhatIsNoHash) {
    SeededRandom random(1);
    const auto good = hash_password("x", {64, 1}, random).value();
    const auto code = [](std::string text) { return parse_password_hash(text).error().code; };
    EXPECT_EQ(code(""), "bad_password_hash");
    EXPECT_EQ(code("$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$"), "bad_password_hash");
    EXPECT_EQ(code("$argon2id$v=19$m=64,t=1,p=1"), "bad_password_hash");
    EXPECT_EQ(code("$argon2id$v=19$m=064,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA"),
              "bad_password_hash");
    EXPECT_EQ(code("$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA"),
              "bad_argon2_cost")
        << "a damaged row must not take all memory";
    EXPECT_EQ(code(good + std::string(200, 'A')), "bad_password_hash");
    EXPECT_EQ(code(good.substr(0, good.rfind('$'))), "bad_password_hash");
    EXPECT_FALSE(verify_password(good.substr(0, good.size() - 1), "x"));
    EXPECT_EQ(hash_password("x", {4, 1}, random).error().code, "bad_argon2_cost");
    EXPECT_EQ(hash_password("x", {64, 0}, random).error().code, "bad_argon2_cost");
}

}  // namespace
}  // namespace astro::crypto
