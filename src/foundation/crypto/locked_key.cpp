#include "foundation/crypto/locked_key.hpp"

#include <sodium.h>

#include <new>

#include "foundation/base/assert.hpp"

namespace astro::crypto {
namespace {

void* locked_memory() {
    ASTRO_ASSERT(sodium_init() >= 0);
    static_assert(alignof(SecretKey) == 1);  // what sodium_malloc gives is aligned to its end only
    void* memory = sodium_malloc(sizeof(SecretKey));
    ASTRO_ASSERT(memory != nullptr);
    return memory;
}

}  // namespace

LockedKey::LockedKey(const SecretKey& key) : key_(new(locked_memory()) SecretKey(key)) {}

void LockedKey::Free::operator()(SecretKey* key) const {
    key->~SecretKey();
    sodium_free(key);
}

}  // namespace astro::crypto
