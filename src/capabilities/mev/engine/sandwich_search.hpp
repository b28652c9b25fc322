#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capabilities/mev/engine/linkage.hpp"
#include "capabilities/mev/engine/sandwich.hpp"
#include "capabilities/mev/engine/sandwich_window.hpp"

/// Looks for the shape of a sandwich in the swaps of one pool; money is for sandwich_account.hpp.
namespace astro::mev {

/// What the attacker's legs moved, as his wallets saw it: fees withheld by the mint are off.
struct LegSums {
    UInt128 front_in_a = 0, front_out_b = 0, back_in_b = 0, back_out_a = 0;
};

/// How the legs match each other.
struct AmountMatch {
    std::uint32_t difference_ppm = 0;  ///< between what was bought and what was sold
    bool gain_in_b = false;            ///< the A sides match and the gain is in B
    bool by_balances = false;          ///< the wallets' balances match, the legs do not
    Int128 gain = 0;                   ///< in the start token, before fees and tips
    Int128 stock_used =
        0;  ///< of the gain, what came from the trader's own stock of the other token
};

struct SandwichShape {
    Pubkey mint_a, mint_b;
    std::vector<SwapRecord*> fronts, backs;
    std::vector<const SwapRecord*> victims;
    std::vector<Pubkey>
        cluster;              ///< traders of fronts and backs with the wallets behind them, sorted
    std::vector<Link> links;  ///< what makes fronts and backs one trader's; empty = same trader
    LegSums sums;
    AmountMatch match;
    std::size_t others_between = 0;  ///< other people's swaps between first front and last back
    [[nodiscard]] const Pubkey& start_mint() const { return match.gain_in_b ? mint_b : mint_a; }
};

/// Sandwich shapes among the swaps of one pool, in order of their first front. A shape whose legs
/// are partly in use by one finding is given only when it contains all of that finding's.
[[nodiscard]] std::vector<SandwichShape> find_shapes(std::vector<SwapRecord>& swaps,
                                                     const TransferGraph& graph,
                                                     const SandwichConfig& config);

/// In which of the two tokens a gain may be. Where one is money (SOL, USDC, USDT) the other is the
/// goods: what was bought of these must be sold again, money kept back is the gain.
enum class GainIn : std::uint8_t { a, b, either };

/// How the legs match; none when they do not or nothing was gained. Where both sides match, the
/// gain is called to be in A.
[[nodiscard]] std::optional<AmountMatch> match_amounts(const LegSums& sums,
                                                       std::uint32_t tolerance_ppm, GainIn gain_in);

}  // namespace astro::mev
