// Certificates from any bytes.
#include "foundation/base/assert.hpp"
#include "foundation/crypto/certificate.hpp"

using namespace astro::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const astro::Bytes der(data, data + size);
    const auto parsed = parse_certificate(der, "1.3.6.1.4.1.45724.1.1.4");
    if (parsed) {
        ASTRO_ASSERT(parsed->has_basic_constraints || !parsed->is_ca);
        (void)verify_chain({der}, {}, astro::from_unix_seconds(1'760'000'000));
    }
    return 0;
}
