#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kSwapBaseInput = discriminator("8fbe5adac41e33de");
constexpr std::uint64_t kSwapBaseOutput = discriminator("37d96256a34ab4ad");

/// Trade fees the program's configurations use, parts per million.
constexpr std::uint32_t kFees[] = {100,   200,   300,   400,   500,   1000,  1500,  2000,
                                   2500,  3000,  4000,  5000,  7500,  10000, 12500, 15000,
                                   20000, 25000, 30000, 35000, 40000, 50000};

}  // namespace

SwapOutcome decode_raydium_cpmm(SwapSite& site) {
    const std::uint64_t name = site.discriminator();
    if (name != kSwapBaseInput && name != kSwapBaseOutput) return SwapOutcome::not_a_swap;
    auto draft = find_vault_legs(site, site.key_at(6), site.key_at(7));
    if (!draft) return SwapOutcome::no_legs;
    draft->state.curve = Curve::constant_product;
    // The vaults also hold fees not yet collected; only the event has the reserves that price.
    if (const auto event = site.parse(site.logged_event(events::kSwapEvent), parse_cpmm_swap)) {
        draft->state.reserve_in = event->reserve_in;
        draft->state.reserve_out = event->reserve_out;
        draft->state.exact = true;
        imply_fee(*draft, kFees);
    }
    add_swap(site, *draft, site.key_at(3));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
