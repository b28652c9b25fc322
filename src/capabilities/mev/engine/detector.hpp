#pragma once

#include <string>
#include <vector>

#include "capabilities/mev/engine/arbitrage.hpp"
#include "capabilities/mev/engine/composer.hpp"
#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/opportunities.hpp"
#include "capabilities/mev/engine/prices.hpp"
#include "capabilities/mev/engine/sandwich.hpp"

/// All of the capability's detection behind one face: blocks in, findings out.
namespace astro::mev {

struct DetectorConfig {
    PriceConfig prices;
    ArbitrageConfig arbitrage;
    SandwichConfig sandwich;
    ComposerConfig composer;
    OpportunityConfig opportunity;
    bool opportunities = true;  ///< also look forward: price gaps left open by the block
};

/// What one block added.
struct BlockFindings {
    /// New ones, ordered by where their last leg stands. One whose id was given out before (a
    /// sandwich that went on) replaces what it said then.
    std::vector<Finding> findings;
    /// Ids of findings given out earlier that one of `findings` has absorbed (it lists them in
    /// `merged`): they no longer stand on their own.
    std::vector<std::string> superseded;
};

/// Keeps a window of recent blocks; memory is bounded whatever comes. Deterministic: the same
/// blocks in the same order give the same findings with the same ids. Not thread-safe.
class Detector {
  public:
    explicit Detector(DetectorConfig config = {});

    /// Blocks are expected in slot order; a block of an earlier slot is still looked at.
    [[nodiscard]] BlockFindings on_block(const solana::BlockActivity& block);
    /// What the window still held back: call at the end of a finite chain.
    [[nodiscard]] BlockFindings flush();
    /// The chain went another way: forgets what the block of that slot said. Findings already given
    /// out for that slot are the caller's to withdraw.
    void drop_slot(Slot slot);

    [[nodiscard]] const PriceTable& prices() const { return prices_; }

  private:
    DetectorConfig config_;
    PriceTable prices_;
    SandwichDetector sandwiches_;
    Composer composer_;
    OpportunityFinder opportunities_;
};

}  // namespace astro::mev
