#include "foundation/crypto/signatures.hpp"

#include <gtest/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

P256Public point_of(const boost::json::value& uncompressed) {
    const Bytes bytes = hex_of(uncompressed);
    P256Public out;
    EXPECT_EQ(bytes.size(), 65U);
    std::copy(bytes.begin() + 1, bytes.end(), out.bytes.begin());
    return out;
}

int check_ecdsa(const char* name, EcdsaForm form) {
    int checked = 0;
    const auto file = load_vectors(name);
    for (const auto& group : file.at("testGroups").as_array()) {
        const P256Public key = point_of(group.at("publicKey").at("uncompressed"));
        EXPECT_TRUE(check_p256_public(key));
        for (const auto& test : group.at("tests").as_array()) {
            const bool valid = test.at("result").as_string() == "valid";
            EXPECT_EQ(verify_ecdsa_p256(key, hex_of(test.at("msg")), hex_of(test.at("sig")), form),
                      valid)
                << "tcId " << test.at("tcId").as_int64() << " " << test.at("comment");
            ++checked;
        }
    }
    return checked;
}

TEST(EcdsaP256, VerifiesAsWycheproofSays) {
    EXPECT_EQ(check_ecdsa("identity/wycheproof_ecdsa_p256_sha256_der.json", EcdsaForm::der), 363);
    EXPECT_EQ(check_ecdsa("identity/wycheproof_ecdsa_p256_sha256_p1363.json", EcdsaForm::raw), 196);
}

TEST(EcdsaP256, RefusesPointsOffTheCurve) {
    P256Public key;
    EXPECT_EQ(check_p256_public(key).error().code, "bad_public_key");
    key.bytes.fill(0xFF);
    EXPECT_FALSE(check_p256_public(key));
    EXPECT_FALSE(verify_ecdsa_p256(key, as_bytes("m"), Bytes(64, 1), EcdsaForm::raw));
}

TEST(Rsa, VerifiesAsWycheproofSays) {
    int checked = 0;
    const auto file = load_vectors("identity/wycheproof_rsa2048_sha256_pkcs1v15.json");
    for (const auto& group : file.at("testGroups").as_array()) {
        const RsaPublic key{hex_of(group.at("publicKey").at("modulus")),
                            hex_of(group.at("publicKey").at("publicExponent"))};
        for (const auto& test : group.at("tests").as_array()) {
            // "acceptable": a hash identifier without its NULL, which PKCS #1 v2 forbids.
            const bool valid = test.at("result").as_string() == "valid";
            EXPECT_EQ(verify_rsa_sha256(key, hex_of(test.at("msg")), hex_of(test.at("sig"))), valid)
                << "tcId " << test.at("tcId").as_int64() << " " << test.at("comment");
            ++checked;
        }
    }
    EXPECT_EQ(checked, 194);
}

TEST(Rsa, RefusesKeysThatAreTooSmallTooLargeOrEven) {
    const auto code = [](Bytes modulus, Bytes exponent) {
        const auto checked = check_rsa_public({std::move(modulus), std::move(exponent)});
        return checked ? std::string_view("ok") : checked.error().code;
    };
    Bytes good(256, 0xFF);
    EXPECT_EQ(code(good, {1, 0, 1}), "ok");
    EXPECT_EQ(code(Bytes(128, 0xFF), {1, 0, 1}), "bad_public_key");
    EXPECT_EQ(code(Bytes(1025, 0xFF), {1, 0, 1}), "bad_public_key");
    EXPECT_EQ(code(Bytes(255, 0), {1, 0, 1}), "bad_public_key");
    EXPECT_EQ(code({}, {}), "bad_public_key");
    EXPECT_EQ(code(good, {1}), "bad_public_key");
    EXPECT_EQ(code(good, {4}), "bad_public_key");
    EXPECT_EQ(code(good, {}), "bad_public_key");
    EXPECT_EQ(code(good, Bytes(200, 0xFF)), "bad_public_key") << "verification would take long";
}

}  // namespace
}  // namespace astro::crypto
