// Key sets from any bytes: what is accepted is written and read again as the same.
#include "capabilities/identity/wire/json_object.hpp"
#include "capabilities/identity/wire/jwt.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto keys = parse_jwks(text)) {
        const std::string written = to_jwks(*keys);
        ASTRO_ASSERT(to_jwks(parse_jwks(written).value()) == written);
    }
    return 0;
}
