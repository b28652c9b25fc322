#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kPlaceTakeOrder = discriminator("032c47031ac7cb55");

/// Positions of market and vaults: a second signer was dropped from the list at some version.
struct Layout {
    std::uint8_t market, base_vault, quote_vault;
};
constexpr Layout kLayouts[] = {{2, 6, 7}, {1, 5, 6}};

}  // namespace

SwapOutcome decode_openbook_v2(SwapSite& site) {
    if (site.discriminator() != kPlaceTakeOrder) return SwapOutcome::not_a_swap;
    for (const Layout& layout : kLayouts) {
        const auto draft =
            find_vault_legs(site, site.key_at(layout.base_vault), site.key_at(layout.quote_vault));
        if (!draft) continue;
        add_swap(site, *draft, site.key_at(layout.market));
        return SwapOutcome::swapped;
    }
    // An order that found no counterpart moves nothing; one that filled logs it.
    const bool filled = site.logged_event(events::kFillLog).has_value();
    return filled ? SwapOutcome::no_legs : SwapOutcome::not_a_swap;
}

}  // namespace astro::solana
