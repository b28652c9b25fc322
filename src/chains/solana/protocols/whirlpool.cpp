#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kSwap = discriminator("f8c69e91e17587c8");
constexpr std::uint64_t kSwapV2 = discriminator("2b04ed0b1ac91e62");
constexpr std::uint64_t kTwoHop = discriminator("c360ed6c44a2dbe6");
constexpr std::uint64_t kTwoHopV2 = discriminator("ba8fd11dfe02c275");

/// Account positions of one swap.
struct Hop {
    std::uint8_t pool, vault_a, vault_b;
};

/// Direction flags stand behind the amounts and limits of the first layouts.
constexpr std::size_t kSwapDirectionAt = 41;
constexpr std::size_t kTwoHopDirectionAt = 25;

std::optional<WhirlpoolTraded> find_traded(SwapSite& site, const Pubkey& pool) {
    for (const ProgramLog& line : site.scope.logs()) {
        if (!line.is_data || line.instruction != site.index) continue;
        const auto bytes = parse_base64(line.text);
        if (!bytes || bytes->size() < 8) continue;
        if (load_le<std::uint64_t>(ByteView(*bytes), 0) != events::kTraded) {
            ++site.counters.unknown_events;
            continue;
        }
        const auto event = parse_whirlpool_traded(ByteView(*bytes).subspan(8));
        if (!event) ++site.counters.unknown_events;
        if (event && event->pool == pool) return event;
    }
    return std::nullopt;
}

bool add_hop(SwapSite& site, Hop hop) {
    auto draft = find_vault_legs(site, site.key_at(hop.vault_a), site.key_at(hop.vault_b));
    const std::uint16_t pool = site.key_at(hop.pool);
    if (!draft || pool == kNoKey) return false;
    if (const auto event = find_traded(site, site.scope.tx().keys[pool])) {
        draft->state.sqrt_price_x64_before = event->sqrt_price_before;
        draft->state.sqrt_price_x64_after = event->sqrt_price_after;
        draft->state.zero_for_one = event->a_to_b;
        draft->state.exact = true;
    }
    add_swap(site, *draft, pool);
    return true;
}

/// The direction of a hop where no event says it: flags in the instruction's data.
void set_direction(SwapSite& site, std::size_t drafts_back, std::size_t at) {
    SwapDraft& draft = site.drafts[site.drafts.size() - drafts_back];
    if (!draft.state.exact && site.data().size() > at)
        draft.state.zero_for_one = site.data()[at] != 0;
}

}  // namespace

SwapOutcome decode_whirlpool(SwapSite& site) {
    switch (site.discriminator()) {
        case kSwap:
            if (!add_hop(site, {2, 4, 6})) return SwapOutcome::no_legs;
            set_direction(site, 1, kSwapDirectionAt);
            return SwapOutcome::swapped;
        case kSwapV2:
            if (!add_hop(site, {4, 8, 10})) return SwapOutcome::no_legs;
            set_direction(site, 1, kSwapDirectionAt);
            return SwapOutcome::swapped;
        case kTwoHop:
            if (!add_hop(site, {2, 5, 7}) || !add_hop(site, {3, 9, 11}))
                return SwapOutcome::no_legs;
            set_direction(site, 2, kTwoHopDirectionAt);
            set_direction(site, 1, kTwoHopDirectionAt + 1);
            return SwapOutcome::swapped;
        case kTwoHopV2:
            // The middle token goes straight from the first pool's vault to the second's.
            if (!add_hop(site, {0, 9, 10}) || !add_hop(site, {1, 11, 12}))
                return SwapOutcome::no_legs;
            set_direction(site, 2, kTwoHopDirectionAt);
            set_direction(site, 1, kTwoHopDirectionAt + 1);
            return SwapOutcome::swapped;
        default:
            return SwapOutcome::not_a_swap;
    }
}

}  // namespace astro::solana
