#pragma once

#include <string>
#include <string_view>

namespace astro::pdf {

/// UTF-8 in the encoding of the standard fonts (PDF 1.7, annex D: WinAnsi, which is code page
/// 1252). What it does not have, control characters and bytes that are no UTF-8 become "?".
[[nodiscard]] std::string to_winansi(std::string_view utf8);

}  // namespace astro::pdf
