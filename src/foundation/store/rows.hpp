#pragma once

#include <optional>
#include <string>
#include <type_traits>

#include "foundation/base/describe.hpp"
#include "foundation/base/json.hpp"
#include "foundation/store/store.hpp"

/// Rows from described structs, so that no one writes a field list twice: a column has the member's
/// name, integers and strong numbers are BIGINT, booleans 0 or 1, what has text is TEXT, an absent
/// optional is NULL.
namespace astro::store {

template <class T>
[[nodiscard]] Value to_value(const T& v) {
    if constexpr (detail::kIsOptional<T>) {
        return v ? to_value(*v) : Value{};
    } else if constexpr (kIsStrong<T>) {
        return static_cast<std::int64_t>(v.value());
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<std::int64_t>(v);
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<double>(v);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return std::string(std::string_view(v));
    } else if constexpr (HasText<T>) {
        return std::string(to_text(v));
    } else {
        static_assert(kIsDescribedEnum<T>, "a column holds a number, a text or a described enum");
        return std::string(enum_name(v));
    }
}

template <class T>
[[nodiscard]] Row to_row(const T& object) {
    Row row;
    for_each_member(object,
                    [&](std::string_view, const auto& member) { row.push_back(to_value(member)); });
    return row;
}

/// "INSERT INTO table (a, b) VALUES (?, ?)" for T's members.
template <class T>
[[nodiscard]] std::string insert_sql(std::string_view table) {
    std::string names, marks;
    const T object{};
    for_each_member(object, [&](std::string_view name, const auto&) {
        if (!names.empty()) names += ", ", marks += ", ";
        names += name, marks += "?";
    });
    return "INSERT INTO " + std::string(table) + " (" + names + ") VALUES (" + marks + ")";
}

}  // namespace astro::store
