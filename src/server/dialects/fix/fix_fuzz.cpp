#include <cstddef>
#include <cstdint>
#include <string_view>

#include "foundation/base/assert.hpp"
#include "server/dialects/fix/frame.hpp"
#include "server/dialects/fix/logon.hpp"
#include "server/dialects/fix/order_request.hpp"

/// What strangers and clients send: a stream cut into messages, a Logon, and what becomes of
/// fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    fix::Frames frames;
    std::size_t taken = 0;
    for (std::size_t at = 0; at < size; at += 37) frames.push(text.substr(at, 37));
    while (const auto message = frames.next()) taken += message->size();
    ASTRO_ASSERT(taken <= size);

    const fix::Fields fields(text);
    const auto logon = fix::parse_logon(fields, "ASTROLABE");
    ASTRO_ASSERT(!logon || !logon->proof.signature.empty());
    const fix::MarketOf markets = [](std::string_view symbol) {
        return symbol == "SOL-PERP" ? std::optional(fix::MarketId{0}) : std::nullopt;
    };
    const fix::AccountId account{1};
    const auto order = fix::new_order(fields, account, markets);
    if (order)
        if (const auto* placed = std::get_if<exchange::PlaceOrder>(&*order))
            ASTRO_ASSERT(placed->size > exchange::Base{0} && !placed->client_id.empty());
    dialects::OrderState open{.id = exchange::OrderId{1}, .account = account};
    const auto amend = fix::replacement(fields, open, markets);
    ASTRO_ASSERT(!amend || amend->price || amend->size);
    (void)fix::mass_cancel(fields, account, markets);
    if (const auto time = fix::parse_utc(text))
        ASTRO_ASSERT(fix::parse_utc(fix::utc_text(*time)) == time);
    return 0;
}
