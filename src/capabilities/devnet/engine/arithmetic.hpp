#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "foundation/base/numbers.hpp"

/// What the ledger calculates with: 64-bit amounts, 128 bits between, rounding as an argument.
namespace astro::devnet {

inline constexpr std::int64_t kAmountMax = std::numeric_limits<std::int64_t>::max();

enum class Rounding { down, up };

/// Of two amounts that are not negative.
[[nodiscard]] inline UInt128 multiply(std::int64_t a, std::int64_t b) {
    return static_cast<UInt128>(static_cast<std::uint64_t>(a)) * static_cast<std::uint64_t>(b);
}

/// nullopt when the quotient is more than an amount can be. The denominator is not zero.
[[nodiscard]] std::optional<std::int64_t> divide(UInt128 numerator, UInt128 denominator,
                                                 Rounding rounding);
/// a × b / c of amounts that are not negative, c above zero.
[[nodiscard]] std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b,
                                                          std::int64_t c, Rounding rounding);
/// factor × numerator / denominator where that product may have more than 128 bits; the factor is
/// at most 10,000 and the denominator below 2^114.
[[nodiscard]] std::optional<std::int64_t> scale_divide(std::int32_t factor, UInt128 numerator,
                                                       UInt128 denominator, Rounding rounding);
/// The whole part of the root of a × b.
[[nodiscard]] std::int64_t root_of_product(std::int64_t a, std::int64_t b);

/// Adds to an amount when the sum is between zero and `most`; false and unchanged otherwise.
[[nodiscard]] bool add_within(std::int64_t& amount, std::int64_t delta,
                              std::int64_t most = kAmountMax);

}  // namespace astro::devnet
