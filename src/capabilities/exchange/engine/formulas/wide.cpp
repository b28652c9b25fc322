#include "capabilities/exchange/engine/formulas/wide.hpp"

namespace astro::exchange::formulas {
namespace {

struct UInt256 {
    UInt128 high, low;
};

constexpr UInt128 kLowHalf = ~std::uint64_t{0};

UInt256 multiply(UInt128 a, UInt128 b) {
    const UInt128 a0 = a & kLowHalf, a1 = a >> 64, b0 = b & kLowHalf, b1 = b >> 64;
    const UInt128 low = a0 * b0;
    const UInt128 middle = a1 * b0 + (low >> 64);  // cannot carry: (2^64-1)^2 + 2^64-1 < 2^128
    const UInt128 cross = a0 * b1 + (middle & kLowHalf);
    return {a1 * b1 + (middle >> 64) + (cross >> 64), (cross << 64) | (low & kLowHalf)};
}

struct Divided {
    UInt128 quotient, rest;
};

/// Long division bit by bit; value.high < divisor, so that the quotient fits,
/// and divisor < 2^127, so that no bit of the rest is lost.
Divided divide(UInt256 value, UInt128 divisor) {
    if (value.high == 0) return {value.low / divisor, value.low % divisor};
    UInt128 rest = value.high;
    UInt128 quotient = 0;
    for (int bit = 127; bit >= 0; --bit) {
        rest = (rest << 1) | ((value.low >> bit) & 1);
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
    }
    return {quotient, rest};
}

bool rounds_away(const Divided& d, UInt128 divisor, bool negative, Rounding rounding) {
    if (d.rest == 0) return false;
    switch (rounding) {
        case Rounding::floor:
            return negative;
        case Rounding::ceil:
            return !negative;
        case Rounding::to_zero:
            return false;
        case Rounding::half_even:
            break;
    }
    const UInt128 below = divisor - d.rest;
    return d.rest > below || (d.rest == below && (d.quotient & 1) != 0);
}

}  // namespace

std::optional<Int128> mul_div_wide(Int128 a, Int128 b, Int128 c, Rounding rounding) {
    const bool negative = (a < 0) != (b < 0);
    const auto divisor = static_cast<UInt128>(c);
    const UInt256 product = multiply(magnitude(a), magnitude(b));
    if (product.high >= divisor) return std::nullopt;
    auto divided = divide(product, divisor);
    if (rounds_away(divided, divisor, negative, rounding) && ++divided.quotient == 0)
        return std::nullopt;
    const UInt128 limit = static_cast<UInt128>(kInt128Max) + (negative ? 1 : 0);
    if (divided.quotient > limit) return std::nullopt;
    return static_cast<Int128>(negative ? ~divided.quotient + 1 : divided.quotient);
}

}  // namespace astro::exchange::formulas
