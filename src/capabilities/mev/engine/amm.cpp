#include "capabilities/mev/engine/amm.hpp"

#include <limits>
#include <utility>

namespace astro::mev::amm {
namespace {

constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

struct Wide {
    UInt128 high = 0, low = 0;
};

Wide multiply(UInt128 a, UInt128 b) {
    const auto low_half = [](UInt128 v) {
        return static_cast<UInt128>(static_cast<std::uint64_t>(v));
    };
    const UInt128 ll = low_half(a) * low_half(b);
    const UInt128 lh = low_half(a) * (b >> 64);
    const UInt128 hl = (a >> 64) * low_half(b);
    const UInt128 middle = (ll >> 64) + low_half(lh) + low_half(hl);
    return {(a >> 64) * (b >> 64) + (lh >> 64) + (hl >> 64) + (middle >> 64),
            (middle << 64) | low_half(ll)};
}

struct Division {
    UInt128 quotient = 0, remainder = 0;
};

/// Schoolbook, one bit at a time: used for reports, not on the path of every swap.
Division divide(Wide n, UInt128 d) {
    if (n.high == 0) return {n.low / d, n.low % d};
    UInt128 remainder = n.high, quotient = 0;  // n.high < d, so the quotient fits 128 bits
    for (int bit = 127; bit >= 0; --bit) {
        const bool carry = (remainder >> 127) != 0;
        remainder = (remainder << 1) | ((n.low >> bit) & 1);
        quotient <<= 1;
        if (carry || remainder >= d) {
            remainder -= d;
            quotient |= 1;
        }
    }
    return {quotient, remainder};
}

std::optional<std::uint64_t> narrow(std::optional<UInt128> v) {
    if (!v || *v > kMax64) return std::nullopt;
    return static_cast<std::uint64_t>(*v);
}

}  // namespace

std::uint64_t fee_of(std::uint64_t amount, std::uint32_t fee_ppm) {
    return static_cast<std::uint64_t>((static_cast<UInt128>(amount) * fee_ppm + kPpm - 1) / kPpm);
}

std::optional<UInt128> mul_div_floor(UInt128 a, UInt128 b, UInt128 c) {
    const auto product = multiply(a, b);
    if (product.high >= c) return std::nullopt;  // also c = 0
    return divide(product, c).quotient;
}

std::optional<UInt128> mul_div_ceil(UInt128 a, UInt128 b, UInt128 c) {
    const auto product = multiply(a, b);
    if (product.high >= c) return std::nullopt;
    const auto division = divide(product, c);
    if (division.remainder == 0) return division.quotient;
    return division.quotient + 1 == 0 ? std::nullopt : std::optional{division.quotient + 1};
}

std::optional<std::uint64_t> constant_product_out(Reserves pool, std::uint64_t amount_in,
                                                  std::uint32_t fee_ppm) {
    if (pool.in == 0 || pool.out == 0 || fee_ppm > kPpm) return std::nullopt;
    const UInt128 net = amount_in - fee_of(amount_in, fee_ppm);
    return static_cast<std::uint64_t>(net * pool.out / (pool.in + net));
}

std::optional<std::uint64_t> constant_product_in(Reserves pool, std::uint64_t amount_out,
                                                 std::uint32_t fee_ppm) {
    if (pool.in == 0 || amount_out >= pool.out || fee_ppm >= kPpm) return std::nullopt;
    const UInt128 left = pool.out - amount_out;
    const UInt128 net = (static_cast<UInt128>(pool.in) * amount_out + left - 1) / left;
    const auto gross = mul_div_ceil(net, kPpm, kPpm - fee_ppm);
    return narrow(gross);
}

std::optional<std::uint64_t> amount0_between(UInt128 sqrt_a, UInt128 sqrt_b, UInt128 liquidity,
                                             bool round_up) {
    if (sqrt_a > sqrt_b) std::swap(sqrt_a, sqrt_b);
    if (sqrt_a == 0 || liquidity >> 96 != 0) return std::nullopt;
    // L · 2^64 · (b − a) / (a · b), divided in two steps so that no product exceeds 256 bits.
    const auto times = round_up ? mul_div_ceil : mul_div_floor;
    if (liquidity >> 64 != 0) {
        const auto ratio = times(liquidity, sqrt_b - sqrt_a, sqrt_b);
        return ratio ? narrow(times(*ratio, UInt128{1} << 64, sqrt_a)) : std::nullopt;
    }
    const auto scaled = times(liquidity << 64, sqrt_b - sqrt_a, sqrt_b);
    if (!scaled) return std::nullopt;
    return narrow(round_up ? (*scaled + sqrt_a - 1) / sqrt_a : *scaled / sqrt_a);
}

std::optional<std::uint64_t> amount1_between(UInt128 sqrt_a, UInt128 sqrt_b, UInt128 liquidity,
                                             bool round_up) {
    if (sqrt_a > sqrt_b) std::swap(sqrt_a, sqrt_b);
    const auto times = round_up ? mul_div_ceil : mul_div_floor;
    return narrow(times(liquidity, sqrt_b - sqrt_a, UInt128{1} << 64));
}

std::optional<ConcentratedStep> concentrated_out(UInt128 sqrt_price, UInt128 liquidity,
                                                 std::uint64_t amount_in, bool zero_for_one) {
    if (sqrt_price == 0 || liquidity == 0 || liquidity >> 96 != 0) return std::nullopt;
    ConcentratedStep step;
    if (zero_for_one) {
        // s' = L·s / (L + dx·s/2^64)
        const auto moved = mul_div_floor(amount_in, sqrt_price, UInt128{1} << 64);
        if (!moved || *moved > ~UInt128{0} - liquidity) return std::nullopt;
        const auto next = mul_div_ceil(liquidity, sqrt_price, liquidity + *moved);
        if (!next || *next == 0) return std::nullopt;
        step.sqrt_price = *next;
        const auto out = amount1_between(*next, sqrt_price, liquidity, false);
        if (!out) return std::nullopt;
        step.other = *out;
        return step;
    }
    const UInt128 rise = (static_cast<UInt128>(amount_in) << 64) / liquidity;
    if (rise > ~UInt128{0} - sqrt_price) return std::nullopt;
    step.sqrt_price = sqrt_price + rise;
    const auto out = amount0_between(sqrt_price, step.sqrt_price, liquidity, false);
    if (!out) return std::nullopt;
    step.other = *out;
    return step;
}

std::optional<std::uint64_t> out_at_price(UInt128 sqrt_price, std::uint64_t amount_in,
                                          bool zero_for_one) {
    if (sqrt_price == 0) return std::nullopt;
    constexpr UInt128 kOne = UInt128{1} << 64;
    const auto once = zero_for_one
                          ? mul_div_floor(static_cast<UInt128>(amount_in) << 32, sqrt_price, kOne)
                          : mul_div_floor(static_cast<UInt128>(amount_in) << 32, kOne, sqrt_price);
    if (!once) return std::nullopt;
    const auto twice = zero_for_one ? mul_div_floor(*once, sqrt_price, kOne)
                                    : mul_div_floor(*once, kOne, sqrt_price);
    if (!twice) return std::nullopt;
    return narrow(*twice >> 32);
}

}  // namespace astro::mev::amm
