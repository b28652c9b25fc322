// Sealed wallets from any bytes: refused, or exactly what is written again.
#include <algorithm>

#include "capabilities/wallets/engine/envelope.hpp"
#include "foundation/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const astro::ByteView bytes(data, size);
    const auto envelope = astro::wallets::parse_envelope(bytes);
    if (!envelope) return 0;
    const astro::Bytes again = astro::wallets::to_bytes(*envelope);
    ASTRO_ASSERT(std::ranges::equal(bytes, again));
    ASTRO_ASSERT(!envelope->wraps.empty() && size <= astro::wallets::kEnvelopeBytesMax);
    return 0;
}
