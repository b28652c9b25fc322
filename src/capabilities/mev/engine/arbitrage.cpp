#include "capabilities/mev/engine/arbitrage.hpp"

#include <algorithm>
#include <unordered_map>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/ledger.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

using solana::Swap;
using solana::TransactionActivity;

/// The last swap at each pool so far in the block.
struct LastSwap {
    const TransactionActivity* tx = nullptr;
    const Swap* swap = nullptr;
};
using LastSwaps = std::unordered_map<Pubkey, LastSwap>;

/// What one cycle brought, in the start token unless the name says otherwise.
struct Account {
    std::int64_t profit = 0;          ///< the cluster's gain before fee and tip
    std::int64_t by_legs = 0;         ///< what the cycle's swaps alone say
    std::uint64_t stock_used = 0;     ///< other tokens the trader added, at the cycle's own rate
    std::int64_t other_lamports = 0;  ///< lamports that went elsewhere, ≤ 0; not fee, tip or rent
    bool shared_transaction = false;  ///< other swaps of the transaction are taken out of profit
};

bool is_sol(const Pubkey& mint) {
    return mint == wsol_mint();
}

/// What the trader's swaps outside the cycle brought of `mint`.
Int128 outside_flow(const TransactionActivity& tx, const Cycle& cycle, const Pubkey& mint) {
    Int128 sum = 0;
    for (std::size_t i = 0; i < tx.swaps.size(); ++i) {
        if (std::ranges::find(cycle.swaps, i) != cycle.swaps.end()) continue;
        const auto& s = tx.swaps[i];
        if (s.mint_out == mint) sum += s.amount_out - std::min(s.amount_out, s.transfer_fee_out);
        if (s.mint_in == mint) sum -= static_cast<Int128>(s.amount_in) + s.transfer_fee_in;
    }
    return sum;
}

/// Tokens other than the start that the trader had to add, valued at what they cost in the cycle:
/// all of `paid` bought `got_of_mint`. With split routes that overstates the cost, which is the
/// side to err on.
std::uint64_t stock_used(const TransactionActivity& tx, const Cycle& cycle,
                         std::span<const Pubkey> cluster) {
    UInt128 total = 0;
    for (const auto& mint : cycle.mints) {
        if (mint == cycle.mints.front()) continue;
        Int128 change = is_sol(mint) ? cluster_sol_before_costs(tx, cluster).value()
                                     : cluster_delta(tx, cluster, mint);
        change -= outside_flow(tx, cycle, mint);
        if (change >= 0) continue;
        UInt128 got = 0;
        for (const auto i : cycle.swaps)
            if (tx.swaps[i].mint_out == mint) got += tx.swaps[i].amount_out;
        const auto missing = std::min<UInt128>(static_cast<UInt128>(-change), UINT64_MAX);
        if (got > 0) total += (missing * cycle.paid + got - 1) / got;
    }
    return static_cast<std::uint64_t>(std::min<UInt128>(total, UINT64_MAX));
}

/// The gain in SOL. A trader who works in wrapped SOL has it there, and native lamports that left
/// are payments to others; one who works in native SOL has it in both together. Which of the two it
/// was shows in what lies nearer to what the swaps say.
std::int64_t sol_held(const TransactionActivity& tx, std::span<const Pubkey> cluster,
                      std::int64_t sol, std::int64_t by_legs) {
    const auto wrapped = cluster_delta(tx, cluster, wsol_mint());
    const auto distance = [&](std::int64_t v) {
        const Int128 d = static_cast<Int128>(v) - by_legs;
        return d < 0 ? -d : d;
    };
    return wrapped != 0 && distance(wrapped) < distance(sol) ? wrapped : sol;
}

Account settle(const TransactionActivity& tx, const Cycle& cycle, std::span<const Pubkey> cluster) {
    const auto& start = cycle.mints.front();
    Account a;
    a.by_legs = saturate_to_int64(static_cast<Int128>(cycle.got) - cycle.paid);
    a.shared_transaction = cycle.swaps.size() < tx.swaps.size();
    const auto sol = cluster_sol_before_costs(tx, cluster).value();
    const bool sol_in_cycle = std::ranges::find_if(cycle.mints, is_sol) != cycle.mints.end();
    if (is_sol(start)) {
        a.profit = saturate_to_int64(sol_held(tx, cluster, sol, a.by_legs) -
                                     outside_flow(tx, cycle, start));
        a.other_lamports = std::min<std::int64_t>(
            0, saturate_to_int64(sol - outside_flow(tx, cycle, start) - a.profit));
    } else {
        a.profit = saturate_to_int64(static_cast<Int128>(cluster_delta(tx, cluster, start)) -
                                     outside_flow(tx, cycle, start));
        if (!sol_in_cycle)
            a.other_lamports = std::min<std::int64_t>(
                0, saturate_to_int64(sol - outside_flow(tx, cycle, wsol_mint())));
    }
    a.stock_used = stock_used(tx, cycle, cluster);
    return a;
}

std::string route_text(const TransactionActivity& tx, const Cycle& cycle, const Wording& say) {
    std::string text;
    const Swap* previous = nullptr;
    for (const auto i : cycle.swaps) {
        const auto& s = tx.swaps[i];
        if (previous == nullptr || previous->mint_out != s.mint_in)
            text += (previous == nullptr ? "" : "; ") + say.token(s.mint_in);
        text += " –[" + std::string(enum_name(s.protocol)) + " " + short_key(s.pool) + "]→ " +
                say.token(s.mint_out);
        previous = &s;
    }
    return text;
}

std::size_t hops_of(const TransactionActivity& tx, const Cycle& cycle) {
    std::vector<std::pair<Pubkey, Pubkey>> pairs;
    for (const auto i : cycle.swaps) pairs.emplace_back(tx.swaps[i].mint_in, tx.swaps[i].mint_out);
    std::ranges::sort(pairs);
    return static_cast<std::size_t>(std::ranges::unique(pairs).begin() - pairs.begin());
}

std::string percent_text(std::uint32_t ppm) {
    return decimal_text(ppm, 4) + " %";
}

void explain_unseen(Finding& f, const Cycle& cycle, const Wording& say) {
    std::string tokens;
    for (const auto& mint : cycle.unseen_at)
        tokens += (tokens.empty() ? "" : ", ") + say.token(mint);
    f.reasons.push_back("the step between " + tokens +
                        " is no pool that can be read (a stake pool or another program); the "
                        "wallet's balances of these did not change, so it is part of the cycle");
}

void explain_route(Finding& f, const TransactionActivity& tx, const Cycle& cycle,
                   const Wording& say) {
    const auto hops = hops_of(tx, cycle);
    const auto legs = cycle.swaps.size();
    std::string text = "closed cycle of " + std::to_string(hops) + " hops";
    if (legs != hops) text += " in " + std::to_string(legs) + " legs";
    f.reasons.push_back(text + " in one transaction: " + route_text(tx, cycle, say));
    f.reasons.push_back("paid " + say.amount(f.start_mint, cycle.paid) + ", got back " +
                        say.amount(f.start_mint, cycle.got) +
                        "; every other token left as it came, largest difference " +
                        percent_text(cycle.worst_gap_ppm));
    if (!cycle.unseen_at.empty()) explain_unseen(f, cycle, say);
    if (f.pools.size() == 1)
        f.reasons.push_back("both ways through one pool: its fees alone make that a loss");
    if (std::ranges::any_of(cycle.swaps, [&](auto i) { return tx.swaps[i].via_aggregator; }))
        f.reasons.push_back("routed by an aggregator that begins and ends at the same token");
}

void explain_account(Finding& f, const Account& a, const Wording& say) {
    std::string text = "balances: the " + std::string(f.cluster.empty() ? "wallet" : "wallets") +
                       " " + (a.profit < 0 ? "lost " : "gained ") +
                       say.amount(f.start_mint, a.profit < 0 ? -a.profit : a.profit) +
                       " before fee and tip";
    if (a.profit == a.by_legs)
        text += ", exactly what the legs say";
    else
        text += "; the legs alone say " + say.amount(f.start_mint, a.by_legs) +
                (a.profit < a.by_legs ? " (the rest went to fees outside the pools)" : "");
    f.reasons.push_back(text);
    if (a.shared_transaction)
        f.reasons.push_back("the transaction holds other swaps; what they moved is taken out");
    if (a.stock_used > 0)
        f.reasons.push_back("tokens worth " + say.amount(f.start_mint, a.stock_used) +
                            " were added from stock on the way and are charged");
    if (a.other_lamports < 0)
        f.reasons.push_back("a further " + lamports_text(Lamports{-a.other_lamports}) +
                            " left the wallet besides fee and tip and is charged");
}

void explain_net(Finding& f, const PriceTable& prices, const Wording& say) {
    std::string costs =
        "fee " + lamports_text(f.fee_lamports) +
        (f.tip_lamports.value() > 0 ? ", tip " + lamports_text(f.tip_lamports) : ", no tip");
    if (!f.net_lamports) {
        f.reasons.push_back(costs + "; no price of " + say.token(f.start_mint) +
                            " in SOL was seen, so the net gain is not known");
        return;
    }
    costs += "; net " + lamports_text(*f.net_lamports);
    if (f.net_usd_micros) costs += " (" + usd_text(*f.net_usd_micros) + ")";
    if (!is_sol(f.start_mint)) {
        const auto price = prices.price_of(f.start_mint);
        costs += ", " + say.token(f.start_mint) + " priced by the median of " +
                 std::to_string(price->observations) + " recent swaps against " +
                 (price->bridged ? "a dollar coin" : "SOL");
    }
    f.reasons.push_back(costs);
}

/// Net gain where the start token has a price, and whether the finding may be called profitable.
void decide(Finding& f, const Account& a, const PriceTable& prices) {
    const Int128 after_stock = static_cast<Int128>(a.profit) - a.stock_used;
    const auto gain = prices.to_lamports(f.start_mint, RawDelta{saturate_to_int64(after_stock)});
    const Int128 costs =
        static_cast<Int128>(f.fee_lamports.value()) + f.tip_lamports.value() - a.other_lamports;
    if (gain) {
        f.net_lamports = Lamports{saturate_to_int64(static_cast<Int128>(gain->value()) - costs)};
        f.net_usd_micros = prices.to_micro_usd(*f.net_lamports);
    }
    // A gain the legs do not show came from somewhere else: a payment, not an arbitrage.
    f.profitable =
        after_stock > 0 && a.by_legs > 0 && (!f.net_lamports || f.net_lamports->value() > 0);
    f.status = f.profitable ? FindingStatus::realised : FindingStatus::attempted;
}

void rate(Finding& f, const Account& a, bool unseen) {
    const bool verified = std::ranges::all_of(f.legs, &Leg::verified);
    double confidence = 0.7;
    if (verified) confidence += 0.15;
    if (a.profit == a.by_legs) confidence += 0.1;
    if (f.net_lamports) confidence += 0.04;
    if (a.shared_transaction) confidence -= 0.15;
    if (a.stock_used > 0) confidence -= 0.05;
    if (unseen) confidence -= 0.2;
    f.confidence = confidence;
    const auto count = std::ranges::count_if(f.legs, &Leg::verified);
    f.reasons.push_back(verified ? "every leg equals the change of its pool's vault balances"
                                 : std::to_string(count) + " of " + std::to_string(f.legs.size()) +
                                       " legs equal the change of their pool's vault balances");
}

/// The cycle's first pool whose price the swap before (by someone else, the other way) moved.
void mark_backrun(Finding& f, const TransactionActivity& tx, const Cycle& cycle,
                  const LastSwaps& last) {
    if (f.pools.size() < 2) return;  // a round trip at one pool takes nobody's price movement
    for (const auto i : cycle.swaps) {
        const auto& leg = tx.swaps[i];
        const auto it = last.find(leg.pool);
        if (it == last.end()) continue;
        const auto& [before_tx, before] = it->second;
        if (before->trader == leg.trader || before_tx->fee_payer == tx.fee_payer) continue;
        if (before->mint_in != leg.mint_out || before->mint_out != leg.mint_in) continue;
        f.backrun = true;
        f.backrun_of = before_tx->signature;
        const auto distance = tx.index - before_tx->index;
        f.reasons.push_back("back-run: " + std::to_string(distance) +
                            (distance == 1 ? " transaction" : " transactions") +
                            " earlier in the block another wallet moved pool " +
                            short_key(leg.pool) + " the other way");
        return;
    }
}

/// The wallet of the cluster that gained most of the start token; the trader when none did.
Pubkey gainer(const TransactionActivity& tx, std::span<const Pubkey> cluster, const Pubkey& start,
              const Pubkey& trader) {
    Pubkey best = trader;
    std::int64_t most = 0;
    for (const auto& wallet : cluster) {
        const auto gain = cluster_delta(tx, std::span(&wallet, 1), start);
        if (gain > most) {
            best = wallet;
            most = gain;
        }
    }
    return best;
}

class Builder {
  public:
    Builder(const solana::BlockActivity& block, const PriceTable& prices)
        : block_(block), prices_(prices), say_(block.mints) {}

    /// `charge` = whether this finding bears the transaction's fee and tip.
    Finding build(const TransactionActivity& tx, const Cycle& cycle, const LastSwaps& last,
                  bool charge) const {
        std::vector<Swap> chosen;
        for (const auto i : cycle.swaps) chosen.push_back(tx.swaps[i]);
        const auto cluster = owner_cluster(tx, chosen);
        const auto account = settle(tx, cycle, cluster);
        Finding f = head(tx, cycle, cluster);
        f.profit_raw = RawDelta{account.profit};
        if (charge) {
            f.fee_lamports = Lamports{saturate_to_int64(tx.fee_lamports)};
            f.tip_lamports = Lamports{saturate_to_int64(tx.tip_lamports)};
        }
        decide(f, account, prices_);
        explain_route(f, tx, cycle, say_);
        explain_account(f, account, say_);
        if (!charge) f.reasons.emplace_back("fee and tip are charged to the other cycle here");
        explain_net(f, prices_, say_);
        mark_backrun(f, tx, cycle, last);
        rate(f, account, !cycle.unseen_at.empty());
        return f;
    }

  private:
    Finding head(const TransactionActivity& tx, const Cycle& cycle,
                 const std::vector<Pubkey>& cluster) const {
        const auto& first = tx.swaps[cycle.swaps.front()];
        Finding f;
        f.kind = FindingKind::arbitrage;
        f.id = "arb-" + to_text(tx.signature).substr(0, 32) + "-" +
               std::to_string(cycle.swaps.front());
        f.slot = block_.slot;
        f.time = block_.time;
        f.signatures = {tx.signature};
        f.start_mint = cycle.mints.front();
        f.actor = gainer(tx, cluster, f.start_mint, first.trader);
        if (cluster.size() > 1) f.cluster = cluster;
        for (const auto i : cycle.swaps) add_hop(f, tx.swaps[i]);
        f.leader = block_.leader;
        f.synthetic = block_.synthetic;
        return f;
    }

    const solana::BlockActivity& block_;
    const PriceTable& prices_;
    Wording say_;
};

}  // namespace

std::vector<Finding> find_arbitrages(const solana::BlockActivity& block, const PriceTable& prices,
                                     const ArbitrageConfig& config) {
    std::vector<Finding> findings;
    LastSwaps last;
    const Builder builder(block, prices);
    for (const auto& tx : block.transactions) {
        if (tx.failed) continue;
        bool charge = true;
        auto cycles = find_cycles(tx.swaps, config);
        if (cycles.empty())
            if (auto cycle = close_by_balances(tx, config)) cycles.push_back(std::move(*cycle));
        for (const auto& cycle : cycles) {
            findings.push_back(builder.build(tx, cycle, last, charge));
            charge = false;
        }
        for (const auto& swap : tx.swaps) last[swap.pool] = {&tx, &swap};
    }
    return findings;
}

}  // namespace astro::mev
