#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

using enum Protocol;
using enum Curve;

// clang-format off
constexpr ProtocolRow kRegistry[] = {
    {key_constant("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8"), raydium_amm_v4, constant_product, decode_raydium_amm},
    {key_constant("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C"), raydium_cpmm, constant_product, decode_raydium_cpmm},
    {key_constant("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK"), raydium_clmm, concentrated, decode_raydium_clmm},
    {key_constant("LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj"), raydium_launchlab, Curve::unknown, decode_raydium_launchlab},
    {key_constant("whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc"), orca_whirlpool, concentrated, decode_whirlpool},
    {key_constant("9W959DqEETiGZocYWCQPaJ6sBmUzgfxXfqGeTEdp3aQP"), orca_v2, Curve::unknown, decode_token_swap},
    {key_constant("DjVE6JNiYqPL2QXyCUUh8rNjHrbz9hXHNYt99MQ59qw1"), token_swap, Curve::unknown, decode_token_swap},
    {key_constant("SSwapUtytfBdBn1b9NUGG6foMVPtcWgpRU32HToDUZr"), token_swap, Curve::unknown, decode_token_swap},
    {key_constant("SSwpMgqNDsyV7mAgN9ady5bDVu5ySjmmXejXvy2vLt1"), token_swap, Curve::unknown, decode_token_swap},
    {key_constant("PSwapMdSai8tjrEXcxFeQth87xC4rRsa4VA5mhGhXkP"), token_swap, Curve::unknown, decode_token_swap},
    {key_constant("Dooar9JkhdZ7J3LHN3A7YCuoGRUggXhQaG4kijfLGU2j"), token_swap, Curve::unknown, decode_token_swap},
    {key_constant("FLUXubRmkEi2q6K3Y9kBPg9248ggaZVsoSFhtJHSrm1X"), fluxbeam, Curve::unknown, decode_token_swap},
    {key_constant("SSwpkEEcbUqx4vtoEByFjSkhKdCT862DNVb52nZg1UZ"), saber, stable, decode_saber},
    {key_constant("9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"), serum_v3, order_book, decode_serum},
    {key_constant("srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX"), openbook_v1, order_book, decode_serum},
    {key_constant("opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb"), openbook_v2, order_book, decode_openbook_v2},
    {key_constant("PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY"), phoenix, order_book, decode_phoenix},
    {key_constant("LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo"), meteora_dlmm, bins, decode_meteora_dlmm},
    {key_constant("Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB"), meteora_pools, Curve::unknown, decode_meteora_pools},
    {key_constant("cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG"), meteora_damm_v2, concentrated, decode_meteora_damm_v2},
    {key_constant("dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN"), meteora_dbc, concentrated, decode_meteora_dbc},
    {key_constant("6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"), pumpfun, constant_product, decode_pumpfun},
    {key_constant("pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA"), pumpswap, constant_product, decode_pumpswap},
    // Layouts that are not public, or not needed: recognised by transfers. The numbers are where the
    // pool and its two vaults stand in swaps seen on chain.
    {key_constant("HyaB3W9q6XdA5xwpU4XnSZV94htfmbmqJXZcEbRaJutt"), invariant, concentrated, decode_by_transfers, 1, 5, 6},
    {key_constant("2wT8Yq49kHgDzXuPxZSaeLaH1qbmGXtEyPy64bL7aD3c"), lifinity_v2, Curve::unknown, decode_by_transfers, 1, 5, 6},
    {key_constant("SoLFiHG9TfgtdUXUjWAxi3LtvYuFyDLVhBWxdMZxyCe"), solfi, Curve::unknown, decode_by_transfers, 1, 2, 3},
    {key_constant("9H6tua7jkLhdm3w8BvgpTn5LZNU7g4ZynDmCiNN3q6Rp"), humidifi, Curve::unknown, decode_by_transfers, 1, 2, 3},
    {key_constant("ZERor4xhbUycZ6gb9ntrhqscUcZmAbQDjEAtCf4hbZY"), zerofi, Curve::unknown, decode_by_transfers, 0, 2, 4},
    {key_constant("TessVdML9pBGgG9yGks7o4HewRaXVAMuoVj4x83GLQH"), tessera, Curve::unknown, decode_by_transfers, 1, 3, 4},
    {key_constant("goonERTdGsjnkZqWuVjs73BZ3Pb9qoCUdBUL17BnS5j"), goonfi, Curve::unknown, decode_by_transfers, 1, 4, 5},
    {key_constant("MERLuDFBMmsHnsBPZw2sDQZHvXFMwp8EdjudcU2HKky"), unknown_amm, Curve::unknown, decode_by_transfers, 0},
};
// clang-format on

constexpr ProtocolRow kUnknownAmm = {Pubkey{}, unknown_amm, Curve::unknown, decode_by_transfers};

}  // namespace

std::span<const ProtocolRow> protocol_registry() {
    return kRegistry;
}

const ProtocolRow& unknown_amm_row() {
    return kUnknownAmm;
}

}  // namespace astro::solana
