#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kSwap = discriminator("f8c69e91e17587c8");

}  // namespace

/// Tokens lie in vaults that many pools share, so their balances do not price this one. The
/// protocol's fee goes elsewhere before the deposit and is not part of the swap.
SwapOutcome decode_meteora_pools(SwapSite& site) {
    if (site.discriminator() != kSwap) return SwapOutcome::not_a_swap;
    const auto draft = find_vault_legs(site, site.key_at(5), site.key_at(6));
    if (!draft) return SwapOutcome::no_legs;
    add_swap(site, *draft, site.key_at(0));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
