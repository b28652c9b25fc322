#include "chains/solana/protocols/protocol.hpp"

/// Meteora DAMM v2 and its bonding curve program, which share instruction and event names but not
/// their layouts.
namespace astro::solana {
namespace {

constexpr std::uint64_t kSwap = discriminator("f8c69e91e17587c8");
constexpr std::uint64_t kSwap2 = discriminator("414b3f4ceb5b5b88");

using Parser = std::optional<DammSwapEvent> (*)(ByteView);

struct Layout {
    std::uint8_t pool, vault_a, vault_b;
    Parser event, event2;
};

SwapOutcome decode(SwapSite& site, const Layout& layout) {
    const std::uint64_t name = site.discriminator();
    if (name != kSwap && name != kSwap2) return SwapOutcome::not_a_swap;
    auto draft = find_vault_legs(site, site.key_at(layout.vault_a), site.key_at(layout.vault_b));
    if (!draft) return SwapOutcome::no_legs;
    auto event = site.parse(site.called_event(events::kEvtSwap2), layout.event2);
    if (!event) event = site.parse(site.called_event(events::kEvtSwap), layout.event);
    if (event) {
        draft->state.sqrt_price_x64_after = event->next_sqrt_price;
        draft->state.exact = true;
    }
    draft->state.zero_for_one = draft->in.vault == site.key_at(layout.vault_a);
    add_swap(site, *draft, site.key_at(layout.pool));
    return SwapOutcome::swapped;
}

}  // namespace

SwapOutcome decode_meteora_damm_v2(SwapSite& site) {
    return decode(site, {1, 4, 5, parse_damm_swap, parse_damm_swap2});
}

SwapOutcome decode_meteora_dbc(SwapSite& site) {
    return decode(site, {2, 5, 6, parse_dbc_swap, parse_dbc_swap2});
}

}  // namespace astro::solana
