// Any bytes as a message of a server: no crash, whatever is then asked of it.
#include <cstdint>

#include "capabilities/exchange/engine/units.hpp"
#include "server/traders/venue_link.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::traders;
    const auto message = parse_link_message({reinterpret_cast<const char*>(data), size});
    if (!message) return 0;
    ASTRO_ASSERT(!message->problem().empty());
    ASTRO_ASSERT(!message->retry_after || message->retry_after->value() >= 0);
    for (const auto& ticker : list_of(message->body, "tickers")) {
        static_cast<void>(text_of(ticker, "market"));
        static_cast<void>(number_of<astro::exchange::Price>(ticker, "index"));
        static_cast<void>(integer_of(ticker, "seq"));
    }
    return 0;
}
