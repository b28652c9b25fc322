#include "chains/solana/commands.hpp"

#include "foundation/base/json.hpp"

namespace astro::solana {

SwapRow row_of(const Swap& s) {
    return {.slot = s.at.slot,
            .signature = s.signature,
            .tx_index = s.at.tx_index,
            .ix_index = s.at.ix_index,
            .inner_index = s.at.inner_index,
            .program = s.program,
            .protocol = s.protocol,
            .pool = s.pool,
            .trader = s.trader,
            .mint_in = s.mint_in,
            .amount_in = RawAmount{s.amount_in},
            .mint_out = s.mint_out,
            .amount_out = RawAmount{s.amount_out},
            .verified = s.verified};
}

std::string swap_json(const Swap& swap) {
    return to_json(row_of(swap));
}

}  // namespace astro::solana
