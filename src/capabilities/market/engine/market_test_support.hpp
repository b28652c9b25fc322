#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities/market/engine/aggregate.hpp"
#include "capabilities/market/engine/decimal.hpp"

/// Prices as text, times in milliseconds after a fixed instant.
namespace astro::market::test {

inline constexpr TimestampNs kStart = from_unix_seconds(1'800'000'000);

inline TimestampNs at(std::int64_t ms) {
    return kStart + milliseconds(ms);
}
inline Price dollars(std::string_view text) {
    return parse_price(text).value();
}

inline SourceRule rule(std::string source, std::int64_t rank = 0, std::int64_t weight = 1,
                       SourceRole role = SourceRole::index) {
    return {.source = std::move(source), .role = role, .rank = rank, .weight = weight};
}

inline Observation said(std::string source, std::string_view price, std::int64_t ms = 0,
                        std::string_view confidence = "0") {
    return {.source = std::move(source),
            .asset = "SOL",
            .price = dollars(price),
            .confidence = dollars(confidence),
            .published = at(ms),
            .received = at(ms)};
}

}  // namespace astro::market::test
