#include "capabilities/mev/engine/ledger.hpp"

#include <algorithm>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/prices.hpp"

namespace astro::mev {
namespace {

using solana::Pubkey;

/// The wallet that owns a token account, as the transaction's transfers tell; zero when unknown.
Pubkey owner_of(const solana::TransactionActivity& tx, const Pubkey& account) {
    for (const auto& t : tx.token_transfers) {
        if (t.source == account && !t.source_owner.is_zero()) return t.source_owner;
        if (t.destination == account && !t.destination_owner.is_zero()) return t.destination_owner;
    }
    return {};
}

Int128 delta_of(const solana::TransactionActivity& tx, std::span<const Pubkey> cluster,
                const Pubkey& mint) {
    Int128 sum = 0;
    for (const auto& d : tx.deltas)
        if (d.mint == mint && std::ranges::binary_search(cluster, d.owner)) sum += d.delta;
    return sum;
}

}  // namespace

std::vector<Pubkey> owner_cluster(const solana::TransactionActivity& tx,
                                  std::span<const solana::Swap> legs) {
    std::vector<Pubkey> cluster = tx.signers;
    if (!tx.fee_payer.is_zero()) cluster.push_back(tx.fee_payer);
    std::vector<Pubkey> vault_owners;
    for (const auto& leg : legs)
        for (const auto* vault : {&leg.vault_in, &leg.vault_out})
            if (const auto owner = owner_of(tx, *vault); !owner.is_zero())
                vault_owners.push_back(owner);
    for (const auto& leg : legs) {
        if (leg.via_aggregator) continue;
        for (const auto* account : {&leg.user_source, &leg.user_destination}) {
            const auto owner = owner_of(tx, *account);
            if (owner.is_zero() || std::ranges::find(vault_owners, owner) != vault_owners.end())
                continue;
            cluster.push_back(owner);
        }
    }
    std::ranges::sort(cluster);
    const auto repeated = std::ranges::unique(cluster);
    cluster.erase(repeated.begin(), repeated.end());
    return cluster;
}

std::int64_t cluster_delta(const solana::TransactionActivity& tx, std::span<const Pubkey> cluster,
                           const Pubkey& mint) {
    return saturate_to_int64(delta_of(tx, cluster, mint));
}

Lamports cluster_sol_before_costs(const solana::TransactionActivity& tx,
                                  std::span<const Pubkey> cluster) {
    Int128 sum = delta_of(tx, cluster, wsol_mint()) + delta_of(tx, cluster, Pubkey{});
    if (std::ranges::binary_search(cluster, tx.fee_payer)) {
        sum += tx.fee_lamports;
        sum += tx.rent_paid_lamports;
    }
    for (const auto& t : tx.sol_transfers)
        if (t.is_tip && std::ranges::binary_search(cluster, t.from)) sum += t.lamports;
    return Lamports{saturate_to_int64(sum)};
}

}  // namespace astro::mev
