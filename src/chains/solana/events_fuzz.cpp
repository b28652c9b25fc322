#include "chains/solana/events.hpp"

#include <cstddef>
#include <cstdint>

#include "foundation/base/assert.hpp"

// The first byte chooses the parser, the rest is the payload. Whatever is accepted must still be
// accepted with bytes appended: programs do that.
namespace {

using namespace astro;
using namespace astro::solana;

template <class E>
void check(std::optional<E> (*parse)(ByteView), ByteView payload) {
    if (!parse(payload)) return;
    Bytes longer(payload.begin(), payload.end());
    longer.resize(longer.size() + 9, 0x5A);
    ASTRO_ASSERT(parse(longer).has_value());
}

void dispatch(std::uint8_t which, ByteView payload) {
    switch (which % 17) {
        case 0:
            return check(parse_ray_log, payload);
        case 1:
            return check(parse_cpmm_swap, payload);
        case 2:
            return check(parse_clmm_swap, payload);
        case 3:
            return check(parse_whirlpool_traded, payload);
        case 4:
            return check(parse_dlmm_swap, payload);
        case 5:
            return check(parse_pump_trade, payload);
        case 6:
            return check(parse_pumpswap_trade, payload);
        case 7:
            return check(parse_damm_swap, payload);
        case 8:
            return check(parse_damm_swap2, payload);
        case 9:
            return check(parse_dbc_swap, payload);
        case 10:
            return check(parse_dbc_swap2, payload);
        case 11:
            return check(parse_launchlab_trade, payload);
        case 12:
            return check(parse_jupiter_swap, payload);
        case 13:
            return check(parse_jupiter_swaps, payload);
        case 14:
            return check(parse_phoenix_log, payload);
        case 15:
            return check(parse_marginfi_liquidate, payload);
        default:
            return check(parse_drift_liquidation, payload);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) dispatch(data[0], ByteView(data + 1, size - 1));
    return 0;
}
