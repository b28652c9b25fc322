#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "capabilities/exchange/engine/units.hpp"

/// Numbers as foreign sources write them, to whole numbers of ours, without floating point.
namespace astro::market {

/// "61837.63000000", "0.1", "6.1e-05", "-3": the number times 10^decimals, rounded to the nearest
/// (half away from zero). Nothing for what is no JSON number, or does not fit.
[[nodiscard]] std::optional<std::int64_t> parse_scaled(std::string_view text, int decimals);

/// mantissa * 10^exponent, the same way.
[[nodiscard]] std::optional<std::int64_t> rescale(std::int64_t mantissa, std::int64_t exponent,
                                                  int decimals);

[[nodiscard]] inline std::optional<exchange::Price> parse_price(std::string_view text) {
    const auto value = parse_scaled(text, exchange::PriceTag::kDecimals);
    return value ? std::optional(exchange::Price{*value}) : std::nullopt;
}

}  // namespace astro::market
