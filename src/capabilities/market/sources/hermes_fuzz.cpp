// Any bytes as an answer of Hermes: no crash, and what is read is within its bounds.
#include <cstdint>

#include "capabilities/market/sources/source_text.hpp"
#include "foundation/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::market;
    static JsonDocument document;
    const auto update = parse_hermes(document, {reinterpret_cast<const char*>(data), size});
    if (!update) return 0;
    ASTRO_ASSERT(update->prices.size() <= 1'000);
    for (const auto& price : update->prices) {
        ASTRO_ASSERT(price.id.size() == 64 && price.published.value() >= 0);
        ASTRO_ASSERT(price.id.find_first_not_of("0123456789abcdef") == std::string::npos);
        ASTRO_ASSERT(price.confidence >= Price{0});
    }
    return 0;
}
