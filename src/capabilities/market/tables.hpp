#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "capabilities/market/parquet.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/time.hpp"
#include "foundation/base/time_ms.hpp"

/// Rows of a described struct as a table to take away: CSV and Parquet with the same columns, whose
/// names are the members'. A time is ISO 8601 in CSV, other numbers are as in JSON.
namespace astro::market {

namespace detail {

template <class Tag>
constexpr int decimals_of(Strong<Tag>) {
    if constexpr (requires { Tag::kDecimals; })
        return Tag::kDecimals;
    else
        return 0;
}

template <class T>
[[nodiscard]] std::string cell_text(const T& value) {
    if constexpr (std::is_same_v<T, TimeMs>)
        return to_iso8601(TimestampNs{value.value() * 1'000'000});
    else if constexpr (std::is_integral_v<T>)
        return std::to_string(value);
    else if constexpr (kIsDescribedEnum<T>)
        return std::string(enum_name(value));
    else if constexpr (kIsStrong<T> && decimals_of(T{}) == 0)
        return std::to_string(value.value());
    else
        return to_text(value);
}

template <class T>
void add_cell(ParquetColumn& column, const T& value) {
    using Kind = ParquetColumn::Kind;
    if constexpr (kIsStrong<T>) {
        column.decimals = decimals_of(T{});
        column.kind = std::is_same_v<T, TimeMs> ? Kind::timestamp_ms
                      : column.decimals > 0     ? Kind::decimal
                                                : Kind::number;
        column.numbers.push_back(static_cast<std::int64_t>(value.value()));
    } else if constexpr (std::is_integral_v<T>) {
        column.kind = Kind::number;
        column.numbers.push_back(static_cast<std::int64_t>(value));
    } else {
        column.kind = Kind::text;
        column.texts.push_back(cell_text(value));
    }
}

}  // namespace detail

template <class Row>
[[nodiscard]] std::string csv_table(const std::vector<Row>& rows) {
    std::string out;
    const Row none{};
    for_each_member(none, [&](std::string_view name, const auto&) {
        out.append(out.empty() ? "" : ",").append(name);
    });
    out += '\n';
    for (const Row& row : rows) {
        bool first = true;
        for_each_member(row, [&](std::string_view, const auto& value) {
            out.append(first ? "" : ",").append(detail::cell_text(value));
            first = false;
        });
        out += '\n';
    }
    return out;
}

template <class Row>
[[nodiscard]] std::string parquet_table(const std::vector<Row>& rows) {
    std::vector<ParquetColumn> columns;
    // A row of nothing names the columns, also of a table without rows.
    const Row none{};
    for_each_member(none, [&](std::string_view name, const auto& value) {
        auto& column = columns.emplace_back();
        column.name = std::string(name);
        detail::add_cell(column, value);
        column.numbers.clear();
        column.texts.clear();
    });
    for (const Row& row : rows) {
        std::size_t i = 0;
        for_each_member(row, [&](std::string_view, const auto& value) {
            detail::add_cell(columns[i++], value);
        });
    }
    return parquet_file(columns);
}

}  // namespace astro::market
