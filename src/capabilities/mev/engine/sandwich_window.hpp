#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "capabilities/mev/engine/linkage.hpp"
#include "chains/solana/activity.hpp"

/// The recent swaps of every pool, as sandwich detection needs them.
namespace astro::mev {

struct WindowLimits {
    std::size_t swaps_per_pool_max = 2'000;  ///< the oldest go first
    std::size_t swaps_per_block_max = 20'000;
    std::size_t edges_per_block_max = 20'000;
};

/// One swap in the window with the transaction it is part of.
struct SwapRecord {
    std::shared_ptr<const solana::TransactionActivity> tx;
    std::size_t swap_index = 0;
    Participant who;
    std::uint64_t fee_template = 0;  ///< equal for transactions made by the same software
    bool closed_cycle = false;    ///< the transaction ends with what it began with: nobody's victim
    bool passes_through = false;  ///< … and over several pools: it holds nothing afterwards
    std::string used_by;          ///< id of the finding whose front or back it is

    [[nodiscard]] const solana::Swap& swap() const { return tx->swaps[swap_index]; }
    [[nodiscard]] const solana::Position& at() const { return swap().at; }
};

class SandwichWindow {
  public:
    explicit SandwichWindow(WindowLimits limits) : limits_(limits) {}

    /// Takes in the swaps of a block; returns the pools that got any, sorted.
    std::vector<Pubkey> add(const solana::BlockActivity& block);
    void drop_slot(Slot slot);
    void drop_before(Slot slot);
    void clear();

    /// Swaps of the pool in order of execution; null when there are none.
    [[nodiscard]] std::vector<SwapRecord>* pool(const Pubkey& pool);
    /// Pools in which one of `traders` (sorted) has traded, sorted.
    [[nodiscard]] std::vector<Pubkey> pools_of(const std::vector<Pubkey>& traders) const;
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::optional<Slot> newest() const;
    [[nodiscard]] bool has_slot(Slot slot) const { return pools_by_slot_.contains(slot.value()); }
    /// Clears `used_by` of every swap that names the finding.
    void release(const std::string& finding_id);

  private:
    void drop_from(const Pubkey& pool, Slot slot);

    WindowLimits limits_;
    std::unordered_map<Pubkey, std::vector<SwapRecord>> pools_;
    std::map<std::uint64_t, std::vector<Pubkey>> pools_by_slot_;
    std::size_t size_ = 0;
};

}  // namespace astro::mev
