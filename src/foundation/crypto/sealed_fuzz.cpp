// Sealed bytes, wrapped keys and records from any bytes: refused, or exactly what was sealed.
#include "foundation/base/assert.hpp"
#include "foundation/crypto/sealed.hpp"

using namespace astro::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const astro::ByteView bytes(data, size);
    const SecretKey key{astro::Bytes(32, 0x41)};
    const MasterKeys masters{key};
    // Nobody without the key can make bytes that open; the corpus holds none that do.
    if (const auto opened = open_record(masters, bytes, "fuzz")) ASTRO_ASSERT(size >= 100);
    (void)unwrap_key(masters, bytes, "fuzz");
    (void)needs_rewrap(masters, bytes);
    (void)open_sealed(key, bytes, "fuzz");
    return 0;
}
