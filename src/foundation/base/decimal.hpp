#pragma once

#include <string>
#include <string_view>

#include "foundation/base/numbers.hpp"

/// Whole numbers with a fixed number of decimals, as text.
namespace astro {

/// Shortest decimal text: "142.35", "-0.000001", "7".
[[nodiscard]] std::string decimal_text(std::int64_t value, int decimals);
/// The reverse; false for what is no plain decimal number, has more decimals or does not fit.
[[nodiscard]] bool parse_decimal(std::string_view text, int decimals, std::int64_t& out);

template <class Tag>
    requires requires { Tag::kDecimals; }
[[nodiscard]] std::string to_text(const Strong<Tag>& value) {
    return decimal_text(value.value(), Tag::kDecimals);
}
template <class Tag>
    requires requires { Tag::kDecimals; }
[[nodiscard]] bool from_text(std::string_view text, Strong<Tag>& out) {
    std::int64_t value = 0;
    if (!parse_decimal(text, Tag::kDecimals, value)) return false;
    out = Strong<Tag>{value};
    return true;
}

}  // namespace astro
