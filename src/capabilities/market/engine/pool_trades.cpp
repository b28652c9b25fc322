#include "capabilities/market/engine/pool_trades.hpp"

#include <algorithm>

#include "capabilities/market/engine/token_registry.hpp"

namespace astro::market {
namespace {

constexpr int kOrdinalBits = 24;
constexpr std::uint64_t kOrdinalMax = (std::uint64_t{1} << kOrdinalBits) - 1;
constexpr std::uint64_t kRawMin = 1'000;
constexpr std::int64_t kPriceMin = 1'000;
constexpr std::uint8_t kDecimalsMax = 12;

int quote_rank(const solana::Pubkey& mint) {
    const KnownToken* token = find_token(mint);
    return token == nullptr ? 0 : token->quote_rank;
}

std::optional<std::uint8_t> decimals_of(const solana::BlockActivity& block,
                                        const solana::Pubkey& mint) {
    const auto at = std::ranges::lower_bound(block.mints, mint, {}, &solana::MintInfo::mint);
    if (at != block.mints.end() && at->mint == mint) return at->decimals;
    const KnownToken* token = find_token(mint);
    return token == nullptr ? std::nullopt : std::optional(token->decimals);
}

UInt128 power_of_ten(int exponent) {
    UInt128 out = 1;
    for (int i = 0; i < exponent; ++i) out *= 10;
    return out;
}

/// `raw` of a token of so many decimals, in 10^-to, rounded down; nothing beyond 63 bits.
std::optional<std::int64_t> scaled(std::uint64_t raw, std::uint8_t decimals, int to) {
    const UInt128 out = UInt128{raw} * power_of_ten(to) / power_of_ten(decimals);
    return out > UInt128{INT64_MAX} ? std::nullopt : std::optional(static_cast<std::int64_t>(out));
}

/// A swap, seen from its base.
struct Legs {
    solana::Pubkey base{}, quote{};
    std::uint64_t base_raw = 0, quote_raw = 0, reserve = 0;
    exchange::Side side = exchange::Side::buy;
};

std::optional<Legs> legs_of(const solana::Swap& swap) {
    const int in = quote_rank(swap.mint_in), out = quote_rank(swap.mint_out);
    if (in == out) return std::nullopt;  // of the quotes no two have the same
    if (in > out)
        return Legs{swap.mint_out,  swap.mint_in,          swap.amount_out,
                    swap.amount_in, swap.state.reserve_in, exchange::Side::buy};
    return Legs{swap.mint_in,    swap.mint_out,          swap.amount_in,
                swap.amount_out, swap.state.reserve_out, exchange::Side::sell};
}

struct Made {
    std::optional<PoolTrade> trade{};
    SwapAside why = SwapAside::unverified;
};

Made make_trade(const solana::BlockActivity& block, const solana::Swap& swap) {
    if (!swap.verified) return {.why = SwapAside::unverified};
    const auto legs = legs_of(swap);
    if (!legs) return {.why = SwapAside::not_quoted};
    const auto base_decimals = decimals_of(block, legs->base),
               quote_decimals = decimals_of(block, legs->quote);
    if (!base_decimals || !quote_decimals || *base_decimals > kDecimalsMax ||
        *quote_decimals > kDecimalsMax)
        return {.why = SwapAside::unknown_decimals};
    if (legs->base_raw < kRawMin || legs->quote_raw < kRawMin) return {.why = SwapAside::too_small};
    constexpr int kQuoteDecimals = exchange::QuoteTag::kDecimals;
    const auto size = scaled(legs->base_raw, *base_decimals, exchange::BaseTag::kDecimals),
               value = scaled(legs->quote_raw, *quote_decimals, kQuoteDecimals),
               liquidity = scaled(std::min(legs->reserve, UINT64_MAX / 2) * 2, *quote_decimals,
                                  kQuoteDecimals);
    // Below 2^64 * 10^12 * 10^6, which fits.
    const UInt128 price = UInt128{legs->quote_raw} * power_of_ten(*base_decimals + kQuoteDecimals) /
                          (power_of_ten(*quote_decimals) * legs->base_raw);
    if (price < UInt128{kPriceMin}) return {.why = SwapAside::too_fine};
    if (!size || !value || price > UInt128{static_cast<std::uint64_t>(exchange::kPriceMax.value())})
        return {.why = SwapAside::unknown_decimals};
    return {.trade = PoolTrade{.pool = swap.pool,
                               .protocol = swap.protocol,
                               .base = legs->base,
                               .quote = legs->quote,
                               .trade = {.price = Price{static_cast<std::int64_t>(price)},
                                         .size = Base{*size},
                                         .value = Quote{*value}},
                               .side = legs->side,
                               .liquidity = Quote{liquidity.value_or(INT64_MAX)}}};
}

}  // namespace

SeqRange trades_of_slot(Slot slot) {
    const std::uint64_t first = slot.value() << kOrdinalBits;
    return {TradeSeq{first}, TradeSeq{first | kOrdinalMax}};
}

BlockTrades pool_trades(const solana::BlockActivity& block, TimeMs time) {
    BlockTrades out;
    const std::uint64_t first = trades_of_slot(block.slot).first.value();
    std::uint64_t ordinal = 0;
    for (const auto& transaction : block.transactions)
        for (const auto& swap : transaction.swaps) {
            ordinal = std::min(ordinal + 1, kOrdinalMax);
            auto made = make_trade(block, swap);
            if (!made.trade) {
                ++out.aside[static_cast<std::size_t>(made.why)];
                continue;
            }
            made.trade->trade.seq = TradeSeq{first | ordinal};
            made.trade->trade.time = time;
            out.trades.push_back(std::move(*made.trade));
        }
    return out;
}

}  // namespace astro::market
