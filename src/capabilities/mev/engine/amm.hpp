#pragma once

#include <cstdint>
#include <optional>

#include "foundation/base/numbers.hpp"

/// Pricing rules of pools, with the programs' own integer rounding, so that a swap can be replayed
/// under other circumstances ("what would the victim have got without the front-run?").
///
/// Constant product, fee from the input (Raydium v4 25 bps, CPMM per configuration):
///
///     fee = ceil(dx · fee_ppm / 10^6)        dx' = dx − fee        dy = floor(y · dx' / (x + dx'))
///
/// as raydium-amm `Calculator::swap_token_amount_base_in` and raydium-cp-swap
/// `CurveCalculator::swap_base_input` compute it. Fees stay in the vault.
///
/// Concentrated liquidity within one range of ticks (liquidity L constant, s = √price in Q64.64,
/// price = token1 per token0), as Uniswap v3, Raydium CLMM and Orca Whirlpool compute it:
///
///     0 → 1:  s' = ceil(L · s / (L + dx · s))        dy = floor(L · (s − s'))
///     1 → 0:  s' = s + floor(dx / L)                  dy = floor(L · (1/s − 1/s'))
namespace astro::mev::amm {

inline constexpr std::uint32_t kPpm = 1'000'000;

/// ceil(amount · fee_ppm / 10^6); `fee_ppm` ≤ 10^6.
[[nodiscard]] std::uint64_t fee_of(std::uint64_t amount, std::uint32_t fee_ppm);

/// floor(a · b / c) and ceil(a · b / c) with a 256-bit product; none when c is 0 or the result does
/// not fit 128 bits.
[[nodiscard]] std::optional<UInt128> mul_div_floor(UInt128 a, UInt128 b, UInt128 c);
[[nodiscard]] std::optional<UInt128> mul_div_ceil(UInt128 a, UInt128 b, UInt128 c);

/// A constant-product pool seen in the direction of a swap.
struct Reserves {
    std::uint64_t in = 0, out = 0;
};

/// What `amount_in` buys; none when a reserve is 0 or the fee is above 100 %.
[[nodiscard]] std::optional<std::uint64_t> constant_product_out(Reserves pool,
                                                                std::uint64_t amount_in,
                                                                std::uint32_t fee_ppm);

/// The smallest input that buys `amount_out`; none when the pool does not hold that much.
[[nodiscard]] std::optional<std::uint64_t> constant_product_in(Reserves pool,
                                                               std::uint64_t amount_out,
                                                               std::uint32_t fee_ppm);

/// One step within a range of constant liquidity.
struct ConcentratedStep {
    UInt128 sqrt_price = 0;   ///< Q64.64 after the step
    std::uint64_t other = 0;  ///< the amount on the other side
};

/// Swaps exactly `amount_in`, fee already taken off. None when liquidity is 0, or a number leaves
/// its range. The caller knows that the step stays within one range of ticks.
[[nodiscard]] std::optional<ConcentratedStep> concentrated_out(UInt128 sqrt_price,
                                                               UInt128 liquidity,
                                                               std::uint64_t amount_in,
                                                               bool zero_for_one);

/// Amounts of token0 and token1 between two prices at liquidity L, rounded down or up; none when
/// they do not fit 64 bits.
[[nodiscard]] std::optional<std::uint64_t> amount0_between(UInt128 sqrt_a, UInt128 sqrt_b,
                                                           UInt128 liquidity, bool round_up);
[[nodiscard]] std::optional<std::uint64_t> amount1_between(UInt128 sqrt_a, UInt128 sqrt_b,
                                                           UInt128 liquidity, bool round_up);

/// amount · price (or amount / price for 1 → 0) at `sqrt_price`: what it buys when the price does
/// not move, which no swap exceeds. None when it does not fit.
[[nodiscard]] std::optional<std::uint64_t> out_at_price(UInt128 sqrt_price, std::uint64_t amount_in,
                                                        bool zero_for_one);

}  // namespace astro::mev::amm
