#include "chains/solana/protocols/protocol.hpp"

/// Pools whose instructions are not public: recognised by what they move alone.
namespace astro::solana {
namespace {

/// The account that stands for the pool where the layout is not known: the vaults' owner when the
/// instruction lists it, else the smaller vault address, so that both directions name the same.
std::uint16_t pool_of_unknown(const SwapSite& site, const SwapDraft& draft) {
    const Transaction& tx = site.scope.tx();
    const TokenAccount& vault = site.scope.accounts[draft.out.vault];
    if (vault.has_owner)
        for (const auto key : tx.accounts_of(site.instruction()))
            if (tx.keys[key] == vault.owner) return key;
    return tx.keys[draft.in.vault] < tx.keys[draft.out.vault] ? draft.in.vault : draft.out.vault;
}

}  // namespace

SwapOutcome decode_by_transfers(SwapSite& site) {
    auto draft = find_vault_legs(site, site.key_at(site.row.vault_a_position),
                                 site.key_at(site.row.vault_b_position));
    if (!draft) draft = find_opposite_legs(site);
    if (!draft) return SwapOutcome::not_a_swap;
    const std::uint16_t pool = site.key_at(site.row.pool_position);
    add_swap(site, *draft, pool == kNoKey ? pool_of_unknown(site, *draft) : pool);
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
