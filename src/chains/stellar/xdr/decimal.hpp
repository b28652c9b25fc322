#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Whole numbers of several 64-bit limbs, the lowest first; two's complement when `is_signed`.
namespace astro::stellar::xdr {

[[nodiscard]] std::string to_decimal(std::span<const std::uint64_t> limbs, bool is_signed);
/// False: not a whole number in its shortest form, or one that does not fit.
[[nodiscard]] bool parse_decimal(std::string_view text, std::span<std::uint64_t> limbs,
                                 bool is_signed);

}  // namespace astro::stellar::xdr
