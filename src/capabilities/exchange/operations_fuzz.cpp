#include <cstdint>
#include <string_view>

#include "capabilities/exchange/commands.hpp"
#include "foundation/base/assert.hpp"

/// Lines of operations: what can be read is matched, and no trade comes out of nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::exchange;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    Matcher matcher;
    std::uint64_t offered = 0, traded = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto operation = parse_operation(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!operation) {
            ASTRO_ASSERT(!operation.error().message.empty());
            continue;
        }
        const auto done = matcher.apply(*operation, [&](const BookTrade& trade) {
            ASTRO_ASSERT(trade.taker == operation->operation.order_id);
            traded += trade.quantity;
            (void)csv_line(trade);
        });
        if (done) offered += operation->operation.quantity;
        ASTRO_ASSERT(traded <= offered / 2);
    }
    return 0;
}
