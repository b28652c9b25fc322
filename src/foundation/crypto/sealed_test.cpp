#include "foundation/crypto/sealed.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

struct Sealed : testing::Test {
    SeededRandom random{7};
    MasterKeys masters{random.secret_key()};
    Bytes text{'s', 'e', 'c', 'r', 'e', 't'};
};

TEST(AesGcm, AgreesWithWycheproof) {
    int checked = 0;
    const auto file = load_vectors("identity/wycheproof_aes256gcm.json");
    for (const auto& group : file.at("testGroups").as_array()) {
        if (group.at("ivSize").as_int64() != 96) continue;  // the one nonce length we use
        for (const auto& test : group.at("tests").as_array()) {
            const SecretKey key{hex_of(test.at("key"))};
            const Bytes nonce = hex_of(test.at("iv")), aad = hex_of(test.at("aad"));
            Bytes sealed = hex_of(test.at("ct"));
            const Bytes tag = hex_of(test.at("tag"));
            sealed.insert(sealed.end(), tag.begin(), tag.end());
            const auto opened = aes256_gcm_open(key, nonce, sealed, aad);
            if (test.at("result").as_string() == "valid") {
                EXPECT_EQ(opened.value(), hex_of(test.at("msg")));
                EXPECT_EQ(aes256_gcm_seal(key, nonce, hex_of(test.at("msg")), aad), sealed);
            } else {
                EXPECT_EQ(opened.error().code, "sealed_tampered") << test.at("tcId");
            }
            ++checked;
        }
    }
    EXPECT_EQ(checked, 53);
}

TEST_F(Sealed, OpensInItsContextOnly) {
    const Bytes record = seal_record(masters, text, "users.email 1", random);
    EXPECT_EQ(open_record(masters, record, "users.email 1").value(), text);
    EXPECT_EQ(open_record(masters, record, "users.email 2").error().code, "sealed_tampered");
    EXPECT_NE(seal_record(masters, text, "users.email 1", random), record);
}

TEST_F(Sealed, EveryFlippedBitAndEveryCutIsNoticed) {
    const Bytes record = seal_record(masters, text, "c", random);
    for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
        Bytes bad = record;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << bit % 8));
        EXPECT_FALSE(open_record(masters, bad, "c")) << "bit " << bit;
    }
    for (std::size_t size = 0; size < record.size(); ++size)
        EXPECT_FALSE(open_record(masters, ByteView(record).first(size), "c")) << "size " << size;
}

TEST_F(Sealed, SaysWhatIsWrong) {
    Bytes record = seal_record(masters, text, "c", random);
    record[1] = 2;
    const auto newer = open_record(masters, record, "c");
    EXPECT_EQ(newer.error().code, "sealed_malformed");
    EXPECT_NE(newer.error().message.find("version 2"), std::string::npos);
    record[1] = 1;
    const MasterKeys others{random.secret_key()};
    const auto missing = open_record(others, record, "c");
    EXPECT_EQ(missing.error().code, "master_key_missing");
    EXPECT_EQ(missing.error().where, "master key " + to_hex(masters.current_id().view()));
}

TEST_F(Sealed, RotationKeepsTheOldReadableAndRewrapsTheKeyAlone) {
    const SecretKey key = random.secret_key();
    const Bytes value = seal(key, text, "c", random);
    const Bytes before = wrap_key(masters, key, "c", random);
    EXPECT_FALSE(needs_rewrap(masters, before).value());
    masters.rotate_to(random.secret_key());
    EXPECT_TRUE(needs_rewrap(masters, before).value());
    const Bytes after = wrap_key(masters, unwrap_key(masters, before, "c").value(), "c", random);
    EXPECT_FALSE(needs_rewrap(masters, after).value());
    EXPECT_EQ(open_sealed(unwrap_key(masters, after, "c").value(), value, "c").value(), text);
}

TEST_F(Sealed, ARecordIsRewrappedWithoutItsText) {
    const Bytes before = seal_record(masters, text, "c", random);
    const SecretKey old = *masters.find(masters.current_id());
    masters.rotate_to(random.secret_key());
    const Bytes after = rewrap_record(masters, before, "c", random).value();
    EXPECT_TRUE(std::equal(before.begin() + 70, before.end(), after.begin() + 70, after.end()));
    EXPECT_EQ(open_record(MasterKeys(*masters.find(masters.current_id())), after, "c").value(),
              text);
    EXPECT_EQ(open_record(MasterKeys(old), after, "c").error().code, "master_key_missing");
    EXPECT_FALSE(rewrap_record(masters, before, "d", random));
}

RC_GTEST_PROP(SealedProperty, WhatIsSealedOpens, (const Bytes& plain, const std::string& context)) {
    SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    const SecretKey key = random.secret_key();
    const Bytes sealed = seal(key, plain, context, random);
    RC_ASSERT(sealed.size() == plain.size() + 30);
    RC_ASSERT(open_sealed(key, sealed, context).value() == plain);
    RC_ASSERT(!open_sealed(key, sealed, context + "x"));
}

}  // namespace
}  // namespace astro::crypto
