#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "capabilities/market/engine/decimal.hpp"
#include "chains/solana/json_document.hpp"
#include "foundation/base/time.hpp"

/// Members of foreign JSON objects, each read or absent.
namespace astro::market::text {

using solana::JsonValue;

[[nodiscard]] inline JsonValue member(JsonValue object, std::string_view name) {
    if (!object.present()) return {};
    for (const auto field : object.fields())
        if (field.key == name) return field.value;
    return {};
}

/// The characters of a number, or of a text that holds one.
[[nodiscard]] inline std::optional<std::string_view> digits(JsonValue value) {
    if (!value.present() || value.is_object() || value.is_array()) return std::nullopt;
    return value.is_string() ? value.raw_string() : value.scalar();
}

template <class Integer>
[[nodiscard]] std::optional<Integer> integer(JsonValue value) {
    const auto characters = digits(value);
    if (!characters) return std::nullopt;
    Integer out{};
    const char* last = characters->data() + characters->size();
    const auto [end, error] = std::from_chars(characters->data(), last, out);
    return error == std::errc{} && end == last ? std::optional(out) : std::nullopt;
}

[[nodiscard]] inline std::optional<exchange::Price> price(JsonValue value) {
    const auto characters = digits(value);
    return characters ? parse_price(*characters) : std::nullopt;
}

/// Milliseconds or seconds since 1970, from 1970 to the year 2200; else nothing.
[[nodiscard]] inline std::optional<TimestampNs> time(JsonValue value, std::int64_t ns_per_unit) {
    const auto count = integer<std::int64_t>(value);
    constexpr std::int64_t kSecondsMax = 7'258'118'400;
    if (!count || *count < 0 || *count > kSecondsMax * (1'000'000'000 / ns_per_unit))
        return std::nullopt;
    return TimestampNs{*count * ns_per_unit};
}
inline constexpr std::int64_t kMilliseconds = 1'000'000, kSeconds = 1'000'000'000;

}  // namespace astro::market::text
