#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "capabilities/mev/engine/graph.hpp"
#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/prices.hpp"

/// What could be taken now: after a block, cycles of 2 to 4 pools whose prices disagree by more
/// than their fees.
///
/// A chain of constant-product pools is itself one. Trading dx into (x₁,y₁) and all of that into
/// (x₂,y₂), each keeping the share γ of what comes in, gives what a single pool gives with
///
///     X = x₁·x₂ / (x₂ + γ₂·y₁)        Y = γ₂·y₁·y₂ / (x₂ + γ₂·y₁)        out = γ₁·dx·Y / (X +
///     γ₁·dx)
///
/// so for a whole cycle the gain out − dx is largest at dx = (√(γ₁·X·Y) − X) / γ₁, and there is
/// none unless γ₁·Y > X. That size is then replayed pool by pool with the programs' own rounding;
/// only what the replay gives is reported.
namespace astro::mev {

struct OpportunityConfig {
    GraphConfig graph;
    std::size_t hops_max = 4;
    std::size_t steps_max = 100'000;  ///< looked at per block; beyond it the search ends
    std::size_t fan_out_far = 8;      ///< pools tried from a token when two more hops must follow
    std::size_t fan_out_near = 32;    ///< when one more must
    std::size_t findings_max = 5;     ///< a block, the best first, no pool twice
    Lamports base_fee{5'000};         ///< one signature
    Lamports tip{10'000};             ///< what to offer for inclusion
    Lamports net_min{20'000};
    std::uint64_t repeat_slots = 150;  ///< the same cycle is told again after this, or when it grew
};

struct Sized {
    std::uint64_t amount_in = 0;
    std::vector<std::uint64_t> outs;  ///< after each hop
    [[nodiscard]] std::int64_t gain() const;
};

/// The input that gains most on the way around, replayed exactly; none when no input gains.
[[nodiscard]] std::optional<Sized> best_size(const PoolGraph& graph, std::span<const Step> cycle);

/// Replays `amount_in` through the pools; none when a pool's cap is exceeded or nothing comes out.
[[nodiscard]] std::optional<Sized> replay(const PoolGraph& graph, std::span<const Step> cycle,
                                          std::uint64_t amount_in);

/// Not thread-safe.
class OpportunityFinder {
  public:
    explicit OpportunityFinder(OpportunityConfig config = {})
        : config_(config), graph_(config.graph) {}

    /// Findings of kind price_gap, status open, by falling net gain. `prices` should have seen the
    /// block.
    [[nodiscard]] std::vector<Finding> on_block(const solana::BlockActivity& block,
                                                const PriceTable& prices);
    void drop_slot(Slot slot) { graph_.drop_slot(slot); }

    [[nodiscard]] const PoolGraph& graph() const { return graph_; }

  private:
    struct Candidate {
        std::vector<Step> cycle;  ///< rotated to begin at SOL, USDC or USDT
        Sized size;
        Lamports gain, net;
        std::uint64_t key = 0;  ///< names the cycle
    };
    struct Told {
        std::uint64_t slot = 0;
        std::int64_t net = 0;
    };

    void search(std::span<const std::uint32_t> touched, std::vector<Candidate>& found,
                const PriceTable& prices) const;
    [[nodiscard]] std::optional<Candidate> weigh(std::vector<Step> cycle,
                                                 const PriceTable& prices) const;
    [[nodiscard]] bool worth_telling(const Candidate& c, Slot slot);
    [[nodiscard]] Finding tell(const Candidate& c, const solana::BlockActivity& block,
                               const PriceTable& prices) const;

    OpportunityConfig config_;
    PoolGraph graph_;
    std::unordered_map<std::uint64_t, Told> told_;
};

}  // namespace astro::mev
