#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/units.hpp"
#include "foundation/pdf/pages.hpp"

namespace astro::exchange {

struct ReportRow {
    std::string name;
    std::vector<std::string> numbers;  ///< one a column
    std::uint32_t last_colour = 0x141A24;
};

/// A name and columns of numbers, whose points stand below each other.
struct ReportTable {
    std::string name{};  ///< above the first column
    std::vector<std::string> columns{};
    std::vector<ReportRow> rows{};
};

[[nodiscard]] double table_height(const ReportTable& table);
/// The next free place below it.
double draw_table(pdf::Pages& pages, pdf::Point top_left, double right, const ReportTable& table);

/// "1,250.00": all decimals that it has, and two at least.
[[nodiscard]] std::string report_money(Quote value);

}  // namespace astro::exchange
