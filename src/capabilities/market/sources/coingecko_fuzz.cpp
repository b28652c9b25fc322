// Any bytes as an answer of CoinGecko: no crash, and what is read is within its bounds.
#include <cstdint>

#include "capabilities/market/sources/source_text.hpp"
#include "foundation/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::market;
    static JsonDocument document;
    const auto prices = parse_coingecko(document, {reinterpret_cast<const char*>(data), size});
    if (!prices) return 0;
    ASTRO_ASSERT(prices->prices.size() <= 1'000);
    for (const auto& price : prices->prices)
        ASTRO_ASSERT(!price.updated || price.updated->value() >= 0);
    return 0;
}
