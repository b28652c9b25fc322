#include "capabilities/market/engine/decimal.hpp"

#include <charconv>

#include "foundation/base/numbers.hpp"

namespace astro::market {
namespace {

constexpr int kDigitsMax = 37;  ///< of a 128-bit number
constexpr std::int64_t kExponentMax = 1'000;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// value * 10^shift, rounded; nothing when it does not fit 64 bits.
std::optional<std::int64_t> shifted(Int128 value, std::int64_t shift) {
    constexpr Int128 kMax = INT64_MAX;
    const bool negative = value < 0;
    if (negative) value = -value;
    for (; shift > 0 && value != 0; --shift) {
        value *= 10;
        if (value > kMax) return std::nullopt;
    }
    Int128 half_of = 0;  // the last digit that was cut decides; digits before it were cut for good
    for (; shift < 0 && (value != 0 || half_of != 0); ++shift) {
        half_of = value % 10;
        value /= 10;
    }
    if (half_of >= 5) ++value;
    if (value > kMax) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(value);
    return negative ? -whole : whole;
}

/// Digits, a point, digits: appended to `mantissa`; how many stood behind the point.
struct Digits {
    Int128 mantissa = 0;
    std::int64_t exponent = 0;
    bool ok = true;
};

Digits read_digits(std::string_view& text) {
    Digits out;
    int kept = 0;
    bool behind = false, any = false, any_behind = false;
    for (; !text.empty(); text.remove_prefix(1)) {
        const char c = text.front();
        if (c == '.' && !behind && any) {
            behind = true;
            continue;
        }
        if (!is_digit(c)) break;
        any = true;
        any_behind = any_behind || behind;
        if (kept < kDigitsMax) {
            out.mantissa = out.mantissa * 10 + (c - '0');
            if (out.mantissa != 0) ++kept;
            out.exponent -= behind ? 1 : 0;
        } else if (!behind) {
            ++out.exponent;
        }
    }
    out.ok = any && any_behind == behind;
    return out;
}

}  // namespace

std::optional<std::int64_t> parse_scaled(std::string_view text, int decimals) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const Digits digits = read_digits(text);
    if (!digits.ok) return std::nullopt;
    std::int64_t exponent = 0;
    if (!text.empty()) {
        if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
        text.remove_prefix(1);
        if (text.starts_with('+')) text.remove_prefix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        if (exponent < -kExponentMax || exponent > kExponentMax) return std::nullopt;
    }
    return shifted(negative ? -digits.mantissa : digits.mantissa,
                   digits.exponent + exponent + decimals);
}

std::optional<std::int64_t> rescale(std::int64_t mantissa, std::int64_t exponent, int decimals) {
    if (exponent < -kExponentMax || exponent > kExponentMax) return std::nullopt;
    return shifted(mantissa, exponent + decimals);
}

}  // namespace astro::market
