// Sign-in messages from any text: what is read is written back as the same text.
#include "capabilities/identity/engine/siws.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto message = siws::parse_message(text))
        ASTRO_ASSERT(siws::to_message(*message) == text);
    return 0;
}
