#include "chains/solana/verify.hpp"

namespace astro::solana {
namespace {

/// Changes by key index, of tokens and of lamports.
struct Ledger {
    std::vector<Int128> tokens, lamports;

    explicit Ledger(std::size_t keys) : tokens(keys, 0), lamports(keys, 0) {}
    void add(std::uint16_t key, bool native, Int128 amount) {
        if (key != kNoKey) (native ? lamports : tokens)[key] += amount;
    }
};

void add_legs(const std::vector<SwapDraft>& drafts, Ledger& expected) {
    for (const SwapDraft& d : drafts) {
        expected.add(d.in.vault, d.in.native, Int128{d.in.sent} - Int128{d.in.fee});
        expected.add(d.out.vault, d.out.native, -Int128{d.out.sent});
    }
}

void add_other_movements(const TransactionScope& scope, const std::vector<SwapDraft>& drafts,
                         Ledger& expected) {
    std::size_t next = 0;  // drafts are in order of execution
    std::uint32_t covered_until = 0;
    for (const Movement& m : scope.movements) {
        while (next < drafts.size() && drafts[next].instruction <= m.instruction)
            covered_until = std::max(covered_until, drafts[next++].end);
        if (m.is_leg) continue;
        const bool native = !m.moves_tokens();
        const bool inside_swap = m.instruction < covered_until;
        expected.add(m.source, native, -Int128{m.amount});
        if (!inside_swap) expected.add(m.destination, native, Int128{m.received()});
    }
}

bool leg_holds(const TransactionScope& scope, const Leg& leg, const Ledger& expected) {
    if (leg.vault == kNoKey) return false;
    const Transaction& tx = scope.tx();
    if (leg.native) {
        if (leg.vault >= tx.pre_lamports.size() || leg.vault >= tx.post_lamports.size())
            return false;
        return Int128{tx.post_lamports[leg.vault]} - Int128{tx.pre_lamports[leg.vault]} ==
               expected.lamports[leg.vault];
    }
    const TokenAccount& a = scope.accounts[leg.vault];
    return a.has_balance() && Int128{a.post} - Int128{a.pre} == expected.tokens[leg.vault];
}

}  // namespace

std::vector<bool> verify_swaps(const TransactionScope& scope,
                               const std::vector<SwapDraft>& drafts) {
    Ledger expected(scope.tx().keys.size());
    add_legs(drafts, expected);
    add_other_movements(scope, drafts, expected);
    std::vector<bool> verified;
    verified.reserve(drafts.size());
    for (const SwapDraft& d : drafts)
        verified.push_back(leg_holds(scope, d.in, expected) && leg_holds(scope, d.out, expected));
    return verified;
}

}  // namespace astro::solana
