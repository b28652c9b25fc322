#pragma once

#include <limits>
#include <optional>

#include "foundation/base/numbers.hpp"

/// Exact whole-number arithmetic that money formulas need beyond 64 bits: division with a named
/// rounding, a product of two 128-bit numbers divided by a third, and the integer root.
namespace astro::exchange::formulas {

enum class Rounding {
    floor,     ///< toward minus infinity: what an account receives
    ceil,      ///< toward plus infinity: what an account owes
    to_zero,   ///< as integer division in Rust, Go and C++: only where a source formula has it
    half_even  ///< to the nearest, a tie to the even neighbour: for what is shown
};

inline constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();
inline constexpr Int128 kInt128Max = static_cast<Int128>(~UInt128{0} >> 1);

/// |value|, also of the smallest number.
[[nodiscard]] constexpr UInt128 magnitude(Int128 value) {
    return value < 0 ? ~static_cast<UInt128>(value) + 1 : static_cast<UInt128>(value);
}

/// numerator / denominator. denominator > 0.
[[nodiscard]] constexpr Int128 div_round(Int128 numerator, Int128 denominator, Rounding rounding) {
    const Int128 quotient = numerator / denominator;
    const Int128 rest = numerator % denominator;
    if (rest == 0) return quotient;
    switch (rounding) {
        case Rounding::floor:
            return rest < 0 ? quotient - 1 : quotient;
        case Rounding::ceil:
            return rest > 0 ? quotient + 1 : quotient;
        case Rounding::to_zero:
            return quotient;
        case Rounding::half_even:
            break;
    }
    const UInt128 above = magnitude(rest);
    const UInt128 below = static_cast<UInt128>(denominator) - above;
    if (above < below || (above == below && quotient % 2 == 0)) return quotient;
    return rest < 0 ? quotient - 1 : quotient + 1;
}

/// a * b / c with a 256-bit product; nothing when the result leaves 128 bits. c > 0.
[[nodiscard]] std::optional<Int128> mul_div_wide(Int128 a, Int128 b, Int128 c, Rounding rounding);

/// The largest r with r * r <= value.
[[nodiscard]] constexpr std::uint64_t isqrt(UInt128 value) {
    UInt128 rest = value;
    UInt128 root = 0;
    UInt128 bit = UInt128{1} << 126;
    while (bit > value) bit >>= 2;
    for (; bit != 0; bit >>= 2) {
        if (rest >= root + bit) {
            rest -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return static_cast<std::uint64_t>(root);
}

/// The nearest number of 64 bits. Only where the header of a formula says that it saturates.
[[nodiscard]] constexpr std::int64_t saturate64(Int128 value) {
    if (value > kInt64Max) return kInt64Max;
    if (value < kInt64Min) return kInt64Min;
    return static_cast<std::int64_t>(value);
}

/// The number in 64 bits, or nothing.
[[nodiscard]] constexpr std::optional<std::int64_t> narrow64(Int128 value) {
    if (value > kInt64Max || value < kInt64Min) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

/// 10^exponent, 0 <= exponent <= 38.
[[nodiscard]] constexpr Int128 power_of_ten(int exponent) {
    Int128 out = 1;
    for (; exponent > 0; --exponent) out *= 10;
    return out;
}

}  // namespace astro::exchange::formulas
