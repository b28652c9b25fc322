#pragma once

#include <array>
#include <vector>

#include "capabilities/exchange/engine/order_pool.hpp"
#include "capabilities/market/engine/candle.hpp"
#include "chains/solana/activity.hpp"

/// Swaps of a chain's blocks as trades.
///
/// A swap's place among all trades is its slot and its number among the block's swaps, so that a
/// block that is read twice has the same trades, and those of a block that the chain dropped are
/// known by their numbers. One of the two tokens is what the price is told in: USDC before USDT
/// before SOL; pairs without any of these are left out.
namespace astro::market {

/// Why a swap is no trade.
enum class SwapAside : std::uint8_t {
    unverified,  ///< the pool's own balances do not confirm it
    not_quoted,  ///< against no token that prices are told in
    unknown_decimals,
    too_small,  ///< so few of the smallest units that the price says more of rounding
    too_fine    ///< a price of which 1e-6 of the quote is more than a thousandth
};
BOOST_DESCRIBE_ENUM(SwapAside, unverified, not_quoted, unknown_decimals, too_small, too_fine)
inline constexpr std::size_t kSwapAsideKinds = 5;

struct PoolTrade {
    solana::Pubkey pool{};
    solana::Protocol protocol = solana::Protocol::unknown_amm;
    solana::Pubkey base{}, quote{};  ///< mints
    CandleTrade trade{};
    exchange::Side side = exchange::Side::buy;  ///< of the base, by who swapped
    /// Twice what stands on the quote's side of the pool; 0: not known.
    Quote liquidity{};
};

struct BlockTrades {
    std::vector<PoolTrade> trades{};  ///< in the order of execution
    std::array<std::uint64_t, kSwapAsideKinds> aside{};
};
/// `time`: of all of them.
[[nodiscard]] BlockTrades pool_trades(const solana::BlockActivity& block, TimeMs time);

/// Numbers of a slot's trades.
struct SeqRange {
    TradeSeq first{}, last{};
};
[[nodiscard]] SeqRange trades_of_slot(Slot slot);

}  // namespace astro::market
