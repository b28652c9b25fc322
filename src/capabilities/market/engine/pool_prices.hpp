#pragma once

#include <map>
#include <optional>
#include <vector>

#include "capabilities/market/engine/model.hpp"
#include "chains/solana/activity.hpp"

/// What the pools of a chain say an asset is worth in dollars.
///
/// A swap of the asset against a dollar coin is that pool's price, until the pool's next one or
/// until it is old. The asset's price is the median over pools, each weighing the dollars that
/// stand in it (the size of the swap where that is not known): who would bend it must trade through
/// half of the liquidity, not through one thin pool.
namespace astro::market {

struct PoolAsset {
    std::string asset;  ///< "SOL"
    solana::Pubkey mint{};
    std::uint8_t decimals = 0;
};

struct PoolQuote {
    Price price{};
    Price confidence{};  ///< median distance of the pools from the price
    std::size_t pools = 0;
};

/// Not thread-safe.
class PoolPrices {
  public:
    static constexpr std::uint64_t kSlotsMax = 150;  ///< about a minute; older swaps are forgotten
    static constexpr std::size_t kPoolsMax = 32;
    static constexpr std::uint64_t kDollarsMin = 10;  ///< smaller swaps say more of rounding

    explicit PoolPrices(PoolAsset asset) : asset_(std::move(asset)) {}

    /// Takes in a block; nothing when it told nothing new of the asset. Only swaps that the pool's
    /// own balances confirm count.
    std::optional<PoolQuote> on_block(const solana::BlockActivity& block);
    [[nodiscard]] const PoolAsset& asset() const { return asset_; }

  private:
    struct Pool {
        Price price{};
        std::int64_t weight = 0;  ///< dollars
        std::uint64_t slot = 0;
    };
    bool take(const solana::Swap& swap);
    void forget(std::uint64_t slot);
    [[nodiscard]] PoolQuote quote() const;

    PoolAsset asset_;
    std::map<solana::Pubkey, Pool> pools_;
};

}  // namespace astro::market
