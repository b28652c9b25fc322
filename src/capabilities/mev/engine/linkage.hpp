#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "chains/solana/activity.hpp"

/// Which wallets are one trader's.
///
/// A searcher that sandwiches from several wallets still has to move money or tokens between them,
/// or to call his own program. Those are the links, from strong to weak:
///
///     signer     both transactions are signed by one key
///     account    one's swap pays into an account the other's swap pays from
///     token      tokens move from wallet to wallet
///     token_via  … through other wallets in between
///     sol        SOL moves from wallet to wallet
///     sol_via    one wallet funds both, or is paid by both
///     wrapper    both call the same program that few others call
///
/// Wallets that deal with many others (exchanges, fee collectors, routers) link nobody.
namespace astro::mev {

/// SOL or tokens that moved between two wallets, not as a leg of a swap.
struct MoneyEdge {
    Pubkey from, to;
    Pubkey mint;  ///< zero = SOL
    std::uint64_t amount = 0, fee = 0;
    solana::Position at;
    bool minor = false;  ///< small beside the swap it came with: a platform's fee, say
};

enum class LinkKind : std::uint8_t { signer, account, token, token_via, sol, sol_via, wrapper };

struct Link {
    LinkKind kind = LinkKind::signer;
    Pubkey a, b;
    Pubkey via;         ///< wallet in between, token account or program; zero when none
    bool weak = false;  ///< a wrapper that may be public
};

/// A swap's trader and the other wallets that took part in it as owners or signers.
struct Participant {
    Pubkey trader;
    std::vector<Pubkey> wallets;  ///< owners and signers besides the trader
    Pubkey paid_from, paid_to;    ///< token accounts; zero when they belong to a router
    Pubkey wrapper;               ///< zero when none or a router
};

/// Money that moved between wallets in the last slots.
class TransferGraph {
  public:
    /// Edges of one slot; later calls for the same slot replace it.
    void set_slot(Slot slot, std::vector<MoneyEdge> edges,
                  std::vector<std::pair<Pubkey, Pubkey>> wrapper_traders);
    void drop_slot(Slot slot);
    void drop_before(Slot slot);
    void clear() { slots_.clear(); }

    /// Edges with `wallet` at either end, oldest slot first.
    [[nodiscard]] std::vector<const MoneyEdge*> edges_of(const Pubkey& wallet) const;
    /// Number of different wallets `wallet` dealt with, counted up to `limit`.
    [[nodiscard]] std::size_t degree(const Pubkey& wallet, std::size_t limit) const;
    /// Different traders that called `wrapper`, sorted.
    [[nodiscard]] std::vector<Pubkey> traders_of(const Pubkey& wrapper) const;

  private:
    struct SlotEdges {
        Slot slot;
        std::vector<MoneyEdge> edges;
        std::vector<std::pair<Pubkey, std::uint32_t>> by_wallet;  ///< sorted
        std::vector<std::pair<Pubkey, Pubkey>> wrapper_traders;   ///< sorted, unique
    };
    std::deque<SlotEdges> slots_;  ///< sorted by slot
};

struct LinkageConfig {
    std::size_t hub_degree_max = 12;  ///< a wallet that dealt with more others links nobody
    std::size_t shared_key_max = 8;   ///< a key in more traders' transactions is a relayer's
    /// A program that more traders of one pool call links nobody there.
    std::size_t wrapper_traders_max = 12;
    /// A program that more traders of the window call, at any pool, may be public: its links need
    /// amounts that match strictly. Beyond `wrapper_public` it links nobody.
    std::size_t wrapper_known_private = 16, wrapper_public = 250;
};

/// The traders of one pool, grouped.
struct Clusters {
    std::vector<Pubkey> traders;       ///< sorted
    std::vector<std::uint32_t> group;  ///< of traders[i]; groups are numbered from 0
    std::vector<Link> links;           ///< what joined them, in the order found
    [[nodiscard]] std::uint32_t group_of(const Pubkey& trader) const;
};

[[nodiscard]] Clusters cluster_traders(std::span<const Participant> swaps,
                                       const TransferGraph& graph, const LinkageConfig& config);

/// The edges of a block: transfers that are no legs of swaps, no tips and not to oneself.
[[nodiscard]] std::vector<MoneyEdge> money_edges(const solana::BlockActivity& block);

/// Programs through which everybody trades (trading bots' routers, aggregators) besides those the
/// decoder marks as aggregators: calling one links nobody.
[[nodiscard]] bool is_public_router(const Pubkey& program);

}  // namespace astro::mev
