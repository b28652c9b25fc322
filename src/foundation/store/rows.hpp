#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/json.hpp"
#include "foundation/store/store.hpp"

/// Rows from described structs, so that no one writes a field list twice: a column has the member's
/// name, integers and strong numbers are BIGINT, booleans 0 or 1, what has text is TEXT, an absent
/// optional is NULL.
namespace astro::store {

template <class T>
[[nodiscard]] Value to_value(const T& v) {
    if constexpr (astro::detail::kIsOptional<T>) {
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

/// The reverse of to_value(); false when the value is of no T.
template <class T>
[[nodiscard]] bool from_value(const Value& value, T& out) {
    if constexpr (astro::detail::kIsOptional<T>) {
        if (is_null(value)) {
            out.reset();
            return true;
        }
        return from_value(value, out.emplace());
    } else if constexpr (kIsStrong<T>) {
        typename T::Rep integer{};
        if (!from_value(value, integer)) return false;
        out = T{integer};
        return true;
    } else if constexpr (std::is_integral_v<T>) {
        const auto* integer = std::get_if<std::int64_t>(&value);
        if (integer == nullptr) return false;
        out = static_cast<T>(*integer);
        return static_cast<std::int64_t>(out) == *integer;
    } else if constexpr (std::is_floating_point_v<T>) {
        const auto* number = std::get_if<double>(&value);
        if (number != nullptr) out = static_cast<T>(*number);
        return number != nullptr;
    } else {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr) return false;
        if constexpr (std::is_same_v<T, std::string>)
            out = *text;
        else if constexpr (kIsDescribedEnum<T>)
            return enum_from_name(*text, out);
        else
            return from_text(*text, out);
        return true;
    }
}

/// A row of columns in the order of T's members. "store_corrupt" names the first that is no such
/// value.
template <class T>
[[nodiscard]] Result<T> from_row(const Row& row) {
    T out{};
    std::size_t at = 0;
    std::string_view wrong;
    for_each_member(out, [&](std::string_view name, auto& member) {
        const bool good = at < row.size() && from_value(row[at], member);
        ++at;
        if (!good && wrong.empty()) wrong = name;
    });
    if (!wrong.empty())
        return unavailable("store_corrupt", "a row is stored that was not written",
                           std::string(wrong));
    return out;
}

/// "a, b" for T's members.
template <class T>
[[nodiscard]] std::string column_names() {
    std::string names;
    const T object{};
    for_each_member(object, [&](std::string_view name, const auto&) {
        if (!names.empty()) names += ", ";
        names += name;
    });
    return names;
}

/// "INSERT INTO table (a, b) VALUES (?, ?)" for T's members.
template <class T>
[[nodiscard]] std::string insert_sql(std::string_view table) {
    std::string marks;
    const T object{};
    for_each_member(object,
                    [&](std::string_view, const auto&) { marks += marks.empty() ? "?" : ", ?"; });
    return "INSERT INTO " + std::string(table) + " (" + column_names<T>() + ") VALUES (" + marks +
           ")";
}

/// A table's rows, each as a T; `rest` is what stands behind the table's name.
template <class T>
[[nodiscard]] Result<std::vector<T>> select(Store& store, std::string_view table,
                                            std::string_view rest,
                                            const std::vector<Value>& values = {}) {
    ASTRO_TRY(const auto rows, store.query("SELECT " + column_names<T>() + " FROM " +
                                               std::string(table) + " " + std::string(rest),
                                           values));
    std::vector<T> out;
    out.reserve(rows.size());
    for (const auto& row : rows) {
        ASTRO_TRY(auto record, from_row<T>(row));
        out.push_back(std::move(record));
    }
    return out;
}

}  // namespace astro::store
