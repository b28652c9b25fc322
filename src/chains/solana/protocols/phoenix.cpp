#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint8_t kSwap = 0, kSwapWithFreeFunds = 1, kLog = 15;

/// What the market says it filled, from the calls in which it logs to itself.
PhoenixFills sum_fills(SwapSite& site) {
    const Transaction& tx = site.scope.tx();
    PhoenixFills total;
    for (std::uint32_t i = site.index + 1; i < site.end; ++i) {
        const Instruction& ix = tx.instructions[i];
        const ByteView data = tx.data_of(ix);
        if (ix.program_index != site.instruction().program_index) continue;
        if (data.empty() || data[0] != kLog) continue;
        const auto fills = parse_phoenix_log(data.subspan(1));
        if (!fills) {
            ++site.counters.unknown_events;
            continue;
        }
        total.fills += fills->fills;
        total.base_lots += fills->base_lots;
        total.quote_lots += fills->quote_lots;
    }
    return total;
}

}  // namespace

SwapOutcome decode_phoenix(SwapSite& site) {
    const ByteView data = site.data();
    if (data.empty() || (data[0] != kSwap && data[0] != kSwapWithFreeFunds))
        return SwapOutcome::not_a_swap;
    const auto draft = find_vault_legs(site, site.key_at(6), site.key_at(7));
    if (draft) {
        add_swap(site, *draft, site.key_at(2));
        return SwapOutcome::swapped;
    }
    // Nothing moved: either nothing matched, or funds already deposited were swapped inside the
    // market, in lots whose size only the market account knows.
    return sum_fills(site).fills == 0 ? SwapOutcome::not_a_swap : SwapOutcome::no_legs;
}

}  // namespace astro::solana
