#include "chains/stellar/build/amount.hpp"

#include <charconv>
#include <limits>

namespace astro::stellar {
namespace {

constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
// With an integer part of 32 bits the fraction of a price then fits 128 bits with room to spare.
constexpr std::size_t kPriceDecimalsMax = 18;

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Decimal {
    std::string_view whole, fraction;
};
std::optional<Decimal> split(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos)
        return is_digits(text) ? std::optional<Decimal>({text, {}}) : std::nullopt;
    const Decimal out{text.substr(0, point), text.substr(point + 1)};
    return is_digits(out.whole) && is_digits(out.fraction) ? std::optional(out) : std::nullopt;
}

std::optional<std::int32_t> positive(std::string_view digits) {
    std::int32_t out = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (fault != std::errc{} || end != digits.data() + digits.size() || out <= 0)
        return std::nullopt;
    return out;
}

Unexpected bad_price(std::string_view where, std::string why) {
    return refusal("bad_price", std::move(why), std::string(where));
}

/// The last convergent of p/q whose parts are of 32 bits; {0, …} or {…, 0} when there is none.
xdr::Price nearest(UInt128 p, UInt128 q) {
    std::int64_t n_before = 0, d_before = 1, n = 1, d = 0;
    while (q != 0 && p / q <= static_cast<UInt128>(kInt32Max)) {
        const auto a = static_cast<std::int64_t>(p / q);
        const std::int64_t n_next = a * n + n_before, d_next = a * d + d_before;
        if (n_next > kInt32Max || d_next > kInt32Max) break;
        n_before = std::exchange(n, n_next);
        d_before = std::exchange(d, d_next);
        p = std::exchange(q, p % q);
    }
    return {static_cast<std::int32_t>(n), static_cast<std::int32_t>(d)};
}

Result<xdr::Price> parse_fraction(std::string_view text, std::size_t slash,
                                  std::string_view where) {
    const auto n = positive(text.substr(0, slash)), d = positive(text.substr(slash + 1));
    if (!n || !d)
        return bad_price(where, "both parts of a fraction are whole numbers from 1 to 2147483647");
    return xdr::Price{*n, *d};
}

}  // namespace

Result<Stroops> parse_amount(std::string_view text, std::string_view where) {
    const auto bad = [&](std::string why) {
        return refusal("bad_amount", std::move(why), std::string(where));
    };
    if (text.starts_with('-')) return bad("an amount is not negative");
    const auto parts = split(text);
    if (!parts) return bad("an amount is a plain number as 12.5");
    if (parts->fraction.size() > static_cast<std::size_t>(tags::Stroops::kDecimals))
        return bad("has " + std::to_string(parts->fraction.size()) +
                   " decimals; amounts have 7 at most");
    std::int64_t value = 0;
    if (!parse_decimal(text, tags::Stroops::kDecimals, value))
        return bad("is more than 922337203685.4775807, the most there can be");
    return Stroops(value);
}

Result<xdr::Price> parse_price(std::string_view text, std::string_view where) {
    if (const auto slash = text.find('/'); slash != std::string_view::npos)
        return parse_fraction(text, slash, where);
    auto parts = split(text);
    if (!parts) return bad_price(where, "a price is a plain number as 0.25, or a fraction as 1/3");
    if (parts->fraction.size() > kPriceDecimalsMax)
        return bad_price(where, "a price has at most 18 decimals");
    while (parts->whole.size() > 1 && parts->whole.front() == '0') parts->whole.remove_prefix(1);
    if (parts->whole.size() > 10) return bad_price(where, "a price is at most 2147483647");
    UInt128 p = 0, q = 1;
    for (const char digit : parts->whole) p = p * 10 + static_cast<unsigned>(digit - '0');
    for (const char digit : parts->fraction) {
        p = p * 10 + static_cast<unsigned>(digit - '0');
        q *= 10;
    }
    const auto out = nearest(p, q);
    if (out.n == 0 || out.d == 0)
        return bad_price(where,
                         "no fraction of 32-bit numbers comes near it: a price is above "
                         "0.0000000004 and at most 2147483647");
    return out;
}

}  // namespace astro::stellar
