#pragma once

#include <string>
#include <string_view>

namespace astro {

/// RFC 3986 §2.1: everything but the unreserved characters becomes "%XX". Fits a path segment, a
/// query and a form (application/x-www-form-urlencoded) alike.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace astro
