#pragma once

#include <charconv>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/boxed.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/numbers.hpp"

/// JSON out, append-only: about 50 ns for a small message, no tree in between. A type travels
///  - as its description says when it is a described struct or enum,
///  - as text when an overload `std::string to_text(const T&)` is found beside it (keys,
///  signatures),
///  - as its JsonForm says when it is a strong number (64-bit amounts are strings).
namespace astro {

/// Appends `text` as a JSON string with quotes; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

template <class T>
concept HasText = requires(const T& v) {
    { to_text(v) } -> std::convertible_to<std::string>;
};

template <class T>
void append_json(std::string& out, const T& value);

namespace detail {
template <class I>
void append_integer(std::string& out, I value) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, end);
}
void append_double(std::string& out, double value);  ///< shortest round trip; null when not finite

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsTextMap = false;
template <class T>
inline constexpr bool kIsTextMap<std::map<std::string, T>> = true;

template <class T>
void append_struct(std::string& out, const T& value) {
    char separator = '{';
    for_each_member(value, [&](std::string_view name, const auto& member) {
        out.push_back(separator);
        separator = ',';
        out.push_back('"');
        out.append(name);
        out.append("\":");
        append_json(out, member);
    });
    if (separator == '{') out.push_back('{');
    out.push_back('}');
}
}  // namespace detail

template <class T>
void append_json(std::string& out, const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        out.append(value ? "true" : "false");
    } else if constexpr (HasText<T>) {
        append_json_string(out, to_text(value));
    } else if constexpr (kIsStrong<T>) {
        if constexpr (T::kJsonForm == JsonForm::string) {
            out.push_back('"');
            detail::append_integer(out, value.value());
            out.push_back('"');
        } else {
            detail::append_integer(out, value.value());
        }
    } else if constexpr (std::is_integral_v<T>) {
        detail::append_integer(out, value);
    } else if constexpr (std::is_floating_point_v<T>) {
        detail::append_double(out, static_cast<double>(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        append_json_string(out, value);
    } else if constexpr (kIsBoxed<T>) {
        append_json(out, *value);
    } else if constexpr (detail::kIsOptional<T>) {
        if (value)
            append_json(out, *value);
        else
            out.append("null");
    } else if constexpr (detail::kIsVector<T>) {
        out.push_back('[');
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (i > 0) out.push_back(',');
            append_json(out, static_cast<const typename T::value_type&>(value[i]));
        }
        out.push_back(']');
    } else if constexpr (detail::kIsTextMap<T>) {
        char separator = '{';
        for (const auto& [key, member] : value) {
            out.push_back(separator);
            separator = ',';
            append_json_string(out, key);
            out.push_back(':');
            append_json(out, member);
        }
        if (separator == '{') out.push_back('{');
        out.push_back('}');
    } else if constexpr (kIsDescribedEnum<T>) {
        append_json_string(out, enum_name(value));
    } else {
        static_assert(kIsDescribedStruct<T>, "describe the type, or give it to_text()");
        detail::append_struct(out, value);
    }
}

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    std::string out;
    append_json(out, value);
    return out;
}

}  // namespace astro
