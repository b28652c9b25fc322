#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "capabilities/mev/synthetic/world.hpp"

/// Made-up pools of real protocols: they price with the programs' own arithmetic and write the
/// instructions, transfers, logs and events that the programs write.
namespace astro::mev::synthetic {

enum class PoolKind {
    raydium_v4,
    raydium_cpmm,
    raydium_clmm,
    whirlpool,
    pumpfun,
    pumpswap,
    meteora_dlmm,
};
inline constexpr std::array kPoolKinds = {
    PoolKind::raydium_v4, PoolKind::raydium_cpmm, PoolKind::raydium_clmm, PoolKind::whirlpool,
    PoolKind::pumpfun,    PoolKind::pumpswap,     PoolKind::meteora_dlmm};
/// Kinds whose programs accept Token-2022 mints.
inline constexpr std::array kToken2022Kinds = {PoolKind::raydium_cpmm, PoolKind::raydium_clmm,
                                               PoolKind::whirlpool, PoolKind::pumpswap};
[[nodiscard]] std::string_view pool_kind_name(PoolKind kind);

/// Amounts of one trade. `sent` and `got` are the trader's, `in` and `out` the pool's; they differ
/// by what a Token-2022 mint withholds. `beside` goes from the trader's quote side to the platform.
struct Fill {
    bool buys = true;  ///< quote → base
    std::uint64_t sent = 0, in = 0, out = 0, got = 0, beside = 0;
    std::uint64_t quote_before = 0, base_before = 0;  ///< the reserves that price
    UInt128 sqrt_before = 0, sqrt_after = 0;
};

/// Change of the trader's quote token over the trade, platform fees included.
[[nodiscard]] std::int64_t quote_change(PoolKind kind, const Fill& fill);

/// A pool of a quote token (SOL or USDC) and a base token. A value: copies may be traded against to
/// see what would happen.
class Pool {
  public:
    /// Opens a pool of random depth around 50 … 5,000 SOL (or the like in USDC).
    static Pool open(World& world, PoolKind kind, const Token& quote, const Token& base);

    /// A pool of the same tokens where the base costs `more_ppm` more than at `other`.
    static Pool open_dearer(World& world, PoolKind kind, const Pool& other, std::uint32_t more_ppm);

    [[nodiscard]] PoolKind kind() const { return kind_; }
    [[nodiscard]] const Pubkey& id() const { return id_; }
    [[nodiscard]] const Token& quote() const { return quote_; }
    [[nodiscard]] const Token& base() const { return base_; }
    /// What is on the quote side, to size trades by.
    [[nodiscard]] std::uint64_t depth() const;

    /// Trades with `sent` from the trader; none when it is too small or too large for the pool.
    [[nodiscard]] std::optional<Fill> trade(bool buys, std::uint64_t sent);

    /// Writes the trade made before as an instruction of `tx`: `wallet` pays, `receiver` is paid.
    void write(TransactionWriter& tx, const Fill& fill, const Pubkey& wallet,
               const Pubkey& receiver) const;

  private:
    void open_vaults(World& world);
    struct Sides {
        Pubkey source, destination, vault_in, vault_out;
        Token in, out;
    };
    [[nodiscard]] std::optional<Fill> trade_constant_product(Fill fill);
    [[nodiscard]] std::optional<Fill> trade_concentrated(Fill fill);
    [[nodiscard]] std::optional<Fill> trade_pumpfun(Fill fill);
    [[nodiscard]] std::optional<Fill> trade_pumpswap(Fill fill);
    void write_v4(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const;
    void write_cpmm(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const;
    void write_clmm(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const;
    void write_whirlpool(TransactionWriter& tx, const Fill& f, const Sides& s,
                         const Pubkey& w) const;
    void write_dlmm(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const;
    void write_pumpfun(TransactionWriter& tx, const Fill& f, const Pubkey& w,
                       const Pubkey& receiver) const;
    void write_pumpswap(TransactionWriter& tx, const Fill& f, const Sides& s,
                        const Pubkey& w) const;
    void write_legs(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const;
    [[nodiscard]] Sides sides(World& world, const Fill& f, const Pubkey& wallet,
                              const Pubkey& receiver) const;

    PoolKind kind_ = PoolKind::raydium_v4;
    Token quote_, base_;
    Pubkey id_, authority_, quote_vault_, base_vault_, fee_account_;
    std::array<Pubkey, 12> other_;  ///< configurations, markets, tick arrays: named by place only
    std::uint64_t quote_reserve_ = 0, base_reserve_ = 0;
    UInt128 sqrt_price_ = 0, liquidity_ = 0;  ///< price = quote per base: base is token 0
    std::uint32_t fee_ppm_ = 2'500;
    bool extra_account_ = false;  ///< Raydium v4 with the optional target orders
};

}  // namespace astro::mev::synthetic
