#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "chains/solana/types.hpp"

/// Events that programs write about their own swaps and liquidations: Anchor's (eight bytes that
/// name the event, then Borsh), Raydium v4's ray_log and Phoenix's log records.
/// A parser takes the payload behind the name. Longer payloads are accepted, since programs append
/// fields; shorter ones are refused (nothing is returned).
namespace astro::solana {

/// Eight bytes written in hex, as a little-endian number: how discriminators are compared.
consteval std::uint64_t discriminator(std::string_view hex) {
    if (hex.size() != 16) throw "a discriminator has eight bytes";
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        const char c = hex[i];
        const int digit = c >= 'a' ? c - 'a' + 10 : c - '0';
        if (digit < 0 || digit > 15) throw "not hex";
        const std::size_t shift = (i / 2) * 8 + (i % 2 == 0 ? 4 : 0);
        out |= static_cast<std::uint64_t>(digit) << shift;
    }
    return out;
}

/// First bytes of the call by which a program hands an event to itself (Anchor's emit_cpi!).
inline constexpr std::uint64_t kEventCallPrefix = discriminator("e445a52e51cb9a1d");

[[nodiscard]] inline bool is_event_call(ByteView data) {
    return data.size() >= 16 && load_le<std::uint64_t>(data, 0) == kEventCallPrefix;
}

namespace events {
inline constexpr std::uint64_t kSwapEvent = discriminator("40c6cde8260871e2");
inline constexpr std::uint64_t kSwapsEvent = discriminator("982f4eebc0606e6a");
inline constexpr std::uint64_t kFeeEvent = discriminator("494f4e7fb8d50ddc");
inline constexpr std::uint64_t kTraded = discriminator("e1ca49af932ba096");
inline constexpr std::uint64_t kDlmmSwap = discriminator("516ce3becdd00ac4");
inline constexpr std::uint64_t kTradeEvent = discriminator("bddb7fd34ee661ee");
inline constexpr std::uint64_t kCompleteEvent = discriminator("5f72619cd42e9808");
inline constexpr std::uint64_t kBuyEvent = discriminator("67f4521f2cf57777");
inline constexpr std::uint64_t kSellEvent = discriminator("3e2f370aa503dc2a");
inline constexpr std::uint64_t kEvtSwap = discriminator("1b3c15d58aaabb93");
inline constexpr std::uint64_t kEvtSwap2 = discriminator("bd4233a826507599");
inline constexpr std::uint64_t kFillLog = discriminator("9617299498a2d740");
inline constexpr std::uint64_t kMarginfiLiquidate = discriminator("a6a0f99ab72717f2");
inline constexpr std::uint64_t kDriftLiquidation = discriminator("7f11006cb60de735");
}  // namespace events

/// Raydium v4's ray_log of a swap: the pool's pricing reserves before it.
struct RayLog {
    std::uint64_t amount_in = 0, amount_out = 0;
    std::uint64_t pool_coin = 0, pool_pc = 0;
};
[[nodiscard]] std::optional<RayLog> parse_ray_log(ByteView bytes);

/// Raydium CPMM's SwapEvent. Reserves are those that price, before the swap.
struct CpmmSwapEvent {
    Pubkey pool;
    std::uint64_t reserve_in = 0, reserve_out = 0;
    std::uint64_t amount_in = 0, amount_out = 0;
    std::uint64_t transfer_fee_in = 0, transfer_fee_out = 0;
    bool base_input = false;
};
[[nodiscard]] std::optional<CpmmSwapEvent> parse_cpmm_swap(ByteView payload);

/// Raydium CLMM's SwapEvent; price and liquidity after the swap.
struct ClmmSwapEvent {
    Pubkey pool;
    std::uint64_t amount_0 = 0, amount_1 = 0;
    bool zero_for_one = false;
    UInt128 sqrt_price_x64 = 0, liquidity = 0;
    std::int32_t tick = 0;
};
[[nodiscard]] std::optional<ClmmSwapEvent> parse_clmm_swap(ByteView payload);

/// Orca Whirlpool's Traded.
struct WhirlpoolTraded {
    Pubkey pool;
    bool a_to_b = false;
    UInt128 sqrt_price_before = 0, sqrt_price_after = 0;
    std::uint64_t amount_in = 0, amount_out = 0;
    std::uint64_t transfer_fee_in = 0, transfer_fee_out = 0;
    std::uint64_t lp_fee = 0, protocol_fee = 0;
};
[[nodiscard]] std::optional<WhirlpoolTraded> parse_whirlpool_traded(ByteView payload);

/// Meteora DLMM's Swap.
struct DlmmSwapEvent {
    Pubkey pool, from;
    std::int32_t start_bin = 0, end_bin = 0;
    std::uint64_t amount_in = 0, amount_out = 0;
    bool swap_for_y = false;
    std::uint64_t fee = 0, protocol_fee = 0;
};
[[nodiscard]] std::optional<DlmmSwapEvent> parse_dlmm_swap(ByteView payload);

/// Pump.fun's TradeEvent; reserves after the trade, amounts without the fees on top.
struct PumpTradeEvent {
    Pubkey mint, user;
    std::uint64_t lamports = 0, tokens = 0;
    bool is_buy = false;
    std::uint64_t virtual_lamports = 0, virtual_tokens = 0;
};
[[nodiscard]] std::optional<PumpTradeEvent> parse_pump_trade(ByteView payload);

/// PumpSwap's BuyEvent and SellEvent; reserves before the trade.
struct PumpSwapEvent {
    std::uint64_t base = 0, quote = 0;  ///< base out and quote in of a buy, the reverse of a sale
    std::uint64_t pool_base = 0, pool_quote = 0;
    std::uint64_t lp_fee_bps = 0, protocol_fee_bps = 0;
    Pubkey pool;
};
[[nodiscard]] std::optional<PumpSwapEvent> parse_pumpswap_trade(ByteView payload);

/// Meteora DAMM v2's EvtSwap and EvtSwap2, price after the swap. The bonding curve program names
/// its events the same but lays them out otherwise: see parse_dbc_swap.
struct DammSwapEvent {
    Pubkey pool;
    std::uint8_t direction = 0;  ///< 0 = a to b
    std::uint64_t amount_in = 0, amount_out = 0;
    UInt128 next_sqrt_price = 0;
};
[[nodiscard]] std::optional<DammSwapEvent> parse_damm_swap(ByteView payload);
[[nodiscard]] std::optional<DammSwapEvent> parse_damm_swap2(ByteView payload);
[[nodiscard]] std::optional<DammSwapEvent> parse_dbc_swap(ByteView payload);
[[nodiscard]] std::optional<DammSwapEvent> parse_dbc_swap2(ByteView payload);

/// Raydium LaunchLab's TradeEvent.
struct LaunchLabTradeEvent {
    Pubkey pool;
    std::uint64_t virtual_base = 0, virtual_quote = 0;
    std::uint64_t real_base_before = 0, real_quote_before = 0;
    std::uint64_t amount_in = 0, amount_out = 0;
};
[[nodiscard]] std::optional<LaunchLabTradeEvent> parse_launchlab_trade(ByteView payload);

/// One hop as Jupiter reports it; SwapsEvent leaves `amm` zero.
struct JupiterHop {
    Pubkey amm, mint_in, mint_out;
    std::uint64_t amount_in = 0, amount_out = 0;
};
[[nodiscard]] std::optional<JupiterHop> parse_jupiter_swap(ByteView payload);
[[nodiscard]] std::optional<std::vector<JupiterHop>> parse_jupiter_swaps(ByteView payload);

/// The totals of a Phoenix log record: what the taker got filled. Lots, not amounts.
struct PhoenixFills {
    Pubkey market;
    std::uint32_t fills = 0;
    std::uint64_t base_lots = 0, quote_lots = 0, fee_lots = 0;
    bool has_summary = false;
};
[[nodiscard]] std::optional<PhoenixFills> parse_phoenix_log(ByteView payload);

/// marginfi's LendingAccountLiquidateEvent. marginfi moves the position between accounts of its own
/// books, so the amounts are differences of the balances the event states, which are floating point
/// there and rounded here.
struct MarginfiLiquidateEvent {
    Pubkey liquidatee, liquidatee_authority;
    Pubkey asset_bank, asset_mint, liability_bank, liability_mint;
    std::uint64_t repaid = 0, seized = 0;
};
[[nodiscard]] std::optional<MarginfiLiquidateEvent> parse_marginfi_liquidate(ByteView payload);

/// Drift's LiquidationRecord. Drift keeps balances inside its own accounts, so this is the only
/// place that says what changed hands; amounts in the markets' own precision.
struct DriftLiquidationRecord {
    std::uint8_t type =
        0;  ///< 0 perp, 1 spot, 2 borrow for pnl, 3 pnl for deposit, 4, 5 bankruptcy
    Pubkey user, liquidator;
    std::uint64_t perp_base = 0, perp_quote = 0;  ///< magnitudes
    UInt128 asset_transfer = 0, liability_transfer = 0;
};
[[nodiscard]] std::optional<DriftLiquidationRecord> parse_drift_liquidation(ByteView payload);

}  // namespace astro::solana
