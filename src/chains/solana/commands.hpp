#pragma once

#include <string>

#include "chains/solana/activity.hpp"
#include "foundation/base/describe.hpp"

/// What `astrolabe solana decode` prints, apart from where it prints it (server/cli).
namespace astro::solana {

/// A swap as it travels outside: one row, amounts as text.
struct SwapRow {
    Slot slot;
    Signature signature;
    std::uint32_t tx_index = 0;
    std::uint16_t ix_index = 0;
    std::int16_t inner_index = -1;  ///< -1 = an instruction of the message itself
    Pubkey program;
    Protocol protocol = Protocol::unknown_amm;
    Pubkey pool, trader;
    Pubkey mint_in;
    RawAmount amount_in;
    Pubkey mint_out;
    RawAmount amount_out;
    bool verified = false;
};
BOOST_DESCRIBE_STRUCT(SwapRow, (),
                      (slot, signature, tx_index, ix_index, inner_index, program, protocol, pool,
                       trader, mint_in, amount_in, mint_out, amount_out, verified))

[[nodiscard]] SwapRow row_of(const Swap& swap);

/// One line of JSON, without the line's end.
[[nodiscard]] std::string swap_json(const Swap& swap);

}  // namespace astro::solana
