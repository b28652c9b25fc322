#include "capabilities/devnet/engine/arithmetic.hpp"

#include "foundation/base/assert.hpp"

namespace astro::devnet {

std::optional<std::int64_t> divide(UInt128 numerator, UInt128 denominator, Rounding rounding) {
    ASTRO_ASSERT(denominator != 0);
    UInt128 quotient = numerator / denominator;
    if (rounding == Rounding::up && numerator % denominator != 0) ++quotient;
    if (quotient > static_cast<UInt128>(kAmountMax)) return std::nullopt;
    return static_cast<std::int64_t>(quotient);
}

std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b, std::int64_t c,
                                            Rounding rounding) {
    ASTRO_ASSERT(a >= 0 && b >= 0 && c > 0);
    return divide(multiply(a, b), static_cast<UInt128>(c), rounding);
}

std::optional<std::int64_t> scale_divide(std::int32_t factor, UInt128 numerator,
                                         UInt128 denominator, Rounding rounding) {
    ASTRO_ASSERT(factor >= 0 && factor <= 10'000 && denominator != 0);
    ASTRO_ASSERT(denominator >> 114 == 0);
    const auto times = static_cast<UInt128>(static_cast<std::uint32_t>(factor));
    const UInt128 whole = numerator / denominator, rest = numerator % denominator;
    if (whole > static_cast<UInt128>(kAmountMax)) return std::nullopt;
    const UInt128 scaled_rest = rest * times;
    UInt128 quotient = whole * times + scaled_rest / denominator;
    if (rounding == Rounding::up && scaled_rest % denominator != 0) ++quotient;
    if (quotient > static_cast<UInt128>(kAmountMax)) return std::nullopt;
    return static_cast<std::int64_t>(quotient);
}

std::int64_t root_of_product(std::int64_t a, std::int64_t b) {
    const UInt128 product = multiply(a, b);
    // Bit by bit: the root of a product of two amounts is an amount.
    std::uint64_t root = 0;
    for (int bit = 62; bit >= 0; --bit) {
        const std::uint64_t next = root | (std::uint64_t{1} << bit);
        if (static_cast<UInt128>(next) * next <= product) root = next;
    }
    return static_cast<std::int64_t>(root);
}

bool add_within(std::int64_t& amount, std::int64_t delta, std::int64_t most) {
    ASTRO_ASSERT(amount >= 0);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(amount, delta, &sum) || sum < 0 || sum > most) return false;
    amount = sum;
    return true;
}

}  // namespace astro::devnet
