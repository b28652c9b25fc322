#include "foundation/crypto/x25519.hpp"

#include <sodium.h>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

X25519Key X25519Key::from_secret(const SecretKey& secret) {
    X25519Key out;
    out.secret_ = secret;
    ASTRO_ASSERT(crypto_scalarmult_base(out.public_.bytes.data(), secret.view().data()) == 0);
    return out;
}

std::optional<SecretKey> X25519Key::agree(const X25519Public& other) const {
    SecretKey out;
    if (crypto_scalarmult(out.writable().data(), secret_.view().data(), other.bytes.data()) != 0)
        return std::nullopt;
    return out;
}

}  // namespace astro::crypto
