#pragma once

#include <map>
#include <mutex>

#include "capabilities/market/engine/pool_trades.hpp"
#include "capabilities/market/series_tape.hpp"

namespace astro::market {

/// A pool of the chain that is followed, by what its swaps said since the start.
struct PoolView {
    std::string pool{}, protocol{};
    std::string base{}, quote{};  ///< "SOL", or the ends of an address that nothing is known of
    std::string base_address{}, quote_address{};
    bool verified = false;  ///< both tokens are known
    Price price{};          ///< of the last swap, in the quote
    /// Twice what stood on the quote's side before it; null: the pool does not tell.
    std::optional<Quote> liquidity{};
    Base volume{};
    Quote value{};
    std::int64_t swaps = 0;
    TimeMs last_swap{};
    Slot slot{};
    PriceLabel label = PriceLabel::live;
    std::optional<std::string> series{};  ///< of its own
};
BOOST_DESCRIBE_STRUCT(PoolView, (),
                      (pool, protocol, base, quote, base_address, quote_address, verified, price,
                       liquidity, volume, value, swaps, last_swap, slot, label, series))

/// Swaps that became trades, and those that did not.
struct PoolCounts {
    std::uint64_t blocks = 0, trades = 0;
    std::uint64_t unverified = 0, not_quoted = 0, unknown_decimals = 0, too_small = 0, too_fine = 0;
    std::uint64_t slots_taken_back = 0;
};
BOOST_DESCRIBE_STRUCT(PoolCounts, (),
                      (blocks, trades, unverified, not_quoted, unknown_decimals, too_small,
                       too_fine, slots_taken_back))

/// Series of the chain's swaps: "solana:SOL/USDC" of all pools of two known tokens, and
/// "solana:<pool>" of single ones, known ones first come. Thread-safe.
class PoolSeries {
  public:
    static constexpr std::size_t kPoolsMax = 2'000;  ///< of the list; the quietest is forgotten

    /// `own_series_max`: how many pools have a series of their own. The tape outlives it.
    PoolSeries(SeriesTape& tape, std::size_t own_series_max)
        : tape_(tape), own_series_max_(own_series_max) {}

    /// Takes a block in, and writes it, before it returns: who delivers blocks goes on behind those
    /// that were taken, and may be behind after a crash.
    void on_block(const solana::BlockActivity& block, TimeMs time, PriceLabel label);
    void on_orphaned(Slot slot);

    /// Those with the most swaps first.
    [[nodiscard]] std::vector<PoolView> pools() const;
    [[nodiscard]] PoolCounts counts() const;

  private:
    struct Told {
        PoolView view{};
        bool has_series = false;
    };
    void take(const PoolTrade& trade, Slot slot, PriceLabel label);
    [[nodiscard]] Told& told_of(const PoolTrade& trade);
    void give_series(Told& told);

    SeriesTape& tape_;
    const std::size_t own_series_max_;
    mutable std::mutex mutex_;
    std::map<solana::Pubkey, Told> pools_;
    std::size_t own_series_ = 0;
    PoolCounts counts_;
};

}  // namespace astro::market
