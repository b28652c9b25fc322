// CBOR and COSE from any bytes: what is accepted is written again as the same bytes.
#include "capabilities/identity/engine/cose.hpp"
#include "foundation/base/assert.hpp"

using namespace astro;
using namespace astro::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const auto prefix = cbor::parse_prefix(bytes);
    if (!prefix) return 0;
    const Bytes written = cbor::encode(prefix->value);
    ASTRO_ASSERT(written == Bytes(data, data + prefix->size));
    ASTRO_ASSERT(cbor::parse(written).value() == prefix->value);
    if (const auto key = cose::parse_key(prefix->value))
        ASTRO_ASSERT(cose::parse_key(cose::to_cbor(*key)).value() == *key);
    return 0;
}
