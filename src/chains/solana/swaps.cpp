#include "chains/solana/swaps.hpp"

#include <algorithm>

namespace astro::solana {

void SwapFinder::enter(const TransactionScope& scope, const Instruction& ix) {
    const bool outer = ix.inner_index < 0;
    if (outer) {
        callers_.clear();
    } else if (ix.stack_height == 0) {
        callers_.resize(std::min<std::size_t>(callers_.size(), 1));
    } else {
        while (!callers_.empty() && callers_.back().height >= ix.stack_height) callers_.pop_back();
    }
    const std::uint8_t height = outer ? 1 : std::max<std::uint8_t>(ix.stack_height, 2);
    callers_.push_back({height, scope.program(ix).role});
}

bool SwapFinder::under_aggregator() const {
    return std::any_of(callers_.begin(), callers_.end(),
                       [](const Caller& caller) { return caller.role == ProgramRole::aggregator; });
}

namespace {

bool program_is_known(const ProtocolRow& row) {
    return &row != &unknown_amm_row();
}

}  // namespace

void SwapFinder::decode(TransactionScope& scope, std::uint32_t index, const ProtocolRow& row,
                        DecodeCounters& counters) {
    const std::uint32_t end = scope.subtree_end(index);
    SwapSite site{scope, row, index, end, scope.movements_in(index, end), counters, drafts_};
    const std::size_t before = drafts_.size();
    const SwapOutcome outcome = row.decode(site);
    if (outcome == SwapOutcome::no_legs) ++counters.dex_instructions_without_swap;
    // An instruction of a pool that we do not know but that exchanged tokens: a newer version.
    if (outcome == SwapOutcome::not_a_swap && program_is_known(row) && looks_like_swap(site))
        ++counters.unknown_events;
    for (std::size_t i = before; i < drafts_.size(); ++i)
        drafts_[i].via_aggregator = under_aggregator();
}

const std::vector<SwapDraft>& SwapFinder::find(TransactionScope& scope, DecodeCounters& counters) {
    drafts_.clear();
    callers_.clear();
    const Transaction& tx = scope.tx();
    std::size_t applied = 0;
    for (std::uint32_t i = 0; i < tx.instructions.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        enter(scope, ix);
        const ProgramInfo program = scope.program(ix);
        const bool called_by_aggregator =
            callers_.size() >= 2 && callers_[callers_.size() - 2].role == ProgramRole::aggregator;
        const bool known = program.role == ProgramRole::amm;
        if (!known && !(program.role == ProgramRole::other && called_by_aggregator)) continue;
        for (; applied < scope.movements.size() && scope.movements[applied].instruction < i;
             ++applied)
            scope.accounts.apply(scope.movements[applied]);
        decode(scope, i, known ? protocol_registry()[program.row] : unknown_amm_row(), counters);
    }
    return drafts_;
}

namespace {

bool matches(const Swap& swap, const JupiterHop& hop) {
    return swap.mint_in == hop.mint_in && swap.mint_out == hop.mint_out &&
           (swap.amount_in == hop.amount_in ||
            swap.amount_in + swap.transfer_fee_in == hop.amount_in ||
            swap.amount_out == hop.amount_out ||
            swap.amount_out - swap.transfer_fee_out == hop.amount_out);
}

void check_hop(const JupiterHop& hop, const std::vector<Swap>& swaps, DecodeCounters& counters) {
    const bool found = std::any_of(swaps.begin(), swaps.end(),
                                   [&](const Swap& swap) { return matches(swap, hop); });
    if (!found) ++counters.aggregator_hops_unmatched;
}

}  // namespace

void check_against_jupiter(const TransactionScope& scope, const std::vector<Swap>& swaps,
                           DecodeCounters& counters) {
    const Transaction& tx = scope.tx();
    for (const Instruction& ix : tx.instructions) {
        if (scope.program(ix).role != ProgramRole::aggregator) continue;
        const ByteView data = tx.data_of(ix);
        if (!is_event_call(data) || tx.program_of(ix) != programs::kJupiterV6) continue;
        const auto name = load_le<std::uint64_t>(data, 8);
        const ByteView payload = data.subspan(16);
        if (name == events::kSwapEvent) {
            const auto hop = parse_jupiter_swap(payload);
            if (hop) check_hop(*hop, swaps, counters);
            if (!hop) ++counters.unknown_events;
        } else if (name == events::kSwapsEvent) {
            const auto hops = parse_jupiter_swaps(payload);
            if (!hops) ++counters.unknown_events;
            if (hops)
                for (const auto& hop : *hops) check_hop(hop, swaps, counters);
        } else if (name != events::kFeeEvent) {
            ++counters.unknown_events;
        }
    }
}

}  // namespace astro::solana
