#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

using enum Protocol;

constexpr ProtocolRow kRegistry[] = {
    {key_constant("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8"), raydium_amm_v4,
     Curve::constant_product, decode_raydium_amm},
    {key_constant("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK"), raydium_clmm,
     Curve::concentrated, decode_raydium_clmm},
    {key_constant("whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc"), orca_whirlpool,
     Curve::concentrated, decode_whirlpool},
    {key_constant("LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo"), meteora_dlmm, Curve::bins,
     decode_meteora_dlmm},
    {key_constant("PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY"), phoenix, Curve::order_book,
     decode_phoenix},
    {key_constant("6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"), pumpfun, Curve::constant_product,
     decode_pumpfun},
};

constexpr ProtocolRow kUnknownAmm = {Pubkey{}, unknown_amm, Curve::unknown, decode_by_transfers,
                                     0xFF};

}  // namespace

std::span<const ProtocolRow> protocol_registry() {
    return kRegistry;
}

const ProtocolRow& unknown_amm_row() {
    return kUnknownAmm;
}

}  // namespace astro::solana
