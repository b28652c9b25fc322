#include "foundation/crypto/ed25519.hpp"

#include <sodium.h>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

Ed25519Key Ed25519Key::from_seed(const SecretKey& seed) {
    Ed25519Key key;
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> expanded;
    ASTRO_ASSERT(crypto_sign_seed_keypair(key.public_.bytes.data(), expanded.data(),
                                          seed.view().data()) == 0);
    wipe(expanded);
    key.seed_ = seed;
    return key;
}

Ed25519Signature Ed25519Key::sign(ByteView message) const {
    // libsodium's secret key is the seed followed by the public key.
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> expanded;
    std::copy(seed_.view().begin(), seed_.view().end(), expanded.begin());
    std::copy(public_.bytes.begin(), public_.bytes.end(), expanded.begin() + SecretKey::kSize);
    Ed25519Signature out;
    ASTRO_ASSERT(crypto_sign_detached(out.bytes.data(), nullptr, message.data(), message.size(),
                                      expanded.data()) == 0);
    wipe(expanded);
    return out;
}

bool verify_ed25519(const Ed25519Public& key, ByteView message, const Ed25519Signature& signature) {
    return verify_ed25519(key.view(), message, signature.view());
}

bool verify_ed25519(ByteView key, ByteView message, ByteView signature) {
    return key.size() == Ed25519Public::kSize && signature.size() == Ed25519Signature::kSize &&
           crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                       key.data()) == 0;
}

}  // namespace astro::crypto
