#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kSwapNames[] = {
    discriminator("f8c69e91e17587c8"),  // swap
    discriminator("414b3f4ceb5b5b88"),  // swap2
    discriminator("fa49652126cf4bb8"),  // swap_exact_out
    discriminator("2bd7f784893cf351"),  // swap_exact_out2
    discriminator("38ade6d0ade49ccd"),  // swap_with_price_impact
    discriminator("4a62c0d6b1334b33"),  // swap_with_price_impact2
};

}  // namespace

SwapOutcome decode_meteora_dlmm(SwapSite& site) {
    bool swaps = false;
    for (const auto name : kSwapNames) swaps = swaps || name == site.discriminator();
    if (!swaps) return SwapOutcome::not_a_swap;
    auto draft = find_vault_legs(site, site.key_at(2), site.key_at(3));
    if (!draft) return SwapOutcome::no_legs;
    const auto event = site.parse(site.called_event(events::kDlmmSwap), parse_dlmm_swap);
    if (event && event->amount_in != 0) {
        // The fee is a share of what came in, rounded up bin by bin: good to a few parts a million.
        draft->state.fee_ppm = static_cast<std::uint32_t>(
            std::min<UInt128>(UInt128{event->fee} * 1'000'000 / event->amount_in, 1'000'000));
        draft->state.zero_for_one = event->swap_for_y;
    }
    add_swap(site, *draft, site.key_at(0));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
