#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "capabilities/mev/engine/linkage.hpp"
#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/engine/prices.hpp"
#include "capabilities/mev/engine/sandwich_window.hpp"

/// Sandwiches: somebody trades A → B just before others do the same, and B → A just after, so that
/// the others pay a worse price and he keeps the difference.
///
///     pool        F F     V   V        K         V  = victims, A → B
///     time   ───────────────────────────────▶    F, K = one trader's wallets
///                 buys B  pay more     sells B
///
/// Found per pool and pair of tokens over a sliding window of slots, since most sandwiches span
/// several blocks of a leader. All of these must hold (docs/accuracy.md discusses each):
///   order    every front before every back, and each victim after a front and before a back
///   linkage  fronts and backs belong to one trader (linkage.hpp); the victims do not
///   amounts  what the fronts bought is what the backs sold, within a tolerance; fees that
///            Token-2022 mints withhold are counted. Where the trader turned B over from stock, the
///            A sides may match instead and the gain is in B
///   gain     the backs got more than the fronts paid; realised only when that is left after fees
///            and tips, otherwise the finding is `attempted`
///   victims  trade the same way, not tiny beside the front, and are no closed cycle (an
///            arbitrageur's stop at this pool)
///   not a volume bot: a pool worked by many wallets of one template that trade both ways is none
///
/// A finding comes out as soon as the block of its back-run is in. When a later block adds legs
/// (a back-run in parts), the finding comes again with the same id and the new numbers: a later
/// one replaces an earlier one. An attacker's swap is part of one sandwich only; a victim can be
/// the victim of two attackers.
namespace astro::mev {

struct SandwichConfig {
    /// Front and last back at most this many slots apart. 10 covers a leader's four slots, its
    /// neighbours' and what detectors of wide sandwiches look at.
    std::uint64_t slots_apart_max = 10;
    std::uint32_t amount_tolerance_ppm = 50'000;
    std::uint32_t amount_strict_ppm = 10'000;  ///< within this the confidence is higher
    std::uint32_t victim_ratio_min_ppm = 10'000;
    std::size_t side_max = 20;  ///< legs looked at on either side
    std::size_t volume_bot_wallets_min = 6;
    std::size_t volume_bot_two_way_min = 3;
    LinkageConfig linkage;
    WindowLimits limits;
};

/// Not thread-safe. Memory is bounded by `limits` whatever comes.
class SandwichDetector {
  public:
    explicit SandwichDetector(SandwichConfig config = {});

    /// Findings that this block completed or extended, ordered by where their last leg stands.
    /// `prices` should have seen the block. A slot that was seen replaces what was known of it; one
    /// far behind the newest starts a new window.
    [[nodiscard]] std::vector<Finding> add_block(const solana::BlockActivity& block,
                                                 const PriceTable& prices);
    /// Nothing is held back, so nothing is left at the end.
    [[nodiscard]] std::vector<Finding> flush() { return {}; }
    void drop_slot(Slot slot);

    [[nodiscard]] std::size_t swaps_held() const { return window_.size(); }

  private:
    /// A finding given out, to tell an extension from the same again.
    struct Given {
        Slot last_slot;
        std::vector<solana::Position> legs;  ///< fronts and backs
    };

    void search_pool(const Pubkey& pool, const solana::BlockActivity& block,
                     const PriceTable& prices, std::vector<Finding>& out);
    void forget_before(Slot slot);

    SandwichConfig config_;
    SandwichWindow window_;
    TransferGraph graph_;
    std::map<std::string, Given> given_;
};

}  // namespace astro::mev
