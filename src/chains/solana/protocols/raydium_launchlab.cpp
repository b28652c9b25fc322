#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kSwapNames[] = {
    discriminator("faea0d7bd59c13ec"),  // buy_exact_in
    discriminator("18d3742869039938"),  // buy_exact_out
    discriminator("9527de9bd37c981a"),  // sell_exact_in
    discriminator("5fc8472208090ba6"),  // sell_exact_out
};

/// The curve prices with virtual base less what was sold and virtual quote plus what was raised.
void set_reserves(SwapDraft& draft, const LaunchLabTradeEvent& event, bool base_in) {
    const auto base = checked_sub(event.virtual_base, event.real_base_before);
    const auto quote = checked_add(event.virtual_quote, event.real_quote_before);
    if (!base || !quote) return;
    draft.state.reserve_in = base_in ? *base : *quote;
    draft.state.reserve_out = base_in ? *quote : *base;
    draft.state.exact = true;
}

}  // namespace

SwapOutcome decode_raydium_launchlab(SwapSite& site) {
    bool swaps = false;
    for (const auto name : kSwapNames) swaps = swaps || name == site.discriminator();
    if (!swaps) return SwapOutcome::not_a_swap;
    const std::uint16_t base_vault = site.key_at(7);
    auto draft = find_vault_legs(site, base_vault, site.key_at(8));
    if (!draft) return SwapOutcome::no_legs;
    const auto event = site.parse(site.called_event(events::kTradeEvent), parse_launchlab_trade);
    draft->state.curve = Curve::constant_product;
    if (event) {
        set_reserves(*draft, *event, draft->in.vault == base_vault);
    } else {
        draft->state.curve = Curve::unknown;  // vault balances do not price a bonding curve
    }
    add_swap(site, *draft, site.key_at(4));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
