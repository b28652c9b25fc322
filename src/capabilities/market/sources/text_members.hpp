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
/// "2022-10-19T23:28:22.061769Z"; within the same bounds.
[[nodiscard]] inline std::optional<TimestampNs> iso_time(JsonValue value) {
    if (!value.present() || !value.is_string()) return std::nullopt;
    const auto time = parse_iso8601(value.raw_string());
    constexpr std::int64_t kLast = 7'258'118'400'000'000'000;
    if (!time || time->value() < 0 || time->value() > kLast) return std::nullopt;
    return *time;
}

/// A short text without escapes, such as a symbol or the name of a kind.
[[nodiscard]] inline std::optional<std::string_view> word(JsonValue value) {
    constexpr std::size_t kMax = 32;
    if (!value.present() || !value.is_string()) return std::nullopt;
    const std::string_view out = value.raw_string();
    const bool good = !out.empty() && out.size() <= kMax && out.find('\\') == out.npos;
    return good ? std::optional(out) : std::nullopt;
}

/// What an exchange says in plain words, cut to a length that can be shown.
[[nodiscard]] inline std::string words(JsonValue first, JsonValue second) {
    constexpr std::size_t kMax = 200;
    std::string out;
    for (const JsonValue each : {first, second})
        if (each.present() && each.is_string())
            out += (out.empty() ? "" : ": ") + each.string().substr(0, kMax);
    return out;
}

inline constexpr std::int64_t kMilliseconds = 1'000'000, kSeconds = 1'000'000'000;

}  // namespace astro::market::text
