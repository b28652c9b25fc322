#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kBuy = discriminator("66063d1201daebea");
constexpr std::uint64_t kSell = discriminator("33e685a4017f83ad");
constexpr std::uint64_t kBuyExactQuoteIn = discriminator("c62e1552b4d9e870");

}  // namespace

SwapOutcome decode_pumpswap(SwapSite& site) {
    const std::uint64_t name = site.discriminator();
    if (name != kBuy && name != kSell && name != kBuyExactQuoteIn) return SwapOutcome::not_a_swap;
    const bool buys = name != kSell;
    auto draft = find_vault_legs(site, site.key_at(7), site.key_at(8));
    if (!draft) return SwapOutcome::no_legs;
    draft->state.curve = Curve::constant_product;
    const auto payload = site.called_event(buys ? events::kBuyEvent : events::kSellEvent);
    if (const auto event = site.parse(payload, parse_pumpswap_trade)) {
        draft->state.reserve_in = buys ? event->pool_quote : event->pool_base;
        draft->state.reserve_out = buys ? event->pool_base : event->pool_quote;
        draft->state.exact = true;
        // On top of the price for a buy, out of the proceeds for a sale; either way not a share of
        // the input, so a replay with it is a bound: fee_known stays false.
        const std::uint64_t bps = event->lp_fee_bps + (buys ? 0 : event->protocol_fee_bps);
        if (bps <= 10'000) draft->state.fee_ppm = static_cast<std::uint32_t>(bps * 100);
    }
    add_swap(site, *draft, site.key_at(0));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
