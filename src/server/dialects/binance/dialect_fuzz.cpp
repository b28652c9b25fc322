#include <cstddef>
#include <cstdint>
#include <string_view>

#include "foundation/base/assert.hpp"
#include "server/dialects/binance/order_request.hpp"
#include "server/dialects/binance/stream_message.hpp"
#include "server/dialects/binance/stream_name.hpp"

/// What strangers send: forms of orders, messages and names of streams. The first byte says which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] == 'n') {
        const auto name = binance::parse_stream_name(text);
        ASTRO_ASSERT(!name || text.find('@') != text.npos || text == "!bookTicker");
        return 0;
    }
    if (data[0] == 'm') {
        const auto parsed = binance::parse_stream_message(text);
        ASTRO_ASSERT(parsed.message || !parsed.fault.msg.empty());
        return 0;
    }
    net::Request request;
    request.body = text;
    static const auto known = binance::order_parameters();
    const binance::Listed listed{
        binance::MarketId{0}, "SOL-PERP", "SOLUSDC",
        std::make_shared<const binance::MarketSettings>(exchange::default_markets()[0])};
    const auto form = binance::Form::read(request, known);
    if (!form) return 0;
    const auto order = binance::plain_order(*form, listed, binance::AccountId{1});
    ASTRO_ASSERT(!order || order->size >= binance::Base{0});
    return 0;
}
