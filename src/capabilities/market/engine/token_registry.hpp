#pragma once

#include <span>
#include <string_view>

#include "chains/solana/types.hpp"

/// The tokens that this program knows by itself. What is not of these is shown by its address and
/// counts as unverified, whatever it calls itself.
namespace astro::market {

struct KnownToken {
    std::string_view asset, name;
    solana::Pubkey mint{};
    std::uint8_t decimals = 0;
    /// Prices are told in the one of higher rank; 0: never.
    int quote_rank = 0;
};

/// Of Solana.
[[nodiscard]] std::span<const KnownToken> known_solana_tokens();
/// Null: not known.
[[nodiscard]] const KnownToken* find_token(const solana::Pubkey& mint);

}  // namespace astro::market
