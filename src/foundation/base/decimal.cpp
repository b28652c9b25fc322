#include "foundation/base/decimal.hpp"

#include <limits>

namespace astro {

std::string decimal_text(std::int64_t value, int decimals) {
    // The magnitude of the smallest value has no place in a signed number.
    std::uint64_t rest =
        value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
    std::string digits = std::to_string(rest);
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places > 0) {
        digits.insert(digits.size() - places, 1, '.');
        while (digits.back() == '0') digits.pop_back();
        if (digits.back() == '.') digits.pop_back();
    }
    return value < 0 ? "-" + digits : digits;
}

bool parse_decimal(std::string_view text, int decimals, std::int64_t& out) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view fraction = dot == text.npos ? "" : text.substr(dot + 1);
    if (whole.empty() || whole.size() > 19 || (dot != text.npos && fraction.empty()) ||
        fraction.size() > static_cast<std::size_t>(decimals) ||
        (whole.size() > 1 && whole.front() == '0'))
        return false;
    std::string digits(whole);
    digits.append(fraction).append(static_cast<std::size_t>(decimals) - fraction.size(), '0');
    std::int64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return false;
        const auto next = checked_mul(value, std::int64_t{10});
        if (!next) return false;
        // Below zero, so that the smallest value can be read too.
        const auto with = checked_sub(*next, std::int64_t{c - '0'});
        if (!with) return false;
        value = *with;
    }
    if (!negative && value == std::numeric_limits<std::int64_t>::min()) return false;
    out = negative ? value : -value;
    return true;
}

}  // namespace astro
