#include "chains/solana/protocols/protocol.hpp"

/// The SPL token-swap program and its forks (Orca's first pools, Saros, FluxBeam, …).
namespace astro::solana {
namespace {

constexpr std::uint8_t kSwap = 1;
constexpr std::size_t kPool = 0, kVaultIn = 4, kVaultOut = 5;

/// A fee of the forks: a share for the pool and one for its owner, each rounded on its own.
struct Fees {
    std::uint32_t trade_bps, owner_bps;
};
constexpr Fees kFees[] = {{25, 5}, {20, 5}, {30, 0}, {25, 0}, {20, 0},  {10, 0},
                          {4, 1},  {6, 1},  {1, 0},  {0, 0},  {80, 20}, {100, 0}};

std::uint64_t share(std::uint64_t amount, std::uint32_t bps) {
    if (bps == 0) return 0;
    return std::max<std::uint64_t>(static_cast<std::uint64_t>(UInt128{amount} * bps / 10'000),
                                   amount == 0 ? 0 : 1);
}

/// As the program computes it: the invariant divided by the new reserve, rounded up.
bool gives(const PoolState& state, Fees fees, std::uint64_t in, std::uint64_t out) {
    const std::uint64_t taken = share(in, fees.trade_bps) + share(in, fees.owner_bps);
    if (state.reserve_in == 0 || state.reserve_out == 0 || taken >= in) return false;
    const UInt128 product = UInt128{state.reserve_in} * state.reserve_out;
    const UInt128 reserve = UInt128{state.reserve_in} + (in - taken);
    const UInt128 left = (product + reserve - 1) / reserve;
    return UInt128{state.reserve_out} - left == out;
}

/// Pools of these programs follow one of several curves, which the transaction does not name. The
/// constant product is taken as proven when a usual fee reproduces the output to the unit.
void prove_curve(SwapDraft& draft) {
    const std::uint64_t in = draft.in.sent - draft.in.fee;
    for (const Fees fees : kFees) {
        if (!gives(draft.state, fees, in, draft.out.sent)) continue;
        draft.state.fee_ppm = (fees.trade_bps + fees.owner_bps) * 100;
        draft.state.fee_known = true;
        return;
    }
    draft.state.curve = Curve::unknown;
}

std::optional<SwapDraft> find_legs(SwapSite& site) {
    if (site.data().size() < 17 || site.data()[0] != kSwap) return std::nullopt;
    return find_vault_legs(site, site.key_at(kVaultIn), site.key_at(kVaultOut));
}

bool is_swap(const SwapSite& site) {
    return site.data().size() >= 17 && site.data()[0] == kSwap;
}

}  // namespace

SwapOutcome decode_token_swap(SwapSite& site) {
    if (!is_swap(site)) return SwapOutcome::not_a_swap;
    auto draft = find_legs(site);
    if (!draft) return SwapOutcome::no_legs;
    draft->state.curve = Curve::constant_product;
    add_swap(site, *draft, site.key_at(kPool));
    prove_curve(site.drafts.back());
    return SwapOutcome::swapped;
}

/// Saber kept the layout of token-swap but prices with a stable curve.
SwapOutcome decode_saber(SwapSite& site) {
    if (!is_swap(site)) return SwapOutcome::not_a_swap;
    const auto draft = find_legs(site);
    if (!draft) return SwapOutcome::no_legs;
    add_swap(site, *draft, site.key_at(kPool));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana
