#pragma once

#include <vector>

#include "chains/solana/protocols/protocol.hpp"

/// Finds the swaps of one transaction: walks its instructions in order of execution and hands each
/// of a known pool's program to that protocol's decoder.
namespace astro::solana {

class SwapFinder {
  public:
    /// Drafts in execution order; valid until the next call. Counts what was not understood.
    const std::vector<SwapDraft>& find(TransactionScope& scope, DecodeCounters& counters);

  private:
    struct Caller {
        std::uint8_t height;
        ProgramRole role;
    };
    void enter(const TransactionScope& scope, const Instruction& ix);
    void decode(TransactionScope& scope, std::uint32_t index, const ProtocolRow& row,
                DecodeCounters& counters);
    [[nodiscard]] bool under_aggregator() const;

    std::vector<SwapDraft> drafts_;
    std::vector<Caller> callers_;  ///< of the instruction at hand, outermost first, itself last
};

/// Compares what Jupiter says each hop exchanged with the swaps found; hops without a swap and
/// event versions we do not know are counted.
void check_against_jupiter(const TransactionScope& scope, const std::vector<Swap>& swaps,
                           DecodeCounters& counters);

}  // namespace astro::solana
