#pragma once

#include "capabilities/wallets/engine/sealing.hpp"
#include "foundation/crypto/crypto_test_support.hpp"

/// What the tests of this capability share.
namespace astro::wallets {

using crypto::SecretKey;
using crypto::SeededRandom;

/// The least that is allowed, so that tests stay fast.
inline constexpr crypto::Argon2Cost kCheapCost = kArgon2Least;
inline const std::string kWalletPassword = "copper lantern sails north";

/// A person with everything that may open a wallet.
struct Person {
    explicit Person(std::uint64_t seed) : random(seed) {
        random.fill(subject.wallet.bytes);
        random.fill(subject.owner.bytes);
        random.fill(prf_salt.bytes);
        meant();
    }
    /// The subject of the secret that is meant now.
    void meant(Chain chain = Chain::stellar, SecretKind kind = SecretKind::words) {
        subject.chain = chain;
        subject.secret = kind;
        subject.address = signing_key(chain, kind, secret).public_key();
    }

    [[nodiscard]] LabelledFactor by_password(const std::string& text = kWalletPassword) const {
        return {"password", NewPassword{as_bytes(text), kCheapCost}};
    }
    [[nodiscard]] LabelledFactor by_device() const {
        return {"laptop", NewDevice{device.public_key()}};
    }
    [[nodiscard]] LabelledFactor by_passkey() const {
        return {"passkey", NewPasskey{prf_salt, credential, prf_output}};
    }
    [[nodiscard]] LabelledFactor by_recovery() const { return {"paper", NewRecovery{recovery}}; }
    [[nodiscard]] std::vector<LabelledFactor> by_all() const {
        return {by_password(), by_device(), by_passkey(), by_recovery()};
    }
    [[nodiscard]] Envelope seal(const std::vector<LabelledFactor>& factors) {
        return seal_wallet(subject, secret, factors, random).value();
    }

    SeededRandom random;
    SecretKey secret = random.secret_key();
    crypto::X25519Key device = crypto::X25519Key::generate(random);
    PasskeySalt prf_salt;
    Bytes credential = random.bytes(20);
    SecretKey prf_output = random.secret_key();
    SecretKey recovery = random.secret_key();
    Subject subject;
};

/// Signed again by the wallet's own key, as no stranger can: so that what is sealed is looked at.
inline Envelope signed_again(Envelope envelope, const Person& person) {
    envelope.signature = signing_key(envelope.subject.chain, envelope.subject.secret, person.secret)
                             .sign(signed_bytes(envelope));
    return envelope;
}

template <class T>
std::string code_of(const Result<T>& result) {
    return result ? "ok" : std::string(result.error().code);
}

}  // namespace astro::wallets
