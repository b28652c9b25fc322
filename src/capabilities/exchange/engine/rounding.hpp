#pragma once

#include "foundation/base/numbers.hpp"

/// Divisions of products that need 128 bits. By a constant, since the compiler's own division of
/// 128 bits is a loop of forty nanoseconds.
namespace astro::exchange {

template <std::uint32_t D>
[[nodiscard]] constexpr UInt128 divide(UInt128 n) {
    const auto high = static_cast<std::uint64_t>(n >> 64), low = static_cast<std::uint64_t>(n);
    if (high == 0) return low / D;
    // By hand in halves of a word: each remainder is below D and leaves room for the next half.
    std::uint64_t part = (high % D) << 32 | low >> 32;
    const std::uint64_t middle = part / D;
    part = (part % D) << 32 | (low & 0xFFFF'FFFF);
    return static_cast<UInt128>(high / D) << 64 | static_cast<UInt128>(middle) << 32 | part / D;
}

/// floor(n / D)
template <std::uint32_t D>
[[nodiscard]] constexpr Int128 divide_down(Int128 n) {
    if (const auto one = static_cast<std::int64_t>(n); one == n) [[likely]]
        return one / std::int64_t{D} - (one % std::int64_t{D} < 0);
    if (n >= 0) return static_cast<Int128>(divide<D>(static_cast<UInt128>(n)));
    return -static_cast<Int128>(divide<D>(static_cast<UInt128>(-n) + D - 1));
}
/// ceil(n / D)
template <std::uint32_t D>
[[nodiscard]] constexpr Int128 divide_up(Int128 n) {
    if (const auto one = static_cast<std::int64_t>(n); one == n) [[likely]]
        return one / std::int64_t{D} + (one % std::int64_t{D} > 0);
    return -divide_down<D>(-n);
}

}  // namespace astro::exchange
