#include "foundation/pdf/winansi.hpp"

#include <algorithm>
#include <array>

namespace astro::pdf {
namespace {

/// Of 0x80 to 0x9F; 0: nothing stands there.
constexpr std::array<char32_t, 32> kSpecial = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char encoded(char32_t point) {
    if ((point >= 0x20 && point < 0x7F) || (point >= 0xA0 && point <= 0xFF))
        return static_cast<char>(point);
    const auto* found = std::ranges::find(kSpecial, point);
    if (point == 0 || found == kSpecial.end()) return '?';
    return static_cast<char>(0x80 + (found - kSpecial.begin()));
}

/// Takes one character off; what is none is one byte long.
char32_t take(std::string_view& text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80             ? 1
                               : (first & 0xE0) == 0xC0 ? 2
                               : (first & 0xF0) == 0xE0 ? 3
                               : (first & 0xF8) == 0xF0 ? 4
                                                        : 0;
    char32_t point = length == 1 ? first : first & (0x7FU >> length);
    bool is_well = length > 0 && length <= text.size();
    for (std::size_t i = 1; is_well && i < length; ++i) {
        is_well = (byte(i) & 0xC0) == 0x80;
        point = point << 6 | (byte(i) & 0x3F);
    }
    text.remove_prefix(is_well ? length : 1);
    return is_well ? point : 0;
}

}  // namespace

std::string to_winansi(std::string_view utf8) {
    std::string out;
    while (!utf8.empty()) out += encoded(take(utf8));
    return out;
}

}  // namespace astro::pdf
