#include "capabilities/mev/engine/sandwich_account.hpp"

#include <algorithm>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/ledger.hpp"

namespace astro::mev {
namespace {

using solana::TransactionActivity;

/// Fees that platforms take beside the swap, of what was turned over: pump.fun's 1.25 % each way
/// and a trading platform's 1 %.
constexpr Int128 kPlatformFeesMaxPpm = 25'000;

std::vector<const TransactionActivity*> transactions_of(const SandwichShape& shape) {
    std::vector<const TransactionActivity*> out;
    for (const auto* side : {&shape.fronts, &shape.backs})
        for (const auto* r : *side)
            if (std::ranges::find(out, r->tx.get()) == out.end()) out.push_back(r->tx.get());
    return out;
}

/// The wallets' gain of the start token over the shape's transactions; none when these also did
/// other things, so that it says nothing about the sandwich.
std::optional<std::int64_t> gain_by_balances(
    const SandwichShape& shape, const std::vector<const TransactionActivity*>& transactions) {
    const auto& mint = shape.start_mint();
    Int128 sum = 0;
    bool any = false;
    for (const auto* tx : transactions) {
        for (const auto& s : tx->swaps)
            if (s.pool != shape.fronts.front()->swap().pool) return std::nullopt;
        for (const auto& d : tx->deltas)
            any = any || (std::ranges::binary_search(shape.cluster, d.owner) &&
                          (d.mint == mint || (mint == wsol_mint() && d.mint.is_zero())));
        sum += mint == wsol_mint() ? cluster_sol_before_costs(*tx, shape.cluster).value()
                                   : cluster_delta(*tx, shape.cluster, mint);
    }
    if (!any) return std::nullopt;
    return saturate_to_int64(sum);
}

}  // namespace

SandwichAccount settle_sandwich(const SandwichShape& shape, const PriceTable& prices) {
    SandwichAccount a;
    const auto transactions = transactions_of(shape);
    for (const auto* tx : transactions) {
        a.fees += Lamports{saturate_to_int64(tx->fee_lamports)};
        a.tips += Lamports{saturate_to_int64(tx->tip_lamports)};
    }
    a.by_legs = saturate_to_int64(shape.match.gain);
    a.stock_used = saturate_to_int64(shape.match.stock_used);
    a.by_balances = gain_by_balances(shape, transactions);
    a.profit = a.by_legs;
    if (a.by_balances && *a.by_balances < a.by_legs) {
        const Int128 turned = shape.match.gain_in_b
                                  ? static_cast<Int128>(shape.sums.front_out_b) +
                                        static_cast<Int128>(shape.sums.back_in_b)
                                  : static_cast<Int128>(shape.sums.front_in_a) +
                                        static_cast<Int128>(shape.sums.back_out_a);
        if ((Int128{a.by_legs} - *a.by_balances) * 1'000'000 <= turned * kPlatformFeesMaxPpm)
            a.profit = *a.by_balances;
    }
    const auto kept = saturate_to_int64(Int128{a.profit} - a.stock_used);
    if (const auto gross = prices.to_lamports(shape.start_mint(), RawDelta{kept}))
        a.net =
            Lamports{saturate_to_int64(Int128{gross->value()} - a.fees.value() - a.tips.value())};
    return a;
}

}  // namespace astro::mev
