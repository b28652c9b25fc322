#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kBuy = discriminator("66063d1201daebea");
constexpr std::uint64_t kSell = discriminator("33e685a4017f83ad");
constexpr std::uint64_t kBuyExactSolIn = discriminator("38fc74089edfcd5f");
constexpr std::size_t kCurve = 3, kCurveTokens = 4, kUser = 6;

/// The movement of tokens between the curve's token account and anyone.
Movement* token_leg(SwapSite& site, bool buys) {
    const std::uint16_t vault = site.key_at(kCurveTokens);
    for (Movement& m : site.movements)
        if (m.kind == Movement::Kind::token && (buys ? m.source : m.destination) == vault)
            return &m;
    return nullptr;
}

/// SOL paid to the curve by a transfer; the fees go to other accounts.
Movement* lamport_leg(SwapSite& site) {
    for (Movement& m : site.movements)
        if (m.kind == Movement::Kind::lamports && m.destination == site.key_at(kCurve)) return &m;
    return nullptr;
}

/// Virtual reserves before the trade, from those after it.
void set_reserves(PoolState& state, const PumpTradeEvent& event) {
    const auto sol = event.is_buy ? checked_sub(event.virtual_lamports, event.lamports)
                                  : checked_add(event.virtual_lamports, event.lamports);
    const auto tokens = event.is_buy ? checked_add(event.virtual_tokens, event.tokens)
                                     : checked_sub(event.virtual_tokens, event.tokens);
    if (!sol || !tokens) return;
    state.reserve_in = event.is_buy ? *sol : *tokens;
    state.reserve_out = event.is_buy ? *tokens : *sol;
    state.exact = true;
}

/// What a sale paid out when no event says it: all the curve's account lost.
std::uint64_t lamports_lost(const SwapSite& site, std::uint16_t curve) {
    const Transaction& tx = site.scope.tx();
    if (curve >= tx.pre_lamports.size() || curve >= tx.post_lamports.size()) return 0;
    return checked_sub(tx.pre_lamports[curve], tx.post_lamports[curve]).value_or(0);
}

}  // namespace

SwapOutcome decode_pumpfun(SwapSite& site) {
    const std::uint64_t name = site.discriminator();
    if (name != kBuy && name != kSell && name != kBuyExactSolIn) return SwapOutcome::not_a_swap;
    const bool buys = name != kSell;
    const std::uint16_t curve = site.key_at(kCurve), user = site.key_at(kUser);
    Movement* tokens = token_leg(site, buys);
    Movement* sol = buys ? lamport_leg(site) : nullptr;
    if (tokens == nullptr || user == kNoKey) return SwapOutcome::no_legs;
    const auto event = site.parse(site.called_event(events::kTradeEvent), parse_pump_trade);

    Leg sol_leg{user, curve, user, 0, 0, true};
    if (sol != nullptr) {
        sol_leg.sent = sol->amount;
        sol->is_leg = true;
    } else if (event) {
        sol_leg.sent = event->lamports;
    } else if (!buys) {
        sol_leg.sent = lamports_lost(site, curve);
    }
    if (sol_leg.sent == 0) return SwapOutcome::no_legs;
    tokens->is_leg = true;
    const Leg token_side{buys ? tokens->destination : tokens->source,
                         site.key_at(kCurveTokens),
                         tokens->authority,
                         tokens->amount,
                         tokens->fee,
                         false};
    SwapDraft draft;
    draft.in = buys ? sol_leg : token_side;
    draft.out = buys ? token_side : sol_leg;
    draft.state.curve = Curve::constant_product;
    draft.state.fee_known = true;  // none inside the curve: fees are paid beside these amounts
    if (event) set_reserves(draft.state, *event);
    add_swap(site, draft, curve);
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
