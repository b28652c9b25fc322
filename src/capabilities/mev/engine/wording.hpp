#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "chains/solana/activity.hpp"
#include "foundation/base/numbers.hpp"

/// How findings speak of keys and amounts in their reasons: short, with the token's decimals.
namespace astro::mev {

/// "7xKX…9bVq"; enough to recognise, not to identify.
[[nodiscard]] std::string short_key(const solana::Pubkey& key);

/// Native SOL's is 9; none for a token that is not among `mints` (sorted by mint).
[[nodiscard]] std::optional<std::uint8_t> decimals_of(std::span<const solana::MintInfo> mints,
                                                      const solana::Pubkey& mint);

/// 1234567 with 6 decimals → "1.234567"; trailing zeros are left out, the value stays exact.
[[nodiscard]] std::string decimal_text(std::int64_t raw, std::uint8_t decimals);

/// "0.000014915 SOL".
[[nodiscard]] std::string sol_text(Lamports lamports);

/// "22,624 lamports": for fees, tips and other small sums of SOL.
[[nodiscard]] std::string lamports_text(Lamports lamports);

/// "$0.0021", rounded to zero beyond six digits.
[[nodiscard]] std::string usd_text(MicroUsd micros);

/// Names tokens of one block. Keeps a view: the list must outlive it.
class Wording {
  public:
    /// `mints` sorted by mint, as BlockActivity has them.
    explicit Wording(std::span<const solana::MintInfo> mints) : mints_(mints) {}

    /// "SOL", "USDC", "USDT", else the short key.
    [[nodiscard]] std::string token(const solana::Pubkey& mint) const;
    /// "0.5 USDC"; in smallest units when the decimals are not known: "500000 raw EPjF…Dt1v".
    [[nodiscard]] std::string amount(const solana::Pubkey& mint, std::int64_t raw) const;
    [[nodiscard]] std::string amount(const solana::Pubkey& mint, std::uint64_t raw) const;

  private:
    std::span<const solana::MintInfo> mints_;
};

}  // namespace astro::mev
