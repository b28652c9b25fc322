// Any bytes as a message of an exchange: no crash, and what is read is within its bounds.
#include <cstdint>

#include "capabilities/market/sources/source_text.hpp"
#include "foundation/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::market;
    static JsonDocument document;
    const auto message = parse_binance(document, {reinterpret_cast<const char*>(data), size});
    if (!message) return 0;
    if (const auto* ticker = std::get_if<BookTicker>(&message->body)) {
        ASTRO_ASSERT(!ticker->symbol.empty() && ticker->bid_size.value() >= 0 &&
                     ticker->ask_size.value() >= 0);
        ASTRO_ASSERT(!ticker->time || ticker->time->value() >= 0);
    }
    if (const auto* depth = std::get_if<DepthDiff>(&message->body))
        for (const auto* side : {&depth->bids, &depth->asks})
            for (const auto& level : *side)
                ASTRO_ASSERT(level.price > Price{0} && level.size.value() >= 0 &&
                             side->size() <= kLevelsMax);
    return 0;
}
