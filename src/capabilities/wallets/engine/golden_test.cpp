// Sealed wallets that stand in share/wallets, made here and by the browser's code; both read both.
#include <cstdlib>
#include <fstream>

#include "capabilities/wallets/engine/sealing_test_support.hpp"
#include "foundation/crypto/key_derivation.hpp"
#include "foundation/crypto/sealed.hpp"

namespace astro::wallets {
namespace {

namespace json = boost::json;
using crypto::hex_of;
using crypto::text_of;

SecretKey key_of(const json::value& hex) {
    return SecretKey{ByteView(hex_of(hex))};
}

Result<Opened> open_by(const Envelope& envelope, const json::object& proof) {
    const auto& kind = proof.at("kind").as_string();
    if (kind == "password") {
        const std::string text = text_of(proof.at("text"));
        return open_wallet(envelope, Password{as_bytes(text)});
    }
    const SecretKey secret = key_of(proof.at("secret"));
    if (kind == "device")
        return open_wallet(envelope, DeviceKey{crypto::X25519Key::from_secret(secret)});
    if (kind == "passkey")
        return open_wallet(envelope, PasskeyOutput{hex_of(proof.at("credential")), secret});
    return open_wallet(envelope, RecoverySecret{secret});
}

/// How many proofs of the file opened what they are for.
int check_file(const std::string& name) {
    int opened = 0;
    const auto file = crypto::load_vectors(name);
    for (const auto& vector : file.at("vectors").as_array()) {
        const Bytes bytes = parse_base64(text_of(vector.at("envelope"))).value();
        const auto envelope = parse_envelope(bytes);
        EXPECT_TRUE(envelope) << (envelope ? "" : envelope.error().text());
        if (!envelope) continue;
        EXPECT_EQ(to_bytes(*envelope), bytes);
        EXPECT_EQ(to_hex(envelope->subject.address.view()), text_of(vector.at("address")));
        EXPECT_EQ(enum_name(envelope->subject.chain), text_of(vector.at("chain")));
        EXPECT_EQ(enum_name(envelope->subject.secret), text_of(vector.at("secret_kind")));
        EXPECT_EQ(envelope->revision, vector.at("revision").as_int64());
        for (const auto& proof : vector.at("proofs").as_array()) {
            const auto open = open_by(*envelope, proof.as_object());
            EXPECT_TRUE(open) << json::serialize(proof);
            if (!open) continue;
            EXPECT_EQ(to_hex(open->secret().view()), text_of(vector.at("secret")));
            ++opened;
        }
    }
    return opened;
}

std::string hex(const SecretKey& key) {
    return to_hex(key.view());
}

json::object vector_of(const Person& person, const Envelope& envelope) {
    return {{"chain", enum_name(envelope.subject.chain)},
            {"secret_kind", enum_name(envelope.subject.secret)},
            {"secret", hex(person.secret)},
            {"address", to_hex(envelope.subject.address.view())},
            {"revision", envelope.revision},
            {"envelope", to_base64(to_bytes(envelope))},
            {"proofs",
             {{{"kind", "password"}, {"text", kWalletPassword}},
              {{"kind", "device"}, {"secret", hex(person.device.secret())}},
              {{"kind", "passkey"},
               {"credential", to_hex(person.credential)},
               {"secret", hex(person.prf_output)}},
              {{"kind", "recovery"}, {"secret", hex(person.recovery)}}}}};
}

std::string new_file() {
    json::array vectors;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Person person(seed);
        person.meant(seed % 2 == 0 ? Chain::solana : Chain::stellar,
                     seed > 2 ? SecretKind::seed : SecretKind::words);
        auto factors = person.by_all();
        if (seed == 2)
            factors[0].factor =
                NewCompatiblePassword{as_bytes(kWalletPassword), kPbkdf2RoundsLeast};
        Envelope envelope = person.seal(factors);
        if (seed == 3) {
            const auto opened = open_wallet(envelope, DeviceKey{person.device}).value();
            const std::vector<FactorId> removed{envelope.wraps[1].id};
            const std::vector<LabelledFactor> added{person.by_device()};
            envelope = rewrap_wallet(envelope, opened, removed, added, person.random).value();
        }
        vectors.push_back(vector_of(person, envelope));
    }
    return json::serialize(json::object{{"vectors", std::move(vectors)}}) + "\n";
}

TEST(GoldenWallets, OfThisCodeOpen) {
    // ASTRO_WRITE_GOLDEN=1 makes them anew.
    if (std::getenv("ASTRO_WRITE_GOLDEN") != nullptr)
        std::ofstream(std::string(ASTRO_SOURCE_DIR) + "/share/wallets/sealed_by_program.json")
            << new_file();
    EXPECT_EQ(check_file("wallets/sealed_by_program.json"), 16);
}

TEST(GoldenWallets, AreMadeTheSameFromTheSameRandomBytes) {
    EXPECT_EQ(json::parse(new_file()), crypto::load_vectors("wallets/sealed_by_program.json"));
}

TEST(GoldenWallets, OfTheBrowserOpen) {
    EXPECT_EQ(check_file("wallets/sealed_by_browser.json"), 16);
}

// The example of the form that the parts follow: password to key to data key to secret.
TEST(GoldenWallets, TheirPartsAgreeWithAnotherImplementation) {
    const auto file = crypto::load_vectors("wallets/envelope_encryption.json");
    for (const auto& vector : file.at("vectors").as_array()) {
        const auto joined = [](const json::value& parts) {
            Bytes out = hex_of(parts.at("ciphertext_hex"));
            const Bytes tag = hex_of(parts.at("tag_hex"));
            out.insert(out.end(), tag.begin(), tag.end());
            return out;
        };
        const SecretKey by = crypto::pbkdf2_sha256(
            as_bytes(text_of(vector.at("password_utf8"))), hex_of(vector.at("salt_hex")),
            static_cast<std::uint32_t>(vector.at("iterations").as_int64()));
        EXPECT_EQ(hex(by), text_of(vector.at("kek_hex")));
        const std::string key_context = text_of(vector.at("wrap_aad_utf8")),
                          secret_context = text_of(vector.at("data_aad_utf8"));
        const auto key =
            crypto::aes256_gcm_open(by, hex_of(vector.at("wrap_nonce_hex")),
                                    joined(vector.at("wrapped_dek")), as_bytes(key_context));
        EXPECT_EQ(key.value(), hex_of(vector.at("dek_hex")));
        const auto secret =
            crypto::aes256_gcm_open(SecretKey{ByteView(*key)}, hex_of(vector.at("data_nonce_hex")),
                                    joined(vector.at("encrypted_seed")), as_bytes(secret_context));
        EXPECT_EQ(secret.value(), hex_of(vector.at("plaintext_seed_hex")));
    }
}

}  // namespace
}  // namespace astro::wallets
