#include "capabilities/exchange/engine/formulas/wide.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

namespace astro::exchange::formulas {
namespace {

using Big = boost::multiprecision::cpp_int;

Big big(Int128 value) {
    const UInt128 m = magnitude(value);
    Big out = static_cast<std::uint64_t>(m >> 64);
    out <<= 64;
    out += static_cast<std::uint64_t>(m);
    return value < 0 ? Big(-out) : out;
}

Int128 wide(std::int64_t high, std::uint64_t low, unsigned shift) {
    const auto bits = (static_cast<UInt128>(static_cast<std::uint64_t>(high)) << 64) | low;
    return static_cast<Int128>(bits) >> (shift % 127);
}

Big reference(const Big& numerator, const Big& divisor, Rounding rounding) {
    Big quotient, rest;
    boost::multiprecision::divide_qr(numerator, divisor, quotient, rest);
    if (rest == 0 || rounding == Rounding::to_zero) return quotient;
    const Big away = rest < 0 ? Big(quotient - 1) : Big(quotient + 1);
    if (rounding == Rounding::floor) return rest < 0 ? away : quotient;
    if (rounding == Rounding::ceil) return rest < 0 ? quotient : away;
    const Big twice = abs(rest) * 2;
    if (twice != divisor) return twice > divisor ? away : quotient;
    return quotient % 2 == 0 ? quotient : away;
}

constexpr Rounding kAll[] = {Rounding::floor, Rounding::ceil, Rounding::to_zero,
                             Rounding::half_even};

TEST(Wide, RoundsAsNamed) {
    const auto row = [](Int128 n, Int128 d) {
        std::vector<std::int64_t> out;
        for (const auto r : kAll) out.push_back(saturate64(div_round(n, d, r)));
        return out;
    };
    EXPECT_EQ(row(7, 2), (std::vector<std::int64_t>{3, 4, 3, 4}));
    EXPECT_EQ(row(5, 2), (std::vector<std::int64_t>{2, 3, 2, 2}));
    EXPECT_EQ(row(-5, 2), (std::vector<std::int64_t>{-3, -2, -2, -2}));
    EXPECT_EQ(row(-7, 2), (std::vector<std::int64_t>{-4, -3, -3, -4}));
    EXPECT_EQ(row(-8, 2), (std::vector<std::int64_t>{-4, -4, -4, -4}));
    EXPECT_EQ(row(-1, 3), (std::vector<std::int64_t>{-1, 0, 0, 0}));
}

TEST(Wide, RootAtTheEdges) {
    EXPECT_EQ(isqrt(0), 0U);
    EXPECT_EQ(isqrt(1), 1U);
    EXPECT_EQ(isqrt(3), 1U);
    EXPECT_EQ(isqrt(4), 2U);
    EXPECT_EQ(isqrt(~UInt128{0}), ~std::uint64_t{0});
    const UInt128 top = ~std::uint64_t{0};
    EXPECT_EQ(isqrt(top * top), ~std::uint64_t{0});
    EXPECT_EQ(isqrt(top * top - 1), ~std::uint64_t{0} - 1);
}

TEST(Wide, RefusesWhatLeaves128Bits) {
    EXPECT_FALSE(mul_div_wide(kInt128Max, 2, 1, Rounding::floor));
    EXPECT_FALSE(mul_div_wide(kInt128Max, kInt128Max, 1, Rounding::floor));
    EXPECT_EQ(mul_div_wide(kInt128Max, kInt128Max, kInt128Max, Rounding::floor), kInt128Max);
    EXPECT_EQ(mul_div_wide(-kInt128Max - 1, 1, 1, Rounding::floor), -kInt128Max - 1);
    EXPECT_FALSE(mul_div_wide(-kInt128Max - 1, -1, 1, Rounding::floor));
    EXPECT_FALSE(narrow64(static_cast<Int128>(kInt64Max) + 1));
    EXPECT_EQ(saturate64(kInt128Max), kInt64Max);
    EXPECT_EQ(saturate64(-kInt128Max), kInt64Min);
}

RC_GTEST_PROP(WideProperty, RootIsTheLargestWhoseSquareFits,
              (std::uint64_t high, std::uint64_t low, unsigned shift)) {
    const UInt128 value = ((static_cast<UInt128>(high) << 64) | low) >> (shift % 128);
    const Big root = isqrt(value);
    Big whole = static_cast<std::uint64_t>(value >> 64);
    whole = (whole << 64) + static_cast<std::uint64_t>(value);
    RC_ASSERT(root * root <= whole);
    RC_ASSERT((root + 1) * (root + 1) > whole);
}

RC_GTEST_PROP(WideProperty, ProductsAndQuotientsAreExact,
              (std::int64_t ah, std::uint64_t al, unsigned as, std::int64_t bh, std::uint64_t bl,
               unsigned bs, std::uint64_t ch, std::uint64_t cl, unsigned cs)) {
    const Int128 a = wide(ah, al, as), b = wide(bh, bl, bs);
    const Int128 c =
        static_cast<Int128>(magnitude(wide(static_cast<std::int64_t>(ch), cl, cs)) >> 1) + 1;
    for (const auto rounding : kAll) {
        const Big expected = reference(big(a) * big(b), big(c), rounding);
        const auto got = mul_div_wide(a, b, c, rounding);
        const bool fits = expected <= big(kInt128Max) && expected >= big(-kInt128Max - 1);
        RC_ASSERT(got.has_value() == fits);
        if (got) RC_ASSERT(big(*got) == expected);
        RC_ASSERT(big(div_round(a, c, rounding)) == reference(big(a), big(c), rounding));
    }
}

}  // namespace
}  // namespace astro::exchange::formulas
