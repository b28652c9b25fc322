#include "capabilities/exchange/order_wish.hpp"

#include "foundation/base/assert.hpp"
#include "foundation/base/read_json.hpp"

using namespace astro;
using namespace astro::exchange;

/// Whatever is read becomes a command of the account and market that were asked for, or is refused
/// with a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto wish = read_json<OrderWish>({reinterpret_cast<const char*>(data), size});
    if (!wish) {
        ASTRO_ASSERT(!wish.error().message.empty());
        return 0;
    }
    const auto command = command_of(*wish, AccountId{7}, MarketId{3});
    if (!command) {
        ASTRO_ASSERT(!command.error().message.empty() && !command.error().where.empty());
        return 0;
    }
    const PlaceOrder order = plain_order(*wish, AccountId{7}, MarketId{3});
    ASTRO_ASSERT(order.account == AccountId{7} && order.market == MarketId{3} &&
                 order.size == wish->size);
    return 0;
}
