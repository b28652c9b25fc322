#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "chains/solana/activity.hpp"
#include "foundation/base/numbers.hpp"

/// What a token is worth in lamports, as far as the swaps of recent blocks tell.
///
/// A swap of a token against wrapped SOL is one observation of its price; one against USDC or USDT
/// is one through that coin's own price in SOL. The price of a token is the median of its recent
/// observations, each weighing its volume, halved for every `half_life_slots` of age. A median of
/// volume takes as much money to move as the token's whole recent trade, which an attacker who
/// bends one pool for one block does not spend. Nothing is assumed: neither that a liquid-staking
/// token is worth a SOL nor that a stable coin is worth a dollar in SOL terms.
namespace astro::mev {

using solana::Pubkey;

[[nodiscard]] const Pubkey& wsol_mint();
[[nodiscard]] const Pubkey& usdc_mint();
[[nodiscard]] const Pubkey& usdt_mint();

struct PriceConfig {
    std::uint64_t window_slots = 1'500;  ///< older observations are forgotten (about 10 minutes)
    std::uint64_t half_life_slots = 150;
    std::size_t mints_max = 50'000;  ///< tokens first seen when this many are held stay unpriced
};

/// `lamports` for `raw` of a token's smallest unit, and what the price rests on.
struct TokenPrice {
    UInt128 lamports = 0;
    UInt128 raw = 1;
    std::uint32_t observations = 0;
    Slot slot{};           ///< of the newest observation
    bool bridged = false;  ///< seen against USDC or USDT, not SOL
};

/// Not thread-safe.
class PriceTable {
  public:
    explicit PriceTable(PriceConfig config = {}) : config_(config) {}

    /// Takes in the swaps of a block; blocks may come in any order.
    void on_block(const solana::BlockActivity& block);
    /// Forgets what an orphaned block said.
    void drop_slot(Slot slot);

    /// None when no usable swap of `mint` was seen in the window. WSOL and native SOL (the zero
    /// mint) are always 1 : 1.
    [[nodiscard]] std::optional<TokenPrice> price_of(const Pubkey& mint) const;

    /// Rounded down (a gain is understated, a loss overstated by less than a lamport); none without
    /// a price or when it does not fit.
    [[nodiscard]] std::optional<Lamports> to_lamports(const Pubkey& mint, RawDelta raw) const;
    [[nodiscard]] std::optional<Lamports> to_lamports(const Pubkey& mint, RawAmount raw) const;

    /// The other way round: how much of the token these lamports are worth.
    [[nodiscard]] std::optional<RawDelta> from_lamports(const Pubkey& mint,
                                                        Lamports lamports) const;

    /// USDC counts as one dollar. None while SOL was not seen against USDC or USDT.
    [[nodiscard]] std::optional<MicroUsd> to_micro_usd(Lamports lamports) const;

    [[nodiscard]] std::size_t mints() const { return books_.size(); }

  private:
    struct Observation {
        std::uint64_t quote = 0, raw = 0;
        std::uint64_t slot = 0;
    };
    static constexpr std::size_t kObservationsMax = 24;
    /// The newest observations of one token against one quote, a ring.
    struct Book {
        std::array<Observation, kObservationsMax> ring{};
        std::uint32_t count = 0;  ///< ever written, modulo the ring
        void add(Observation o);
        [[nodiscard]] std::span<const Observation> seen() const;
    };
    enum Quote : std::size_t { sol, usdc, usdt, kQuotes };
    struct Books {
        std::array<std::optional<Book>, kQuotes> by_quote;
    };

    void observe(const Pubkey& mint, Quote quote, Observation o);
    void prune();
    [[nodiscard]] std::optional<TokenPrice> median(const Book& book) const;
    [[nodiscard]] std::optional<TokenPrice> direct(const Pubkey& mint, Quote quote) const;

    PriceConfig config_;
    std::unordered_map<Pubkey, Books> books_;
    std::uint64_t newest_slot_ = 0;
    std::uint32_t blocks_since_prune_ = 0;
};

}  // namespace astro::mev
