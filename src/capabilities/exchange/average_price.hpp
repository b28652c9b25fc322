#pragma once

#include <optional>

#include "capabilities/exchange/engine/model.hpp"

namespace astro::exchange {

/// Quote per base, cut: trades of several levels need not meet a tick. Nothing of no size.
[[nodiscard]] constexpr std::optional<Price> average_price(Quote quote, Base size) {
    if (size == Base{0}) return std::nullopt;
    return Price{
        static_cast<std::int64_t>(static_cast<Int128>(quote.value()) * kBaseUnit / size.value())};
}

}  // namespace astro::exchange
