#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kSwap = discriminator("f8c69e91e17587c8");
constexpr std::uint64_t kSwapV2 = discriminator("2b04ed0b1ac91e62");
constexpr std::uint64_t kRouter = discriminator("457d73daf5baf2c4");

/// The event tells price and liquidity after the swap; only the price before it is missing.
void take_event(SwapDraft& draft, const ClmmSwapEvent& event) {
    draft.state.sqrt_price_x64_after = event.sqrt_price_x64;
    draft.state.liquidity = event.liquidity;
    draft.state.zero_for_one = event.zero_for_one;
    draft.state.exact = true;
}

/// A multi-hop swap lists per hop: configuration, pool, output account, the two vaults, … and any
/// number of tick arrays, so hops are found by the vaults their transfers touch.
SwapOutcome decode_router(SwapSite& site) {
    std::uint32_t hops = 0;
    const std::size_t accounts = site.instruction().accounts_count;
    for (std::size_t p = 6; p + 4 < accounts; ++p) {
        const auto pool = site.key_at(p + 1);
        SwapSite hop = site;
        const auto draft = find_vault_legs(hop, site.key_at(p + 3), site.key_at(p + 4));
        if (!draft || draft->in.vault != site.key_at(p + 3)) continue;
        if (draft->out.user != site.key_at(p + 2)) continue;
        add_swap(site, *draft, pool);
        ++hops;
        p += 4;
    }
    return hops == 0 ? SwapOutcome::no_legs : SwapOutcome::swapped;
}

}  // namespace

SwapOutcome decode_raydium_clmm(SwapSite& site) {
    const std::uint64_t name = site.discriminator();
    if (name == kRouter) return decode_router(site);
    if (name != kSwap && name != kSwapV2) return SwapOutcome::not_a_swap;
    auto draft = find_vault_legs(site, site.key_at(5), site.key_at(6));
    if (!draft) return SwapOutcome::no_legs;
    if (const auto event = site.parse(site.logged_event(events::kSwapEvent), parse_clmm_swap))
        take_event(*draft, *event);
    add_swap(site, *draft, site.key_at(2));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
