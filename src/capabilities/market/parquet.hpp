#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Tables as Apache Parquet files (parquet.apache.org/docs/file-format), for programs that read
/// columns: one row group, each column one page, plain and not compressed, no value missing. Whole
/// numbers stay whole: money is DECIMAL on INT64, times are TIMESTAMP_MILLIS.
///
/// Written here as the only packaged writer for C++ is a large one that Debian 12 does not have,
/// and what is needed of the format is small.
namespace astro::market {

struct ParquetColumn {
    enum class Kind : std::uint8_t { number, decimal, timestamp_ms, text };
    std::string name{};
    Kind kind = Kind::number;
    int decimals = 0;  ///< of a decimal: the values are multiples of 10^-decimals
    std::vector<std::int64_t> numbers{};
    std::vector<std::string> texts{};  ///< of a text; else empty
};

/// All columns have the same number of values; at least one column.
[[nodiscard]] std::string parquet_file(const std::vector<ParquetColumn>& columns);

}  // namespace astro::market
