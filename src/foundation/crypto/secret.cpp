#include "foundation/crypto/secret.hpp"

#include <sodium.h>

#include <algorithm>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

void wipe(std::span<std::uint8_t> bytes) {
    sodium_memzero(bytes.data(), bytes.size());
}

void wipe(std::string& text) {
    sodium_memzero(text.data(), text.size());
    text.clear();
}

bool equal_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SecretKey::SecretKey(ByteView bytes) {
    ASTRO_ASSERT(bytes.size() >= kSize);
    std::copy_n(bytes.begin(), kSize, bytes_.begin());
}

}  // namespace astro::crypto
