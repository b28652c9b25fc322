#include "foundation/crypto/one_time_code.hpp"

#include <liboath/oath.h>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

std::string one_time_code(ByteView secret, std::uint64_t counter, unsigned digits) {
    static const bool ready = oath_init() == OATH_OK;
    ASTRO_ASSERT(ready && digits >= 6 && digits <= 8);
    char code[16] = {};
    ASTRO_ASSERT(oath_hotp_generate(reinterpret_cast<const char*>(secret.data()), secret.size(),
                                    counter, digits, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                                    code) == OATH_OK);
    return code;
}

}  // namespace astro::crypto
