// Texts of password hashes from any bytes: what is accepted has a bounded cost.
#include "foundation/base/assert.hpp"
#include "foundation/crypto/password_hash.hpp"

using namespace astro::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto parsed = parse_password_hash(text)) {
        ASTRO_ASSERT(check_cost(parsed->cost).has_value());
        ASTRO_ASSERT(parsed->salt_bytes >= 8 && parsed->hash_bytes >= 16);
        if (parsed->cost.memory_kib <= 64 && parsed->cost.passes == 1)
            (void)verify_password(text, "fuzz");
    }
    return 0;
}
