#include "foundation/crypto/random.hpp"

#include <sodium.h>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
    static const bool ready = sodium_init() >= 0;
    ASTRO_ASSERT(ready);
    randombytes_buf(out.data(), out.size());
}

}  // namespace astro::crypto
