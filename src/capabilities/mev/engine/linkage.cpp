#include "capabilities/mev/engine/linkage.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "capabilities/mev/engine/prices.hpp"
#include "chains/solana/programs.hpp"

namespace astro::mev {
namespace {

using solana::key_constant;

// Names in the order of the keys: Photon, Banana Gun, Bloom (three), Maestro, Mintech, Nova,
// ApePro, OKX router and relay, Axiom, TradeWiz, Cabal, VisionAIO, SharpAIO, OpenOcean, Prism.
constexpr Pubkey kPublicRouters[] = {
    key_constant("BSfD6SHZigAfDWSjzD5Q41jw8LmKwtmjskPH9XW1mrRW"),
    key_constant("BANANAjs7FJiPQqJTGFzkZJndT9o7UmKiYYGaJz6frGu"),
    key_constant("b1oomGGqPKGD6errbyfbVMBuzSC8WtAAYo8MwNafWW1"),
    key_constant("7HeD6sLLqAnKVRuSfc1Ko3BSPMNKWgGTiWLKXJF31vKM"),
    key_constant("b1oodtXw4tigt8MoRcRrWUGCW31WeFUtFMsFgwQpSQ9"),
    key_constant("MaestroAAe9ge5HTc64VbBQZ6fP77pwvrhM8i1XWSAx"),
    key_constant("minTcHYRLVPubRK8nt6sqe2ZpWrGDLQoNLipDJCGocY"),
    key_constant("NoVA1TmDUqksaj2hB1nayFkPysjJbFiU76dT4qPw2wm"),
    key_constant("JSW99DKmxNyREQM14SQLDykeBvEUG63TeohrvmofEiw"),
    key_constant("HV1KXxWFaSeriyFvXyx48FqG9BoFbfinB8njCJonqP7K"),
    key_constant("ARu4n5mFdZogZAravu7CcizaojWnS6oqka37gdLT5SZn"),
    key_constant("Axiom3a2w1UbMt2SMgqSvRiuJFTPusDhwKamNgPTeNQ9"),
    key_constant("97VmzkjX9w8gMFS2RnHTSjtMEDbifGXBq9pgosFdFnM"),
    key_constant("CABAL69DYBisjkdHxwVktMy2TPHYVYc2D3UDQQ2DLwKM"),
    key_constant("vs1ongEMwP15z6RKykbUbWwAf8WXFKNTLkfEr5JN6K7"),
    key_constant("GengarGzVQiNwzmXFC6sz3oT4HY91MnV26nDX6z2U97V"),
    key_constant("DF6c7dTBdZ9cb59pywKAVwy5NMSXiSfmXzYNwYFPNz9F"),
    key_constant("AGGZ2djPDEvrbgiBTV3P8UoB8Zf1kGawkWd2eu553o44"),
};

/// Groups that grow together (disjoint sets with path halving).
class Sets {
  public:
    explicit Sets(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }
    std::uint32_t find(std::uint32_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    bool join(std::uint32_t a, std::uint32_t b) {
        a = find(a);
        b = find(b);
        if (a == b) return false;
        parent_[std::max(a, b)] = std::min(a, b);
        return true;
    }

  private:
    std::vector<std::uint32_t> parent_;
};

template <class T>
void sort_unique(std::vector<T>& v) {
    std::ranges::sort(v);
    const auto repeated = std::ranges::unique(v);
    v.erase(repeated.begin(), repeated.end());
}

class Linker {
  public:
    Linker(std::span<const Participant> swaps, const TransferGraph& graph,
           const LinkageConfig& config)
        : swaps_(swaps), graph_(graph), config_(config), sets_(swaps.size()) {
        for (const auto& s : swaps) out_.traders.push_back(s.trader);
        sort_unique(out_.traders);
        sets_ = Sets(out_.traders.size());
    }

    Clusters run() {
        by_keys();
        by_accounts();
        by_money();
        by_wrapper();
        out_.group.resize(out_.traders.size());
        for (std::uint32_t i = 0; i < out_.group.size(); ++i) out_.group[i] = sets_.find(i);
        return std::move(out_);
    }

  private:
    std::optional<std::uint32_t> index_of(const Pubkey& wallet) const {
        const auto it = std::ranges::lower_bound(out_.traders, wallet);
        if (it == out_.traders.end() || *it != wallet) return std::nullopt;
        return static_cast<std::uint32_t>(it - out_.traders.begin());
    }

    void link(LinkKind kind, const Pubkey& a, const Pubkey& b, const Pubkey& via,
              bool weak = false) {
        const auto i = index_of(a), j = index_of(b);
        if (i && j && sets_.join(*i, *j)) out_.links.push_back({kind, a, b, via, weak});
    }

    /// Links everyone listed under one key, unless they are too many to be one trader's.
    void link_all(LinkKind kind, std::map<Pubkey, std::vector<Pubkey>>& by_key, std::size_t most) {
        for (auto& [shared, traders] : by_key) {
            sort_unique(traders);
            if (traders.size() < 2 || traders.size() > most) continue;
            for (std::size_t i = 1; i < traders.size(); ++i)
                link(kind, traders[0], traders[i], shared);
        }
    }

    void by_keys() {
        std::map<Pubkey, std::vector<Pubkey>> by_key;
        for (const auto& s : swaps_) {
            by_key[s.trader].push_back(s.trader);
            for (const auto& w : s.wallets) by_key[w].push_back(s.trader);
        }
        link_all(LinkKind::signer, by_key, config_.shared_key_max);
    }

    void by_accounts() {
        std::map<Pubkey, std::vector<Pubkey>> by_account;
        for (const auto& s : swaps_)
            for (const auto* account : {&s.paid_from, &s.paid_to})
                if (!account->is_zero()) by_account[*account].push_back(s.trader);
        link_all(LinkKind::account, by_account, config_.shared_key_max);
    }

    /// A trader is also the owners behind his swaps and the accounts these pay from and to, unless
    /// others use them too.
    void find_aliases() {
        std::map<Pubkey, std::vector<Pubkey>> traders_by_key;
        for (const auto& s : swaps_) {
            for (const auto& w : s.wallets) traders_by_key[w].push_back(s.trader);
            for (const auto* account : {&s.paid_from, &s.paid_to})
                if (!account->is_zero()) traders_by_key[*account].push_back(s.trader);
        }
        for (auto& [wallet, traders] : traders_by_key) {
            sort_unique(traders);
            if (traders.size() == 1 && !index_of(wallet)) aliases_[wallet] = traders[0];
        }
        for (const auto& trader : out_.traders) aliases_[trader] = trader;
    }

    [[nodiscard]] const Pubkey* trader_behind(const Pubkey& wallet) const {
        const auto it = aliases_.find(wallet);
        return it == aliases_.end() ? nullptr : &it->second;
    }
    [[nodiscard]] bool is_hub(const Pubkey& wallet) const {
        return graph_.degree(wallet, config_.hub_degree_max + 1) > config_.hub_degree_max;
    }
    static bool is_token(const MoneyEdge& e) { return !e.mint.is_zero() && e.mint != wsol_mint(); }

    void by_money() {
        find_aliases();
        std::map<Pubkey, std::vector<std::pair<Pubkey, bool>>> between;  // wallet → (trader, token)
        for (const auto& [wallet, trader] : aliases_) {
            if (is_hub(wallet)) continue;
            for (const auto* e : graph_.edges_of(wallet)) {
                const auto& peer = e->from == wallet ? e->to : e->from;
                if (const auto* other = trader_behind(peer)) {
                    link(is_token(*e) ? LinkKind::token : LinkKind::sol, trader, *other, {});
                } else if (!e->minor) {
                    between[peer].emplace_back(trader, is_token(*e));
                    if (is_token(*e) && e->from == wallet) follow(trader, peer, e->mint);
                }
            }
        }
        for (auto& [wallet, dealt] : between) {
            if (dealt.size() < 2 || is_hub(wallet)) continue;
            for (std::size_t i = 1; i < dealt.size(); ++i) {
                const bool token = dealt[0].second && dealt[i].second;
                link(token ? LinkKind::token_via : LinkKind::sol_via, dealt[0].first,
                     dealt[i].first, wallet);
            }
        }
    }

    /// Tokens of one mint passed on from wallet to wallet.
    void follow(const Pubkey& trader, const Pubkey& first, const Pubkey& mint) {
        constexpr std::size_t kWalletsMax = 16;
        std::vector<Pubkey> path{first};
        for (std::size_t i = 0; i < path.size() && i < kWalletsMax; ++i) {
            if (is_hub(path[i])) continue;
            for (const auto* e : graph_.edges_of(path[i])) {
                if (e->mint != mint || e->from != path[i]) continue;
                if (const auto* other = trader_behind(e->to))
                    link(LinkKind::token_via, trader, *other, first);
                else if (std::ranges::find(path, e->to) == path.end())
                    path.push_back(e->to);
            }
        }
    }

    void by_wrapper() {
        std::map<Pubkey, std::vector<Pubkey>> by_program;
        for (const auto& s : swaps_)
            if (!s.wrapper.is_zero() && !is_public_router(s.wrapper))
                by_program[s.wrapper].push_back(s.trader);
        for (auto& [program, traders] : by_program) {
            sort_unique(traders);
            const auto everywhere = graph_.traders_of(program).size();
            if (traders.size() > config_.wrapper_traders_max || everywhere > config_.wrapper_public)
                continue;
            const bool weak = everywhere > config_.wrapper_known_private;
            for (std::size_t i = 1; i < traders.size(); ++i)
                link(LinkKind::wrapper, traders[0], traders[i], program, weak);
        }
    }

    std::span<const Participant> swaps_;
    const TransferGraph& graph_;
    const LinkageConfig& config_;
    Clusters out_;
    Sets sets_;
    std::map<Pubkey, Pubkey> aliases_;  ///< wallet or account → trader
};

/// Accounts and wallets on the pools' side of a transaction's swaps.
struct PoolSide {
    std::vector<Pubkey> accounts, owners;
    [[nodiscard]] bool has(const Pubkey& account, const Pubkey& owner) const {
        return std::ranges::binary_search(accounts, account) ||
               (!owner.is_zero() && std::ranges::binary_search(owners, owner));
    }
};

PoolSide pool_side(const solana::BlockActivity& block) {
    PoolSide side;
    for (const auto& tx : block.transactions)
        for (const auto& s : tx.swaps)
            for (const auto* key : {&s.vault_in, &s.vault_out, &s.pool})
                if (!key->is_zero()) side.accounts.push_back(*key);
    sort_unique(side.accounts);
    const auto is_vault = [&](const Pubkey& a) {
        return std::ranges::binary_search(side.accounts, a);
    };
    std::vector<Pubkey> owners = side.accounts;  // a curve holds its SOL itself
    for (const auto& tx : block.transactions)
        for (const auto& t : tx.token_transfers) {
            if (is_vault(t.source) && !t.source_owner.is_zero()) owners.push_back(t.source_owner);
            if (is_vault(t.destination) && !t.destination_owner.is_zero())
                owners.push_back(t.destination_owner);
        }
    sort_unique(owners);
    side.owners = std::move(owners);
    return side;
}

/// The largest leg of `mint` in the transaction; 0 when it does not swap that.
std::uint64_t largest_leg(const solana::TransactionActivity& tx, const Pubkey& mint) {
    const auto& wanted = mint.is_zero() ? wsol_mint() : mint;
    std::uint64_t most = 0;
    for (const auto& s : tx.swaps) {
        if (s.mint_in == wanted) most = std::max(most, s.amount_in);
        if (s.mint_out == wanted) most = std::max(most, s.amount_out);
    }
    return most;
}

}  // namespace

std::uint32_t Clusters::group_of(const Pubkey& trader) const {
    const auto it = std::ranges::lower_bound(traders, trader);
    return group[static_cast<std::size_t>(it - traders.begin())];
}

Clusters cluster_traders(std::span<const Participant> swaps, const TransferGraph& graph,
                         const LinkageConfig& config) {
    return Linker(swaps, graph, config).run();
}

bool is_public_router(const Pubkey& program) {
    return std::ranges::find(kPublicRouters, program) != std::end(kPublicRouters) ||
           solana::find_program(program).role != solana::ProgramRole::other;
}

std::vector<MoneyEdge> money_edges(const solana::BlockActivity& block) {
    const auto side = pool_side(block);
    std::vector<MoneyEdge> edges;
    const auto add = [&](const solana::TransactionActivity& tx, MoneyEdge e) {
        if (e.amount == 0 || e.from == e.to || e.from.is_zero() || e.to.is_zero()) return;
        // A tenth of the swap it came with: above what platforms charge, below what a searcher
        // that collects his money moves.
        e.minor = e.amount < largest_leg(tx, e.mint) / 10;
        edges.push_back(e);
    };
    for (const auto& tx : block.transactions) {
        if (tx.failed) continue;
        for (const auto& t : tx.token_transfers) {
            if (side.has(t.source, t.source_owner) || side.has(t.destination, t.destination_owner))
                continue;
            // Old nodes do not report owners; then the account stands for its owner.
            const auto& from = !t.source_owner.is_zero() ? t.source_owner
                               : !t.authority.is_zero()  ? t.authority
                                                         : t.source;
            const auto& to = t.destination_owner.is_zero() ? t.destination : t.destination_owner;
            add(tx, {from, to, t.mint, t.amount, t.fee, t.at, false});
        }
        for (const auto& t : tx.sol_transfers) {
            if (t.is_tip || side.has(t.from, t.from) || side.has(t.to, t.to)) continue;
            add(tx, {t.from, t.to, Pubkey{}, t.lamports, 0, t.at, false});
        }
    }
    return edges;
}

void TransferGraph::set_slot(Slot slot, std::vector<MoneyEdge> edges,
                             std::vector<std::pair<Pubkey, Pubkey>> wrapper_traders) {
    drop_slot(slot);
    SlotEdges s{slot, std::move(edges), {}, std::move(wrapper_traders)};
    s.by_wallet.reserve(s.edges.size() * 2);
    for (std::uint32_t i = 0; i < s.edges.size(); ++i) {
        s.by_wallet.emplace_back(s.edges[i].from, i);
        s.by_wallet.emplace_back(s.edges[i].to, i);
    }
    std::ranges::sort(s.by_wallet);
    sort_unique(s.wrapper_traders);
    const auto at = std::ranges::lower_bound(slots_, slot, {}, &SlotEdges::slot);
    slots_.insert(at, std::move(s));
}

void TransferGraph::drop_slot(Slot slot) {
    std::erase_if(slots_, [&](const SlotEdges& s) { return s.slot == slot; });
}

void TransferGraph::drop_before(Slot slot) {
    while (!slots_.empty() && slots_.front().slot < slot) slots_.pop_front();
}

std::vector<const MoneyEdge*> TransferGraph::edges_of(const Pubkey& wallet) const {
    std::vector<const MoneyEdge*> out;
    for (const auto& s : slots_) {
        auto it = std::ranges::lower_bound(s.by_wallet, std::pair{wallet, 0U});
        for (; it != s.by_wallet.end() && it->first == wallet; ++it)
            out.push_back(&s.edges[it->second]);
    }
    return out;
}

std::size_t TransferGraph::degree(const Pubkey& wallet, std::size_t limit) const {
    std::vector<Pubkey> peers;
    for (const auto* e : edges_of(wallet)) {
        const auto& peer = e->from == wallet ? e->to : e->from;
        if (std::ranges::find(peers, peer) != peers.end()) continue;
        peers.push_back(peer);
        if (peers.size() >= limit) break;
    }
    return peers.size();
}

std::vector<Pubkey> TransferGraph::traders_of(const Pubkey& wrapper) const {
    std::vector<Pubkey> traders;
    for (const auto& s : slots_) {
        auto it = std::ranges::lower_bound(s.wrapper_traders, std::pair{wrapper, Pubkey{}});
        for (; it != s.wrapper_traders.end() && it->first == wrapper; ++it)
            traders.push_back(it->second);
    }
    sort_unique(traders);
    return traders;
}

}  // namespace astro::mev
