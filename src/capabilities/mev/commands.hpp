#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "capabilities/mev/engine/detector.hpp"
#include "capabilities/mev/engine/model.hpp"

/// What the command group `astrolabe mev` does on files, apart from where it reads and prints
/// (server/cli).
namespace astro::mev {

/// One line of JSON, without the line's end: the described Finding.
[[nodiscard]] std::string finding_json(const Finding& finding);

/// Columns of the table for people, and a finding's cells in them.
[[nodiscard]] std::vector<std::string> finding_columns();
[[nodiscard]] std::vector<std::string> finding_cells(const Finding& finding);
/// The evidence behind a finding, a line each: actor, transactions, reasons, losses, merged ones.
[[nodiscard]] std::vector<std::string> finding_details(const Finding& finding);

/// The same for swaps; `mints` are those of the swap's block.
[[nodiscard]] std::vector<std::string> swap_columns();
[[nodiscard]] std::vector<std::string> swap_cells(const solana::Swap& swap,
                                                  std::span<const solana::MintInfo> mints);

struct ScanOptions {
    DetectorConfig detector;
    /// Blocks are sorted by slot before they are looked at; this many are held back for that, so
    /// that memory is bounded on endless input. What comes later than that is looked at out of
    /// order.
    std::size_t held_blocks_max = 256;
};

/// Blocks of one chain, in any order and in pieces, through a detector. Findings come out when no
/// later block can absorb them any more. Not thread-safe.
class Scan {
  public:
    using Sink = std::function<void(const Finding&)>;

    Scan(ScanOptions options, Sink sink);

    /// Blocks (and single transactions) of the same slot are put together; a transaction that was
    /// already there is left out.
    void add(solana::BlockActivity block);
    void finish();

    [[nodiscard]] std::uint64_t repeated_transactions() const { return repeated_; }

  private:
    void look_at_first();
    void take(BlockFindings found);
    void emit_until(std::uint64_t slot);

    ScanOptions options_;
    Sink sink_;
    Detector detector_;
    std::map<std::uint64_t, solana::BlockActivity> held_;
    std::vector<Finding> waiting_;
    std::unordered_set<std::string> superseded_;
    std::uint64_t repeated_ = 0;
};

/// Puts the transactions of `more` into `block` (same slot). A single transaction does not say its
/// place in the block, so those that come alone are placed in the order they come.
/// Returns how many were already there.
std::uint64_t merge_block(solana::BlockActivity& block, solana::BlockActivity more);

}  // namespace astro::mev
