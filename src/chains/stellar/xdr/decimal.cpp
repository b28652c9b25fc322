#include "chains/stellar/xdr/decimal.hpp"

#include <algorithm>
#include <vector>

namespace astro::stellar::xdr {
namespace {

__extension__ using Wide = unsigned __int128;
using Limbs = std::vector<std::uint64_t>;

void negate(std::span<std::uint64_t> limbs) {
    bool carry = true;
    for (auto& limb : limbs) {
        limb = ~limb + (carry ? 1 : 0);
        carry = carry && limb == 0;
    }
}

bool is_negative(std::span<const std::uint64_t> limbs) {
    return limbs.back() >> 63 != 0;
}

bool is_zero(std::span<const std::uint64_t> limbs) {
    return std::ranges::all_of(limbs, [](std::uint64_t limb) { return limb == 0; });
}

/// Divides by ten and returns what is left.
unsigned divide_by_ten(Limbs& limbs) {
    std::uint64_t rest = 0;
    for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
        const Wide value = Wide{rest} << 64 | *limb;
        *limb = static_cast<std::uint64_t>(value / 10);
        rest = static_cast<std::uint64_t>(value % 10);
    }
    return static_cast<unsigned>(rest);
}

/// Times ten plus the digit; false when it does not fit.
bool append_digit(std::span<std::uint64_t> limbs, std::uint64_t digit) {
    for (auto& limb : limbs) {
        const Wide value = Wide{limb} * 10 + digit;
        limb = static_cast<std::uint64_t>(value);
        digit = static_cast<std::uint64_t>(value >> 64);
    }
    return digit == 0;
}

}  // namespace

std::string to_decimal(std::span<const std::uint64_t> limbs, bool is_signed) {
    Limbs rest(limbs.begin(), limbs.end());
    const bool negative = is_signed && is_negative(rest);
    if (negative) negate(rest);
    std::string out;
    do out += static_cast<char>('0' + divide_by_ten(rest));
    while (!is_zero(rest));
    if (negative) out += '-';
    std::ranges::reverse(out);
    return out;
}

bool parse_decimal(std::string_view text, std::span<std::uint64_t> limbs, bool is_signed) {
    std::ranges::fill(limbs, 0);
    const bool negative = is_signed && text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty() || (text.front() == '0' && (text.size() > 1 || negative))) return false;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        if (!append_digit(limbs, static_cast<std::uint64_t>(c - '0'))) return false;
    }
    if (!negative) return !is_signed || !is_negative(limbs);
    negate(limbs);
    return is_negative(limbs);
}

}  // namespace astro::stellar::xdr
